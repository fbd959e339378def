import type { JsonObject } from '../../domain/json.ts';
import type { Locale } from '../../domain/people.ts';
import type { Plan } from '../../domain/plan.ts';
import { rollbackSteps } from '../../domain/rollback.ts';
import type { OperationState } from '../../domain/state.ts';
import { closed, done, failed, intent, parked, planned, requested, told, turnedBack, vote } from './events.fixture.ts';
import { onNew } from './night.fixture.ts';
import { after, amir, wei } from './plans.fixture.ts';

// The morning after: the restore's snapshot had the damage in it, and the application goes back.

const of = 'op-fedcba987654';
const target = {
  id: 'ecommerce-production',
  arn: 'arn:aws:rds:eu-west-1:111122223333:db:ecommerce-production',
  resourceId: 'db-ABC',
  host: 'ecommerce-production.abc.eu-west-1.rds.amazonaws.com',
  port: 5432,
};
const source = { ...target, id: 'ecommerce-production-rfedcba98', resourceId: 'db-DEF' };

export interface RollbackOptions {
  /** The database that is left answers, and rollbacks happened here before. */
  readonly known?: boolean;
}

export const rollbackPlanOf = ({ known = true }: RollbackOptions = {}): Plan => ({
  bound: {
    operation: 'rollback',
    environment: 'production',
    account: '111122223333',
    region: 'eu-west-1',
    steps: rollbackSteps.map((id, index) => ({ id, after: [rollbackSteps[index - 1] ?? ''], input: {} })),
    resources: [target.arn, source.arn],
    onFailure: known ? 'return' : 'stay-stopped',
    decided: {
      of,
      source,
      target,
      targetId: target.id,
      asOf: '2026-11-20T02:40:00.000Z',
      onFailure: known ? 'return' : 'stay-stopped',
      workloads: ['current/production/ecommerce-backend'],
    } as unknown as JsonObject,
  },
  shown: {
    commands: { 'switch-back': [['aws', 'secretsmanager', 'put-secret-value']] },
    left: {
      seconds: 1990,
      live: known ? 'answers' : 'not-available',
      tables: [
        { table: 'customers', rows: known ? 3 : null },
        { table: 'orders', rows: known ? 214 : null },
      ],
    },
    keeps: known ? 'instance' : 'stopped-instance',
    expected: { downtimeSeconds: known ? 75 : null, totalSeconds: known ? 95 : null, from: known ? 2 : 0 },
    replicas: [{ workload: 'production/ecommerce-backend', replicas: 4 }],
    guards: known
      ? [
          {
            code: 'guard.keda',
            params: { namespace: 'production', name: 'backend', workload: 'production/ecommerce-backend' },
          },
        ]
      : [],
  } as unknown as Plan['shown'],
});

const waiting = (language: Locale) => [requested('rollback', language, 2, { of }), planned(10)];
const begun = (language: Locale) => [
  ...waiting(language),
  vote(60, amir),
  vote(90, wei),
  intent(92, 'record-application'),
  intent(92, 'prove-old'),
  done(93, 'record-application'),
  done(93, 'prove-old', target),
  intent(94, 'stop-application'),
  done(95, 'stop-application', { workloads: 1, paused: 1 }),
  intent(95, 'prove-stopped'),
];
const counted = (language: Locale) => [
  ...begun(language),
  done(102, 'prove-stopped', { pods: 0, sessions: 0, at: after(101) }),
  intent(103, 'watch-stopped'),
  intent(103, 'let-in'),
  done(104, 'let-in', { role: 'ecommerce_app' }),
  intent(104, 'try-login'),
  done(105, 'try-login', { repaired: [], created: [], left: [], masterReset: false }),
  intent(105, 'measure-left'),
  done(110, 'measure-left', {
    tables: [
      { table: 'customers', before: 903, after: 912, lost: 3, returned: 12, changed: 0 },
      { table: 'orders', before: 5214, after: 6204, lost: 214, returned: 1204, changed: 17 },
    ],
    lastLostAt: after(94),
    notMeasured: ['order_items'],
  }),
  done(111, 'watch-stopped', { until: after(110) }),
  intent(112, 'switch-back', 'do', true),
  done(113, 'switch-back', { versionId: 'v2', previousVersionId: 'v1' }),
  intent(114, 'start-application'),
  done(115, 'start-application', { workloads: 1 }),
  intent(116, 'prove-back'),
];

/** Every state that the card of a rollback has to be drawn for. */
export const rollbackStories: Readonly<
  Record<string, (language: Locale) => { state: OperationState; seconds: number }>
> = {
  'rollback waits': (language) => ({ state: told(waiting(language)), seconds: 15 }),
  'rollback refused': (language) => ({
    state: told([
      requested('rollback', language, 2, { of }),
      closed(5, 'refused', 'unchanged', {
        code: 'rollback.moved-on',
        params: {
          operation: of,
          expected: source.id,
          instance: 'ecommerce-production-r11112222',
          later: 'op-111122223333',
        },
      }),
    ]),
    seconds: 6,
  }),
  'rollback running': (language) => ({ state: told(begun(language)), seconds: 99 }),
  'rolled back': (language) => ({
    state: told([
      ...counted(language),
      done(150, 'prove-back', onNew(131)),
      intent(151, 'bar-left'),
      done(152, 'bar-left', {
        role: 'ecommerce_app',
        endedSessions: 1,
        ended: [{ role: 'ecommerce_app', application: 'nightly-reprice', address: '10.1.7.21', since: after(12) }],
      }),
      intent(153, 'hand-over'),
      done(154, 'hand-over', { keptInstance: source.id, notes: ['rollback.attachments'] }),
      closed(155, 'succeeded', 'old-database'),
    ]),
    seconds: 155,
  }),
  'rollback failed and back': (language) => ({
    state: told([
      ...begun(language),
      failed(400, 'prove-stopped', 'restore.not-stopped', { pods: ['backend-1'], podCount: 1 }),
      turnedBack(401, 'prove-stopped', 'restore.not-stopped', { pods: ['backend-1'], podCount: 1 }),
      intent(402, 'stop-application', 'undo'),
      done(403, 'stop-application', {}, 'undo'),
      intent(404, 'record-application', 'undo'),
      done(430, 'record-application', {}, 'undo'),
      closed(431, 'failed', 'new-database', { code: 'restore.not-stopped', params: {} }),
    ]),
    seconds: 431,
  }),
  'rollback parked': (language) => ({
    state: told([
      ...counted(language),
      failed(700, 'prove-back', 'restore.not-up'),
      turnedBack(701, 'prove-back', 'restore.not-up'),
      parked(702, 'engine.published'),
    ]),
    seconds: 710,
  }),
};
