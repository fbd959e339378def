import { userError } from '../domain/errors.ts';
import type { JsonObject } from '../domain/json.ts';
import type { Environment } from '../domain/settings.ts';
import { type Instant, instant } from '../domain/time.ts';
import { pastTime } from '../requests/past-time.ts';
import { incidentLine, momentLine } from '../slack/views/pitr-modal.ts';
import { plainText } from './card-text.ts';
import type { Wish } from './commands/ask.ts';
import type { Order } from './read-order.ts';
import type { Session } from './terminal.ts';

type Values = Order['values'];
const latest = 'latest';

interface Meant {
  readonly args: JsonObject;
  /** Whether the person types the environment's name before it is asked for. */
  readonly confirm: boolean;
  readonly shown?: readonly string[];
  readonly incidentAt?: Instant;
}
type Meaning = (session: Session, environment: Environment, order: Order) => Meant;

/** What is asked for an environment, each with what its options mean. */
const meanings = {
  snapshot: () => ({ args: {}, confirm: false }),
  dump: () => ({ args: {}, confirm: false }),
  verify: (_, __, { values: { instance, deep } }) => ({
    args: { deep: deep !== undefined, ...(instance === undefined ? {} : { instance }) },
    confirm: false,
  }),
  adopt: (_, __, { object = '' }) => ({ args: { object }, confirm: false }),
  restore: (session, environment, { values }) =>
    restored(session, environment, values, { args: { from: values.from ?? latest, ...modeOf(values) } }),
  pitr: (session, environment, { values }) =>
    restored(session, environment, values, momentOf(session, environment, values)),
} as const satisfies Readonly<Record<string, Meaning>>;
export type Asked = keyof typeof meanings;

/**
 * What was typed, as a request. Times are resolved here, once, so that they mean the same whenever it is planned.
 * @throws PitcrewError `time.*` for one that can't be taken for one instant that has passed, `pitr.latest-stops-first`
 */
export function wishOf(session: Session, operation: Asked, environment: Environment, order: Order): Wish {
  const meaning: Meaning = meanings[operation];
  return { operation, environment, ...common(order.values), ...meaning(session, environment, order) };
}

function restored(
  session: Session,
  environment: Environment,
  values: Values,
  point: { readonly args: JsonObject; readonly line?: string },
): Meant {
  const { 'if-fails': onFailure, order } = values;
  const began = incidentOf(session, environment, values['incident-at']);
  return {
    args: { ...point.args, ...(order ? { order } : {}), ...(onFailure ? { onFailure } : {}) },
    confirm: values.yes === undefined,
    shown: [point.line, began?.line].filter((line) => line !== undefined).map(plainText),
    ...(began ? { incidentAt: began.at } : {}),
  };
}

/** @throws PitcrewError `command.two-modes` */
function modeOf({ beside, 'in-place': inPlace }: Values): JsonObject {
  if (beside !== undefined && inPlace !== undefined) throw userError('command.two-modes');
  if (beside !== undefined) return { mode: 'beside' };
  return inPlace === undefined ? {} : { mode: 'in-place' };
}

/** @throws PitcrewError `request.unknown-id` */
export const rollbackOf = (session: Session, of: string, values: Values) =>
  wishAbout(session, 'rollback', { of }, values);

/** @throws PitcrewError `request.unknown-id` */
export const cleanupOf = (session: Session, of: string, values: Values) =>
  wishAbout(session, 'cleanup', { of, now: values.now !== undefined }, values);

/** @throws PitcrewError `request.unknown-id` */
export const rescueOf = (session: Session, of: string, values: Values) =>
  wishAbout(
    session,
    'rescue',
    {
      of,
      tables: values.table?.split('\n') ?? [],
      ...(values.where === undefined ? {} : { where: values.where }),
    },
    values,
  );

/** The operation says which environment. */
async function wishAbout(
  { terminal }: Session,
  operation: 'rollback' | 'rescue' | 'cleanup',
  args: JsonObject & { readonly of: string },
  values: Values,
): Promise<Wish> {
  const { request } = await terminal.requests.state(args.of);
  if (!request) throw userError('request.unknown-id', { given: args.of });
  const environment = terminal.requests.environment(request.environment);
  return { operation, environment, ...common(values), args, confirm: values.yes === undefined };
}

const common = ({ reason = '', 'no-wait': noWait }: Values) => ({ reason, wait: noWait === undefined });

interface Moment {
  readonly args: { readonly to: string; readonly typed?: string };
  readonly line: string;
}

/** @throws PitcrewError `time.*`, `pitr.latest-stops-first` */
function momentOf({ io, locale }: Session, { database }: Environment, { to: typed = '', order }: Values): Moment {
  const now = instant(io.now());
  const { timeZone } = database;
  const given = typed.trim();
  // As people write it in either language; RDS's own word.
  if (/^(latest|最新)$/i.test(given)) {
    if (order === 'restore-first') throw userError('pitr.latest-stops-first');
    return { args: { to: latest }, line: momentLine(null, timeZone, now, locale) };
  }
  const to = pastTime(given, { timeZone, now });
  return { args: { to, typed: given.slice(0, 100) }, line: momentLine(to, timeZone, now, locale) };
}

function incidentOf({ io, locale }: Session, { database }: Environment, typed: string | undefined) {
  if (typed === undefined) return undefined;
  const now = instant(io.now());
  const at = pastTime(typed, { timeZone: database.timeZone, now });
  return { at, line: incidentLine(at, database.timeZone, now, locale) };
}
