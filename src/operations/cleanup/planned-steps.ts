import type { CleanupOutputs } from '../../domain/cleanup.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { PlannedStep } from '../../domain/plan.ts';
import type { Environment } from '../../domain/settings.ts';
import { finalId, lineageOf, tagKeys } from '../../planning/names.ts';
import { ownTags } from '../../planning/restore-parameters.ts';
import type { DeleteInstanceInput } from '../../steps/rds/delete-instance.ts';
import type { ProveUnusedInput } from '../../steps/rds/prove-unused.ts';
import { addressKeys, roleSecret } from '../../steps/step-input.ts';
import type { RecordSettingsInput } from '../record-settings.ts';
import type { CleanupFacts } from './facts.ts';

type StepId = keyof CleanupOutputs;
type Inputs = { readonly [Step in StepId]: JsonObject };

/** One after another: nothing is deleted before its data is kept, and nobody came meanwhile. */
const order: readonly StepId[] = [
  'prove-unused',
  'record-settings',
  'final-snapshot',
  'await-final',
  'check-final',
  'prove-still-unused',
  'allow-deletion',
  'delete-instance',
  'await-deleted',
  'list-kept',
];

/** The plan's steps, each with what was decided for it. */
export function plannedSteps(facts: CleanupFacts): readonly PlannedStep[] {
  const inputs: Inputs = { ...looking(facts), ...keeping(facts), ...deleting(facts) };
  return order.map((id, index) => ({ id, after: order.slice(Math.max(0, index - 1), index), input: inputs[id] }));
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

function keeping({ operation, environment, current, instance }: CleanupFacts) {
  const { region, name, database, restore } = environment;
  const { id, resourceId, settings } = instance;
  const snapshot = finalId(id, operation);
  const { pollSeconds } = restore;
  return {
    'record-settings': {
      region,
      instance: id,
      database: current.database,
      verifyRole: roleSecret(database.verifyRole),
    } satisfies RecordSettingsInput,
    'final-snapshot': {
      region,
      snapshot,
      instance: id,
      tags: ownTags(operation, name, lineageOf(instance)),
      operationTag: tagKeys.operation,
    },
    'await-final': { region, snapshot, pollSeconds },
    'check-final': { region, snapshot, resourceId, encrypted: settings.StorageEncrypted ?? false },
    'list-kept': { region, snapshot, resourceId, pollSeconds },
  };
}

function deleting({ operation, environment, all, instance }: CleanupFacts) {
  const { region, restore } = environment;
  const { id, resourceId, settings, endpoint } = instance;
  const which = { region, instance: id, resourceId };
  return {
    'allow-deletion': { ...which, isProtected: settings.DeletionProtection ?? false },
    'delete-instance': {
      ...which,
      address: { ...endpoint },
      snapshot: finalId(id, operation),
      environments: all.map(secretOf),
    } satisfies DeleteInstanceInput,
    'await-deleted': { ...which, pollSeconds: restore.pollSeconds },
  };
}

const secretOf = ({ name, region, secret }: Environment) => ({
  name,
  region,
  secret: secret.id,
  keys: addressKeys(secret),
});
