import type { Comparison } from '../../domain/comparison.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { Human, Locale } from '../../domain/people.ts';
import type { Plan } from '../../domain/plan.ts';
import type { OperationState } from '../../domain/state.ts';
import {
  asks,
  badResults,
  closed,
  done,
  goodResults,
  intent,
  jobResult,
  planned,
  report,
  requested,
  type Timed,
  told,
  vote,
} from './events.fixture.ts';
import { onNew } from './night.fixture.ts';
import { after, amir, restorePlanOf, wei } from './plans.fixture.ts';

// A restore-first: made, verified and compared while the shop serves; people decide on a second card.

const inOrder = [
  'restore-instance',
  'await-instance',
  'align-instance',
  'prove-aligned',
  'align-login',
  'verify-database',
  'start-check-job',
  'await-check-job',
  'judge-verification',
  'compare',
  'approve-cut-over',
  'record-application',
  'stop-application',
  'prove-stopped',
  'prove-unwritten',
  'measure-loss',
  'watch-stopped',
  'switch-secret',
  'start-application',
  'rescue-snapshot',
  'prove-on-new',
  'fence-old',
  'hand-over',
  'verify-deeply',
];

export function restoreFirstPlan(): Plan {
  const { bound, shown } = restorePlanOf();
  return {
    bound: {
      ...bound,
      steps: inOrder.map((id, index) => ({ id, after: index === 0 ? [] : [inOrder[index - 1] ?? ''], input: {} })),
      decided: { ...bound.decided, order: 'restore-first' },
    },
    shown: { ...shown, expected: { downtimeSeconds: 14, totalSeconds: 1500, from: 3 } },
  };
}

export const compared: Comparison = {
  at: after(770),
  seconds: 41,
  tables: [
    {
      table: 'customers',
      before: 20_124,
      after: 20_112,
      lost: 12,
      returned: 0,
      changed: 3,
      newestLive: after(765),
      newestBeside: '2026-11-20T02:29:40.000Z',
    },
    {
      table: 'orders',
      before: 98_110,
      after: 98_796,
      lost: 1204,
      returned: 1890,
      changed: null,
      newestLive: after(769),
      newestBeside: '2026-11-20T02:29:58.000Z',
    },
  ],
  lastLostAt: after(769),
  notCompared: ['order_items'],
  written: { rows: 0, since: '' },
};

const identity = { id: 'ecommerce-production-r1a2b3c4d5e6', arn: 'arn', resourceId: 'db-NEW', host: 'new', port: 5432 };

const made = (language: Locale): readonly Timed[] => [
  requested('restore', language, 2, { order: 'restore-first' }),
  planned(20),
  vote(95, amir),
  vote(140, wei),
  intent(148, 'restore-instance'),
  done(153, 'restore-instance', { instanceId: identity.id, adopted: false }),
  intent(154, 'await-instance'),
  done(640, 'await-instance', identity),
  ...['align-instance', 'prove-aligned', 'align-login'].flatMap((step) => [intent(650, step), done(690, step)]),
  intent(691, 'verify-database'),
  intent(691, 'start-check-job'),
  done(692, 'start-check-job', { job: 'pitcrew-check-0123456789ab', adopted: false }),
  intent(693, 'await-check-job'),
  done(740, 'await-check-job', { result: jobResult }),
];
const asked = (language: Locale): readonly Timed[] => [
  ...made(language),
  done(765, 'verify-database', { report: report(goodResults, 'not-proven') }),
  asks(766),
  done(767, 'judge-verification', { outcome: 'not-proven' }),
  intent(768, 'compare'),
  done(811, 'compare', compared),
  asksCutOver(812),
];
const asksCutOver = (at: number): Timed => [
  at,
  {
    type: 'intent',
    actor: 'worker',
    run: 'run-1',
    epoch: 1,
    data: { step: 'approve-cut-over', direction: 'do', gate: 'cut-over' },
  },
];
/** A word on the cut-over; `told` puts in what it must name. */
const word = (at: number, who: Human, decision: 'approve' | 'deny'): Timed => [
  at,
  {
    type: 'vote',
    actor: who.id,
    data: { gate: 'cut-over', digest: '', human: who, via: who.slackUser, decision },
  },
];
const ends = (at: number, code: 'cut-over.denied' | 'cut-over.late', outcome: 'denied' | 'expired'): Timed[] => {
  const signed = { actor: 'worker', run: 'run-1', epoch: 1 };
  const error = { code, kind: 'user' as const, params: {} };
  const step = 'approve-cut-over';
  return [
    [at, { type: 'failed', ...signed, data: { step, direction: 'do', attempt: 1, error } }],
    [at, { type: 'turned-back', ...signed, data: { step, error } }],
    closed(at + 1, outcome, 'beside-only', { code, params: {} }),
  ];
};

