import type { Locale } from '../../domain/people.ts';
import type { Plan } from '../../domain/plan.ts';
import type { OperationState } from '../../domain/state.ts';
import { type CheckResult, overall } from '../../domain/verification.ts';
import type { VerifyDecided } from '../../domain/verify.ts';
import { closed, done, goodResults, intent, planned, requested, told } from './events.fixture.ts';
import { after } from './plans.fixture.ts';

const decided: VerifyDecided = {
  instance: {
    id: 'ecommerce-production',
    arn: 'arn:aws:rds:eu-west-1:111122223333:db:ecommerce-production',
    resourceId: 'db-ECOMMERCE',
    host: 'ecommerce-production.abc.eu-west-1.rds.amazonaws.com',
    port: 5432,
  },
  serves: true,
  baselineAt: after(-30_000),
  deep: true,
};

export const verifyPlan: Plan = {
  bound: {
    operation: 'verify',
    environment: 'production',
    account: '111122223333',
    region: 'eu-west-1',
    steps: [
      { id: 'check-database', after: [], input: {} },
      { id: 'check-deeply', after: ['check-database'], input: {} },
    ],
    resources: ['arn:aws:rds:eu-west-1:111122223333:db:ecommerce-production/verify'],
    onFailure: 'return',
    decided,
  },
  shown: { commands: {} },
};

const check = (
  point: CheckResult['point'],
  name: string,
  outcome: CheckResult['outcome'],
  finding: string,
  params: CheckResult['params'] = {},
): CheckResult => ({ point, check: name, outcome, finding, params, seconds: 0.3 });

const seen: readonly CheckResult[] = [
  check('accessible', 'answers', 'pass', 'verification.answers', { user: 'pitcrew_reader', version: '15.4' }),
  check('application-connects', 'application-sessions', 'pass', 'verification.application-sessions', {
    role: 'ecommerce_app',
    sessions: 12,
  }),
  check('tables-present', 'structure:tables', 'pass', 'verification.structure-as-baseline', {
    kind: 'tables',
    count: 42,
  }),
  ...goodResults.filter(({ point }) => ['foreign-keys', 'critical-queries', 'no-corruption'].includes(point)),
  check('business-logic', 'rule:totals', 'pass', 'verification.query-as-expected', {
    query: 'totals',
    rows: 1,
    seconds: 0.8,
  }),
];
const rows = (table: string, had: number, now: number) =>
  check('row-counts', `row-count:${table}`, 'pass', 'verification.rows-at-least', { table, had, rows: now });
const deleted = check('row-counts', 'row-count:order_items', 'not-proven', 'verification.rows-deleted-since', {
  table: 'order_items',
  had: 301_944,
  rows: 301_812,
  deleted: 140,
});
const passed = [...seen, rows('customers', 20_112, 20_120), rows('orders', 98_796, 98_911)];
const broken: readonly CheckResult[] = [
  ...passed,
  check('row-counts', 'row-count:order_items', 'fail', 'verification.rows-all-gone', {
    table: 'order_items',
    had: 301_944,
    rows: 0,
  }),
  check('tables-present', 'structure:columns', 'not-proven', 'verification.structure-changed-since', {
    kind: 'columns',
    missing: 1,
    differing: 0,
    names: 'public.coupons.note',
  }),
  {
    ...check('no-corruption', 'sequences', 'pass', 'verification.pre-existing-sequences', {
      count: 1,
      names: 'invoices_id_seq (public.invoices.id)',
      where: 'baseline',
    }),
    known: true,
  },
];
const deep = [
  check('no-corruption', 'tables-read', 'pass', 'verification.tables-read', { count: 42, rows: 421_002 }),
  check('no-corruption', 'indexes-intact', 'pass', 'verification.indexes-intact', { count: 97 }),
];

const report = (results: readonly CheckResult[]) => ({
  report: { outcome: overall(results), results, notChecked: [], seconds: 17 },
});

const begun = (language: Locale) => [
  requested('verify', language, 0, { deep: true }),
  planned(3),
  intent(4, 'check-database'),
];
const ended = (language: Locale, results: readonly CheckResult[]) => ({
  state: told([
    ...begun(language),
    done(21, 'check-database', report(results)),
    intent(22, 'check-deeply'),
    done(180, 'check-deeply', report(deep)),
    closed(181, 'succeeded', 'unchanged'),
  ]),
  seconds: 182,
});

/** A database that serves is looked at. */
export const verifyStories: Readonly<Record<string, (language: Locale) => { state: OperationState; seconds: number }>> =
  {
    'verify running': (language) => ({ state: told(begun(language)), seconds: 12 }),
    'verify passed': (language) => ended(language, passed),
    'verify not proven': (language) => ended(language, [...passed, deleted]),
    'verify found something': (language) => ended(language, broken),
  };
