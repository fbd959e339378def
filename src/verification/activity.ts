import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Instant, instant } from '../domain/time.ts';
import type { Activity } from './bounds.ts';
import type { Reader } from './check.ts';
import { qualifiedName, tableSql } from './names.ts';

/** From here on every session tells its counters by itself, at the latest ten seconds after it went idle; before, an idle one kept them, and some got lost. */
const reliableFrom = 150_000;

/**
 * Of tables with all their partitions. The epoch names when the counters began: their reset, and the start of the
 * checkpointer, which a crash or a failover starts anew (they lose the counters).
 */
const activityQuery = `WITH RECURSIVE asked AS (
    SELECT name, to_regclass(sql)::oid AS oid FROM unnest($1::text[], $2::text[]) AS t(name, sql)),
  tree AS (SELECT name, oid FROM asked WHERE oid IS NOT NULL
    UNION ALL SELECT tree.name, i.inhrelid FROM tree JOIN pg_catalog.pg_inherits i ON i.inhparent = tree.oid)
  SELECT tree.name, sum(pg_stat_get_tuples_inserted(c.oid))::int8 AS inserted, sum(pg_stat_get_tuples_updated(c.oid))::int8 AS updated,
    sum(pg_stat_get_tuples_deleted(c.oid))::int8 AS deleted,
    md5(string_agg(c.oid || ':' || c.relfilenode, ',' ORDER BY c.oid)) AS files,
    CASE WHEN current_setting('track_counts')::boolean AND current_setting('server_version_num')::int >= ${reliableFrom}
      AND NOT EXISTS (SELECT FROM pg_catalog.pg_db_role_setting s WHERE array_to_string(s.setconfig, ',') LIKE '%track_counts=%')
      THEN (SELECT coalesce(d.stats_reset::text, '') FROM pg_catalog.pg_stat_database d WHERE d.datname = current_database())
        || '/' || (SELECT max(a.backend_start)::text FROM pg_catalog.pg_stat_activity a WHERE a.backend_type = 'checkpointer')
      END AS epoch
  FROM tree JOIN pg_catalog.pg_class c ON c.oid = tree.oid GROUP BY tree.name`;

/**
 * Counters of the tables that are there, by their qualified names. Where they are compared with a count, they must have
 * been read before its snapshot: in it they could hold what the count has not.
 */
export async function readActivity(reader: Reader, tables: readonly string[]): Promise<ReadonlyMap<string, Activity>> {
  const names = tables.map(qualifiedName);
  const { rows } = await reader.within('plain', (query) =>
    query<Activity & { name: string }>(activityQuery, [names, names.map(tableSql)]),
  );
  return new Map(rows.map(({ name, ...activity }) => [name, activity]));
}

interface SessionRow {
  readonly id: string;
  /** Whatever it committed before the instant is in the counters: true once, true for good. */
  readonly told: boolean;
  /** When its transaction began: since then it has committed nothing. In milliseconds since 1970. */
  readonly since: number | null;
}

/**
 * A session tells its counters between transactions, at most once a second, and ten seconds after it went idle; when two
 * tell at once one of them may put it off (PostgreSQL's `pgstat_report_stat`). So everything that was committed before
 * the instant is told by one that came later, that has been idle for eleven seconds, that was idle three seconds after
 * the instant (three occasions), or whose present transaction and statement began fourteen after it. A procedure that
 * commits inside tells nothing until it ends, which is why its statement counts too. A transaction that began before
 * anything was counted has nothing to tell that matters: what came before it is in the counts. Workers of subscriptions
 * keep to none of these times, and sessions of this role write nothing.
 */
const sessionsQuery = `SELECT pid || '/' || backend_start AS id,
    CASE WHEN backend_type <> 'client backend' THEN false
      WHEN backend_start > $1::timestamptz THEN true
      WHEN state = 'idle' THEN state_change > $1::timestamptz + interval '3 s' OR clock_timestamp() - state_change > interval '11 s'
      WHEN state = 'disabled' THEN false
      WHEN xact_start < $2::timestamptz THEN true
      ELSE least(xact_start, query_start) > $1::timestamptz + interval '14 s' END IS TRUE AS told,
    (extract(epoch FROM CASE WHEN backend_type = 'client backend' AND state <> 'disabled' THEN xact_start END) * 1000)::float8 AS since
  FROM pg_catalog.pg_stat_activity
  WHERE datname = current_database() AND backend_type IN ('client backend', 'logical replication worker')
    AND usename IS DISTINCT FROM current_user`;

const lookSeconds = 0.5;

/**
 * Waits until every session has told its counters of what it committed from `countedAt` until now, so that what is read
 * then has it all.
 * @returns null when all have; else an instant before which nothing that was counted can be relied on
 */
export async function awaitCounters(
  reader: Reader,
  countedAt: Instant,
  { withinSeconds, signal }: { readonly withinSeconds: number; readonly signal: AbortSignal },
): Promise<Instant | null> {
  const now = await reader.within('plain', (query) =>
    query<{ now: string; ms: number }>('SELECT now()::text, (extract(epoch FROM now()) * 1000)::float8 AS ms'),
  );
  const { now: began = '', ms = Number.POSITIVE_INFINITY } = now.rows[0] ?? {};
  const told = new Set<string>();
  for (const end = performance.now() + withinSeconds * 1000; ; ) {
    // Each look in a transaction of its own: within one, the sessions are always those of its first look.
    const { rows } = await reader.within('plain', (query) => query<SessionRow>(sessionsQuery, [began, countedAt]));
    for (const row of rows) if (row.told) told.add(row.id);
    const silent = rows.filter(({ id }) => !told.has(id));
    if (silent.length === 0) return null;
    if (performance.now() >= end) return instant(Math.ceil(Math.max(...silent.map(({ since }) => since ?? ms))));
    await sleep(lookSeconds * 1000, undefined, { signal });
  }
}
