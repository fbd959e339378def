import type { Draft } from '../../domain/events.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { Human, Locale } from '../../domain/people.ts';
import type { Plan } from '../../domain/plan.ts';
import { emptyOperation, fold, type OperationState } from '../../domain/state.ts';
import type { CheckResult, VerificationReport } from '../../domain/verification.ts';
import { after, amir, digest, policy, production, restorePlanOf, rosa, snapshotPlan, wei } from './plans.fixture.ts';
import type { Situation } from './situation.ts';

// What happened in one night, told by real events through the real fold.

type Timed = readonly [seconds: number, draft: Draft];

/** Folds a story. What a rule forbids would be void: the fixture then is wrong, and says so. */
export function told(events: readonly Timed[]): OperationState {
  let state = emptyOperation('op-0123456789ab');
  for (const [seconds, draft] of events) {
    const event = { ...draft, v: 1, seq: state.n, nonce: `n${state.n}` };
    state = fold(state, { event, at: after(seconds), sha256: `${state.n}`.padStart(64, 'f') });
  }
  if (state.voided.length > 0) throw new Error(`the story breaks a rule: ${JSON.stringify(state.voided)}`);
  return state;
}

const requested = (operation: string, language: Locale, required = 2): Timed => [
  0,
  {
    type: 'requested',
    actor: rosa.id,
    data: {
      operation,
      environment: 'production',
      args: {},
      requester: rosa,
      reason: operation === 'restore' ? 'A migration at 03:02 deleted rows of orders and customers' : '',
      channel: 'C0INCPROD',
      language,
      policy: { ...policy, required },
    },
  },
];
const planned = (at: number, of = digest): Timed => [
  at,
  { type: 'planned', actor: 'worker', data: { digest: of, steps: 15 } },
];
const vote = (at: number, who: Human, decision: 'approve' | 'deny' = 'approve', reason?: string): Timed => [
  at,
  {
    type: 'vote',
    actor: who.id,
    data: { gate: 'start', digest, human: who, via: who.slackUser, decision, ...(reason ? { reason } : {}) },
  },
];
const signed = { actor: 'worker', run: 'run-1', epoch: 1 };
const intent = (at: number, step: string, direction: 'do' | 'undo' = 'do', publishes = false): Timed => [
  at,
  { type: 'intent', ...signed, data: { step, direction, ...(publishes ? { publishes: true as const } : {}) } },
];
const done = (at: number, step: string, output: object = {}, direction: 'do' | 'undo' = 'do'): Timed => [
  at,
  { type: 'done', ...signed, data: { step, direction, output: output as JsonObject } },
];
const failed = (at: number, step: string, code: string, params: JsonObject = {}): Timed => [
  at,
  {
    type: 'failed',
    ...signed,
    data: { step, direction: 'do', attempt: 1, error: { code, kind: 'permanent', params } },
  },
];
const turnedBack = (at: number, step: string, code: string, params: JsonObject = {}): Timed => [
  at,
  { type: 'turned-back', ...signed, data: { step, error: { code, kind: 'permanent', params } } },
];
const parked = (at: number, code: string): Timed => [
  at,
  { type: 'parked', ...signed, data: { error: { code, kind: 'permanent', params: {} } } },
];
const closed = (
  at: number,
  outcome: 'succeeded' | 'failed' | 'denied' | 'expired' | 'refused',
  service: 'unchanged' | 'old-database' | 'new-database' | 'stopped',
  error?: { code: string; params: JsonObject },
): Timed => [
  at,
  {
    type: 'closed',
    ...signed,
    data: { outcome, service, ...(error ? { error: { ...error, kind: 'user' as const } } : {}) },
  },
];

