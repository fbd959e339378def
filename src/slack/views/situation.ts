import type { CleanupOutputs, DatabaseCleanupOutputs } from '../../domain/cleanup.ts';
import type { DumpOutputs } from '../../domain/dump.ts';
import type { InPlaceOutputs } from '../../domain/in-place.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { LoadOutputs } from '../../domain/load.ts';
import type { OwnInstanceOutputs } from '../../domain/own-instance.ts';
import type { Locale } from '../../domain/people.ts';
import type { Bound, FailurePolicy, Plan } from '../../domain/plan.ts';
import type { RescueOutputs } from '../../domain/rescue.ts';
import type { RestoreDecided, RestoreOutputs, RestoreShown } from '../../domain/restore.ts';
import type { RollbackOutputs, SwapBackOutputs } from '../../domain/rollback.ts';
import type { Environment } from '../../domain/settings.ts';
import type { SnapshotOutputs } from '../../domain/snapshot.ts';
import { type OperationState, stepState } from '../../domain/state.ts';
import type { Because } from '../../domain/step.ts';
import type { Instant } from '../../domain/time.ts';
import type { VerifyOutputs } from '../../domain/verify.ts';

/** All that a card is drawn from. Views are pure functions of it. */
export interface Situation {
  readonly state: OperationState;
  readonly plan?: Plan;
  /** What steps wait for at the moment. */
  readonly waiting: readonly { readonly step: string; readonly because: Because }[];
  /** As the config has it now; `undefined` when it was taken out of the config meanwhile. */
  readonly environment?: Environment;
  readonly locale: Locale;
  readonly now: Instant;
  /** The card's own channel, when that can't be written to and the card stands elsewhere. */
  readonly displacedFrom?: string;
}

export const timeZoneOf = ({ environment }: Pick<Situation, 'environment'>) => environment?.database.timeZone ?? 'UTC';
export const environmentName = ({ state }: Pick<Situation, 'state'>) => state.request?.environment ?? '?';

/** Restores are the operations that stop a service, so they have a loss, stakeholders and a way back. */
export const isRestore = ({ state }: Pick<Situation, 'state'>) =>
  state.request?.operation === 'restore' || state.request?.operation === 'pitr';

export interface RestorePlan {
  readonly bound: Bound;
  readonly decided: RestoreDecided;
  readonly shown: RestoreShown;
}

/** A plan with the types of its operation; `undefined` when there is no plan or it is another operation's. */
export function planOf<Decided, Shown>(plan: Plan | undefined, ...operations: readonly string[]) {
  if (!plan || !operations.includes(plan.bound.operation)) return undefined;
  const { decided } = plan.bound as unknown as { readonly decided?: Decided };
  const { shown } = plan as unknown as { readonly shown?: Shown };
  return decided && shown ? { bound: plan.bound, decided, shown } : undefined;
}

export function restorePlan(plan: Plan | undefined): RestorePlan | undefined {
  const restore = planOf<RestoreDecided, RestoreShown>(plan, 'restore', 'pitr');
  return restore?.decided.recoveryPoint && restore.shown.loss ? restore : undefined;
}

interface Planned {
  readonly plan?: Plan | undefined;
}

/** The recovery point: as planned, or, of the latest moment, once nothing writes any more. `undefined` before. */
export const pointAt = ({ state, plan }: Planned & Pick<Situation, 'state'>): Instant | undefined =>
  restorePlan(plan)?.decided.recoveryPoint.at ?? outputOf(state, 'await-log')?.at;

/** Of a restore to the latest moment, which loses nothing. */
export const losesNothing = ({ plan }: Planned): boolean => restorePlan(plan)?.decided.recoveryPoint.at === null;

/** Of a dump that is loaded beside the live database, whose name it then takes: nothing is stopped for it. */
export const isBeside = ({ plan }: Planned): boolean => restorePlan(plan)?.decided.mode === 'beside';

/** Of a dump that is loaded over the live database: there is no other one to go to, or back to. */
export const isInPlace = ({ plan }: Planned): boolean => restorePlan(plan)?.decided.mode === 'in-place';

/** Whether the application serves until people approved the cut-over. */
export const servesMeanwhile = ({ plan }: Planned): boolean => restorePlan(plan)?.decided.order === 'restore-first';

/** What happens when it fails before the new database serves: without an old one there is nothing to go back to. */
export function policyOf({ plan }: Pick<Situation, 'plan'>): FailurePolicy {
  if (restorePlan(plan)?.shown.wayBack === 'none') return 'stay-stopped';
  return plan?.bound.onFailure ?? 'return';
}

type Outputs = RestoreOutputs &
  OwnInstanceOutputs &
  Pick<InPlaceOutputs, 'prove-in-place'> &
  LoadOutputs &
  SnapshotOutputs &
  DumpOutputs &
  VerifyOutputs &
  RescueOutputs &
  CleanupOutputs &
  DatabaseCleanupOutputs &
  RollbackOutputs &
  SwapBackOutputs;

/** What a step returned, once it is done. */
export function outputOf<Id extends keyof Outputs>(state: OperationState, id: Id): Outputs[Id] | undefined {
  const output: JsonObject | undefined = stepState(state, id)?.output;
  return output as Outputs[Id] | undefined;
}
