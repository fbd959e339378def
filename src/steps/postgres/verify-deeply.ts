import type { z } from 'zod';
import { recorded } from '../../domain/errors.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { InstanceIdentity, RestoreOutputs } from '../../domain/restore.ts';
import { done, nothingToUndo, type Step } from '../../domain/step.ts';
import type { VerificationReport } from '../../domain/verification.ts';
import { verifyDeeply as verification } from '../../verification/checklist.ts';
import { inputOf } from '../step-input.ts';
import { asOfIn, fitted, readBaseline, verificationInput } from './verification-input.ts';
import type { VerificationClients } from './verify-database.ts';

export type VerifyDeeplyInput = z.infer<typeof verificationInput>;

/**
 * Every table, every key, every index, while the application runs on the new database already. Whatever it finds or can't
 * find out, the service has been handed over: it is told, and turns nothing back.
 */
export function verifyDeeply({ access, records }: VerificationClients): Step {
  return {
    id: 'verify-deeply',
    fence: 'read-only',
    async run(context) {
      const { database, source, checks, baselineKey, asOf, ...rest } = inputOf(verificationInput, context.input);
      const { host, port } = context.output('await-instance') as InstanceIdentity;
      const verified = async () =>
        verification(access, {
          ...rest,
          asOf: asOfIn(context, asOf),
          restored: { host, port, database },
          live: source,
          settings: checks,
          baseline: await readBaseline(records, baselineKey, database),
          signal: context.signal,
        });
      const report = await verified().catch((error: unknown) => {
        context.signal.throwIfAborted();
        return notDone(recorded(error).code);
      });
      return done<RestoreOutputs['verify-deeply'] & JsonObject>({ report: fitted(report) as never });
    },
    undo: nothingToUndo,
  };
}

export const notDone = (error: string): VerificationReport => ({
  outcome: 'not-proven',
  results: [
    {
      point: 'no-corruption',
      check: 'deep',
      outcome: 'not-proven',
      finding: 'verification.not-done',
      params: { error },
      seconds: 0,
    },
  ],
  notChecked: [],
  seconds: 0,
});
