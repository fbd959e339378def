import type { Plan } from '../domain/plan.ts';
import { type Settings, spokenIn } from '../domain/settings.ts';
import type { OperationState } from '../domain/state.ts';
import { instant } from '../domain/time.ts';
import type { Card, Situation, Waiting } from './surfaces.ts';
import type { Content } from './transport.ts';

/** What cards are drawn with. */
export interface DrawingDependencies {
  readonly plans: { get(digest: string): Promise<Plan> };
  readonly render: (card: Card, situation: Situation) => Content;
  readonly settings: Settings;
  readonly now?: () => Date;
}

/** What is remembered of an operation for its cards. */
export interface Drawable {
  /** What the worker said last that it waits for. */
  readonly waiting: readonly Waiting[];
  /** Plans never change: each is read once. */
  readonly plans: Map<string, Plan>;
}

/** An operation as its cards see it, its plan apart. */
export function situationOf({ settings, now }: DrawingDependencies, one: Drawable, state: OperationState): Situation {
  const name = state.request?.environment ?? '';
  const environment = Object.hasOwn(settings.environments, name) ? settings.environments[name] : undefined;
  return {
    state,
    waiting: one.waiting,
    ...(environment ? { environment } : {}),
    locale: spokenIn(settings, state.request?.language),
    now: instant(now?.() ?? new Date()),
  };
}

/** Draws a card with the plan that it is about: an older approval with its own, and the newer one to compare. */
export async function draw(
  given: DrawingDependencies,
  one: Drawable,
  situation: Situation,
  card: Card,
): Promise<Content> {
  const digest = situation.state.plan?.digest;
  const whole = digest === undefined ? situation : { ...situation, plan: await planOf(given, one, digest) };
  if (card.kind !== 'approval' || card.digest === digest) return given.render(card, whole);
  return given.render({ ...card, cardPlan: await planOf(given, one, card.digest) }, whole);
}

async function planOf({ plans }: DrawingDependencies, one: Drawable, digest: string): Promise<Plan> {
  const plan = one.plans.get(digest) ?? (await plans.get(digest));
  one.plans.set(digest, plan);
  return plan;
}