const check = (
  point: CheckResult['point'],
  name: string,
  outcome: CheckResult['outcome'],
  finding: string,
  params = {},
) => ({
  point,
  check: name,
  outcome,
  finding,
  params,
  seconds: 0.4,
});
const goodResults: readonly CheckResult[] = [
  check('accessible', 'login', 'pass', 'verification.accessible', { user: 'ecommerce_app', version: '15.4' }),
  check('tables-present', 'structure:tables', 'pass', 'verification.structure-same', { count: 42, kind: 'tables' }),
  check('tables-present', 'structure:indexes', 'pass', 'verification.structure-same', { count: 97, kind: 'indexes' }),
  check('row-counts', 'rows:orders', 'not-proven', 'verification.count-without-baseline', {
    table: 'orders',
    rows: 98796,
  }),
  check('row-counts', 'rows:customers', 'not-proven', 'verification.count-without-baseline', {
    table: 'customers',
    rows: 20112,
  }),
  check('foreign-keys', 'foreign-key:orders_customer_id_fkey', 'pass', 'verification.no-orphans', {
    relation: 'orders.customer_id',
  }),
  check('critical-queries', 'query:newest order', 'pass', 'verification.query-as-expected', {
    query: 'newest order',
    rows: 1,
    seconds: 0.2,
  }),
  check('no-corruption', 'duplicates:orders', 'pass', 'verification.no-duplicates', { table: 'orders' }),
];
const badResults: readonly CheckResult[] = [
  ...goodResults.slice(0, 1),
  check('tables-present', 'table:order_items', 'fail', 'verification.table-missing', { table: 'order_items' }),
  check('foreign-keys', 'relation:orders.customer_id', 'fail', 'verification.orphans', {
    relation: 'orders.customer_id → customers.id',
    count: 1312,
    keys: '88123, 88124, 88127 …',
  }),
  ...goodResults.slice(3, 5),
];
const report = (results: readonly CheckResult[], outcome: VerificationReport['outcome']): VerificationReport => ({
  outcome,
  results,
  notChecked: ['deep:verify_heapam'],
  seconds: 74,
});

const approved = (language: Locale): readonly Timed[] => [
  requested('restore', language),
  planned(20),
  vote(95, amir),
  vote(140, wei),
];
const stopping = (language: Locale): readonly Timed[] => [
  ...approved(language),
  intent(145, 'record-application'),
  done(147, 'record-application'),
  intent(148, 'stop-application'),
  intent(148, 'restore-instance'),
  done(152, 'stop-application', { workloads: 1 }),
  done(153, 'restore-instance', { instanceId: 'ecommerce-production-r1a2b3c4d5e6', adopted: false }),
  intent(153, 'prove-stopped'),
  intent(154, 'await-instance'),
];
const readyToVerify = (language: Locale): readonly Timed[] => [
  ...stopping(language),
  done(171, 'prove-stopped', { pods: 0, sessions: 0 }),
  done(640, 'await-instance'),
  intent(641, 'align-instance'),
  done(650, 'align-instance', { changed: ['MonitoringInterval'] }),
  intent(651, 'prove-aligned'),
  done(690, 'prove-aligned', { compared: 31 }),
  intent(691, 'verify-database'),
];
const toTheSwitch = (language: Locale): readonly Timed[] => [
  ...readyToVerify(language),
  done(765, 'verify-database', { report: report(goodResults, 'not-proven') }),
  intent(766, 'judge-verification'),
  done(767, 'judge-verification', { outcome: 'not-proven' }),
  intent(768, 'measure-loss'),
  done(790, 'measure-loss', {
    tables: [
      { table: 'customers', before: 20124, after: 20112, lost: 12, returned: 0, changed: 3 },
      { table: 'orders', before: 98110, after: 98796, lost: 1204, returned: 1890, changed: null },
    ],
    lastLostAt: after(149),
    notMeasured: ['order_items'],
  }),
  intent(791, 'switch-secret', 'do', true),
  done(793, 'switch-secret', { versionId: 'v-new', previousVersionId: '6f1c2a34-0000-4000-8000-1234567890ab' }),
  intent(794, 'start-application'),
  done(797, 'start-application', { workloads: 1 }),
  intent(798, 'prove-on-new'),
];
const found = (language: Locale): readonly Timed[] => [
  ...readyToVerify(language),
  done(765, 'verify-database', { report: report(badResults, 'fail') }),
  intent(766, 'judge-verification'),
  failed(767, 'judge-verification', 'restore.verification-failed', { failed: 2 }),
  turnedBack(768, 'judge-verification', 'restore.verification-failed', { failed: 2 }),
];

