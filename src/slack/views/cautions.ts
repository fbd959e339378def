import type { DiskShown } from '../../domain/load.ts';
import type { Locale } from '../../domain/people.ts';
import type { Note, RecoveryPoint, SettingShown } from '../../domain/restore.ts';
import { approvalTexts as texts } from '../../messages/approval.ts';
import { showBytes } from '../../messages/dump.ts';
import { inPlaceTexts } from '../../messages/in-place.ts';
import { describeFinding } from '../../messages/index.ts';
import { besideTexts } from '../../messages/load-beside.ts';
import { pitrTexts } from '../../messages/pitr.ts';
import { showClock } from '../../messages/units.ts';
import { type Block, sections } from './blocks.ts';
import { code, escaped, unformatted } from './mrkdwn.ts';
import { type RestorePlan, type Situation, timeZoneOf } from './situation.ts';

/** Origins of settings that somebody who approves wants to know of: not simply what the source has. */
const notableOrigins = new Set([
  'setting.from-profile',
  'setting.not-carried-over',
  'setting.parameter-group-of-other-family',
  'setting.option-group-of-other-version',
  'setting.zone-of-other-subnets',
  'setting.tags-cut',
]);
const notableOnCard = 4;
const notesOnCard = 5;
const survivorsOnCard = 12;
/** From this share of a quota on it is said. */
const nearlyUsedUp = 0.8;

const bullet = (text: string) => `•  ${text}`;

/** What somebody who approves must not overlook: who could still write, what isn't proven, what is left to do by hand. */
export function cautions(situation: Situation, { decided, shown }: RestorePlan): Block[] {
  const { locale } = situation;
  const tables = shown.unloggedTables.map(code).join(', ');
  return sections([
    ...(shown.version ? [described(shown.version, locale)] : []),
    ...noteLines(texts.guards(locale), shown.guards ?? [], locale),
    ...provenLines(situation, shown, decided.recoveryPoint.kind),
    ...(tables ? [texts.unlogged(locale, { tables })] : []),
    ...(shown.disk ? [diskLine(shown.disk, locale)] : []),
    ...(decided.mode === 'in-place' ? survivorLines(shown.handOver, locale) : []),
    ...(shown.settings.length > 0 ? settingLines(shown.settings, decided.source === null, locale) : []),
    ...shown.quotas
      .filter(({ used, max }) => used >= max * nearlyUsedUp)
      .map(({ name, used, max }) => texts.quotaNear(locale, { name: escaped(name), used, max })),
    ...(shown.handOver ?? []).filter(isKept).map((note) => described(note, locale)),
    ...noteLines(texts.handOver(locale), toDo(shown.handOver), locale),
  ]);
}

const diskLine = ({ allocated, used, needed }: DiskShown, locale: Locale) =>
  besideTexts.disk(locale, {
    allocated: showBytes(allocated, locale),
    used: showBytes(used, locale),
    needed: showBytes(needed, locale),
  });

/** What pitcrew itself sees to; the other notes are left to people. */
const isKept = ({ code: name }: Note) => name === 'hand-over.rescue-snapshot' || name === 'hand-over.settings-set';
const survives = ({ code: name }: Note) => name === 'hand-over.survives';
export const toDo = (notes: readonly Note[] = []) => notes.filter((note) => !isKept(note) && !survives(note));

/** What a load over the live database leaves as it is: seen before anybody approves, not among what is left to do. */
function survivorLines(notes: readonly Note[], locale: Locale): readonly string[] {
  const left = notes.filter(survives).map(({ params }) => code(String(params.thing)));
  if (left.length === 0) return [inPlaceTexts.nothingSurvives(locale)];
  const names = [...left.slice(0, survivorsOnCard), ...(left.length > survivorsOnCard ? ['…'] : [])].join(', ');
  return [inPlaceTexts.survives(locale, { count: left.length, names })];
}

