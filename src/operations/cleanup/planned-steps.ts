import { type CleanupOutputs, cleanupSteps } from '../../domain/cleanup.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { PlannedStep } from '../../domain/plan.ts';
import type { Environment } from '../../domain/settings.ts';
import { finalId } from '../../planning/names.ts';
import { inTurn } from '../../planning/step-graph.ts';
import type { DeleteInstanceInput } from '../../steps/rds/delete-instance.ts';
import type { ProveUnusedInput } from '../../steps/rds/prove-unused.ts';
import { addressKeys, roleSecret } from '../../steps/step-input.ts';
import type { CleanupFacts } from './facts.ts';
import { keepingInputs } from './keeping.ts';

type StepId = keyof CleanupOutputs;
type Inputs = { readonly [Step in StepId]: JsonObject };

/** One after another: nothing is deleted before its data is kept, and nobody came meanwhile. */
export function plannedSteps(facts: CleanupFacts): readonly PlannedStep[] {
  const inputs: Inputs = { ...looking(facts), ...keepingInputs(facts), ...deleting(facts) };
  return inTurn(cleanupSteps, inputs);
}

function looking({ environment, current, instance, left }: CleanupFacts) {
  const { region, database, restore } = environment;
  const unused = {
    region,
    instance: instance.id,
    resourceId: instance.resourceId,
    pollSeconds: restore.pollSeconds,
    database: current.database,
    verifyRole: roleSecret(database.verifyRole),
    fenceRole: roleSecret(database.fenceRole),
    mayBeUnseen: !left.served,
  } satisfies ProveUnusedInput;
  return { 'prove-unused': unused, 'prove-still-unused': unused };
}

function deleting({ operation, environment, all, instance }: CleanupFacts) {
  const { region, restore } = environment;
  const { id, resourceId, settings, endpoint } = instance;
  const which = { region, instance: id, resourceId };
  const snapshot = finalId(id, operation);
  return {
    'allow-deletion': { ...which, isProtected: settings.DeletionProtection ?? false },
    'delete-instance': {
      ...which,
      address: { ...endpoint },
      snapshot,
      environments: all.map(secretOf),
    } satisfies DeleteInstanceInput,
    'await-deleted': { ...which, pollSeconds: restore.pollSeconds },
    'list-kept': { region, snapshot, resourceId, pollSeconds: restore.pollSeconds },
  };
}

const secretOf = ({ name, region, secret }: Environment) => ({
  name,
  region,
  secret: secret.id,
  keys: addressKeys(secret),
});
