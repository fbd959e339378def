import type { Locale } from '../../domain/people.ts';
import { modalTexts } from '../../messages/answers.ts';
import { rollbackTexts as texts } from '../../messages/rollback.ts';
import { type Modal, modal, section } from './blocks.ts';
import { confirmInput, reasonInput } from './modals.ts';
import { code } from './mrkdwn.ts';

export interface RollbackCarried {
  readonly channel: string;
  readonly environment: string;
  /** The operation that is to be taken back. */
  readonly operation: string;
}

/** Why; the environment's name confirms it. */
export function rollbackModal(
  { channel, environment, operation }: RollbackCarried,
  locale: Locale,
  typed?: string,
): Modal {
  return modal({
    id: 'rollback',
    title: texts.button(locale),
    submit: modalTexts.ask(locale),
    close: modalTexts.cancel(locale),
    carries: { channel, environment, operation },
    blocks: [
      section(texts.buttonNote(locale, { operation: code(operation) })),
      reasonInput(locale, typed),
      confirmInput(environment, locale),
    ],
  });
}