export const noteLine = (note: Note | string, locale: Locale) =>
  typeof note === 'string' ? bullet(escaped(describeFinding(locale, note))) : bullet(described(note, locale));

/** The catalogue's own code stays code; what was filled in formats nothing: `0 2 * * *` has three asterisks. */
function described({ code: name, params }: Note, locale: Locale): string {
  const plain = Object.entries(params).map(([param, value]) => [
    param,
    typeof value === 'string' ? unformatted(value) : value,
  ]);
  return escaped(describeFinding(locale, name, Object.fromEntries(plain)));
}

function noteLines(title: string, notes: readonly Note[], locale: Locale): readonly string[] {
  if (notes.length === 0) return [];
  const rest = notes.length - notesOnCard;
  return [
    title,
    ...notes.slice(0, notesOnCard).map((note) => noteLine(note, locale)),
    ...(rest > 0 ? [bullet(texts.restInThread(locale, { count: rest }))] : []),
  ];
}

/** Row counts have a line of their own: with a baseline they can be proven, without one nobody may believe that they were. */
function provenLines(
  { locale, ...rest }: Situation,
  { baselineAt, boundsFrom, notProven }: RestorePlan['shown'],
  kind: RecoveryPoint['kind'],
): readonly string[] {
  const counts = baselineAt
    ? (kind === 'dump' ? texts.countsOfDump : texts.baseline)(locale, { at: showClock(baselineAt, timeZoneOf(rest)) })
    : boundsFrom
      ? pitrTexts.boundedCounts(locale, { at: showClock(boundsFrom, timeZoneOf(rest)) })
      : withoutCounts(kind, locale);
  const others = notProven.filter((one) => one !== 'not-proven.row-counts');
  return [
    counts,
    ...(others.length > 0
      ? [texts.notProven(locale), ...others.map((one) => bullet(escaped(describeFinding(locale, one))))]
      : []),
  ];
}

function withoutCounts(kind: RecoveryPoint['kind'], locale: Locale): string {
  if (kind === 'snapshot') return texts.noBaseline(locale);
  return kind === 'dump' ? texts.noCountsInDump(locale) : pitrTexts.noCounts(locale);
}

function settingLines(settings: readonly SettingShown[], sourceGone: boolean, locale: Locale): readonly string[] {
  const how = (kind: SettingShown['how']) => settings.filter((one) => one.how === kind).length;
  const counts = { passed: how('passed'), afterwards: how('modified-afterwards'), left: how('left-out') };
  return [
    `${texts.settings(locale, counts)} ${texts.moreInThread(locale)}`,
    ...(sourceGone ? originLines(settings, locale) : notableLines(settings, locale)),
  ];
}

function notableLines(settings: readonly SettingShown[], locale: Locale): readonly string[] {
  const worth = settings.filter(({ because }) => notableOrigins.has(because));
  if (worth.length === 0) return [];
  const rest = worth.length - notableOnCard;
  return [
    texts.notable(locale),
    ...worth.slice(0, notableOnCard).map((one) => bullet(`${code(one.name)}: ${originOf(one, locale)}`)),
    ...(rest > 0 ? [bullet(texts.restInThread(locale, { count: rest }))] : []),
  ];
}

/** There is no instance to compare with: so that each origin is seen before anybody approves, they are counted. */
function originLines(settings: readonly SettingShown[], locale: Locale): readonly string[] {
  const origins = new Map<string, number>();
  for (const one of settings.filter((setting) => setting.how !== 'left-out')) {
    const from = originOf(one, locale);
    origins.set(from, (origins.get(from) ?? 0) + 1);
  }
  const lines = [...origins].sort(([, a], [, b]) => b - a);
  return lines.length === 0
    ? []
    : [texts.origins(locale), ...lines.map(([from, count]) => bullet(texts.origin(locale, { count, from })))];
}

export const originOf = ({ because, params }: SettingShown, locale: Locale) =>
  escaped(describeFinding(locale, because, params ?? {}));
