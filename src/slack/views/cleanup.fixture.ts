import { type CleanupDecided, type CleanupShown, cleanupSteps, databaseCleanupSteps } from '../../domain/cleanup.ts';
import type { Locale } from '../../domain/people.ts';
import type { Plan } from '../../domain/plan.ts';
import type { OperationState } from '../../domain/state.ts';
import { closed, done, failed, intent, parked, planned, requested, told, turnedBack, vote } from './events.fixture.ts';
import { after, amir, wei } from './plans.fixture.ts';

// Days after the restore: nobody needs the instance any more that it replaced.

const of = 'op-fedcba987654';
const instance = {
  id: 'ecommerce-production',
  arn: 'arn:aws:rds:eu-west-1:111122223333:db:ecommerce-production',
  resourceId: 'db-ABC',
  host: 'ecommerce-production.abc.eu-west-1.rds.amazonaws.com',
  port: 5432,
};
const finalSnapshot = 'ecommerce-production-pitcrew-final-01234567';
const day = 24 * 3600;

/** `early`: it never served, is asked for with `--now`, and is protected. */
export function cleanupPlanOf({ early = false }: { readonly early?: boolean } = {}): Plan {
  const id = early ? 'ecommerce-production-rfedcba98' : instance.id;
  const decided: CleanupDecided = {
    of,
    instance: { ...instance, id },
    leftAs: early ? 'beside' : 'replaced',
    since: after(early ? -5 * 3600 : -9 * day),
    finalSnapshot: early ? 'ecommerce-production-rfedcba98-pitcrew-final-01234567' : finalSnapshot,
    isProtected: early,
    early,
  };
  const shown: CleanupShown = {
    commands: {
      'delete-instance': [
        ['aws', 'rds', 'delete-db-instance', '--db-instance-identifier', id, '--skip-final-snapshot'],
      ],
    },
    sizeGiB: 200,
    instanceClass: 'db.r6g.large',
    engineVersion: '15.4',
    createdAt: after(early ? -6 * 3600 : -400 * day),
    status: 'available',
    keepDays: 7,
    serves: early ? instance.id : 'ecommerce-production-rfedcba98',
    rescue: early ? null : { snapshot: 'ecommerce-production-pitcrew-rescue-fedcba98', status: 'available' },
    backups: early ? null : { earliest: after(-7 * day), latest: after(-300), days: 7 },
    unseen: early,
  };
  return {
    bound: {
      operation: 'cleanup',
      environment: 'production',
      account: '111122223333',
      region: 'eu-west-1',
      steps: cleanupSteps.map((step, at) => ({
        id: step,
        after: cleanupSteps.slice(Math.max(0, at - 1), at),
        input: {},
      })),
      resources: [instance.arn],
      onFailure: 'return',
      decided,
    },
    shown,
  };
}

export const keptDatabase = 'ecommerce_production_before_fedcba98';

/** What a swap of names left: `early` is the restored database, after the swap was taken back. */
export function dropPlanOf({ early = false }: { readonly early?: boolean } = {}): Plan {
  const { bound, shown } = cleanupPlanOf();
  const name = early ? 'ecommerce_production_restored_fedcba98' : keptDatabase;
  const mark = early ? `pitcrew:operation=${of} loaded` : null;
  return {
    bound: {
      ...bound,
      steps: databaseCleanupSteps.map((step, at) => ({
        id: step,
        after: databaseCleanupSteps.slice(Math.max(0, at - 1), at),
        input: {},
      })),
      decided: {
        ...bound.decided,
        ...(early ? { early, leftAs: 'beside', since: after(-5 * 3600) } : {}),
        database: { name, oid: 16412, mark, live: 'ecommerce_production' },
      },
    },
    shown: { ...shown, rescue: null, serves: instance.id, databaseBytes: 38_600_000_000 },
  };
}

const waiting = (language: Locale) => [requested('cleanup', language, 2, { of, now: false }), planned(10)];
const begun = (language: Locale) => [
  ...waiting(language),
  vote(60, amir),
  vote(90, wei),
  intent(92, 'prove-unused'),
  done(108, 'prove-unused', { seen: true }),
  intent(109, 'record-settings'),
  done(110, 'record-settings', { recorded: true, roles: 9, parameters: 14 }),
  intent(111, 'final-snapshot'),
  done(112, 'final-snapshot', { snapshotId: finalSnapshot, adopted: false }),
  intent(113, 'await-final'),
];
const keptIt = (language: Locale) => [
  ...begun(language),
  done(900, 'await-final', { snapshotId: finalSnapshot, arn: 'arn', at: after(115), sizeGiB: 200 }),
  intent(901, 'check-final'),
  done(902, 'check-final', { encrypted: true, engineVersion: '15.4' }),
  intent(903, 'prove-still-unused'),
];
const deleting = (language: Locale) => [
  ...keptIt(language),
  done(920, 'prove-still-unused', { seen: true }),
  intent(921, 'allow-deletion'),
  done(922, 'allow-deletion', { wasOn: false }),
  intent(923, 'delete-instance', 'do', true),
];
const who = [{ role: 'reporting', application: 'metabase', address: '10.1.7.21', since: after(880) }];

