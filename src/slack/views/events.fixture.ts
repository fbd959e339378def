import type { Closing, Draft, OperationEvent, ServiceState } from '../../domain/events.ts';
import type { JsonObject } from '../../domain/json.ts';
import { type Human, type Locale, languageOf } from '../../domain/people.ts';
import { type Chronicle, emptyOperation, fold, type OperationState } from '../../domain/state.ts';
import type { CheckResult, VerificationReport } from '../../domain/verification.ts';
import { after, digest, policy, rosa } from './plans.fixture.ts';

// Events as they happen in a night, and what verifications found: what stories are told with.

export type Timed = readonly [seconds: number, draft: Draft];

/** Folds a story. What a rule forbids would be void: the fixture then is wrong, and says so. */
export const told = (events: readonly Timed[]): OperationState => chronicled(events).state;

/** The same, with its events. */
export function chronicled(events: readonly Timed[]): Chronicle {
  let state = emptyOperation('op-0123456789ab');
  const sealed = events.map(([seconds, draft]) => {
    const event = { ...named(draft, state), v: 1, seq: state.n, nonce: `n${state.n}` } as OperationEvent;
    const one = { event, at: after(seconds), sha256: `${state.n}`.padStart(64, '0') };
    state = fold(state, one);
    return one;
  });
  if (state.voided.length > 0) throw new Error(`the story breaks a rule: ${JSON.stringify(state.voided)}`);
  return { state, events: sealed };
}

/** A word at a gate of the fold's own names that gate by its hash. */
function named(draft: Draft, { findings, cutOver, supersede }: OperationState): Draft {
  if (draft.type !== 'vote' || draft.data.gate === 'start') return draft;
  const gate = { findings, 'cut-over': cutOver, supersede }[draft.data.gate];
  return { ...draft, data: { ...draft.data, digest: gate?.digest ?? '' } };
}

export const requested = (operation: string, locale: Locale, required = 2, args: JsonObject = {}): Timed => [
  0,
  {
    type: 'requested',
    actor: rosa.id,
    data: {
      operation,
      environment: 'production',
      args,
      requester: rosa,
      reason: operation !== 'snapshot' ? 'A migration at 03:02 deleted rows of orders and customers' : '',
      channel: 'C0INCPROD',
      language: languageOf(locale),
      policy: { ...policy, required },
    },
  },
];
export const planned = (at: number, of = digest): Timed => [
  at,
  { type: 'planned', actor: 'worker', data: { digest: of, steps: 15 } },
];
export const vote = (at: number, who: Human, decision: 'approve' | 'deny' = 'approve', reason?: string): Timed => [
  at,
  {
    type: 'vote',
    actor: who.id,
    data: { gate: 'start', digest, human: who, via: who.slackUser, decision, ...(reason ? { reason } : {}) },
  },
];
const signed = { actor: 'worker', run: 'run-1', epoch: 1 };
export const intent = (at: number, step: string, direction: 'do' | 'undo' = 'do', publishes = false): Timed => [
  at,
  { type: 'intent', ...signed, data: { step, direction, ...(publishes ? { publishes: true as const } : {}) } },
];
/** The intent of the step that judges: what people vote on is the event's own hash. */
export const asks = (at: number, step = 'judge-verification'): Timed => [
  at,
  { type: 'intent', ...signed, data: { step, direction: 'do', gate: 'findings' } },
];
/** A word on the findings; `told` puts in what it must name. */
export const word = (at: number, who: Human, decision: 'approve' | 'deny'): Timed => [
  at,
  {
    type: 'vote',
    actor: who.id,
    data: { gate: 'findings', digest: '', human: who, via: who.slackUser, decision },
  },
];
export const done = (at: number, step: string, output: object = {}, direction: 'do' | 'undo' = 'do'): Timed => [
  at,
  { type: 'done', ...signed, data: { step, direction, output: output as JsonObject } },
];
export const noted = (at: number, step: string, data: object): Timed => [
  at,
  { type: 'noted', ...signed, data: { step, direction: 'do', data: data as JsonObject } },
];
export const failed = (at: number, step: string, code: string, params: JsonObject = {}): Timed => [
  at,
  {
    type: 'failed',
    ...signed,
    data: { step, direction: 'do', attempt: 1, error: { code, kind: 'permanent', params } },
  },
];
export const turnedBack = (at: number, step: string, code: string, params: JsonObject = {}): Timed => [
  at,
  { type: 'turned-back', ...signed, data: { step, error: { code, kind: 'permanent', params } } },
];
export const cancelled = (at: number, who: Human): Timed => [
  at,
  { type: 'cancel-asked', actor: who.id, data: { human: who } },
];
export const parked = (at: number, code: string): Timed => [
  at,
  { type: 'parked', ...signed, data: { error: { code, kind: 'permanent', params: {} } } },
];
export const closed = (
  at: number,
  outcome: Closing,
  service: ServiceState,
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
export const goodResults: readonly CheckResult[] = [
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
export const badResults: readonly CheckResult[] = [
  ...goodResults.slice(0, 1),
  check('tables-present', 'table:order_items', 'fail', 'verification.table-missing', { table: 'order_items' }),
  check('foreign-keys', 'relation:orders.customer_id', 'fail', 'verification.orphans', {
    relation: 'orders.customer_id → customers.id',
    count: 1312,
    keys: '88123, 88124, 88127 …',
  }),
  ...goodResults.slice(3, 5),
];
/** What the team's own check came to, run as a Job. */
export const jobResult: CheckResult = check('business-logic', 'command', 'pass', 'verification.command-passed', {
  namespace: 'production',
  job: 'pitcrew-check-0123456789ab',
  lines: 212,
});

/** As above, and something that was wrong before the backup already. */
export const mixedResults: readonly CheckResult[] = [
  ...badResults,
  {
    ...check('no-corruption', 'sequences', 'pass', 'verification.pre-existing-sequences', {
      count: 1,
      names: 'invoices_id_seq',
    }),
    known: true,
  },
];
export const deepResults: readonly CheckResult[] = [
  ...goodResults.filter(({ outcome }) => outcome === 'pass'),
  check('no-corruption', 'duplicates:order_items', 'pass', 'verification.no-duplicates', { table: 'order_items' }),
];
export const report = (
  results: readonly CheckResult[],
  outcome: VerificationReport['outcome'],
): VerificationReport => ({
  outcome,
  results,
  notChecked: ['deep:verify_heapam'],
  seconds: 74,
});
