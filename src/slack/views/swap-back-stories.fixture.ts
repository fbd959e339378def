import type { JsonObject } from '../../domain/json.ts';
import type { Locale } from '../../domain/people.ts';
import type { Plan } from '../../domain/plan.ts';
import { swapBackSteps } from '../../domain/rollback.ts';
import type { OperationState } from '../../domain/state.ts';
import { closed, done, failed, intent, parked, planned, requested, told, turnedBack, vote } from './events.fixture.ts';
import { after, amir, wei } from './plans.fixture.ts';

// The dump was restored beside, and the damage was in it too: the two databases get their names back.

const of = 'op-fedcba987654';
const instance = {
  id: 'ecommerce-production',
  arn: 'arn:aws:rds:eu-west-1:111122223333:db:ecommerce-production',
  resourceId: 'db-ABC',
  host: 'ecommerce-production.abc.eu-west-1.rds.amazonaws.com',
  port: 5432,
};
const [before, restored] = ['ecommerce_before_fedcba98', 'ecommerce_restored_fedcba98'];

export const swapBackPlanOf = ({ known = true }: { readonly known?: boolean } = {}): Plan => ({
  bound: {
    operation: 'rollback',
    environment: 'production',
    account: '111122223333',
    region: 'eu-west-1',
    steps: swapBackSteps.map((id, at) => ({ id, after: swapBackSteps.slice(Math.max(0, at - 1), at), input: {} })),
    resources: [instance.arn, `${instance.arn}/database/16401`],
    onFailure: 'return',
    decided: {
      of,
      source: instance,
      target: instance,
      targetId: instance.id,
      asOf: '2026-11-20T02:40:00.000Z',
      onFailure: 'return',
      workloads: ['current/production/ecommerce-backend'],
      databases: {
        live: 'ecommerce',
        back: { name: before, oid: 16_401, mark: null },
        leaves: { name: restored, oid: 24_611, mark: `pitcrew:operation=${of} loaded` },
      },
    } as unknown as JsonObject,
  },
  shown: {
    commands: { 'swap-back': [['psql', '-c', 'BEGIN; …; COMMIT']] },
    left: {
      seconds: 1990,
      live: known ? 'answers' : 'not-available',
      tables: [
        { table: 'customers', rows: known ? 3 : null },
        { table: 'orders', rows: known ? 214 : null },
      ],
    },
    keeps: 'database',
    expected: { downtimeSeconds: known ? 1 : null, totalSeconds: known ? 12 : null, from: known ? 1 : 0 },
    replicas: [],
    guards: [],
  } as unknown as Plan['shown'],
});

const waiting = (language: Locale) => [requested('rollback', language, 2, { of }), planned(10)];
const counted = (language: Locale, known = true) => [
  ...waiting(language),
  vote(60, amir),
  vote(90, wei),
  intent(92, 'prove-kept'),
  done(93, 'prove-kept', { bytes: 1_240_000_000 }),
  intent(94, 'prove-swappable'),
  done(95, 'prove-swappable', { sessions: 6 }),
  intent(96, 'measure-written'),
  done(101, 'measure-written', {
    at: after(97),
    tables: [
      { table: 'customers', rows: 903, lost: known ? 3 : null, returned: null, changed: known ? 0 : null },
      { table: 'orders', rows: 5214, lost: known ? 214 : null, returned: 1204, changed: known ? 17 : null },
    ],
    notMeasured: ['order_items'],
  }),
  intent(102, 'swap-back', 'do', true),
];
const swapped = (told: boolean) => ({
  ...{ database: 'ecommerce', oid: 16_401, kept: restored, keptOid: 24_611, at: after(103) },
  ...{ outageMs: told ? 140 : null, ended: [], endedSessions: told ? 6 : 0 },
});
const toTheEnd = (language: Locale, known = true) => [
  ...counted(language, known),
  done(103, 'swap-back', swapped(known)),
  intent(104, 'prove-swapped-back'),
  done(106, 'prove-swapped-back', { sessions: 6, firstSessionAt: after(103) }),
  closed(107, 'succeeded', 'old-database'),
];
const unreachable = { host: instance.host, port: instance.port, database: 'postgres' };
const noAnswer = (language: Locale) => [
  ...counted(language),
  failed(110, 'swap-back', 'database.unreachable', unreachable),
  turnedBack(111, 'swap-back', 'database.unreachable', unreachable),
  parked(112, 'engine.published'),
];

/** Every state that the card of such a rollback has to be drawn for. */
export const swapBackStories: Readonly<
  Record<string, (language: Locale) => { state: OperationState; seconds: number }>
> = {
  'swap back waits': (language) => ({ state: told(waiting(language)), seconds: 15 }),
  'swap back refused': (language) => ({
    state: told([
      requested('rollback', language, 2, { of }),
      closed(5, 'refused', 'unchanged', {
        code: 'rollback.kept-gone',
        params: { database: before, instance: instance.id },
      }),
    ]),
    seconds: 6,
  }),
  'swap back running': (language) => ({ state: told(counted(language)), seconds: 102 }),
  'swapped back': (language) => ({ state: told(toTheEnd(language)), seconds: 107 }),
  'swapped back, not known': (language) => ({ state: told(toTheEnd(language, false)), seconds: 107 }),
  'swap back failed': (language) => {
    const params = {
      database: 'ecommerce',
      sessions: 1,
      role: 'rdsadmin',
      application: 'nightly',
      address: '10.1.7.21',
    };
    const code = 'load.sessions-unendable';
    return {
      state: told([
        ...waiting(language),
        vote(60, amir),
        vote(90, wei),
        intent(92, 'prove-kept'),
        done(93, 'prove-kept', { bytes: 1_240_000_000 }),
        intent(94, 'prove-swappable'),
        failed(95, 'prove-swappable', code, params),
        turnedBack(96, 'prove-swappable', code, params),
        closed(97, 'failed', 'unchanged', { code, params }),
      ]),
      seconds: 97,
    };
  },
  'swap back without an answer': (language) => ({ state: told(noAnswer(language)), seconds: 120 }),
};
