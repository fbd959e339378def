import type { ServiceState } from '../src/domain/events.ts';
import type { Plan, PlannedStep } from '../src/domain/plan.ts';
import type { OperationState } from '../src/domain/state.ts';
import type { Step } from '../src/domain/step.ts';
import { type OperationClients, operationKinds, registry } from '../src/operations/registry.ts';
import { graph as besideGraph } from '../src/operations/restore/from-dump/beside-steps.ts';
import { graph as inPlaceGraph } from '../src/operations/restore/from-dump/in-place-steps.ts';
import { loading } from '../src/operations/restore/from-dump/load-steps.ts';
import { graphs } from '../src/operations/restore/orders.ts';
import { graph as rollbackGraph } from '../src/operations/rollback/planned-steps.ts';
import { graph as swapBackGraph } from '../src/operations/rollback/swap-back-plan.ts';
import { cleanupPlanOf } from '../src/slack/views/cleanup.fixture.ts';
import { restoreFirstPlan } from '../src/slack/views/cut-over.fixture.ts';
import { dumpPlans } from '../src/slack/views/dump.fixture.ts';
import { besidePlan, inPlacePlan, ownInstancePlan } from '../src/slack/views/from-dump.fixture.ts';
import { restorePlanOf, snapshotPlan } from '../src/slack/views/plans.fixture.ts';
import { rescuePlanOf } from '../src/slack/views/rescue.fixture.ts';
import { rollbackPlanOf } from '../src/slack/views/rollback.fixture.ts';
import { swapBackPlanOf } from '../src/slack/views/swap-back-stories.fixture.ts';
import { verifyPlan } from '../src/slack/views/verify.fixture.ts';

/** Every way that an operation goes, with the real order of its steps. */
export interface Way {
  readonly name: string;
  readonly plan: Plan;
  readonly order: readonly string[];
  /** The application is stopped on its way. */
  readonly stops: boolean;
}

type Graph = readonly (readonly [id: string, after: readonly string[]])[];

/** What isn't done for the sake of the latest moment, or for another order, is in no plan of these. */
const ofTheLatest = new Set(['await-log']);

const byGraph = (graph: Graph): readonly PlannedStep[] =>
  graph
    .filter(([id]) => !ofTheLatest.has(id))
    .map(([id, after]) => ({ id, after: after.filter((one) => !ofTheLatest.has(one)), input: {} }));
const inTurn = (ids: readonly string[]): readonly PlannedStep[] =>
  ids.map((id, at) => ({ id, after: ids.slice(Math.max(0, at - 1), at), input: {} }));
const idsOf = (plan: Plan | undefined) => plan?.bound.steps.map(({ id }) => id) ?? [];

function way(name: string, plan: Plan | undefined, steps: readonly PlannedStep[]): Way {
  if (!plan) throw new Error(`there is no plan of ${name}`);
  const order = steps.map(({ id }) => id);
  return {
    name,
    plan: { ...plan, bound: { ...plan.bound, steps } },
    order,
    stops: order.includes('stop-application'),
  };
}

const { dump, adopt } = dumpPlans;

export const ways: readonly Way[] = [
  way('restore, stop-first', restorePlanOf(), byGraph(graphs['stop-first'])),
  way('restore, restore-first', restoreFirstPlan(), byGraph(graphs['restore-first'])),
  way('restore of a dump, stop-first', ownInstancePlan(), byGraph(loading(graphs['stop-first']))),
  way('restore of a dump, restore-first', ownInstancePlan(), byGraph(loading(graphs['restore-first']))),
  way('restore of a dump beside', besidePlan(), byGraph(besideGraph)),
  way('restore of a dump in place', inPlacePlan(), byGraph(inPlaceGraph)),
  way('rollback', rollbackPlanOf(), byGraph(rollbackGraph)),
  way('rollback of a swap of names', swapBackPlanOf(), byGraph(swapBackGraph)),
  way('rescue', rescuePlanOf(), inTurn(idsOf(rescuePlanOf()))),
  way('cleanup', cleanupPlanOf(), inTurn(idsOf(cleanupPlanOf()))),
  way('snapshot', snapshotPlan, inTurn(idsOf(snapshotPlan))),
  way('dump by a Job', dump, inTurn(['record-version', ...idsOf(dump)])),
  way('dump by exec', dump, inTurn(['record-version', 'dump-by-exec', 'check-dump'])),
  way('adopt', adopt, inTurn(idsOf(adopt))),
  way('verify', verifyPlan, inTurn(idsOf(verifyPlan))),
];

/** The operation as it is, over clients that nobody asks: its steps are run by the tests, its undo is its own. */
export function definitionOf({ plan }: Way) {
  const { operation } = plan.bound;
  const found = registry.find(({ name }) => name === operation);
  if (!found || !operationKinds.has(operation)) throw new Error(`there is no operation ${operation}`);
  return found.build({} as OperationClients);
}

/** The step that hands over, by its place in the order; past the end where none does. */
export function publishingIn({ order }: Way, steps: ReadonlyMap<string, Step>): number {
  const at = order.findIndex((id) => steps.get(id)?.publishes);
  return at < 0 ? order.length : at;
}

/** What hands the service over: from then on whoever is served is served by the other data. */
const handing = ['switch-secret', 'switch-back', 'swap-names', 'swap-back'];
const making = ['restore-instance', 'create-instance', 'create-database'];

/**
 * The state of the service, told by what was really done: a line for each effect, and `undo …` for each that was taken
 * back. What was begun and has no outcome may stand: of an instance beside that harms nobody, so it counts.
 */
export function truth(one: Way, log: readonly string[], { steps }: OperationState): ServiceState {
  const stoppedOnce = log.includes('stop-application') || log.includes('undo stop-application');
  const mayStand = (id: string) => stands(id) || steps.some(({ step, status }) => step === id && status === 'intended');
  const stands = (id: string) => log.lastIndexOf(id) > log.lastIndexOf(`undo ${id}`);
  // Over the live database it is the load itself, once it is over.
  const handed = handing.some(stands) || (log.includes('load-in-place') && stands('await-load'));
  const running = !stands('stop-application') || log.includes('start-application');
  if (!running) return 'stopped';
  if (one.plan.bound.operation === 'rollback')
    return handed ? 'old-database' : stoppedOnce ? 'new-database' : 'unchanged';
  if (one.plan.bound.operation !== 'restore') return 'unchanged';
  if (handed) return 'new-database';
  if (stoppedOnce) return 'old-database';
  return making.some(mayStand) ? 'beside-only' : 'unchanged';
}

/** A step that began to hand over or to start, and has no outcome: it may have been done, and nobody says that it was. */
export const isNotKnown = (state: OperationState): boolean =>
  state.steps.some(
    ({ step, status }) => status === 'intended' && (step === 'start-application' || handing.includes(step)),
  );
