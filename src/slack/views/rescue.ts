import { type Locale, languageOf } from '../../domain/people.ts';
import type { Plan } from '../../domain/plan.ts';
import type { RescueDecided, RescueOutputs, RescueShown } from '../../domain/rescue.ts';
import { stepState } from '../../domain/state.ts';
import { rescueTexts as texts } from '../../messages/rescue.ts';
import { showCount, showList } from '../../messages/units.ts';
import { type Block, columns, header, type Message, message, section, sections } from './blocks.ts';
import { bold, code, escaped } from './mrkdwn.ts';
import { askerOf, whyLine } from './requested.ts';
import { environmentName, outputOf, planOf, type Situation } from './situation.ts';

export interface RescuePlan {
  readonly decided: RescueDecided;
  readonly shown: RescueShown;
}

export function rescuePlan(plan: Plan | undefined): RescuePlan | undefined {
  const rescue = planOf<RescueDecided, RescueShown>(plan, 'rescue');
  return rescue?.decided.beside ? rescue : undefined;
}

export const isRescue = ({ state }: Pick<Situation, 'state'>) => state.request?.operation === 'rescue';

const rowsOf = (count: number, locale: Locale) =>
  texts.rows(locale, { count: showCount(count, locale), one: count === 1 });
const bullet = (parts: readonly string[], locale: Locale) =>
  `•  ${parts.join(languageOf(locale) === 'zh-TW' ? '；' : '; ')}`;
/** Only what there is any of. */
const some = (count: number, locale: Locale, said: (locale: Locale, rows: { rows: string }) => string) =>
  count > 0 ? [said(locale, { rows: rowsOf(count, locale) })] : [];

/** So many tables have a line of their own on a card. */
const tablesOnCard = 20;

/** Which rows go where, what stays as it is, what fires meanwhile, and that there is no button that takes it back. */
export function rescueSummary(situation: Situation, rescue: RescuePlan): Block[] {
  const { locale } = situation;
  const { decided, shown } = rescue;
  const asks = texts.asks(locale, {
    who: askerOf(situation),
    environment: escaped(environmentName(situation)),
    operation: code(decided.of),
    beside: code(decided.beside.id),
    live: code(decided.live.id),
  });
  const why = whyLine(situation);
  const copied = shown.tables.reduce((sum, { missing, collisions }) => sum + missing - collisions, 0);
  const copies = texts.copies(locale, { rows: rowsOf(copied, locale), tables: shown.tables.length });
  return [
    section([asks, copies, ...warnings(situation, rescue).map((line) => `⚠️  ${line}`), why].join('\n')),
    ...sections([bold(texts.condition(locale)), ...conditionLines(situation, rescue)]),
    ...sections([bold(texts.tables(locale)), ...tableLines(situation, rescue)]),
    ...columns([
      [bold(texts.how(locale)), texts.howLine(locale)].join('\n'),
      [bold(texts.kept(locale)), texts.keptLine(locale)].join('\n'),
    ]),
    section([bold(texts.undo(locale)), texts.undoLine(locale)].join('\n')),
  ];
}

function warnings({ locale }: Situation, { shown }: RescuePlan): readonly string[] {
  const { triggers, cautions } = shown;
  const list = showList(
    triggers.map(({ table, name }) => code(`${table}: ${name}`)),
    locale,
  );
  return [
    ...(triggers.length > 0 ? [texts.triggers(locale, { list })] : []),
    ...cautions.flatMap((note) => {
      const { code: name, params } = typeof note === 'string' ? { code: note, params: {} } : note;
      const said = texts.cautions[name as keyof typeof texts.cautions];
      return said
        ? [said(locale, { table: code(String(params?.table ?? '?')), names: code(String(params?.names ?? '?')) })]
        : [];
    }),
  ];
}

function conditionLines({ state, locale }: Situation, { decided }: RescuePlan): readonly string[] {
  if (decided.where === null) return [`•  ${texts.everyRow(locale)}`];
  const { tables: named } = (state.request?.args ?? {}) as { readonly tables?: readonly string[] };
  const first = named?.[0] ?? decided.tables[0] ?? '?';
  const others = decided.tables.filter((table) => table !== first && table !== `public.${first}`);
  return [
    `•  ${texts.ofFirst(locale, { table: code(first), condition: code(decided.where.replace(/\s+/g, ' ')) })}`,
    ...(others.length > 0 ? [`•  ${texts.alongside(locale, { tables: showList(others.map(code), locale) })}`] : []),
  ];
}

const tableLines = ({ locale }: Situation, { shown }: RescuePlan): readonly string[] =>
  shown.tables.slice(0, tablesOnCard).map(({ table, selected, missing, equal, conflicts, collisions }) =>
    bullet(
      [
        texts.tableLine(locale, {
          table: code(table),
          selected: rowsOf(selected, locale),
          missing: showCount(missing - collisions, locale),
        }),
        ...some(equal, locale, texts.equal),
        ...some(conflicts, locale, texts.conflicts),
        ...some(collisions, locale, texts.collisions),
      ],
      locale,
    ),
  );

const copiedRows = (copied: RescueOutputs['copy-rows']) =>
  copied.tables.reduce((sum, { inserted }) => sum + inserted, 0);

/** The card of a rescue that reached its goal. */
export function rescueResult(situation: Situation, { decided }: RescuePlan, witness: Block): Message {
  const { state, locale } = situation;
  const copied = outputOf(state, 'copy-rows');
  const title = texts.title(locale, { environment: environmentName(situation) });
  if (!copied) return message(title, [header(title), witness]);
  const line = texts.line(locale, {
    rows: rowsOf(copiedRows(copied), locale),
    environment: escaped(environmentName(situation)),
    beside: code(decided.beside.id),
  });
  return message(`${title}. ${line.replaceAll(/[*`]/g, '')}`, [
    header(title),
    section(copied.found ? `${line}\n${texts.found(locale)}` : line),
    ...sections(resultLines(situation, copied)),
    section(texts.keys(locale, { keys: code(copied.keys), transaction: code(copied.transaction) })),
    witness,
  ]);
}

function resultLines({ state, locale }: Situation, copied: RescueOutputs['copy-rows']): readonly string[] {
  const verified = outputOf(state, 'verify-rows')?.tables ?? [];
  return copied.tables.slice(0, tablesOnCard).map(({ table, selected, inserted, there }) =>
    bullet(
      [
        texts.resultLine(locale, {
          table: code(table),
          selected: rowsOf(selected, locale),
          inserted: showCount(inserted, locale),
        }),
        ...some(there, locale, texts.there),
        ...some(verified.find((one) => one.table === table)?.conflicts ?? 0, locale, texts.conflicted),
        ...some(selected - inserted - there, locale, texts.leftOut),
      ],
      locale,
    ),
  );
}

/** How the service is after a rescue that did not reach its goal: it was never stopped, and rows may be in it. */
export function rescueService({ state, locale }: Situation): string {
  const environment = escaped(environmentName({ state }));
  const copied = outputOf(state, 'copy-rows');
  if (copied) {
    const rows = rowsOf(copiedRows(copied), locale);
    return texts.copied(locale, { environment, rows, keys: code(copied.keys) });
  }
  const noted = stepState(state, 'copy-rows')?.noted !== undefined;
  if (!noted) return texts.intact(locale, { environment });
  return (state.closed ? texts.neverKnown : texts.maybe)(locale, { environment });
}