export const cutOverStories: Readonly<
  Record<string, (language: Locale) => { readonly state: OperationState; readonly seconds: number }>
> = {
  'restore first waits for approval': (language) => ({
    state: told([requested('restore', language, 2, { order: 'restore-first' }), planned(20)]),
    seconds: 25,
  }),
  'restore first found something': (language) => ({
    state: told([...made(language), done(765, 'verify-database', { report: report(badResults, 'fail') }), asks(766)]),
    seconds: 780,
  }),
  'asked for the cut-over': (language) => ({ state: told(asked(language)), seconds: 830 }),
  'cut-over approved': (language) => ({
    state: told([
      ...asked(language),
      word(1000, amir, 'approve'),
      done(1001, 'approve-cut-over', { by: [amir.slackUser] }),
      intent(1001, 'record-application'),
      done(1001, 'record-application'),
      intent(1002, 'stop-application'),
    ]),
    seconds: 1003,
  }),
  'cut-over denied': (language) => ({
    state: told([...asked(language), word(1000, amir, 'deny'), ...ends(1001, 'cut-over.denied', 'denied')]),
    seconds: 1003,
  }),
  'cut-over expired': (language) => ({
    state: told([...asked(language), ...ends(4413, 'cut-over.late', 'expired')]),
    seconds: 4415,
  }),
  'restore first succeeded': (language) => ({
    state: told([
      ...asked(language),
      word(1000, amir, 'approve'),
      done(1001, 'approve-cut-over', { by: [amir.slackUser] }),
      ...(
        [
          ['record-application', {}],
          ['stop-application', { workloads: 1, paused: 0 }],
          ['prove-stopped', { pods: 0, sessions: 0, at: after(1005) }],
          ['prove-unwritten', { at: after(1006) }],
          [
            'measure-loss',
            {
              tables: compared.tables.map(({ newestLive: _, newestBeside: __, ...table }) => table),
              lastLostAt: after(1001),
              notMeasured: ['order_items'],
            },
          ],
          ['watch-stopped', { until: after(1007) }],
        ] as readonly (readonly [string, JsonObject])[]
      ).flatMap(([step, output], index) => [intent(1001 + index, step), done(1002 + index, step, output)]),
      intent(1008, 'switch-secret', 'do', true),
      done(1009, 'switch-secret', { versionId: 'v-new', previousVersionId: 'v-old' }),
      intent(1009, 'start-application'),
      done(1010, 'start-application', { workloads: 1 }),
      intent(1010, 'rescue-snapshot'),
      done(1011, 'rescue-snapshot', { taken: true, snapshotId: 'pitcrew-rescue-0123456789ab' }),
      intent(1011, 'prove-on-new'),
      done(1045, 'prove-on-new', onNew(1015)),
      intent(1046, 'fence-old'),
      done(1047, 'fence-old', { role: 'ecommerce_app', endedSessions: 0, ended: [] }),
      intent(1048, 'hand-over'),
      done(1049, 'hand-over', { keptInstance: 'ecommerce-production', notes: [] }),
      closed(1050, 'succeeded', 'new-database'),
    ]),
    seconds: 1050,
  }),
};
