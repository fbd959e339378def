import type { Candidate, Evidence, LastGood, Sureness } from '../../domain/last-good.ts';
import { type Locale, slashOf } from '../../domain/people.ts';
import type { Instant } from '../../domain/time.ts';
import { evidenceTexts as of, findTexts as texts } from '../../messages/find.ts';
import { describeFinding } from '../../messages/index.ts';
import { bothClocks, showMoment } from '../../messages/units.ts';
import { actions, type Block, button, context, divider, type Message, message, section, sections } from './blocks.ts';
import { code, escaped, quiet } from './mrkdwn.ts';

const shown = 8;

/** Each opens the dialog of a point-in-time recovery to the moment that it names; Slack wants them told apart. */
export const recoverActions: readonly string[] = Array.from({ length: shown }, (_, index) => `recover-to-${index}`);

const tablesShown = 5;

/** When the data was last good, as far as anything says: what was found, how sure it is, and what nobody knows. */
export function findView(found: LastGood, now: Instant, locale: Locale): Message {
  const { environment, timeZone, since, bad, candidates, gaps } = found;
  const name = escaped(environment);
  const proven = candidates.some(({ sureness }) => sureness === 'proven');
  const verdict = candidates.length === 0 ? texts.unknown(locale) : proven ? '' : texts.onlyTraces(locale);
  const rest = candidates.length - shown;
  const title = texts.title(locale, { environment: name, since: onBothClocks(since, timeZone, now, locale) });
  const sought = bad ? texts.rows(locale, { table: code(bad.table), where: code(bad.where) }) : '';
  return message(`${environment}: ${verdict || title}`.replaceAll('*', ''), [
    section([title, sought, verdict].filter((line) => line !== '').join('\n')),
    ...candidates
      .slice(0, shown)
      .flatMap((one, index) =>
        candidateBlocks(one, recoverActions[index] ?? '', { environment, timeZone, now, locale }),
      ),
    ...(rest > 0 ? [context(texts.more(locale, { count: rest }))] : []),
    ...(gaps.length > 0 ? [divider, ...sections([texts.gaps(locale), ...gapLines(found, locale)])] : []),
    ...(bad ? [] : [context(texts.hint(locale, { command: code(exampleFor(environment, locale)) }))]),
  ]);
}

const reachTexts = { false: texts.notReached, soon: texts.reachedSoon, null: texts.maybeReached } as const;

const exampleFor = (environment: string, locale: Locale) =>
  `${slashOf(locale)} find ${environment} --table orders --where "total = 0"`;

interface Where {
  readonly environment: string;
  readonly timeZone: string;
  readonly now: Instant;
  readonly locale: Locale;
}

function candidateBlocks(one: LastGood['candidates'][number], action: string, where: Where): Block[] {
  const { locale, timeZone, now, environment } = where;
  const { at, moment, sureness, reached } = one;
  const happened = onBothClocks(at, timeZone, now, locale).replace(/(?= UTC)/, fractionOf(at));
  const reach = reached === true ? [] : [reachTexts[String(reached) as keyof typeof reachTexts](locale)];
  const lines = [
    `*${surenessOf(sureness, locale)}* · ${happened} · ${showMoment(at, timeZone, now, locale).age}`,
    `      ${evidenceLine(one, where)}`,
    `      ${[texts.before(locale, { at: onBothClocks(moment, timeZone, now, locale) }), ...reach].join(' · ')}`,
  ];
  const press = button(action, texts.recover(locale), `${environment} ${moment}`);
  return [section(lines.join('\n')), ...(reached === false ? [] : [actions(action, [press])])];
}

/** `.204`: a commit and the whole second before it would look alike. Nothing where the evidence knows whole seconds only. */
const fractionOf = (at: Instant) => (at.endsWith('.000Z') ? '' : at.slice(19, 23));

const surenessOf = (sureness: Sureness, locale: Locale) => texts[sureness](locale);

const onBothClocks = (at: Instant, timeZone: string, now: Instant, locale: Locale) =>
  bothClocks(showMoment(at, timeZone, now, locale));

function evidenceLine({ evidence }: Candidate, { locale, timeZone, now }: Where): string {
  switch (evidence.kind) {
    case 'commit':
      return of.commit(locale, { ...evidence, table: code(evidence.table) });
    case 'own-clock':
      return of.ownClock(locale, { ...evidence, table: code(evidence.table), column: code(evidence.column) });
    case 'deploy':
      return deployLine(evidence, locale);
    case 'job': {
      const job = code(evidence.job);
      return evidence.cronJob === null
        ? of.job(locale, { job })
        : of.cronJob(locale, { job, cronJob: code(evidence.cronJob) });
    }
    case 'migration':
      return of.migration(locale, { tool: quiet(evidence.tool), name: code(evidence.name) });
    case 'operation':
      return of.operation(locale, { name: escaped(evidence.name), operation: code(evidence.operation) });
    case 'deleted': {
      const tables = evidence.tables.map(({ table, rows }) => of.deletedFrom(locale, { table: code(table), rows }));
      return of.deleted(locale, { tables: some(tables), until: onBothClocks(evidence.until, timeZone, now, locale) });
    }
    case 'rewritten':
    case 'gone':
      return of[evidence.kind](locale, {
        tables: some(evidence.tables.map(code)),
        until: onBothClocks(evidence.until, timeZone, now, locale),
      });
    default: {
      const never: never = evidence;
      return never;
    }
  }
}

const some = (names: readonly string[]) =>
  names.slice(0, tablesShown).join(', ') + (names.length > tablesShown ? ', …' : '');

function deployLine({ workload, from, to, cause }: Evidence & { readonly kind: 'deploy' }, locale: Locale): string {
  const said = { workload: code(workload), to: code(to) };
  const line =
    from === null
      ? of.deployFirst(locale, said)
      : from === to
        ? of.deploySame(locale, said)
        : of.deploy(locale, { ...said, from: code(from) });
  return cause === null ? line : `${line} ${of.cause(locale, { cause: quiet(cause.slice(0, 200)) })}`;
}

function gapLines({ gaps }: LastGood, locale: Locale): readonly string[] {
  const lines = gaps.map(({ code: name, params }) => `•  ${quiet(describeFinding(locale, name, params))}`);
  return [...new Set(lines)];
}
