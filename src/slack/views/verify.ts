import type { Locale } from '../../domain/people.ts';
import type { OperationState } from '../../domain/state.ts';
import { secondsBetween } from '../../domain/time.ts';
import { type CheckResult, overall } from '../../domain/verification.ts';
import type { VerifyDecided } from '../../domain/verify.ts';
import { bothClocks, showDuration, showInstant } from '../../messages/units.ts';
import { verifyTexts as texts } from '../../messages/verify.ts';
import { type Block, context, header, type Message, message, section, sections } from './blocks.ts';
import { checklistLines, findingLine, knownFindings, skippedLines } from './checklist.ts';
import { code, escaped } from './mrkdwn.ts';
import { environmentName, outputOf, type Situation, timeZoneOf } from './situation.ts';

/** All that a verification found; undefined while it is not through, and of every other operation. */
function found(state: OperationState): { readonly results: readonly CheckResult[]; readonly left: number } | undefined {
  const first = outputOf(state, 'check-database')?.report;
  if (!first) return undefined;
  const deep = outputOf(state, 'check-deeply')?.report;
  return {
    results: [...first.results, ...(deep?.results ?? [])],
    left: first.notChecked.length + (deep?.notChecked.length ?? 0),
  };
}

/** What a verification came to, with its sign: that it was carried through says nothing of the database. */
export function verdict(
  state: OperationState,
  locale: Locale,
): { readonly sign: string; readonly text: string } | undefined {
  const all = found(state);
  if (!all) return undefined;
  const outcome = overall(all.results);
  if (outcome === 'fail') {
    const count = all.results.filter((one) => one.outcome === 'fail').length;
    return { sign: '❌', text: texts.failed(locale, { count }) };
  }
  return outcome === 'pass' && all.left === 0
    ? { sign: '✅', text: texts.sound(locale) }
    : { sign: '❔', text: texts.unproven(locale) };
}

/** The card of a verification that is through. */
export function verifyResult(situation: Situation, witness: Block): Message | undefined {
  const { state, locale } = situation;
  const reached = verdict(state, locale);
  if (!reached) return undefined;
  const title = `${reached.sign}  ${reached.text} · ${environmentName(situation)}`;
  const known = knownFindings(state);
  return message(title, [
    header(title),
    section(lookedAt(situation).join('\n')),
    ...sections(checklistLines(state, locale)),
    ...sections(
      [outputOf(state, 'check-database'), outputOf(state, 'check-deeply')].flatMap((one) =>
        skippedLines(one?.report, locale),
      ),
    ),
    ...sections(known.length === 0 ? [] : [texts.known(locale), ...known.map((one) => findingLine(one, locale))]),
    context(hints(situation).join(' · ')),
    witness,
  ]);
}

function hints({ state, locale }: Situation): readonly string[] {
  const environment = escaped(environmentName({ state }));
  const deep = outputOf(state, 'check-deeply') !== undefined;
  return [texts.list(locale, { environment }), ...(deep ? [] : [texts.deeper(locale, { environment })])];
}

function lookedAt(situation: Situation): readonly string[] {
  const { state, plan, locale, now } = situation;
  if (plan?.bound.operation !== 'verify') return [];
  const { instance, serves, baselineAt } = plan.bound.decided as unknown as VerifyDecided;
  const took = showDuration(secondsBetween(state.request?.at ?? now, state.closed?.at ?? now), locale);
  const which = (serves ? texts.serving : texts.apart)(locale, { instance: code(instance.id) });
  const lines = [texts.looked(locale, { instance: which, took })];
  if (baselineAt === null) return [...lines, texts.withoutBaseline(locale)];
  const shown = showInstant(baselineAt, timeZoneOf(situation), now, locale);
  return [...lines, texts.against(locale, { at: bothClocks(shown), age: shown.age })];
}