/** Every state that a card has to be drawn for, by name; `seconds` is the moment at which one looks. */
export const stories: Readonly<Record<string, (language: Locale) => { state: OperationState; seconds: number }>> = {
  planning: (language) => ({ state: told([requested('restore', language)]), seconds: 8 }),
  'waiting for approval': (language) => ({ state: told([requested('restore', language), planned(20)]), seconds: 25 }),
  'approved by one': (language) => ({
    state: told([requested('restore', language), planned(20), vote(95, amir)]),
    seconds: 100,
  }),
  approved: (language) => ({ state: told(approved(language)), seconds: 141 }),
  denied: (language) => ({
    state: told([
      requested('restore', language),
      planned(20),
      vote(95, amir, 'deny', 'Only *one* table is hurt: copy it back instead'),
      closed(96, 'denied', 'unchanged'),
    ]),
    seconds: 97,
  }),
  withdrawn: (language) => ({
    state: told([
      requested('restore', language),
      planned(20),
      vote(95, rosa, 'deny'),
      closed(96, 'denied', 'unchanged'),
    ]),
    seconds: 97,
  }),
  expired: (language) => ({
    state: told([requested('restore', language), planned(20), vote(95, amir), closed(1900, 'expired', 'unchanged')]),
    seconds: 1901,
  }),
  refused: (language) => ({
    state: told([
      requested('restore', language),
      closed(9, 'refused', 'unchanged', {
        code: 'operation.busy',
        params: { holder: 'op-ffffffffffff', resource: 'arn:aws:rds:eu-west-1:111122223333:db:ecommerce-production' },
      }),
    ]),
    seconds: 10,
  }),
  running: (language) => ({ state: told(stopping(language)), seconds: 165 }),
  'running over its RTO': (language) => ({ state: told(toTheSwitch(language)), seconds: 4200 }),
  succeeded: (language) => ({
    state: told([
      ...toTheSwitch(language),
      done(846, 'prove-on-new', { pods: 4, sessions: 12, firstSessionAt: after(806) }),
      intent(847, 'fence-old'),
      done(849, 'fence-old', { role: 'ecommerce_app', endedSessions: 0 }),
      intent(850, 'hand-over'),
      done(852, 'hand-over', {
        keptInstance: 'ecommerce-production',
        notes: ['hand-over.infrastructure-as-code', 'hand-over.downstream'],
      }),
      closed(853, 'succeeded', 'new-database'),
    ]),
    seconds: 853,
  }),
  'going back': (language) => ({
    state: told([...found(language), intent(769, 'stop-application', 'undo')]),
    seconds: 780,
  }),
  'failed and back': (language) => ({
    state: told([
      ...found(language),
      intent(769, 'stop-application', 'undo'),
      done(775, 'stop-application', {}, 'undo'),
      intent(776, 'record-application', 'undo'),
      done(800, 'record-application', {}, 'undo'),
      closed(801, 'failed', 'old-database', { code: 'restore.verification-failed', params: { failed: 2 } }),
    ]),
    seconds: 801,
  }),
  'failed and stopped': (language) => ({
    state: told([
      ...found(language),
      closed(801, 'failed', 'stopped', { code: 'restore.verification-failed', params: {} }),
    ]),
    seconds: 801,
  }),
  parked: (language) => ({
    state: told([
      ...toTheSwitch(language),
      failed(860, 'prove-on-new', 'restore.not-up'),
      turnedBack(861, 'prove-on-new', 'restore.not-up'),
      parked(862, 'engine.published'),
    ]),
    seconds: 870,
  }),
  'snapshot running': (language) => ({
    state: told([
      requested('snapshot', language, 0),
      planned(3),
      intent(4, 'create-snapshot'),
      done(6, 'create-snapshot'),
      intent(7, 'await-snapshot'),
    ]),
    seconds: 60,
  }),
  'snapshot complete': (language) => ({
    state: told([
      requested('snapshot', language, 0),
      planned(3),
      intent(4, 'create-snapshot'),
      done(6, 'create-snapshot'),
      intent(7, 'await-snapshot'),
      done(190, 'await-snapshot', { snapshotId: 'pitcrew-0123456789ab', arn: 'arn', at: after(12), sizeGiB: 100 }),
      intent(191, 'check-snapshot'),
      done(192, 'check-snapshot', { encrypted: true, engineVersion: '15.4' }),
      closed(193, 'succeeded', 'unchanged'),
    ]),
    seconds: 193,
  }),
};

/** A story as a view is given it. */
export function situationOf(name: string, locale: Locale, plan?: Plan): Situation {
  const story = stories[name];
  if (!story) throw new Error(`there is no story "${name}"`);
  const { state, seconds } = story(locale);
  const fitting = state.request?.operation === 'snapshot' ? snapshotPlan : restorePlanOf();
  return {
    state,
    ...(state.plan ? { plan: plan ?? fitting } : {}),
    waiting:
      name === 'running'
        ? [
            {
              step: 'await-instance',
              because: {
                code: 'wait.rds-status',
                params: { instance: 'ecommerce-production-r1a2b3c4d5e6', status: 'creating' },
              },
            },
          ]
        : [],
    environment: production,
    locale,
    now: after(seconds),
  };
}
