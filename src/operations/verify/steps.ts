import { z } from 'zod';
import { recorded } from '../../domain/errors.ts';
import type { JsonObject } from '../../domain/json.ts';
import { done, nothingToUndo, type Step, type StepContext, type StepSet, stepSet } from '../../domain/step.ts';
import type { VerificationReport } from '../../domain/verification.ts';
import type { VerifyOutputs } from '../../domain/verify.ts';
import { checksInput, fitted, readBaseline, withoutItsBaseline } from '../../steps/postgres/verification-input.ts';
import type { VerificationClients } from '../../steps/postgres/verify-database.ts';
import { notDone } from '../../steps/postgres/verify-deeply.ts';
import { addressInput, inputOf, roleSecretInput } from '../../steps/step-input.ts';
import { type Standing, verifyStanding, verifyStandingDeeply } from '../../verification/standing.ts';

const standingInput = z.object({
  address: addressInput,
  /** Whether the application uses it. */
  serves: z.boolean(),
  /** The application's role, by its name. */
  role: z.string().min(1),
  verifyRole: roleSecretInput,
  checks: checksInput,
  timeZone: z.string().min(1),
  /** Of the record of what was measured last; null without one. */
  baselineKey: z.string().min(1).nullable(),
});
export type StandingInput = z.infer<typeof standingInput>;

/** Both only read. What they find is their output, and never their failure: it was asked for. */
export function verifyStepSet(clients: VerificationClients): StepSet {
  return stepSet([checkDatabase(clients), checkDeeply(clients)]);
}

function checkDatabase({ access, records }: VerificationClients): Step {
  return {
    id: 'check-database',
    fence: 'read-only',
    async run(context) {
      const input = inputOf(standingInput, context.input);
      const standing = await standingOf(records, input, context);
      const report = await verifyStanding(access, standing);
      const unread = input.baselineKey !== null && !standing.baseline;
      return checked<'check-database'>(unread ? withoutItsBaseline(report) : report);
    },
    undo: nothingToUndo,
  };
}

/** What keeps pitcrew from the deep look takes nothing from what was found before it. */
function checkDeeply({ access, records }: VerificationClients): Step {
  return {
    id: 'check-deeply',
    fence: 'read-only',
    async run(context) {
      const input = inputOf(standingInput, context.input);
      const looked = async () => verifyStandingDeeply(access, await standingOf(records, input, context));
      const report = await looked().catch((error: unknown) => {
        context.signal.throwIfAborted();
        return notDone(recorded(error).code);
      });
      return checked<'check-deeply'>(report);
    },
    undo: nothingToUndo,
  };
}

async function standingOf(
  records: VerificationClients['records'],
  { checks, baselineKey, ...rest }: StandingInput,
  { since, signal }: StepContext,
): Promise<Standing> {
  const baseline = await readBaseline(records, baselineKey, rest.address.database);
  return { ...rest, settings: checks, baseline, asOf: since, signal };
}

const checked = <Id extends keyof VerifyOutputs>(report: VerificationReport) =>
  done<VerifyOutputs[Id] & JsonObject>({ report: fitted(report) as never });
