import type { JsonObject } from '../../domain/json.ts';
import type { PlanRequest } from '../../domain/operation.ts';
import type { Plan } from '../../domain/plan.ts';
import type { RollbackDecided, RollbackShown, SwapBackOutputs } from '../../domain/rollback.ts';
import { workloadName } from '../../domain/settings.ts';
import type { OperationState } from '../../domain/state.ts';
import { accountAndRegion } from '../../planning/current-instance.ts';
import type { Swap } from '../../planning/left-database.ts';
import { type StepGraph, stepsOf } from '../../planning/step-graph.ts';
import type { MeasureWrittenInput } from '../../steps/postgres/measure-written.ts';
import type { ProveSwappedInput } from '../../steps/postgres/prove-swapped.ts';
import type { SwapBackInput } from '../../steps/postgres/swap-back.ts';
import type { SwapNamesInput } from '../../steps/postgres/swap-names.ts';
import { masterSecret, roleSecret } from '../../steps/step-input.ts';
import type { RollbackClients } from './steps.ts';
import { swapBackCommands } from './swap-back-commands.ts';
import { type SwapBackFacts, swapBackFacts } from './swap-back-facts.ts';

type StepId = keyof SwapBackOutputs;

/** The application serves all the while; its connections are ended for the swap, and come back to the other database. */
export const graph: StepGraph<StepId> = [
  ['prove-kept', []],
  ['prove-swappable', ['prove-kept']],
  ['measure-written', ['prove-swappable']],
  ['swap-back', ['measure-written']],
  ['prove-swapped-back', ['swap-back']],
];

/**
 * Takes back a swap of names: two databases of the instance that serves change names again. Only reads.
 * @throws PitcrewError as `swapBackFacts`
 */
export async function planSwapBack(
  clients: RollbackClients,
  request: PlanRequest,
  swap: Swap,
  swapped: OperationState,
): Promise<Plan> {
  const facts = await swapBackFacts(clients, request, swap, swapped);
  const { environment, current, databases } = facts;
  const { arn } = current.identity;
  return {
    bound: {
      operation: 'rollback',
      environment: environment.name,
      ...accountAndRegion(arn),
      steps: stepsOf(graph, inputsOf(facts), new Set()),
      // Who drops the kept database holds the same lock: then it isn't dropped under them.
      resources: [
        ...[arn, `${arn}/database/${databases.back.oid}`, current.secret.arn],
        ...environment.workloads.map(workloadName),
      ].sort(),
      // Until the swap the live database serves as before: there is nothing to stop, and nothing to return to.
      onFailure: 'return',
      decided: decided(facts),
    },
    shown: shown(facts),
  };
}

function inputsOf(facts: SwapBackFacts): { readonly [Step in StepId]: JsonObject } {
  const { environment, current, address, databases, swap, compared } = facts;
  const { region, database, checks, restore } = environment;
  const { live, back, leaves } = databases;
  const verifyRole = roleSecret(database.verifyRole);
  const names = {
    ...{ region, instance: current.instance.id, at: address },
    masterRole: masterSecret(environment),
    ...{ live, restored: back.name, kept: leaves.name },
  } satisfies SwapNamesInput;
  const known = {
    ...{ ...names, resourceId: current.instance.resourceId },
    back: { oid: back.oid, mark: back.mark },
    leaves: { oid: leaves.oid, mark: leaves.mark },
  } satisfies SwapBackInput;
  return {
    'prove-kept': known,
    'prove-swappable': names,
    'measure-written': {
      ...{ at: address, live, verifyRole, ...compared },
      tables: [...checks.critical],
      budgetSeconds: checks.gateMinutes * 60,
      oids: [swap.newOid, swap.keptOid],
    } satisfies MeasureWrittenInput,
    'swap-back': known,
    'prove-swapped-back': {
      ...{ ...names, role: current.role, verifyRole, pollSeconds: restore.pollSeconds },
      withinSeconds: restore.startWithinMinutes * 60,
    } satisfies ProveSwappedInput,
  };
}

const decided = ({ environment, current, swap, databases }: SwapBackFacts): RollbackDecided => ({
  of: swap.operation,
  source: current.identity,
  target: current.identity,
  targetId: current.identity.id,
  asOf: swap.at,
  onFailure: 'return',
  workloads: environment.workloads.map(workloadName),
  databases,
});

const shown = (facts: SwapBackFacts): RollbackShown => ({
  commands: swapBackCommands(facts),
  left: facts.left,
  keeps: 'database',
  expected: facts.expected,
  replicas: [],
  guards: [],
});
