import { userError } from '../domain/errors.ts';
import { commandTexts } from '../messages/commands.ts';
import { record } from './record.ts';
import { rollbackModal } from './views/rollback-modal.ts';
import { type Handling, openOnceRead, type Visit } from './visit.ts';

const idShape = /^op-[0-9a-f]{12}$/;

/** The dialog that asks why an operation is to be taken back; `reason` was typed already. */
export async function askRollback(
  given: Handling,
  visit: Visit,
  triggerId: string,
  operation: string | undefined,
  reason?: string,
): Promise<void> {
  // A wrong guess would put people on the wrong data.
  if (operation === undefined)
    throw userError('command.operation-missing', { command: 'rollback', example: commandTexts.rollback.examples[0] });
  if (!idShape.test(operation)) throw userError('request.unknown-id', { given: operation.slice(0, 60) });
  await openOnceRead(given, visit, triggerId, async () => {
    const { request } = await given.requests.state(operation);
    if (!request) throw userError('request.unknown-id', { given: operation });
    return rollbackModal({ channel: visit.channel, environment: request.environment, operation }, visit.locale, reason);
  });
}

/** What the dialog was answered, as a request. */
export function requestRollback(
  given: Handling,
  visit: Visit,
  { delivery, operation, reason }: { readonly delivery: string; readonly operation: string; readonly reason: string },
  environment: string,
): Promise<void> {
  return record(given, visit, { delivery, operation: 'rollback', environment, args: { of: operation }, reason });
}
