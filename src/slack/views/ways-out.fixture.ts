import type { Human, Locale } from '../../domain/people.ts';
import type { OperationState } from '../../domain/state.ts';
import { cancelled, closed, done, failed, intent, parked, type Timed, told, turnedBack } from './events.fixture.ts';
import { approved, stopping, toTheSwitch } from './night.fixture.ts';
import { amir, policy, rosa, wei } from './plans.fixture.ts';

const resumed = (at: number, who: Human): Timed => [
  at,
  { type: 'resumed', actor: who.id, data: { human: who, via: who.slackUser } },
];
const asked = (at: number, who: Human): Timed => {
  const data = { human: who, reason: 'The cluster is gone; another restore must begin', policy };
  return [at, { type: 'supersede-asked', actor: who.id, data }];
};
/** A word on giving it up; `told` puts in what it must name. */
const word = (at: number, who: Human, decision: 'approve' | 'deny' = 'approve'): Timed => [
  at,
  {
    type: 'vote',
    actor: who.id,
    data: { gate: 'supersede', digest: '', human: who, via: who.slackUser, decision },
  },
];

/** The way back can't be gone: stopped, and a person must look. */
const stuck = (language: Locale): readonly Timed[] => [
  ...approved(language),
  intent(142, 'record-application'),
  done(143, 'record-application', {
    workloads: [
      {
        cluster: '',
        namespace: 'production',
        kind: 'deployment',
        name: 'ecommerce-backend',
        replicas: 4,
        origin: 'spec',
      },
    ],
    guards: [{ cluster: '', namespace: 'production', kind: 'scaled-object', name: 'ecommerce-backend' }],
  }),
  intent(145, 'stop-application'),
  done(150, 'stop-application'),
  turnedBack(300, 'await-instance', 'restore.instance-failed', {
    instance: 'ecommerce-production-r1a2b3c4d5e6',
    status: 'storage-full',
  }),
  intent(301, 'stop-application', 'undo'),
  parked(400, 'engine.poison'),
];

/** The ways out of an operation, as far as people have come on them. */
export const waysOutStories: Readonly<
  Record<string, (language: Locale) => { state: OperationState; seconds: number }>
> = {
  'asked to cancel': (language) => ({ state: told([...stopping(language), cancelled(170, rosa)]), seconds: 172 }),
  'asked to give up': (language) => ({
    state: told([...stuck(language), asked(500, rosa), word(520, amir)]),
    seconds: 530,
  }),
  'not given up': (language) => ({
    state: told([...stuck(language), asked(500, rosa), word(520, amir, 'deny')]),
    seconds: 530,
  }),
  'about to be given up': (language) => ({
    state: told([...stuck(language), asked(500, rosa), word(520, amir), word(525, wei)]),
    seconds: 526,
  }),
  'given up': (language) => ({
    state: told([
      ...stuck(language),
      asked(500, rosa),
      word(520, amir),
      word(525, wei),
      closed(527, 'failed', 'stopped', { code: 'operation.superseded', params: {} }),
    ]),
    seconds: 528,
  }),
  'taken up again': (language) => ({ state: told([...stuck(language), resumed(600, rosa)]), seconds: 602 }),
  'taken up again on the new database': (language) => ({
    state: told([
      ...toTheSwitch(language),
      failed(860, 'prove-on-new', 'restore.not-up'),
      turnedBack(861, 'prove-on-new', 'restore.not-up'),
      parked(862, 'engine.published'),
      resumed(900, amir),
    ]),
    seconds: 905,
  }),
};
