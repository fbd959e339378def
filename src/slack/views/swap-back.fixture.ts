import type { Locale } from '../../domain/people.ts';
import type { Message } from './blocks.ts';
import { situationOf } from './cards.fixture.ts';
import { digest } from './plans.fixture.ts';
import { type Card, render } from './render.ts';
import { swapBackPlanOf } from './swap-back-stories.fixture.ts';

/** By the names of the cards. */
export function swapBackCards(locale: Locale): Readonly<Record<string, Message>> {
  const draw = (story: string, card: Card, plan = swapBackPlanOf()): Message =>
    render(card, situationOf(story, locale, plan));
  return {
    'rollback approval of a swap': draw('swap back waits', { kind: 'approval', digest }),
    'rollback approval of a swap without past': draw(
      'swap back waits',
      { kind: 'approval', digest },
      swapBackPlanOf({ known: false }),
    ),
    'rollback refused of a swap': draw('swap back refused', { kind: 'refused' }),
    'rollback progress of a swap': draw('swap back running', { kind: 'progress' }),
    'rollback result of a swap': draw('swapped back', { kind: 'outcome' }),
    'rollback result of a swap that cannot be told apart': draw('swapped back, not known', { kind: 'outcome' }),
    'rollback failed of a swap': draw('swap back failed', { kind: 'outcome' }),
    'rollback parked of a swap': draw('swap back without an answer', { kind: 'outcome' }),
    'rollback stakeholders of a swap': draw('swap back running', { kind: 'stakeholders' }),
    'rollback stakeholders of a swap over': draw('swapped back', { kind: 'stakeholders' }),
  };
}
