import { longestCondition } from '../../domain/condition.ts';
import type { Locale } from '../../domain/people.ts';
import { modalTexts } from '../../messages/answers.ts';
import { rescueTexts as texts } from '../../messages/rescue.ts';
import { type Modal, modal, section, textInput } from './blocks.ts';
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

/** From which operation, which tables, which rows, and why; the environment's name confirms it. */
export function rescueModal({ channel, environment }: RescueCarried, locale: Locale, typed: RescueTyped = {}): Modal {
  return modal({
    id: 'rescue',
    title: texts.button(locale),
    submit: modalTexts.ask(locale),
    close: modalTexts.cancel(locale),
    carries: { channel, environment },
    blocks: [
      section(texts.modalNote(locale)),
      textInput({
        id: 'operation',
        label: texts.operation(locale),
        hint: texts.operationHint(locale),
        placeholder: 'op-0123456789ab',
        most: 20,
        ...initially(typed.operation),
      }),
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
