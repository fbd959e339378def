import { userError } from '../domain/errors.ts';
import { commandTexts } from '../messages/commands.ts';
import { record } from './record.ts';
import { cleanupModal } from './views/cleanup-modal.ts';
import { type Handling, openOnceRead, type Visit } from './visit.ts';
import { operationTyped } from './ways-out.ts';

export interface CleanupAsked {
  readonly operation?: string;
  readonly now?: boolean;
  readonly reason?: string;
}

/** The dialog that asks why what an operation left is to be deleted; the environment's name confirms it. */
export async function askCleanup(
  given: Handling,
  visit: Visit,
  triggerId: string,
  { operation: typed, now = false, reason }: CleanupAsked,
): Promise<void> {
  // Nothing is guessed where something is deleted.
  if (typed === undefined)
    throw userError('command.operation-missing', { command: 'cleanup', example: commandTexts.cleanup.examples[0] });
  const operation = operationTyped(typed);
  await openOnceRead(given, visit, triggerId, async () => {
    const { request } = await given.requests.state(operation);
    if (!request) throw userError('request.unknown-id', { given: operation });
    const carried = { channel: visit.channel, environment: request.environment, operation, now: now ? 'now' : '' };
    return cleanupModal(carried, visit.locale, reason);
  });
}

/** What the dialog was answered, as a request. */
export function requestCleanup(
  given: Handling,
  visit: Visit,
  { delivery, reason }: { readonly delivery: string; readonly reason: string },
  { environment = '', operation = '', now = '' }: Readonly<Record<string, string>>,
): Promise<void> {
  const args = { of: operation, now: now === 'now' };
  return record(given, visit, { delivery, operation: 'cleanup', environment, args, reason });
}
