import { type Candidate, type Clues, candidate, type Gap } from '../domain/last-good.ts';
import type { Instant } from '../domain/time.ts';
import type { Query } from '../verification/check.ts';
import { bookkeepingsIn, type FoundBookkeeping } from '../verification/migrations-run.ts';

const shown = 20;

export interface MigrationsSought {
  readonly since: Instant;
  /** Whether the database keeps the time of commits (`track_commit_timestamp`). */
  readonly commitTimes: boolean;
  /** `checks.migrations` of the config. */
  readonly configured?: string | undefined;
}

/**
 * Migrations that ran since, by the bookkeeping of the usual tools. A tool writes its time at one end of the migration, so
 * where commits have a time the earlier of both counts.
 */
export async function migrationsSince(
  query: Query,
  { since, commitTimes, configured }: MigrationsSought,
): Promise<Clues> {
  const candidates: Candidate[] = [];
  const gaps: Gap[] = [];
  for (const found of await bookkeepingsIn(query)) {
    const { tool, table, from, id, name = id } = found;
    const at = timeOf(found, commitTimes);
    if (at === null) {
      gaps.push({ code: 'find.migrations-untimed', params: { tool, table } });
      continue;
    }
    const ran = await runs(query, `SELECT ${name} AS name, ${at} AS at FROM ${from}`, since);
    candidates.push(...ran.map(candidateBy(tool)));
  }
  if (configured) candidates.push(...(await runs(query, configured, since)).map(candidateBy('checks.migrations')));
  return { candidates, gaps };
}

interface Run {
  readonly name: string;
  /** Since 1970, with fractions. */
  readonly ms: number;
}

/** A statement of the config may end in a semicolon, as people write it. */
async function runs(query: Query, from: string, since: Instant): Promise<readonly Run[]> {
  const { rows } = await query<Run>(
    `SELECT coalesce(name::text, '') AS name, (extract(epoch FROM at::timestamptz) * 1000)::float8 AS ms
     FROM (${from.replace(/;\s*$/, '')}\n) AS run
     WHERE at::timestamptz >= $1::timestamptz ORDER BY at DESC LIMIT ${shown}`,
    [since],
  );
  return rows;
}

const candidateBy =
  (tool: string) =>
  ({ name, ms }: Run) =>
    candidate('likely', ms, { kind: 'migration', tool, name: name.slice(0, 100) });

function timeOf({ at }: FoundBookkeeping, commitTimes: boolean): string | null {
  if (!commitTimes) return at;
  const committed = 'pg_xact_commit_timestamp(xmin)';
  return at === null ? committed : `least(${at}, ${committed})`;
}
