import { performance } from 'node:perf_hooks';
import type { PitcrewError } from '../../domain/errors.ts';
import type { Query as Configured } from '../../domain/settings.ts';
import type { ChecklistPoint } from '../../domain/verification.ts';
import { type Check, type Facts, type Finding, fail, isOfTheCheck, pass, type Query } from '../check.ts';

/** The config's own SQL: queries that must run, rules that must hold. What fails is never excused by the live database: it may be what was hurt. */
export function configuredChecks({ settings, asOf }: Facts): readonly Check[] {
  const check =
    (kind: string, point: ChecklistPoint) =>
    (configured: Configured): Check => ({
      name: `${kind}:${configured.name}`,
      point,
      run: ({ restored }) =>
        restored
          .within('plain', (query) => judge(query, configured, asOf))
          .catch((error: unknown) => {
            if (isOfTheCheck(error))
              return fail('verification.query-fails', { query: configured.name, ...code(error) });
            throw error;
          }),
    });
  return [
    ...settings.queries.map(check('query', 'critical-queries')),
    ...settings.rules.map(check('rule', 'business-logic')),
  ];
}

const code = ({ params }: PitcrewError) => ({
  sqlState: typeof params.sqlState === 'string' ? params.sqlState : '42501',
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

async function judge(query: Query, { name, sql, expect }: Configured, asOf: string): Promise<Finding> {
  const { first, rows, seconds } = await run(query, sql);
  const about = { query: name };
  if (expect.rows !== undefined && rows !== expect.rows)
    return fail('verification.query-rows', { ...about, rows, expected: expect.rows });
  if (expect.value !== undefined && !same(first, expect.value))
    return fail('verification.query-value', { ...about, ...shown(first), expected: String(expect.value) });
  if (expect.minimum !== undefined && !(first !== null && Number(first) >= expect.minimum))
    return fail('verification.query-minimum', { ...about, ...shown(first), expected: expect.minimum });
  if (expect.notOlderThanMinutes !== undefined) {
    const minutes = await ageMinutes(query, first, asOf);
    const expected = expect.notOlderThanMinutes;
    if (minutes === null) return fail('verification.query-no-time', about);
    if (minutes > expected) return fail('verification.query-too-old', { ...about, minutes, expected });
  }
  const rounded = Math.round(seconds * 100) / 100;
  if (expect.withinSeconds !== undefined && seconds > expect.withinSeconds)
    return fail('verification.query-too-slow', { ...about, seconds: rounded, expected: expect.withinSeconds });
  return pass('verification.query-as-expected', { ...about, rows, seconds: rounded });
}

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
