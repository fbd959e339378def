import type { DatabaseInstance } from '../../clients/rds.ts';
import type { CleanupShown } from '../../domain/cleanup.ts';
import { retryable, userError } from '../../domain/errors.ts';
import type { PlanRequest } from '../../domain/operation.ts';
import type { Environment } from '../../domain/settings.ts';
import { type CurrentInstance, currentInstance, reachIn } from '../../planning/current-instance.ts';
import { type LeftDatabase, leftOf, type Swap, swapsOf } from '../../planning/left-database.ts';
import { roomForSnapshot } from '../../planning/quotas.ts';
import { refuseNamed, refuseUsed } from '../../steps/postgres/drop-database.ts';
import { asMaster, masterRoleOf } from '../../steps/postgres/master-of.ts';
import { keptBackups } from '../../steps/rds/list-kept.ts';
import { addressKeys } from '../../steps/step-input.ts';
import { type DatabaseSeen, databasesBy } from '../../verification/left-database.ts';
import { cleanupArguments } from './args.ts';
import { isEarly } from './facts.ts';
import type { CleanupClients } from './steps.ts';

/** Everything that the plan is made of by which a database is dropped that a swap of names left. */
export interface DatabaseFacts {
  readonly operation: string;
  readonly environment: Environment;
  /** Every one of the config, by name. */
  readonly all: readonly Environment[];
  readonly current: CurrentInstance;
  readonly instance: DatabaseInstance;
  readonly address: { readonly host: string; readonly port: number };
  readonly swap: Swap;
  readonly left: LeftDatabase;
  readonly found: DatabaseSeen;
  readonly backups: CleanupShown['backups'];
  /** Before `restore.keepDays` are over. */
  readonly early: boolean;
}

const statementTimeoutSeconds = 30;

/** Reads the world. @throws PitcrewError `cleanup.*`, `load.no-master`, `database.*` why it is not dropped, before anybody is asked */
export async function databaseFacts(clients: CleanupClients, request: PlanRequest, swap: Swap): Promise<DatabaseFacts> {
  const environment = clients.environment(request.environment);
  const rds = clients.rds(environment.region);
  const current = await currentInstance(reachIn(clients, environment.region), environment);
  const instance = serving(current, swap);
  const { host, port } = current.identity;
  const address = { host, port };
  const all = clients.environments().toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const { left, found } = await look(clients, environment, { instance: instance.id, address, swap });
  if (left.name === current.database)
    throw userError('cleanup.database-live', { database: left.name, environment: environment.name });
  await refuseNamed(clients, { name: left.name, environments: all.map(namedDatabase) }, address);
  const early = isEarly(left.since, request.requestedAt, environment);
  if (early && !cleanupArguments(request.args).now) {
    const { keepDays } = environment.restore;
    const what = { operation: swap.operation, instance: left.name };
    throw userError('cleanup.too-soon', { ...what, since: left.since, keepDays });
  }
  await roomForSnapshot(rds);
  return {
    operation: request.operationId,
    ...{ environment, all, current, instance, address, swap, left, found, early },
    backups: keptBackups(await rds.listAutomatedBackups({ resourceId: instance.resourceId })),
  };
}

/** @throws PitcrewError `cleanup.database-elsewhere`, `snapshot.instance-busy` */
function serving({ instance, runs }: CurrentInstance, swap: Swap): DatabaseInstance {
  const { id, resourceId, status } = instance;
  if (resourceId !== swap.instance.resourceId)
    throw userError('cleanup.database-elsewhere', {
      operation: swap.operation,
      instance: swap.instance.id,
      serves: id,
    });
  if (!runs || !['available', 'storage-optimization'].includes(status))
    throw retryable('snapshot.instance-busy', { instance: id, status });
  return instance;
}

/** Looks at the server itself, as the master user: nobody else can connect to what was kept. */
async function look(
  { access, rds, history }: CleanupClients,
  { name, region, database }: Environment,
  { instance, address, swap }: { readonly instance: string; readonly swap: Swap } & Pick<DatabaseFacts, 'address'>,
): Promise<Pick<DatabaseFacts, 'left' | 'found'>> {
  const role = await masterRoleOf(rds(region), region, { instance, masterRole: database.masterRole ?? null });
  const swaps = await swapsOf(history, name);
  return asMaster(access, address, role, statementTimeoutSeconds, async (server) => {
    const seen = await databasesBy(server, [swap.newOid, swap.keptOid]);
    const left = leftOf(swap, seen, swaps);
    const found = seen.find(({ oid }) => oid === left.oid);
    if (!found) throw userError('cleanup.database-gone', { database: left.name, instance });
    await refuseUsed(server, left);
    return { left, found };
  });
}

/** Where an environment's secret says which database it uses. */
export const namedDatabase = ({ name, region, secret, database }: Environment) => ({
  ...{ name, region, secret: secret.id },
  keys: addressKeys(secret),
  database: { key: secret.keys.database, name: database.name },
});
