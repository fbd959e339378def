import type { Kubernetes } from '../clients/kubernetes.ts';
import type { Rds } from '../clients/rds.ts';
import { PitcrewError } from '../domain/errors.ts';
import { type Clues, candidate, type LastGood, type Sought } from '../domain/last-good.ts';
import { baselineKey } from '../domain/records.ts';
import type { RestoreWindow } from '../domain/restore.ts';
import { type Instant, milliseconds } from '../domain/time.ts';
import { type CurrentGone, type CurrentInstance, currentOrGone, type Reach } from '../planning/current-instance.ts';
import { type History, replacedAt } from '../planning/past-operation.ts';
import { reaches, windowsOf } from '../planning/point-in-time.ts';
import { snapshotsOf } from '../planning/recovery-points.ts';
import type { DatabaseAccess } from '../verification/access.ts';
import { readActivity } from '../verification/activity.ts';
import { baselineFrom } from '../verification/baseline.ts';
import { catalogueQueries } from '../verification/catalogue-queries.ts';
import type { Reader } from '../verification/check.ts';
import { clock } from '../verification/measure.ts';
import { openServing, withSessions } from '../verification/reader.ts';
import { budgetOf } from '../verification/run-checks.ts';
import { jumpsBetween, type Look, lookOf } from './baselines.ts';
import { deploysSince } from './deploys.ts';
import { firstBadRow, hasCommitTimes } from './first-bad-row.ts';
import { migrationsSince } from './migrations.ts';

export interface FinderClients extends Reach {
  readonly rds: Reach['rds'] & Pick<Rds, 'listAutomatedBackups'>;
  readonly cluster: Pick<Kubernetes, 'list'>;
  readonly access: DatabaseAccess;
  readonly history: Pick<History, 'closed'>;
}

/** For the whole of it: somebody waits for the answer. */
const withinMinutes = 1;

/**
 * Looks for the last good moment in everything that pitcrew may read, and changes nothing. What can't be read is a gap with
 * a name, never a guess; without any candidate the answer is "unknown".
 * @throws PitcrewError `find.*` for what was asked wrongly, `restore.*` and `aws.*` when the current instance can't be told
 */
export async function findLastGood(clients: FinderClients, sought: Sought): Promise<LastGood> {
  const { environment, since, bad } = sought;
  const current = await currentOrGone(clients, environment);
  const [windows, deploys, operations, inside] = await Promise.all([
    windowsOf(clients.rds, current.instance ?? current.gone).catch(unreadable),
    deploysSince(clients.cluster, environment.workloads, since),
    cutOversSince(clients.history, environment.name, since),
    insideDatabase(clients, sought, current),
  ]);
  const clues = [inside.row, deploys, operations, inside.migrations, inside.baselines];
  const [asked = [], ...others] = clues.map(({ candidates }) => candidates);
  const candidates = [...asked, ...others.flat().toSorted((a, b) => (a.at < b.at ? 1 : -1))];
  const unasked = windows ? [] : [{ code: 'find.window-unreadable', params: {} }];
  return {
    environment: environment.name,
    timeZone: environment.database.timeZone,
    since,
    bad,
    candidates: candidates.map((one) => ({ ...one, reached: reachedBy(windows, one.moment) })),
    gaps: [...clues.flatMap(({ gaps }) => gaps), ...unasked],
  };
}

/** RDS uploads its log about every five minutes, so what has just happened is reached a little later. */
export function reachedBy(
  windows: readonly RestoreWindow[] | undefined,
  moment: Instant,
): LastGood['candidates'][number]['reached'] {
  if (!windows) return null;
  if (windows.some((window) => reaches(window, moment))) return true;
  return windows.some(({ until, latest }) => until === null && latest < moment) ? 'soon' : false;
}

function unreadable(error: unknown): undefined {
  if (!(error instanceof PitcrewError)) throw error;
}

