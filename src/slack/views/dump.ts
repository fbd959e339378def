import type { BackupStanding, Standings } from '../../domain/backup.ts';
import type { DumpFacts, ListedDump } from '../../domain/dump.ts';
import type { Locale } from '../../domain/people.ts';
import type { Instant } from '../../domain/time.ts';
import { secondsBetween } from '../../domain/time.ts';
import { answerTexts } from '../../messages/answers.ts';
import { backupTexts } from '../../messages/backups.ts';
import { showBytes, dumpTexts as texts } from '../../messages/dump.ts';
import { describeError } from '../../messages/index.ts';
import { bothClocks, showDuration, showInstant } from '../../messages/units.ts';
import { standingParts } from './backup-standing.ts';
import { type Block, context, header, type Message, message, section, sections } from './blocks.ts';
import { code, escaped } from './mrkdwn.ts';
import { environmentName, outputOf, type Situation, timeZoneOf } from './situation.ts';

/** What a dump, or an adoption, is called; undefined for every other operation. */
export function dumpName({ state, locale }: Pick<Situation, 'state' | 'locale'>): string | undefined {
  const environment = environmentName({ state });
  const operation = state.request?.operation;
  if (operation === 'dump') return texts.of(locale, { environment });
  return operation === 'adopt' ? texts.adoptionOf(locale, { environment }) : undefined;
}

/** The card of a dump that is complete, or that was taken in; undefined for every other operation. */
export function dumpResult(situation: Situation, witness: Block): Message | undefined {
  const { state, locale, now } = situation;
  const made = outputOf(state, 'check-dump');
  const facts = made ?? outputOf(state, 'check-adopt');
  if (!facts) return undefined;
  const title = (made ? texts.title : texts.adoptedTitle)(locale, { environment: environmentName(situation) });
  const line = (made ? texts.line : texts.adoptedLine)(locale, {
    key: code(`s3://${facts.bucket}/${facts.key}`),
    at: bothClocks(showInstant(facts.at, timeZoneOf(situation), now, locale)),
  });
  return message(`${title}. ${line.replaceAll(/[*`]/g, '')}`, [
    header(title),
    section(`${line}\n${factsLine(situation, facts)}`),
    section(facts.counted === null ? texts.notCounted(locale) : texts.counted(locale, { tables: facts.counted })),
    witness,
  ]);
}

function factsLine({ state, locale, now }: Situation, { sizeBytes, serverVersion, sha256 }: DumpFacts): string {
  return texts.facts(locale, {
    size: showBytes(sizeBytes, locale),
    engine: escaped(serverVersion),
    took: showDuration(secondsBetween(state.request?.at ?? now, state.closed?.at ?? now), locale),
    sha256: code(`${sha256.slice(0, 16)}…`),
  });
}

/** What lies among an environment's dumps, or why that can't be told. */
export interface ListedDumps {
  /** `s3://bucket/prefix/`. */
  readonly place: string;
  readonly found: readonly ListedDump[] | { readonly error: Parameters<typeof describeError>[1] };
}

const dumpsShown = 10;

/** Newest first. */
export function dumpBlocks(
  { place, found }: ListedDumps,
  { timeZone, standings }: { readonly timeZone: string; readonly standings?: Standings | undefined },
  now: Instant,
  locale: Locale,
): Block[] {
  const where = { place: code(place) };
  if ('error' in found) {
    const { what, hint } = describeError(locale, found.error);
    return [section(`${escaped(what)} ${escaped(hint)}`)];
  }
  if (found.length === 0) return [context(texts.listEmpty(locale, where))];
  const rest = found.length - dumpsShown;
  const lines = found.slice(0, dumpsShown).map((dump) => {
    // The place is the bucket and the prefix; the key has the prefix again.
    const bucket = /^s3:\/\/[^/]+\//.exec(place)?.[0] ?? '';
    return dumpLine(dump, standings?.[`${bucket}${dump.key}`], timeZone, now, locale);
  });
  return [
    section(texts.listTitle(locale, where)),
    ...sections([...lines, ...(rest > 0 ? [answerTexts.listMore(locale, { count: rest })] : [])]),
  ];
}

function dumpLine(
  { key, at, sizeBytes, manifest }: ListedDump,
  standing: BackupStanding | undefined,
  timeZone: string,
  now: Instant,
  locale: Locale,
): string {
  const { utc, local, age } = showInstant(at, timeZone, now, locale);
  const parts = [
    `*${utc}*${local ? ` (${local})` : ''}`,
    age,
    ...(standing ? [backupTexts.tier(locale, standing.tier)] : []),
    showBytes(sizeBytes, locale),
    ...(manifest === 'there' ? [] : [texts.noManifest(locale)]),
  ];
  const known = standingParts(standing, now, locale);
  const below = [[code(key)], ...(known.length > 0 ? [known] : [])];
  return [`•  ${parts.join(' · ')}`, ...below.map((line) => `      ${line.join(' · ')}`)].join('\n');
}
