import type { z } from 'zod';
import type { JsonObject } from '../../domain/json.ts';
import type { Records } from '../../domain/records.ts';
import type { InstanceIdentity, RestoreOutputs } from '../../domain/restore.ts';
import { done, nothingToUndo, type Step } from '../../domain/step.ts';
import type { DatabaseAccess } from '../../verification/access.ts';
import type { Around } from '../../verification/around.ts';
import { verify } from '../../verification/checklist.ts';
import { inputOf, roleSecretInput } from '../step-input.ts';
import {
  asOfIn,
  fitted,
  momentInput,
  readBaseline,
  verificationInput,
  withoutItsBaseline,
} from './verification-input.ts';

export const verifyDatabaseInput = verificationInput.extend({
  /** The application's login, out of its own secret. */
  application: roleSecretInput,
  moment: momentInput.exactOptional(),
});
export type VerifyDatabaseInput = z.infer<typeof verifyDatabaseInput>;

export interface VerificationClients {
  readonly access: DatabaseAccess;
  readonly records: Pick<Records, 'read'>;
}

/** Runs the verification checklist against the restored instance. What it found is the output: judging is a step of its own. */
export function verifyDatabase({ access, records }: VerificationClients): Step {
  return {
    id: 'verify-database',
    fence: 'read-only',
    async run(context) {
      const { database, source, checks, baselineKey, asOf, moment, ...rest } = inputOf(
        verifyDatabaseInput,
        context.input,
      );
      const { host, port } = context.output('await-instance') as InstanceIdentity;
      const baseline = await readBaseline(records, baselineKey, database);
      const report = await verify(access, {
        ...rest,
        asOf: asOfIn(context, asOf),
        restored: { host, port, database },
        live: source,
        settings: checks,
        baseline,
        moment: moment && { exact: moment.exact, around: await aroundOf(records, moment, database, source) },
        signal: context.signal,
      });
      const said = baselineKey !== null && !baseline ? withoutItsBaseline(report) : report;
      return done<RestoreOutputs['verify-database'] & JsonObject>({ report: fitted(said) as never });
    },
    undo: nothingToUndo,
  };
}

/** Undefined where nothing was counted before the moment. */
async function aroundOf(
  records: VerificationClients['records'],
  moment: z.infer<typeof momentInput>,
  database: string,
  source: VerifyDatabaseInput['source'],
): Promise<Around | undefined> {
  const before = await readBaseline(records, moment.before, database);
  if (!before) return undefined;
  return { before, after: await readBaseline(records, moment.after, database), live: moment.live ? source : null };
}