/** When pitcrew last put the application on another database, or loaded one over it. */
async function cutOversSince(history: FinderClients['history'], environment: string, since: Instant): Promise<Clues> {
  const closed = await history.closed(environment);
  const candidates = closed.flatMap((state) => {
    const { id, request } = state;
    const at = replacedAt(state);
    if (!at || at < since) return [];
    return [
      candidate('likely', milliseconds(at), { kind: 'operation', name: request?.operation ?? '', operation: id }),
    ];
  });
  return { candidates, gaps: [] };
}

/** A table that is too big to be read in time, or locked, takes nothing else with it. */
const notInTime =
  (table: string) =>
  (error: unknown): Clues => {
    if (!(error instanceof PitcrewError) || !/^database\.(timeout|contention)$/.test(error.code)) throw error;
    return { candidates: [], gaps: [{ code: 'find.rows-not-read', params: { table } }] };
  };

const nothing: Clues = { candidates: [], gaps: [] };

/** What is asked of the database itself, in one session that only reads. */
async function insideDatabase(
  clients: FinderClients,
  { environment, since, bad }: Sought,
  current: CurrentInstance | CurrentGone,
): Promise<Readonly<Record<'row' | 'migrations' | 'baselines', Clues>>> {
  const silent: Clues = { candidates: [], gaps: [{ code: 'find.database-unreadable', params: {} }] };
  const { identity, database } = current;
  if (!current.runs) return { row: silent, migrations: nothing, baselines: await jumps(clients, current, since) };
  const { remainingSeconds } = budgetOf(withinMinutes);
  const { verifyRole: role, timeZone } = environment.database;
  const address = { host: identity.host, port: identity.port, database };
  try {
    return await withSessions(AbortSignal.timeout(withinMinutes * 60_000), async (open) => {
      const { reader } = await open(openServing(clients.access, { address, role, timeZone, remainingSeconds }));
      const commitTimes = await reader.within('plain', hasCommitTimes);
      const row = bad ? await firstBadRow(reader, bad, commitTimes).catch(notInTime(bad.table)) : nothing;
      const migrations = await reader.within('plain', (query) =>
        migrationsSince(query, { since, commitTimes, configured: environment.checks.migrations }),
      );
      const now = await lookNow(reader, environment.checks.critical);
      return { row, migrations, baselines: await jumps(clients, current, since, now) };
    });
  } catch (error) {
    if (!(error instanceof PitcrewError) || error.kind === 'user' || error.kind === 'bug') throw error;
    return { row: silent, migrations: nothing, baselines: await jumps(clients, current, since) };
  }
}

async function lookNow(reader: Reader, critical: readonly string[]): Promise<Look> {
  const { rows } = await reader.within('plain', (query) => query<{ name: string }>(catalogueQueries.tables));
  const counters = await readActivity(reader, critical);
  const now = await clock(reader);
  return { from: null, until: now, counters, tablesAt: now, tables: new Set(rows.map(({ name }) => name)) };
}

/** Counters are an instance's own, so only its own baselines are compared. */
async function jumps(
  { rds, records }: FinderClients,
  current: CurrentInstance | CurrentGone,
  since: Instant,
  now?: Look,
): Promise<Clues> {
  const instance = current.instance ?? current.gone;
  const written = new Set(await records.list(baselineKey('')));
  const snapshots = await snapshotsOf(rds, instance);
  const keys = snapshots
    .filter(({ resourceId }) => resourceId === instance.resourceId)
    .map(({ arn }) => baselineKey(arn))
    .filter((key) => written.has(key));
  const looks: Look[] = [];
  // The newest first, and one from before the time that is asked for: from there on it counts.
  for (const key of keys) {
    const baseline = baselineFrom(await records.read(key));
    const look = baseline?.database === current.database ? lookOf(baseline) : undefined;
    if (look) looks.unshift(look);
    if (look?.from && look.from < since) break;
  }
  if (looks.length === 0) return { candidates: [], gaps: [{ code: 'find.no-baseline', params: {} }] };
  return jumpsBetween(now ? [...looks, now] : looks, since);
}
