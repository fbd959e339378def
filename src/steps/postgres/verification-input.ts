import { z } from 'zod';
import type { Records } from '../../domain/records.ts';
import type { CheckSettings } from '../../domain/settings.ts';
import { type StepContext, text } from '../../domain/step.ts';
import type { Instant } from '../../domain/time.ts';
import type { CheckResult, VerificationReport } from '../../domain/verification.ts';
import { type Baseline, baselineFrom } from '../../verification/baseline.ts';
import { addressInput, roleSecretInput } from '../step-input.ts';

const queryInput = z.object({
  name: z.string().min(1),
  sql: z.string().min(1),
  expect: z.object({
    value: z.union([z.string(), z.number(), z.boolean()]).exactOptional(),
    rows: z.number().exactOptional(),
    minimum: z.number().exactOptional(),
    notOlderThanMinutes: z.number().exactOptional(),
    withinSeconds: z.number().exactOptional(),
  }),
});

/** Of the config's `checks` what a database can answer, pinned in the plan. */
export const checksInput = z.object({
  gateMinutes: z.number().positive(),
  deepMinutes: z.number().min(0),
  critical: z.array(z.string().min(1)),
  relations: z.array(z.object({ from: z.string().min(1), to: z.string().min(1) })),
  queries: z.array(queryInput),
  rules: z.array(queryInput),
  heartbeat: z.object({ column: z.string().min(1), withinSeconds: z.number().positive() }).exactOptional(),
});
export type ChecksInput = z.infer<typeof checksInput>;

/** As a plan pins them. */
export function pinnedChecks(checks: CheckSettings): ChecksInput {
  const { gateMinutes, deepMinutes, critical, relations, queries, rules, heartbeat } = checks;
  return {
    gateMinutes,
    deepMinutes,
    critical: [...critical],
    relations: [...relations],
    queries: [...queries],
    rules: [...rules],
    ...(heartbeat ? { heartbeat: { ...heartbeat } } : {}),
  };
}

/** What both tiers of the verification are given. */
export const verificationInput = z.object({
  /** The database's name on the new instance, whose address comes from `await-instance`. */
  database: z.string().min(1),
  /** The live database to compare with; null when it is gone. One that doesn't answer is said to be, and not waited for. */
  source: addressInput.nullable(),
  verifyRole: roleSecretInput,
  checks: checksInput,
  /** The recovery point: how old the newest rows are, is asked as of then. Null: the moment that `await-log` came to. */
  asOf: z.string().min(1).nullable(),
  timeZone: z.string().min(1),
  /** Of the record of what was measured when the backup was made; null without one. */
  baselineKey: z.string().min(1).nullable(),
  /** Rows by `schema.table` that a dump's manifest has. */
  counts: z.record(z.string(), z.number()).exactOptional(),
});

/** Of a point-in-time recovery: what it is proven by. */
export const momentInput = z.object({
  /** False for `latest`. */
  exact: z.boolean(),
  /** Of the baselines around the moment. */
  before: z.string().min(1).nullable(),
  after: z.string().min(1).nullable(),
  /** Whether the live database is the one that they were measured on. */
  live: z.boolean(),
});

/** The recovery point, also where it was known only once nothing wrote any more. */
export const asOfIn = (context: Pick<StepContext, 'output'>, asOf: Instant | null): Instant =>
  asOf ?? text(context.output('await-log'), 'at');

/** The baseline that the plan names. @throws PitcrewError `ledger.*` when it can't be read now */
export async function readBaseline(
  records: Pick<Records, 'read'>,
  key: string | null,
  database: string,
): Promise<Baseline | undefined> {
  const baseline = key === null ? undefined : baselineFrom(await records.read(key));
  return baseline?.database === database ? baseline : undefined;
}

/** Said where a baseline was promised and there is none: what people approved was to be compared with it. */
const unreadable: CheckResult = {
  point: 'row-counts',
  check: 'baseline',
  outcome: 'not-proven',
  finding: 'verification.baseline-unreadable',
  params: {},
  seconds: 0,
};

export function withoutItsBaseline(report: VerificationReport): VerificationReport {
  const outcome = report.outcome === 'pass' ? 'not-proven' : report.outcome;
  return { ...report, outcome, results: [unreadable, ...report.results] };
}

/** An event of the ledger holds 64 KB, and this is one part of it. */
const reportBytes = 48 * 1024;

/** Of a report that is too long for the ledger the passed checks go first: what failed must be told. */
export function fitted(report: VerificationReport): VerificationReport {
  const results = [...report.results];
  const notChecked = [...report.notChecked];
  const bytes = () => Buffer.byteLength(JSON.stringify({ ...report, notChecked, results }));
  while (notChecked.length > 20 && bytes() > reportBytes) {
    const left = Math.floor(notChecked.length / 2);
    notChecked.splice(left, notChecked.length, '…');
  }
  for (const outcome of ['pass', 'not-proven', 'fail'] as const)
    for (let at = results.length - 1; at >= 0 && bytes() > reportBytes; at--)
      if (results[at]?.outcome === outcome) results.splice(at, 1);
  return { ...report, notChecked, results };
}
