import type { CleanupDecided, CleanupShown } from '../../domain/cleanup.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { PlanRequest } from '../../domain/operation.ts';
import type { Plan } from '../../domain/plan.ts';
import { accountAndRegion } from '../../planning/current-instance.ts';
import { swapOf } from '../../planning/left-database.ts';
import { finalId } from '../../planning/names.ts';
import { cleanupArguments } from './args.ts';
import { cleanupCommands } from './commands.ts';
import { planDrop } from './database-plan.ts';
import { type CleanupFacts, gatherFacts, pastOf } from './facts.ts';
import { instanceShown } from './keeping.ts';
import { plannedSteps } from './planned-steps.ts';
import type { CleanupClients } from './steps.ts';

/**
 * Only reads. `bound` is what people approve; the same world gives the same bytes.
 * @throws PitcrewError `cleanup.*`, `cut-over.*` when it is not to be deleted; `restore.*`, `secret.*`, `aws.*`, `database.*`
 */
export async function planCleanup(clients: CleanupClients, request: PlanRequest): Promise<Plan> {
  const past = await pastOf(clients, cleanupArguments(request.args).of, request.environment);
  const swap = swapOf(past);
  if (swap) return planDrop(clients, request, swap);
  const facts = await gatherFacts(clients, request, past);
  const { environment, instance } = facts;
  return {
    bound: {
      operation: 'cleanup',
      environment: environment.name,
      ...accountAndRegion(instance.arn),
      steps: plannedSteps(facts),
      // Who goes back to it holds this lock too: then it isn't deleted under them.
      resources: [instance.arn],
      onFailure: 'return',
      decided: decided(facts) satisfies JsonObject,
    },
    shown: shown(facts),
  };
}

function decided({ operation, instance, left, early }: CleanupFacts): CleanupDecided {
  const { id, arn, resourceId, endpoint, settings } = instance;
  return {
    of: left.operation,
    instance: { id, arn, resourceId, ...endpoint },
    leftAs: left.leftAs,
    since: left.since,
    finalSnapshot: finalId(id, operation),
    isProtected: settings.DeletionProtection ?? false,
    early,
  };
}

function shown(facts: CleanupFacts): CleanupShown {
  const { current, rescue, backups, seen } = facts;
  return {
    commands: cleanupCommands(facts),
    ...instanceShown(facts),
    serves: current.identity.id,
    rescue,
    backups,
    unseen: !seen,
  };
}
