import type { BackupStanding, Standings } from '../../domain/backup.ts';
import type { Locale } from '../../domain/people.ts';
import type { RestoreWindow, SnapshotPoint } from '../../domain/restore.ts';
import type { Instant } from '../../domain/time.ts';
import { answerTexts as texts } from '../../messages/answers.ts';
import { backupTexts } from '../../messages/backups.ts';
import { describeError } from '../../messages/index.ts';
import { pitrTexts } from '../../messages/pitr.ts';
import { bothClocks, showInstant, showMoment, showSize } from '../../messages/units.ts';
import { standingParts } from './backup-standing.ts';
import { type Block, context, divider, type Message, message, section, sections } from './blocks.ts';
import { dumpBlocks, type ListedDumps } from './dump.ts';
import { code, escaped } from './mrkdwn.ts';

/** What an environment can go back to, as far as RDS could be asked. */
export interface Listed {
  readonly environment: string;
  readonly timeZone: string;
  /** Newest first, or why there are none to show. */
  /** Absent where nobody could say. */
  readonly windows?: readonly RestoreWindow[] | undefined;
  /** Absent where the environment makes none. */
  readonly dumps?: ListedDumps | undefined;
  /** What is known of them beyond that; absent where nobody could say. */
  readonly standings?: Standings | undefined;
  readonly points: readonly SnapshotPoint[] | { readonly error: Parameters<typeof describeError>[1] };
}

const pointsShown = 15;

export function listView(listed: readonly Listed[], now: Instant, locale: Locale): Message {
  const blocks = listed.flatMap((one, index) => [
    ...(index > 0 ? [divider] : []),
    ...oneList(one, now, locale),
    ...(one.dumps ? dumpBlocks(one.dumps, one, now, locale) : []),
    ...(one.standings && isAnyKnown(one.standings) ? [context(backupTexts.hint(locale))] : []),
  ]);
  return message(listed.map(({ environment }) => environment).join(', '), blocks);
}

const isAnyKnown = (standings: Standings) =>
  Object.values(standings).some(({ verified, fit }) => verified !== undefined || fit.kind !== 'unknown');

/** Why a restore can't be asked for: there is nothing to go back to, or nothing that is ready. */
export function listUnusable(environment: string, points: number, locale: Locale): string {
  const name = { environment: escaped(environment) };
  return points === 0 ? texts.listEmpty(locale, name) : texts.listNoneReady(locale, name);
}

function oneList({ environment, timeZone, points, windows, standings }: Listed, now: Instant, locale: Locale): Block[] {
  const name = escaped(environment);
  if ('error' in points) {
    const { what, hint } = describeError(locale, points.error);
    return [section(texts.listUnreadable(locale, { environment: name, what: `${escaped(what)} ${escaped(hint)}` }))];
  }
  const reach = sections(windowLines(name, windows, timeZone, now, locale));
  if (points.length === 0) return [...reach, section(texts.listEmpty(locale, { environment: name }))];
  const lines = points
    .slice(0, pointsShown)
    .map((point) => pointLine(point, standings?.[point.arn], timeZone, now, locale));
  const rest = points.length - pointsShown;
  return [
    ...reach,
    section(texts.listTitle(locale, { environment: name })),
    ...sections([...lines, ...(rest > 0 ? [texts.listMore(locale, { count: rest })] : [])]),
    context(
      [texts.listHint, ...(windows && windows.length > 0 ? [pitrTexts.windowHint] : [])]
        .map((hint) => hint(locale, { environment: name }))
        .join(' · '),
    ),
  ];
}

/** Above the snapshots: any second of these can be had. */
function windowLines(
  environment: string,
  windows: readonly RestoreWindow[] | undefined,
  timeZone: string,
  now: Instant,
  locale: Locale,
): readonly string[] {
  if (!windows) return [];
  if (windows.length === 0) return [pitrTexts.noWindow(locale, { environment })];
  return [
    pitrTexts.windows(locale, { environment }),
    ...windows.map((one) => `•  ${windowLine(one, timeZone, now, locale)}`),
  ];
}

/** From when to when one instance's log reaches; of one that was replaced, up to when the next one took over. */
export function windowLine(
  { instanceId, earliest, latest, until }: RestoreWindow,
  timeZone: string,
  now: Instant,
  locale: Locale,
): string {
  const end = until !== null && until < latest ? until : latest;
  const on = (at: Instant) => bothClocks(showMoment(at, timeZone, now, locale));
  return pitrTexts.window(locale, {
    instance: code(instanceId),
    from: on(earliest),
    to: on(end),
    age: showMoment(end, timeZone, now, locale).age,
  });
}

/** When, what and how large; then by which name, when it was proven, and whether it fits. */
function pointLine(
  point: SnapshotPoint,
  standing: BackupStanding | undefined,
  timeZone: string,
  now: Instant,
  locale: Locale,
): string {
  const { utc, local, age } = showInstant(point.at, timeZone, now, locale);
  const parts = [
    `*${utc}*${local ? ` (${local})` : ''}`,
    age,
    standing ? backupTexts.tier(locale, standing.tier) : escaped(point.type),
    showSize(point.sizeGiB, locale),
    `PostgreSQL ${escaped(point.engineVersion)}`,
    ...(point.encrypted ? [] : [texts.notEncrypted(locale)]),
    ...(point.status === 'available' ? [] : [texts.notUsable(locale, { status: escaped(point.status) })]),
  ];
  const known = standingParts(standing, now, locale);
  // The names that RDS and pitcrew give begin with the instance's.
  const of = point.snapshotId.includes(point.instanceId)
    ? []
    : [texts.listOf(locale, { instance: code(point.instanceId) })];
  const below = [[code(point.snapshotId), ...of], ...(known.length > 0 ? [known] : [])];
  return [`•  ${parts.join(' · ')}`, ...below.map((line) => `      ${line.join(' · ')}`)].join('\n');
}
