import type { PlanRequest } from '../../domain/operation.ts';
import type { Plan } from '../../domain/plan.ts';
import type { RollbackDecided, RollbackShown } from '../../domain/rollback.ts';
import { workloadName } from '../../domain/settings.ts';
import { accountAndRegion } from '../../planning/current-instance.ts';
import { swapOf } from '../../planning/left-database.ts';
import { closedOperation } from '../../planning/past-operation.ts';
import { shownReplicas } from '../../steps/kubernetes/survey.ts';
import { rollbackArguments } from './args.ts';
import { rollbackCommands } from './commands.ts';
import { gatherFacts, type RollbackFacts } from './facts.ts';
import { plannedSteps } from './planned-steps.ts';
import type { RollbackClients } from './steps.ts';
import { planSwapBack } from './swap-back-plan.ts';

/**
 * Only reads. `bound` is what people approve; the same world gives the same bytes.
 * @throws PitcrewError `rollback.*`, `cut-over.*` when there is no way back; `restore.*`, `secret.*`, `aws.*`, `kubernetes.*`
 */
export async function planRollback(clients: RollbackClients, request: PlanRequest): Promise<Plan> {
  const past = await closedOperation(clients.history, rollbackArguments(request.args).of, request.environment);
  const swap = swapOf(past);
  if (swap) return planSwapBack(clients, request, swap, past.state);
  const facts = await gatherFacts(clients, request, past);
  const { environment, current, target, onFailure } = facts;
  const steps = plannedSteps(facts);
  return {
    bound: {
      operation: 'rollback',
      environment: environment.name,
      ...accountAndRegion(target.arn),
      steps,
      resources: [
        current.identity.arn,
        target.arn,
        current.secret.arn,
        ...environment.workloads.map(workloadName),
      ].sort(),
      onFailure,
      decided: decided(facts),
    },
    shown: shown(facts, rollbackCommands(facts, steps)),
  };
}

function decided({ environment, current, cutOver, target, onFailure }: RollbackFacts): RollbackDecided {
  const { readHost: _, ...instance } = target;
  return {
    of: cutOver.operation,
    source: current.instance ? current.identity : null,
    target: instance,
    targetId: target.id,
    asOf: cutOver.stoppedAt ?? null,
    onFailure,
    workloads: environment.workloads.map(workloadName),
  };
}

function shown(
  { left, expected, application, current }: RollbackFacts,
  commands: RollbackShown['commands'],
): RollbackShown {
  return {
    commands,
    left,
    keeps: current.runs ? 'instance' : current.instance ? 'stopped-instance' : 'nothing',
    expected,
    replicas: shownReplicas(application),
    guards: application.guards,
  };
}
