import type { Locale } from '../../domain/people.ts';
import {
  cancelled,
  closed,
  done,
  failed,
  intent,
  requested,
  type Timed,
  told,
  turnedBack,
  vote,
} from './events.fixture.ts';
import { after, amir, digest, production, restorePlanOf, rosa } from './plans.fixture.ts';
import { render } from './render.ts';
import type { Situation } from './situation.ts';

// The instance beside is made while people decide: on the card on which they do, and on the one that stays of it.

const asked = (language: Locale): readonly Timed[] => [
  requested('restore', language),
  [
    20,
    { type: 'planned', actor: 'worker', data: { digest, steps: 15, prestage: ['restore-instance', 'await-instance'] } },
  ],
];
const target = 'ecommerce-production-r1a2b3c4d5e6';
const making = (language: Locale): readonly Timed[] => [
  ...asked(language),
  intent(22, 'restore-instance'),
  done(24, 'restore-instance', { instanceId: target, adopted: false }),
  intent(24, 'await-instance'),
];
const made = (language: Locale): readonly Timed[] => [
  ...making(language),
  done(400, 'await-instance', { id: target, arn: 'arn', resourceId: 'db-BESIDE', host: 'h', port: 5432 }),
  vote(420, amir),
];
const no = (language: Locale): readonly Timed[] => [
  ...making(language),
  vote(95, amir, 'deny', 'Only one table is hurt: copy it back instead'),
  turnedBack(96, '', 'approval.denied'),
  intent(96, 'restore-instance', 'undo'),
];

const rds = (step: string, code: string, params: Record<string, string>): Situation['waiting'] => [
  { step, because: { code, params } },
];
const creating = rds('await-instance', 'wait.rds-status', { instance: target, status: 'creating' });
const deleting = rds('restore-instance', 'wait.deletable', { instance: target, error: 'aws.busy' });

const stories: Readonly<
  Record<string, readonly [(language: Locale) => readonly Timed[], number, Situation['waiting']]>
> = {
  'approval while the instance is made': [making, 190, creating],
  'approval and the instance stands': [made, 430, []],
  'approval and the instance is refused': [
    (language) => [
      ...asked(language),
      intent(22, 'restore-instance'),
      failed(24, 'restore-instance', 'aws.denied', { action: 'rds:RestoreDBInstanceFromDBSnapshot' }),
    ],
    60,
    [],
  ],
  'denied and the instance goes': [no, 120, deleting],
  'denied and the instance is gone': [
    (language) => [
      ...no(language),
      done(500, 'restore-instance', { instanceId: target }, 'undo'),
      closed(501, 'denied', 'unchanged', { code: 'approval.denied', params: {} }),
    ],
    502,
    [],
  ],
  'cancelled and the instance goes': [
    (language) => [
      ...making(language),
      cancelled(60, rosa),
      turnedBack(61, '', 'operation.cancelled'),
      intent(61, 'restore-instance', 'undo'),
    ],
    70,
    deleting,
  ],
};

/** The card of each of these stories, by name. */
export const prestageCards = (locale: Locale) =>
  Object.fromEntries(
    Object.entries(stories).map(([name, [events, seconds, waiting]]) => {
      const situation = { plan: restorePlanOf({}), environment: production, locale, now: after(seconds), waiting };
      return [name, render({ kind: 'approval', digest }, { ...situation, state: told(events(locale)) })];
    }),
  );
