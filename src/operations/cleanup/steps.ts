import type { Environment } from '../../domain/settings.ts';
import { type StepSet, stepSet } from '../../domain/step.ts';
import type { EnvironmentReach } from '../../planning/current-instance.ts';
import type { History } from '../../planning/past-operation.ts';
import { dropDatabase, proveDatabaseUnused, proveDropped } from '../../steps/postgres/drop-database.ts';
import { allowDeletion } from '../../steps/rds/allow-deletion.ts';
import { awaitDeleted } from '../../steps/rds/await-deleted.ts';
import { awaitSnapshot } from '../../steps/rds/await-snapshot.ts';
import { checkSnapshot } from '../../steps/rds/check-snapshot.ts';
import { createSnapshot } from '../../steps/rds/create-snapshot.ts';
import { deleteInstance } from '../../steps/rds/delete-instance.ts';
import { listKept } from '../../steps/rds/list-kept.ts';
import { proveUnused } from '../../steps/rds/prove-unused.ts';
import { underName } from '../../steps/under-name.ts';
import type { DatabaseAccess } from '../../verification/access.ts';
import { recordSettings } from '../record-settings.ts';

/** All that a cleanup reaches the world by. */
export interface CleanupClients extends EnvironmentReach {
  /** Every one of the config: what one of them left may serve another. */
  environments(): readonly Environment[];
  /** PostgreSQL, with logins out of secrets. */
  readonly access: DatabaseAccess;
  readonly history: History;
}

/**
 * Read aloud: nobody is on it, write down what it was, keep its data, look again, delete it, say what is left. Where names
 * were swapped on one instance it is a database that is dropped, between the same two looks.
 */
export function cleanupStepSet(clients: CleanupClients): StepSet {
  return stepSet([
    proveUnused(clients),
    recordSettings(clients),
    underName('final-snapshot', createSnapshot(clients), {}),
    underName('await-final', awaitSnapshot(clients), {}),
    underName('check-final', checkSnapshot(clients), {}),
    underName('prove-still-unused', proveUnused(clients), {}),
    allowDeletion(clients),
    deleteInstance(clients),
    awaitDeleted(clients),
    listKept(clients),
    proveDatabaseUnused(clients),
    underName('prove-database-still-unused', proveDatabaseUnused(clients), {}),
    dropDatabase(clients),
    proveDropped(clients),
  ]);
}
