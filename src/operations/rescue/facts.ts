import type { DatabaseAddress } from '../../clients/postgres.ts';
import { userError } from '../../domain/errors.ts';
import type { PlanRequest } from '../../domain/operation.ts';
import type { RescueCount } from '../../domain/rescue.ts';
import type { InstanceIdentity, Note } from '../../domain/restore.ts';
import type { Environment } from '../../domain/settings.ts';
import { besideOf } from '../../planning/beside.ts';
import {
  type CurrentInstance,
  currentInstance,
  type EnvironmentReach,
  reachIn,
} from '../../planning/current-instance.ts';
import type { History } from '../../planning/past-operation.ts';
import { countRows } from '../../steps/rescue/count-rows.ts';
import { answers } from '../../steps/rescue/prove-beside.ts';
import { fromSql, type RescuedTableInput } from '../../steps/rescue/rescued-table.ts';
import { selectionOf } from '../../steps/rescue/selection.ts';
import { openReading } from '../../steps/rescue/sessions.ts';
import { type ForeignKey, foreignKeysOf } from '../../steps/rescue/shapes.ts';
import type { DatabaseAccess } from '../../verification/access.ts';
import type { Query } from '../../verification/check.ts';
import { refuseAllButExpression } from '../../verification/condition.ts';
import { qualifiedName } from '../../verification/names.ts';
import { rescueArguments } from './args.ts';
import { type MatchedTable, matchedTable, refuseWithoutGrants } from './matched-table.ts';

/** All that a rescue reaches the world by. */
export interface RescueClients extends EnvironmentReach {
  /** PostgreSQL, with logins out of secrets. */
  readonly access: DatabaseAccess;
  readonly history: History;
}

/** Everything that a rescue's plan is made of. */
export interface RescueFacts {
  readonly environment: Environment;
  readonly of: string;
  readonly where: string | null;
  readonly current: CurrentInstance;
  readonly beside: InstanceIdentity;
  /** In the order in which they are inserted. */
  readonly tables: readonly RescuedTableInput[];
  readonly counts: readonly RescueCount[];
  readonly triggers: readonly { readonly table: string; readonly name: string }[];
  readonly cautions: readonly Note[];
}

/** Reads the world. @throws PitcrewError `rescue.*`, `cut-over.*` when it can't be done, before anybody is asked */
export async function gatherFacts(
  clients: RescueClients,
  request: PlanRequest,
  signal: AbortSignal,
): Promise<RescueFacts> {
  const environment = clients.environment(request.environment);
  const { of, tables: named, where = null } = rescueArguments(request.args);
  const current = await currentInstance(reachIn(clients, environment.region), environment);
  const { id, status } = current.instance;
  if (!answers(status)) throw userError('rescue.not-running', { instance: id, status });
  const beside = await besideRunning(clients, of, environment, current);
  const found = await read(
    clients.access,
    environment,
    [addressOf(beside, current), addressOf(current.identity, current)],
    {
      named: [...new Set(named.map(qualifiedName))],
      where,
      role: current.role,
      signal,
    },
  );
  return { environment, of, where, current, beside, ...found };
}

export const addressOf = ({ host, port }: InstanceIdentity, { database }: CurrentInstance): DatabaseAddress => ({
  host,
  port,
  database,
});

async function besideRunning(
  { history, rds }: RescueClients,
  of: string,
  { name, region }: Environment,
  { identity }: CurrentInstance,
): Promise<InstanceIdentity> {
  const { id, resourceId } = besideOf(await history.find(of), of, name, identity);
  const found = await rds(region).findInstance(id);
  if (found?.resourceId !== resourceId) throw userError('rescue.instance-gone', { instance: id });
  if (!answers(found.status) || !found.endpoint)
    throw userError('rescue.not-running', { instance: id, status: found.status });
  return { id, arn: found.arn, resourceId, ...found.endpoint };
}

interface Asked {
  readonly named: readonly string[];
  readonly where: string | null;
  /** The application's. */
  readonly role: string;
  readonly signal: AbortSignal;
}
type Read = Pick<RescueFacts, 'tables' | 'counts' | 'triggers' | 'cautions'>;

async function read(
  access: DatabaseAccess,
  { database: { verifyRole }, checks }: Environment,
  [besideAt, liveAt]: readonly [DatabaseAddress, DatabaseAddress],
  asked: Asked,
): Promise<Read> {
  const seconds = checks.gateMinutes * 60;
  const beside = await openReading(access, besideAt, verifyRole, seconds);
  try {
    const live = await openReading(access, liveAt, verifyRole, seconds);
    try {
      return await looked(beside.query, live.query, asked);
    } finally {
      await live.close();
    }
  } finally {
    await beside.close();
  }
}

async function looked(beside: Query, live: Query, { named, where, role, signal }: Asked): Promise<Read> {
  const matched: MatchedTable[] = [];
  for (const table of named) matched.push(await matchedTable(beside, live, table));
  const [first] = matched;
  if (where !== null && first) await refuseAllButExpression(beside, fromSql(first), where);
  await refuseWithoutGrants(live, role, matched);
  const keys = await foreignKeysOf(live, named);
  const by = new Map(matched.map((one) => [one.table, one]));
  const tables = selectionOf(named, where, keys).flatMap(({ table, where: selected }) => {
    const { partitioned, columns, key, sequences } = by.get(table) ?? {};
    return columns && key && sequences && partitioned !== undefined
      ? [{ table, partitioned, columns: [...columns], key: [...key], sequences: [...sequences], where: selected }]
      : [];
  });
  return {
    tables,
    counts: await counted({ beside, live, signal }, tables, by, keys),
    triggers: matched.flatMap(({ table, triggers }) => triggers.map((name) => ({ table, name }))),
    cautions: matched.flatMap(({ cautions }) => cautions),
  };
}

/** @throws PitcrewError `rescue.parents-missing`, `rescue.nothing-to-copy` */
async function counted(
  { beside, live, signal }: { readonly beside: Query; readonly live: Query; readonly signal: AbortSignal },
  tables: readonly RescuedTableInput[],
  by: ReadonlyMap<string, MatchedTable>,
  keys: readonly ForeignKey[],
): Promise<readonly RescueCount[]> {
  const selected = new Map(tables.map((table) => [table.table, table]));
  const counts: RescueCount[] = [];
  for (const table of tables) {
    const foreignKeys = keys.filter(({ from }) => from === table.table);
    const uniques = by.get(table.table)?.uniques ?? [];
    const {
      broken,
      doubled: _,
      ...count
    } = await countRows(beside, live, { table, foreignKeys, uniques, selected, signal });
    const [worst] = broken;
    if (worst) throw userError('rescue.parents-missing', { ...worst, others: broken.length - 1 });
    counts.push(count);
  }
  const sum = (of: 'selected' | 'missing' | 'collisions') => counts.reduce((total, count) => total + count[of], 0);
  if (sum('missing') - sum('collisions') <= 0)
    throw userError('rescue.nothing-to-copy', { rows: sum('selected'), tables: counts.map(({ table }) => table) });
  return counts;
}
