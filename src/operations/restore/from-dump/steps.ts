import type { Step } from '../../../domain/step.ts';
import { proveOnNew } from '../../../steps/kubernetes/prove-on-new.ts';
import { awaitLoad, startLoadJob } from '../../../steps/kubernetes/start-load-job.ts';
import { barWriters } from '../../../steps/postgres/bar-writers.ts';
import { createDatabase } from '../../../steps/postgres/create-database.ts';
import { createRoles } from '../../../steps/postgres/create-roles.ts';
import { letIn } from '../../../steps/postgres/let-in.ts';
import { loadInPlace, proveLoaded } from '../../../steps/postgres/load-in-place.ts';
import { proveSwapped } from '../../../steps/postgres/prove-swapped.ts';
import { databaseSessions } from '../../../steps/postgres/sessions.ts';
import { proveSwappable, swapNames } from '../../../steps/postgres/swap-names.ts';
import { awaitSnapshot } from '../../../steps/rds/await-snapshot.ts';
import { createInstance } from '../../../steps/rds/create-instance.ts';
import { createSnapshot } from '../../../steps/rds/create-snapshot.ts';
import { underName } from '../../../steps/under-name.ts';
import type { RestoreClients } from '../steps.ts';

/** What a restore from a dump does that one from a snapshot doesn't: an instance of its own, then the live database itself. */
export function fromDumpSteps(clients: RestoreClients): readonly Step[] {
  const { cluster, access } = clients;
  const startLoad = startLoadJob(clients);
  return [
    createInstance(clients),
    createRoles(clients),
    createDatabase(clients),
    startLoad,
    awaitLoad({ cluster }),
    proveSwappable(clients),
    swapNames(clients),
    proveSwapped(clients),
    underName('take-rescue', createSnapshot(clients), {}),
    underName('await-rescue', awaitSnapshot(clients), {}),
    barWriters(access),
    loadInPlace(startLoad, clients),
    proveLoaded(access),
    underName('let-back-in', letIn(access), { 'prove-old': 'await-instance' }),
    underName('prove-in-place', proveOnNew({ cluster, sessions: databaseSessions(access) }), {}),
  ];
}
