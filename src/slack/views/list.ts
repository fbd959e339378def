import type { Locale } from '../../domain/people.ts';
import type { RecoveryPoint } from '../../domain/restore.ts';
import type { Instant } from '../../domain/time.ts';
import { answerTexts as texts } from '../../messages/answers.ts';
import { describeError } from '../../messages/index.ts';
import { showInstant, showSize } from '../../messages/units.ts';
import { type Block, context, divider, type Message, message, section, sections } from './blocks.ts';
import { code, escaped } from './mrkdwn.ts';

/** What an environment can go back to, as far as RDS could be asked. */
export interface Listed {
  readonly environment: string;
  readonly timeZone: string;
  /** Newest first, or why there are none to show. */
  readonly points: readonly RecoveryPoint[] | { readonly error: Parameters<typeof describeError>[1] };
}

const pointsShown = 15;

export function listView(listed: readonly Listed[], now: Instant, locale: Locale): Message {
  const blocks = listed.flatMap((one, index) => [...(index > 0 ? [divider] : []), ...oneList(one, now, locale)]);
  return message(listed.map(({ environment }) => environment).join(', '), blocks);
}

/** Why a restore can't be asked for: there is nothing to go back to, or nothing that is ready. */
export function listUnusable(environment: string, points: number, locale: Locale): string {
  const name = { environment: escaped(environment) };
  return points === 0 ? texts.listEmpty(locale, name) : texts.listNoneReady(locale, name);
}

function oneList({ environment, timeZone, points }: Listed, now: Instant, locale: Locale): Block[] {
  const name = escaped(environment);
  if ('error' in points) {
    const { what, hint } = describeError(locale, points.error);
    return [section(texts.listUnreadable(locale, { environment: name, what: `${escaped(what)} ${escaped(hint)}` }))];
  }
  const [newest] = points;
  if (!newest) return [section(texts.listEmpty(locale, { environment: name }))];
  const lines = points.slice(0, pointsShown).map((point) => pointLine(point, timeZone, now, locale));
  const rest = points.length - pointsShown;
  return [
    section(texts.listTitle(locale, { environment: name, instance: code(newest.instanceId) })),
    ...sections([...lines, ...(rest > 0 ? [texts.listMore(locale, { count: rest })] : [])]),
    context(texts.listHint(locale, { environment: name })),
  ];
}

function pointLine(point: RecoveryPoint, timeZone: string, now: Instant, locale: Locale): string {
  const { utc, local, age } = showInstant(point.at, timeZone, now, locale);
  const parts = [
    `*${utc}*${local ? ` (${local})` : ''}`,
    age,
    escaped(point.type),
    showSize(point.sizeGiB, locale),
    `PostgreSQL ${escaped(point.engineVersion)}`,
    ...(point.encrypted ? [] : [texts.notEncrypted(locale)]),
    ...(point.status === 'available' ? [] : [texts.notUsable(locale, { status: escaped(point.status) })]),
  ];
  return `•  ${parts.join(' · ')}\n      ${code(point.snapshotId)}`;
}
