import { createHash } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import type { Query as Configured } from '../../domain/settings.ts';
import type { ChecklistPoint } from '../../domain/verification.ts';
import type { Baseline } from '../baseline.ts';
import {
  type Check,
  type Facts,
  type Finding,
  fail,
  isCorruption,
  isOfTheCheck,
  known,
  pass,
  type Query,
  type Reader,
  sqlStateOf,
} from '../check.ts';

/**
 * The config's own SQL: queries that must run, rules that must hold. What fails is excused by the baseline, where it failed
 * the same way and by no less, and never by the live database: it may be what was hurt.
 */
export function configuredChecks({ settings, asOf, baseline }: Facts): readonly Check[] {
  const check =
    (kind: string, point: ChecklistPoint) =>
    (configured: Configured): Check => ({
      name: `${kind}:${configured.name}`,
      point,
      run: async ({ restored }) => excused(await ask(restored, configured, asOf), configured, baseline),
    });
  return [
    ...settings.queries.map(check('query', 'critical-queries')),
    ...settings.rules.map(check('rule', 'business-logic')),
  ];
}

/** What was found, and by how much it is off: more is worse. */
export interface Asked {
  readonly finding: Finding;
  readonly off: number;
}

/** As the baseline names a query: another question under the same name is another query. */
export const queryId = ({ sql, expect }: Configured) =>
  createHash('sha256')
    .update(JSON.stringify([sql, expect]))
    .digest('base64url')
    .slice(0, 22);

export async function ask(reader: Reader, configured: Configured, asOf: string): Promise<Asked> {
  try {
    return await reader.within('plain', (query) => judge(query, configured, asOf));
  } catch (error) {
    if (!isOfTheCheck(error) || isCorruption(error)) throw error;
    return off(0, 'verification.query-fails', { query: configured.name, sqlState: sqlStateOf(error) });
  }
}

function excused({ finding, off: by }: Asked, configured: Configured, baseline: Baseline | undefined): Finding {
  if (finding.outcome !== 'fail') return finding;
  const before = baseline?.scans.queries[queryId(configured)];
  if (!before || before.finding !== finding.finding || by > before.off) return finding;
  return known('verification.pre-existing-query', { query: configured.name });
}

const off = (by: number, finding: string, params: Finding['params']): Asked => ({
  finding: fail(finding, params),
  off: Number.isFinite(by) ? by : Number.MAX_VALUE,
});

interface Result {
  readonly first: unknown;
  readonly rows: number;
  readonly seconds: number;
}

/** Through a cursor: one row comes here, the others are counted where they are, and only a SELECT can be meant. */
async function run(query: Query, sql: string): Promise<Result> {
  const began = performance.now();
  await query(`DECLARE configured NO SCROLL CURSOR FOR ${sql.trim().replace(/;+$/, '')}`);
  const { rows } = await query('FETCH 1 FROM configured');
  const rest = await query('MOVE FORWARD ALL FROM configured');
  const first = rows[0] === undefined ? null : (Object.values(rows[0])[0] ?? null);
  return { first, rows: rows.length + rest.count, seconds: (performance.now() - began) / 1000 };
}

async function judge(query: Query, { name, sql, expect }: Configured, asOf: string): Promise<Asked> {
  const { first, rows, seconds } = await run(query, sql);
  const about = { query: name };
  if (expect.rows !== undefined && rows !== expect.rows)
    return off(Math.abs(rows - expect.rows), 'verification.query-rows', { ...about, rows, expected: expect.rows });
  if (expect.value !== undefined && !same(first, expect.value)) {
    const by = typeof expect.value === 'number' ? Math.abs(numeric(first) - expect.value) : 0;
    return off(by, 'verification.query-value', { ...about, ...shown(first), expected: String(expect.value) });
  }
  if (expect.minimum !== undefined && !(first !== null && Number(first) >= expect.minimum)) {
    const by = expect.minimum - numeric(first);
    return off(by, 'verification.query-minimum', { ...about, ...shown(first), expected: expect.minimum });
  }
  if (expect.notOlderThanMinutes !== undefined) {
    const minutes = await ageMinutes(query, first, asOf);
    const expected = expect.notOlderThanMinutes;
    if (minutes === null) return off(0, 'verification.query-no-time', about);
    if (minutes > expected) return off(minutes, 'verification.query-too-old', { ...about, minutes, expected });
  }
  const rounded = Math.round(seconds * 100) / 100;
  if (expect.withinSeconds !== undefined && seconds > expect.withinSeconds)
    return off(0, 'verification.query-too-slow', { ...about, seconds: rounded, expected: expect.withinSeconds });
  return { finding: pass('verification.query-as-expected', { ...about, rows, seconds: rounded }), off: 0 };
}

/** NaN where it is no number: as far off as can be. */
const numeric = (found: unknown) => (found === null || found === '' ? Number.NaN : Number(found));

function same(found: unknown, expected: string | number | boolean): boolean {
  if (typeof expected === 'number') return found !== null && found !== '' && Number(found) === expected;
  if (typeof expected === 'boolean') return found === expected;
  return String(found) === expected;
}

/** A number is a count and may be shown; anything else could be somebody's data. */
function shown(found: unknown): { readonly found: string | number } {
  if (typeof found === 'boolean') return { found: String(found) };
  if (typeof found === 'string' && found.trim() !== '' && Number.isFinite(Number(found)))
    return { found: Number(found) };
  return { found: typeof found === 'number' ? found : found === null ? 'NULL' : '…' };
}

/** Minutes from the value to the recovery point, told by the database: a time without a zone is in the session's. */
async function ageMinutes(query: Query, value: unknown, asOf: string): Promise<number | null> {
  if (typeof value !== 'string') return null;
  const { rows } = await query<{ minutes: number }>(
    'SELECT (extract(epoch FROM $1::timestamptz - $2::timestamptz) / 60)::float8 AS minutes',
    [asOf, value],
  );
  return Math.round((rows[0]?.minutes ?? 0) * 10) / 10;
}
