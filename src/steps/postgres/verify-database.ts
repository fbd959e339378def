import { z } from 'zod';
import type { JsonObject } from '../../domain/json.ts';
import type { InstanceIdentity, RestoreOutputs } from '../../domain/restore.ts';
import type { CheckSettings } from '../../domain/settings.ts';
import { done, nothingToUndo, type Step } from '../../domain/step.ts';
import type { VerificationReport } from '../../domain/verification.ts';
import type { DatabaseAccess } from '../../verification/access.ts';
import { verify } from '../../verification/checklist.ts';
import { addressInput, inputOf, roleSecretInput } from '../step-input.ts';

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

/** The config's `checks`, pinned in the plan. */
export const checksInput: z.ZodType<CheckSettings> = z.object({
  gateMinutes: z.number().positive(),
  critical: z.array(z.string().min(1)),
  relations: z.array(z.object({ from: z.string().min(1), to: z.string().min(1) })),
  queries: z.array(queryInput),
  rules: z.array(queryInput),
});

export const verifyDatabaseInput = z.object({
  /** The database's name on the new instance, whose address comes from `await-instance`. */
  database: z.string().min(1),
  /** The live database to compare with; null when it is gone. One that doesn't answer is said to be, and not waited for. */
  source: addressInput.nullable(),
  verifyRole: roleSecretInput,
  /** The application's login, out of its own secret. */
  application: roleSecretInput,
  checks: checksInput,
  /** The recovery point: how old the newest rows are, is asked as of then. */
  asOf: z.string().min(1),
  timeZone: z.string().min(1),
  /** Bounds of the counts, by table, where the backup has a baseline. */
  baseline: z.record(z.string(), z.object({ atLeast: z.number(), atMost: z.number() })).optional(),
});
export type VerifyDatabaseInput = z.infer<typeof verifyDatabaseInput>;

/** Runs the verification checklist against the restored instance. What it found is the output: judging is a step of its own. */
export function verifyDatabase(access: DatabaseAccess): Step {
  return {
    id: 'verify-database',
    fence: 'read-only',
    async run(context) {
      const { database, source, checks, baseline = {}, ...rest } = inputOf(verifyDatabaseInput, context.input);
      const { host, port } = context.output('await-instance') as InstanceIdentity;
      const report = await verify(access, {
        ...rest,
        restored: { host, port, database },
        live: source,
        settings: checks,
        baseline,
        signal: context.signal,
      });
      return done<RestoreOutputs['verify-database'] & JsonObject>({ report: fitted(report) as never });
    },
    undo: nothingToUndo,
  };
}

/** An event of the ledger holds 64 KB, and this is one part of it. */
const reportBytes = 48 * 1024;

/** Of a report that is too long for the ledger the passed checks go first: what failed must be told. */
export function fitted(report: VerificationReport): VerificationReport {
  const results = [...report.results];
  const bytes = () => Buffer.byteLength(JSON.stringify({ ...report, results }));
  for (const outcome of ['pass', 'not-proven', 'fail'] as const)
    for (let at = results.length - 1; at >= 0 && bytes() > reportBytes; at--)
      if (results[at]?.outcome === outcome) results.splice(at, 1);
  return { ...report, results };
}
