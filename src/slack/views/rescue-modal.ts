import { longestCondition } from '../../domain/condition.ts';
import type { Locale } from '../../domain/people.ts';
import type { OperationState } from '../../domain/state.ts';
import type { Instant } from '../../domain/time.ts';
import { modalTexts } from '../../messages/answers.ts';
import { rescueTexts as texts } from '../../messages/rescue.ts';
import { showAge } from '../../messages/units.ts';
import { whatOf } from './approval.ts';
import { type Block, choice, type Modal, modal, section, selectInput, textInput } from './blocks.ts';
import { confirmInput, initially, reasonInput } from './modals.ts';

export interface RescueCarried {
  readonly channel: string;
  readonly environment: string;
}
export interface RescueTyped {
  readonly operation?: string;
  readonly tables?: readonly string[];
  readonly where?: string;
  readonly reason?: string;
}

/** Operations that left an instance beside, the newest first, as they stand at a moment. */
export interface RescueOffered {
  readonly states: readonly OperationState[];
  readonly now: Instant;
}

/** From which operation, which tables, which rows, and why; the environment's name confirms it. */
export function rescueModal(
  { channel, environment }: RescueCarried,
  locale: Locale,
  typed: RescueTyped = {},
  offered?: RescueOffered,
): Modal {
  return modal({
    id: 'rescue',
    title: texts.button(locale),
    submit: modalTexts.ask(locale),
    close: modalTexts.cancel(locale),
    carries: { channel, environment },
    blocks: [
      section(texts.modalNote(locale)),
      operationInput(locale, typed, offered),
      textInput({
        id: 'tables',
        label: texts.tablesLabel(locale),
        hint: texts.tablesHint(locale),
        multiline: true,
        most: 2000,
        ...initially(typed.tables?.join('\n')),
      }),
      textInput({
        id: 'where',
        label: texts.whereLabel(locale),
        hint: texts.whereHint(locale),
        optional: true,
        multiline: true,
        most: longestCondition,
        ...initially(typed.where),
      }),
      reasonInput(locale, typed.reason),
      confirmInput(environment, locale),
    ],
  });
}

/** Chosen where any is known; typed where none is, or where it was typed already. */
function operationInput(locale: Locale, { operation }: RescueTyped, offered: RescueOffered | undefined): Block {
  const asked = { id: 'operation', label: texts.operation(locale), hint: texts.operationHint(locale) };
  if (operation === undefined && offered && offered.states.length > 0)
    return selectInput({ ...asked, choices: offered.states.map((state) => offer(state, offered.now, locale)) });
  return textInput({ ...asked, placeholder: 'op-0123456789ab', most: 20, ...initially(operation) });
}

function offer(state: OperationState, now: Instant, locale: Locale) {
  const age = showAge(state.closed?.at ?? now, now, locale);
  return choice(`${state.id} · ${whatOf({ state, locale })} · ${age}`, state.id);
}
