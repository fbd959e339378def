import { userError } from '../domain/errors.ts';
import type { Locale } from '../domain/people.ts';
import { type OperationState, stepState } from '../domain/state.ts';
import { commandTexts } from '../messages/commands.ts';
import { rescueTexts as texts } from '../messages/rescue.ts';
import { newestPast } from '../requests/newest-past.ts';
import { record } from './record.ts';
import { type RescueTyped, rescueModal } from './views/rescue-modal.ts';
import { type Handling, openOnceRead, type Visit } from './visit.ts';
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
    const { channel, locale, now } = visit;
    await openOnceRead(given, visit, triggerId, async () =>
      rescueModal({ channel, environment }, locale, asked, { states: await leftBeside(given, environment), now }),
    );
    return;
  }
  const id = operationTyped(operation);
  await openOnceRead(given, visit, triggerId, async () => {
    const { request } = await given.requests.state(id);
    if (!request) throw userError('request.unknown-id', { given: id });
    return rescueModal({ channel: visit.channel, environment: request.environment }, visit.locale, asked);
  });
}

/** Of how many past operations the menu is made; older ones can be typed. */
const pastLooked = 50;
/** Steps that name the instance that an operation made, or went back to. */
const naming = ['await-instance', 'prove-old'];

/** Those that had two instances: one of them is beside now. None where the ledger can't say: then it is typed. */
async function leftBeside({ requests }: Handling, environment: string): Promise<readonly OperationState[]> {
  const past = await newestPast(requests, environment, pastLooked).catch((): readonly OperationState[] => []);
  return past.filter((state) => naming.some((step) => stepState(state, step)?.status === 'done'));
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
