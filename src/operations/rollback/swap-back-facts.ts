import { userError } from '../../domain/errors.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { PlanRequest } from '../../domain/operation.ts';
import type { LossShown } from '../../domain/restore.ts';
import type { DatabasesSwappedBack, RollbackShown } from '../../domain/rollback.ts';
import type { Environment } from '../../domain/settings.ts';
import { type OperationState, stepState } from '../../domain/state.ts';
import { type CurrentInstance, currentInstance, reachIn } from '../../planning/current-instance.ts';
import { expectedFrom } from '../../planning/estimate.ts';
import { refuseUnlessSwapped, type Swap, swapsOf } from '../../planning/left-database.ts';
import { lossSince } from '../../planning/loss.ts';
import { switchedTo } from '../../planning/past-operation.ts';
import { asMaster, masterRoleOf } from '../../steps/postgres/master-of.ts';
import { databasesBy } from '../../verification/left-database.ts';
import { liveDatabase } from '../../verification/live-database.ts';
import { findDatabase } from '../../verification/new-database.ts';
import type { RollbackClients } from './steps.ts';

/** Everything that the plan is made of by which two databases get their names back. */
export interface SwapBackFacts {
  readonly environment: Environment;
  readonly current: CurrentInstance;
  readonly address: { readonly host: string; readonly port: number };
  readonly swap: Swap;
  readonly databases: DatabasesSwappedBack;
  readonly compared: ReturnType<typeof comparedAtSwap>;
  readonly left: LossShown;
  readonly expected: RollbackShown['expected'];
}

const statementTimeoutSeconds = 30;

/** Reads the world. @throws PitcrewError `rollback.*`, `load.*`, `restore.source-gone` when there is no way back, before anything is touched */
export async function swapBackFacts(
  clients: RollbackClients,
  request: PlanRequest,
  swap: Swap,
  swapped: OperationState,
): Promise<SwapBackFacts> {
  const environment = clients.environment(request.environment);
  const { checks, database, region } = environment;
  const reach = reachIn(clients, region);
  const current = await currentInstance(reach, environment);
  await refuseElsewhere(clients, environment, swap, current);
  const { host, port } = current.identity;
  const address = { host, port };
  const databases = await look(clients, environment, address, swap);
  const open = () => liveDatabase(clients.access, { ...address, database: swap.live }, database.verifyRole);
  return {
    ...{ environment, current, address, swap, databases },
    compared: comparedAtSwap(swapped),
    left: (await lossSince(swap.at, request.requestedAt, checks.critical, open)).loss,
    expected: await expectedFrom(clients.past, environment.name, 'rollback-beside'),
  };
}

/** @throws PitcrewError `rollback.moved-on`, `rollback.not-running`, `rollback.other-database` */
async function refuseElsewhere(
  { history }: RollbackClients,
  environment: Environment,
  { operation, instance: before, live }: Swap,
  { instance, runs, database }: CurrentInstance,
): Promise<void> {
  if (instance.resourceId !== before.resourceId) {
    const later = switchedTo(await history.closed(environment.name), instance.resourceId) ?? '';
    throw userError('rollback.moved-on', { operation, expected: before.id, instance: instance.id, later });
  }
  if (!runs) throw userError('rollback.not-running', { instance: instance.id, status: instance.status });
  if (database !== live) throw userError('rollback.other-database', { operation, expected: live, database });
}

/** Looks at the server itself, as the master user: nobody else may rename what people's data is in. */
async function look(
  { access, rds, history }: RollbackClients,
  { name, region, database }: Environment,
  address: SwapBackFacts['address'],
  swap: Swap,
): Promise<DatabasesSwappedBack> {
  const { live, restored, newOid, kept, keptOid } = swap;
  const instance = swap.instance.id;
  const role = await masterRoleOf(rds(region), region, { instance, masterRole: database.masterRole ?? null });
  const swaps = await swapsOf(history, name);
  return asMaster(access, address, role, statementTimeoutSeconds, async (server) => {
    const seen = await databasesBy(server, [newOid, keptOid]);
    refuseUnlessSwapped(swap, seen, (await findDatabase(server, live))?.oid, swaps);
    const taken = await findDatabase(server, restored);
    if (taken) throw userError('load.name-taken', { database: restored, mark: taken.mark ?? '' });
    const markBy = (id: number) => seen.find(({ oid }) => oid === id)?.mark ?? null;
    return {
      live,
      back: { name: kept, oid: keptOid, mark: markBy(keptOid) },
      leaves: { name: restored, oid: newOid, mark: markBy(newOid) },
    };
  });
}

type Counts = { readonly [table: string]: number };

/**
 * What the operation wrote down right before its swap, by table: how many rows the database had that serves since, where it
 * stood still, and how many the other one had besides. What the application wrote in between is in neither.
 */
export function comparedAtSwap(swapped: OperationState): { readonly rowsAtSwap: Counts; readonly returned: Counts } {
  const loss = tablesOf(swapped, 'measure-loss');
  const written = tablesOf(swapped, 'measure-written');
  const counts = (tables: readonly JsonObject[], field: string): Counts =>
    Object.fromEntries(
      tables.flatMap(({ table, [field]: count }) => (typeof count === 'number' ? [[String(table), count]] : [])),
    );
  return { rowsAtSwap: counts(loss, 'after'), returned: counts([...loss, ...written], 'lost') };
}

const tablesOf = (state: OperationState, step: string) =>
  (stepState(state, step)?.output?.tables ?? []) as readonly JsonObject[];
