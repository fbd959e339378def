import { userError } from '../domain/errors.ts';
import type { Locale } from '../domain/people.ts';
import { commandTexts } from '../messages/commands.ts';
import { rescueTexts as texts } from '../messages/rescue.ts';
import { record } from './record.ts';
import { type RescueTyped, rescueModal } from './views/rescue-modal.ts';
import { type Handling, openModal, openOnceRead, type Visit } from './visit.ts';
import { operationTyped } from './ways-out.ts';

/** The dialog that asks which rows are to come back; what was typed already stands in it. */
export async function askRescue(
  given: Handling,
  visit: Visit,
  triggerId: string,
  asked: RescueTyped,
  channelEnvironment: string | undefined,
): Promise<void> {
  const { operation } = asked;
  if (operation === undefined) {
    const environment = channelEnvironment ?? onlyEnvironment(given);
    await openModal(given, triggerId, rescueModal({ channel: visit.channel, environment }, visit.locale, asked));
    return;
  }
  const id = operationTyped(operation);
  await openOnceRead(given, visit, triggerId, async () => {
    const { request } = await given.requests.state(id);
    if (!request) throw userError('request.unknown-id', { given: id });
    return rescueModal({ channel: visit.channel, environment: request.environment }, visit.locale, asked);
  });
}

/** @throws PitcrewError `command.operation-missing` where the environment can't be told without the operation */
function onlyEnvironment({ settings }: Handling): string {
  const [only, ...others] = Object.keys(settings.environments);
  if (only !== undefined && others.length === 0) return only;
  throw userError('command.operation-missing', { command: 'rescue', example: commandTexts.rescue.examples[0] });
}

const isOperation = (id: string) => /^op-[0-9a-f]{12}$/.test(id);

/** Tables as they were typed: one a line, or with commas between. */
export const tablesIn = (typed: string): readonly string[] =>
  typed
    .split(/[\n,]/)
    .map((table) => table.trim())
    .filter((table) => table !== '');

/** What the form itself says of its own fields. */
export function rescueFaults(
  { operation = '', tables = '' }: Readonly<Record<string, string | undefined>>,
  locale: Locale,
): Readonly<Record<string, string>> {
  return {
    ...(isOperation(operation.trim()) ? {} : { operation: texts.operationWrong(locale) }),
    ...(tablesIn(tables).length > 0 ? {} : { tables: texts.tablesMissing(locale) }),
  };
}

/** What the dialog was answered, as a request. */
export function requestRescue(
  given: Handling,
  visit: Visit,
  { delivery, reason }: { readonly delivery: string; readonly reason: string },
  environment: string,
  { operation = '', tables = '', where = '' }: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  const args = {
    of: operationTyped(operation.trim()),
    tables: [...tablesIn(tables)],
    ...(where.trim() === '' ? {} : { where: where.trim() }),
  };
  return record(given, visit, { delivery, operation: 'rescue', environment, args, reason });
}
