import type { Locale } from '../../domain/people.ts';
import { modalTexts } from '../../messages/answers.ts';
import { cleanupTexts as texts } from '../../messages/cleanup.ts';
import { type Modal, modal, section } from './blocks.ts';
import { confirmInput, reasonInput } from './modals.ts';
import { code } from './mrkdwn.ts';

export interface CleanupCarried {
  readonly channel: string;
  readonly environment: string;
  /** The operation after which is cleaned up. */
  readonly operation: string;
  /** `now` where it may be deleted before its days are over, else empty. */
  readonly now: string;
}

/** Why; the environment's name confirms it. */
export function cleanupModal({ environment, ...carried }: CleanupCarried, locale: Locale, typed?: string): Modal {
  const note = texts.buttonNote(locale, { operation: code(carried.operation) });
  return modal({
    id: 'cleanup',
    title: texts.button(locale),
    submit: modalTexts.ask(locale),
    close: modalTexts.cancel(locale),
    carries: { environment, ...carried },
    blocks: [
      section(carried.now === 'now' ? `${note}\n${texts.nowNote(locale)}` : note),
      reasonInput(locale, typed),
      confirmInput(environment, locale),
    ],
  });
}