/** Every state that the card of a cleanup has to be drawn for. */
export const cleanupStories: Readonly<
  Record<string, (language: Locale) => { state: OperationState; seconds: number }>
> = {
  'cleanup waits': (language) => ({ state: told(waiting(language)), seconds: 15 }),
  'cleanup refused': (language) => ({
    state: told([
      requested('cleanup', language, 2, { of, now: false }),
      closed(5, 'refused', 'unchanged', {
        code: 'cleanup.in-use',
        params: { instance: instance.id, sessions: 1, who },
      }),
    ]),
    seconds: 6,
  }),
  'cleanup running': (language) => ({ state: told(begun(language)), seconds: 400 }),
  'cleaned up': (language) => ({
    state: told([
      ...deleting(language),
      done(925, 'delete-instance', { instanceId: instance.id, already: false }),
      intent(926, 'await-deleted'),
      done(1400, 'await-deleted', { instanceId: instance.id }),
      intent(1401, 'list-kept'),
      done(1402, 'list-kept', {
        snapshot: finalSnapshot,
        backups: { earliest: after(-7 * day), latest: after(900), days: 7 },
      }),
      closed(1403, 'succeeded', 'unchanged'),
    ]),
    seconds: 1403,
  }),
  'database dropped': (language) => ({
    state: told([
      ...waiting(language),
      vote(60, amir),
      vote(90, wei),
      intent(92, 'prove-database-unused'),
      done(108, 'prove-database-unused', { bytes: 38_600_000_000 }),
      intent(111, 'final-snapshot'),
      done(112, 'final-snapshot', { snapshotId: finalSnapshot, adopted: false }),
      intent(113, 'await-final'),
      done(900, 'await-final', { snapshotId: finalSnapshot, arn: 'arn', at: after(115), sizeGiB: 200 }),
      intent(923, 'drop-database', 'do', true),
      done(925, 'drop-database', { database: keptDatabase, bytes: 38_600_000_000, already: false }),
      intent(926, 'prove-dropped'),
      done(927, 'prove-dropped', { freedBytes: 38_600_000_000 }),
      closed(928, 'succeeded', 'unchanged'),
    ]),
    seconds: 928,
  }),
  'drop stopped by a session': (language) => ({
    state: told([
      ...waiting(language),
      vote(60, amir),
      vote(90, wei),
      intent(92, 'prove-database-unused'),
      done(108, 'prove-database-unused', { bytes: 38_600_000_000 }),
      intent(904, 'prove-database-still-unused'),
      failed(905, 'prove-database-still-unused', 'cleanup.database-in-use', {
        database: keptDatabase,
        sessions: 1,
        who,
      }),
      turnedBack(906, 'prove-database-still-unused', 'cleanup.database-in-use', {
        database: keptDatabase,
        sessions: 1,
        who,
      }),
      closed(907, 'failed', 'unchanged', {
        code: 'cleanup.database-in-use',
        params: { database: keptDatabase, sessions: 1, who },
      }),
    ]),
    seconds: 907,
  }),
  'cleanup stopped by a session': (language) => ({
    state: told([
      ...keptIt(language),
      failed(904, 'prove-still-unused', 'cleanup.in-use', { instance: instance.id, sessions: 1, who }),
      turnedBack(905, 'prove-still-unused', 'cleanup.in-use', { instance: instance.id, sessions: 1, who }),
      closed(906, 'failed', 'unchanged', {
        code: 'cleanup.in-use',
        params: { instance: instance.id, sessions: 1, who },
      }),
    ]),
    seconds: 906,
  }),
  'cleanup parked': (language) => ({
    state: told([
      ...deleting(language),
      failed(924, 'delete-instance', 'cleanup.protected-again', { instance: instance.id }),
      turnedBack(925, 'delete-instance', 'cleanup.protected-again', { instance: instance.id }),
      parked(926, 'engine.published'),
    ]),
    seconds: 930,
  }),
};
