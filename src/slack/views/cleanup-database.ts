import type { DatabaseDropped } from '../../domain/cleanup.ts';
import { slashOf } from '../../domain/people.ts';
import { secondsBetween } from '../../domain/time.ts';
import { cleanupTexts } from '../../messages/cleanup.ts';
import { droppedTexts as texts } from '../../messages/cleanup-database.ts';
import { showBytes } from '../../messages/dump.ts';
import { showDuration, showSize } from '../../messages/units.ts';
import { type Block, columns, header, type Message, message, section, sections } from './blocks.ts';
import { type CleanupPlan, moment } from './cleanup-plan.ts';
import { code, escaped, fact } from './mrkdwn.ts';
import { afterwards } from './report-button.ts';
import { askerOf, whyLine } from './requested.ts';
import { environmentName, outputOf, type Situation } from './situation.ts';

/** Which database is dropped, by whose wish and why, that it can't be taken back, and what is left of it. */
export function droppedSummary(situation: Situation, cleanup: CleanupPlan, database: DatabaseDropped): Block[] {
  const { state, locale, now } = situation;
  const { decided, shown } = cleanup;
  const asks = texts.asks(locale, {
    who: askerOf(situation),
    environment: escaped(environmentName(situation)),
    operation: code(decided.of),
    database: code(database.name),
    instance: code(decided.instance.id),
  });
  const age = showDuration(secondsBetween(decided.since, state.plan?.at ?? now), locale);
  const warnings = [
    texts.forGood(locale, { snapshot: code(decided.finalSnapshot) }),
    ...(decided.early ? [texts.early(locale, { age, days: shown.keepDays })] : []),
  ].map((line) => `⚠️  ${line}`);
  const why = whyLine(situation);
  return [section([asks, ...warnings, why].join('\n')), ...columns(facts(situation, cleanup, database))];
}

function facts(situation: Situation, { decided, shown }: CleanupPlan, database: DatabaseDropped): readonly string[] {
  const { locale } = situation;
  const { backups, databaseBytes = 0 } = shown;
  const remains = [
    texts.remainsFinal(locale, { snapshot: code(decided.finalSnapshot) }),
    backups ? texts.remainsBackups(locale, { days: backups.days }) : texts.noBackups(locale),
  ];
  return [
    fact(
      cleanupTexts.isDeleted(locale),
      code(database.name),
      texts.facts(locale, { size: showBytes(databaseBytes, locale), oid: database.oid }),
      texts.leftAs[decided.leftAs](locale, moment(situation, decided.since)),
    ),
    fact(cleanupTexts.remains(locale), ...remains.map((line) => `•  ${line}`)),
    fact(
      cleanupTexts.stays(locale),
      texts.serves(locale, { database: code(database.live), instance: code(shown.serves) }),
    ),
    fact(cleanupTexts.proof(locale), texts.proofLine(locale)),
  ];
}

/** The card of a cleanup that dropped its database. */
export function droppedResult(
  situation: Situation,
  { decided }: CleanupPlan,
  database: DatabaseDropped,
  witness: Block,
): Message {
  const { state, locale } = situation;
  const title = cleanupTexts.title(locale, { environment: environmentName(situation) });
  const line = texts.line(locale, {
    database: code(database.name),
    operation: code(decided.of),
    instance: code(decided.instance.id),
  });
  const freed = outputOf(state, 'prove-dropped')?.freedBytes;
  const made = outputOf(state, 'await-final');
  const kept = made
    ? [
        texts.keptFinal(locale, {
          snapshot: code(made.snapshotId),
          at: moment(situation, made.at).at,
          size: showSize(made.sizeGiB, locale),
        }),
      ]
    : [];
  const command = code(
    `${slashOf(locale)} restore ${environmentName({ state })} --from ${decided.finalSnapshot} --order restore-first`,
  );
  return message(`${title}. ${line.replaceAll(/[*`]/g, '')}`, [
    header(title),
    section([line, ...(freed ? [texts.freed(locale, { size: showBytes(freed, locale) })] : [])].join('\n')),
    ...sections([cleanupTexts.kept(locale), ...kept.map((one) => `•  ${one}`), cleanupTexts.costs(locale)]),
    ...sections([texts.backAgain(locale, { database: code(database.name), command })]),
    ...afterwards(situation),
    witness,
  ]);
}

/** How the service is after one that did not reach its goal: whatever happened, it was never touched. */
export const droppedService = ({ state, locale }: Situation): string =>
  (state.published ? texts.begun : texts.intact)(locale, { environment: escaped(environmentName({ state })) });
