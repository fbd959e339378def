import { slashOf } from '../../domain/people.ts';
import { secondsBetween } from '../../domain/time.ts';
import { cleanupTexts as texts } from '../../messages/cleanup.ts';
import { showDuration, showSize } from '../../messages/units.ts';
import { type Block, columns, header, type Message, message, section, sections } from './blocks.ts';
import { droppedResult, droppedService, droppedSummary } from './cleanup-database.ts';
import { type CleanupPlan, cleanupPlan, moment } from './cleanup-plan.ts';
import { code, escaped, fact } from './mrkdwn.ts';
import { afterwards } from './report-button.ts';
import { askerOf, whyLine } from './requested.ts';
import { environmentName, outputOf, type Situation } from './situation.ts';

export const cleanupAction = 'clean-up';

export { type CleanupPlan, cleanupPlan };

export const isCleanup = ({ state }: Pick<Situation, 'state'>) => state.request?.operation === 'cleanup';

/** What is deleted, by whose wish and why, that it can't be taken back, and what is left of it. */
export function cleanupSummary(situation: Situation, cleanup: CleanupPlan): Block[] {
  const { locale } = situation;
  const { decided } = cleanup;
  if (decided.database) return droppedSummary(situation, cleanup, decided.database);
  const asks = texts.asks(locale, {
    who: askerOf(situation),
    environment: escaped(environmentName(situation)),
    operation: code(decided.of),
    instance: code(decided.instance.id),
  });
  const why = whyLine(situation);
  const warnings = warningLines(situation, cleanup).map((line) => `⚠️  ${line}`);
  return [section([asks, ...warnings, why].join('\n')), ...columns(facts(situation, cleanup))];
}

function warningLines({ state, locale, now }: Situation, { decided, shown }: CleanupPlan): readonly string[] {
  const age = showDuration(secondsBetween(decided.since, state.plan?.at ?? now), locale);
  return [
    texts.forGood(locale, { snapshot: code(decided.finalSnapshot) }),
    ...(decided.early ? [texts.early(locale, { age, days: shown.keepDays })] : []),
    ...(decided.isProtected ? [texts.isProtected(locale)] : []),
    ...(shown.unseen ? [texts.unseen(locale)] : []),
  ];
}

function facts(situation: Situation, { decided, shown }: CleanupPlan): readonly string[] {
  const { locale } = situation;
  return [
    fact(
      texts.isDeleted(locale),
      code(decided.instance.id),
      texts.instanceFacts(locale, {
        size: shown.sizeGiB === null ? '?' : showSize(shown.sizeGiB, locale),
        class: shown.instanceClass ?? '?',
        engine: escaped(shown.engineVersion),
      }),
      ...(shown.createdAt ? [texts.created(locale, moment(situation, shown.createdAt))] : []),
      texts.leftAs[decided.leftAs](locale, moment(situation, decided.since)),
    ),
    fact(texts.remains(locale), ...remains(situation, { decided, shown })),
    fact(texts.stays(locale), texts.serves(locale, { instance: code(shown.serves) })),
    fact(texts.proof(locale), texts.proofLine(locale)),
  ];
}

function remains({ locale }: Situation, { decided, shown }: CleanupPlan): readonly string[] {
  const { rescue, backups } = shown;
  return [
    texts.remainsFinal(locale, { snapshot: code(decided.finalSnapshot) }),
    ...(rescue
      ? [texts.remainsRescue(locale, { snapshot: code(rescue.snapshot), status: escaped(rescue.status) })]
      : []),
    backups ? texts.remainsBackups(locale, { days: backups.days }) : texts.noBackups(locale),
  ].map((line) => `•  ${line}`);
}

/** The card of a cleanup that reached its goal. */
export function cleanupResult(situation: Situation, cleanup: CleanupPlan, witness: Block): Message {
  const { decided } = cleanup;
  const { state, locale } = situation;
  if (decided.database) return droppedResult(situation, cleanup, decided.database, witness);
  const title = texts.title(locale, { environment: environmentName(situation) });
  const line = texts.line(locale, {
    instance: code(decided.instance.id),
    operation: code(decided.of),
    environment: escaped(environmentName(situation)),
  });
  return message(`${title}. ${line.replaceAll(/[*`]/g, '')}`, [
    header(title),
    section(line),
    ...sections([texts.kept(locale), ...keptLines(situation).map((one) => `•  ${one}`), texts.costs(locale)]),
    ...sections([
      texts.backAgain(locale, {
        command: code(`${slashOf(locale)} restore ${environmentName({ state })} --from ${decided.finalSnapshot}`),
      }),
      texts.terraform(locale, { command: code('terraform state rm ADDRESS') }),
    ]),
    ...afterwards(situation),
    witness,
  ]);
}

function keptLines(situation: Situation): readonly string[] {
  const { state, locale } = situation;
  const made = outputOf(state, 'await-final');
  const kept = outputOf(state, 'list-kept');
  const backups = kept?.backups;
  return [
    ...(made
      ? [
          texts.keptFinal(locale, {
            snapshot: code(made.snapshotId),
            at: moment(situation, made.at).at,
            size: showSize(made.sizeGiB, locale),
          }),
        ]
      : []),
    ...(backups
      ? [
          texts.keptBackups(locale, {
            from: moment(situation, backups.earliest).at,
            to: moment(situation, backups.latest).at,
            days: backups.days,
          }),
        ]
      : []),
  ];
}

/** How the service is after a cleanup that did not reach its goal: whatever happened, it was never touched. */
export function cleanupService(situation: Situation): string {
  const { state, locale, plan } = situation;
  if (cleanupPlan(plan)?.decided.database) return droppedService(situation);
  const environment = escaped(environmentName({ state }));
  return (state.published ? texts.begun : texts.intact)(locale, { environment });
}
