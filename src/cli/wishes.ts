import { userError } from '../domain/errors.ts';
import type { JsonObject } from '../domain/json.ts';
import type { Environment } from '../domain/settings.ts';
import { instant } from '../domain/time.ts';
import { pastTime } from '../requests/past-time.ts';
import { incidentLine, momentLine } from '../slack/views/pitr-modal.ts';
import { plainText } from './card-text.ts';
import type { Wish } from './commands/ask.ts';
import type { Order } from './read-order.ts';
import type { Session } from './terminal.ts';

type Values = Order['values'];
const latest = 'latest';

/**
 * What was typed, as a request. Times are resolved here, once, so that they mean the same whenever it is planned.
 * @throws PitcrewError `time.*` for one that can't be taken for one instant that has passed
 */
export function wishOf(
  session: Session,
  operation: 'snapshot' | 'dump' | 'restore' | 'pitr',
  environment: Environment,
  values: Values,
): Wish {
  const plain = { operation, environment, ...common(values) };
  if (operation === 'snapshot' || operation === 'dump') return { ...plain, args: {}, confirm: false };
  const { 'if-fails': onFailure } = values;
  const moment = operation === 'pitr' ? momentOf(session, environment, values.to ?? '') : undefined;
  const began = incidentOf(session, environment, values.incident);
  const args: JsonObject = {
    ...(moment?.args ?? { from: values.from ?? latest, order: 'stop-first' }),
    ...(onFailure ? { onFailure } : {}),
  };
  const shown = [moment?.line, began?.line].filter((line) => line !== undefined).map(plainText);
  const confirm = values.yes === undefined;
  return { ...plain, args, confirm, shown, ...(began ? { incidentAt: began.at } : {}) };
}

/** The operation says which environment. @throws PitcrewError `request.unknown-id` */
export async function rollbackOf({ terminal }: Session, of: string, values: Values): Promise<Wish> {
  const { request } = await terminal.requests.state(of);
  if (!request) throw userError('request.unknown-id', { given: of });
  const environment = terminal.requests.environment(request.environment);
  const confirm = values.yes === undefined;
  return { operation: 'rollback', environment, ...common(values), args: { of }, confirm };
}

const common = ({ reason = '', 'no-wait': noWait }: Values) => ({ reason, wait: noWait === undefined });

interface Moment {
  readonly args: { readonly to: string; readonly typed?: string };
  readonly line: string;
}

function momentOf({ io, locale }: Session, { database }: Environment, typed: string): Moment {
  const now = instant(io.now());
  const { timeZone } = database;
  const given = typed.trim();
  // As people write it in either language; RDS's own word.
  if (/^(latest|最新)$/i.test(given)) return { args: { to: latest }, line: momentLine(null, timeZone, now, locale) };
  const to = pastTime(given, { timeZone, now });
  return { args: { to, typed: given.slice(0, 100) }, line: momentLine(to, timeZone, now, locale) };
}

function incidentOf({ io, locale }: Session, { database }: Environment, typed: string | undefined) {
  if (typed === undefined) return undefined;
  const now = instant(io.now());
  const at = pastTime(typed, { timeZone: database.timeZone, now });
  return { at, line: incidentLine(at, database.timeZone, now, locale) };
}
