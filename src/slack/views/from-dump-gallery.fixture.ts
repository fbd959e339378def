import type { Locale } from '../../domain/people.ts';
import type { Plan } from '../../domain/plan.ts';
import type { Message } from './blocks.ts';
import { situationOf } from './cards.fixture.ts';
import { besidePlan, inPlacePlan, ownInstancePlan } from './from-dump.fixture.ts';
import { type Card, render } from './render.ts';

/** How restores from a dump end, and what people are asked on the way, by the names of the cards. */
export function fromDumpCards(locale: Locale): Readonly<Record<string, Message>> {
  const draw = (story: string, plan: Plan, kind: 'outcome' | 'findings' | 'stakeholders' = 'outcome'): Message => {
    const card: Card = { kind };
    return render(card, situationOf(story, locale, plan));
  };
  return {
    'result of a dump on its own instance': draw('on an instance of its own from a dump', ownInstancePlan()),
    'failure of a dump on its own instance': draw('load on its own instance failed', ownInstancePlan()),
    'result of a dump in place': draw('loaded over the live database', inPlacePlan()),
    'failure of a dump in place': draw('load over the live database failed', inPlacePlan()),
    'findings of a dump in place': draw('findings after a load in place', inPlacePlan(), 'findings'),
    'parked dump in place': draw('findings after a load in place refused', inPlacePlan()),
    'stakeholders of a parked dump in place': draw(
      'findings after a load in place refused',
      inPlacePlan(),
      'stakeholders',
    ),
    'findings of a dump beside': draw('findings of a dump beside', besidePlan(), 'findings'),
    'parked dump beside': draw('swap without an answer', besidePlan()),
  };
}
