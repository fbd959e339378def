import type { ListedDump } from '../../domain/dump.ts';
import type { Locale } from '../../domain/people.ts';
import type { Plan } from '../../domain/plan.ts';
import type { OperationState } from '../../domain/state.ts';
import type { Because } from '../../domain/step.ts';
import { closed, done, failed, intent, planned, requested, told, turnedBack } from './events.fixture.ts';
import { after } from './plans.fixture.ts';

const planOf = (operation: 'dump' | 'adopt', steps: readonly string[]): Plan => ({
  bound: {
    operation,
    environment: 'production',
    account: '111122223333',
    region: 'eu-west-1',
    steps: steps.map((id, index) => ({ id, after: steps.slice(0, index).slice(-1), input: {} })),
    resources: ['arn:aws:rds:eu-west-1:111122223333:db:ecommerce-production/dump'],
    onFailure: 'return',
    decided: {},
  },
  shown: { commands: {} },
});

export const dumpPlans: Readonly<Record<string, Plan>> = {
  dump: planOf('dump', ['start-dump-job', 'await-dump', 'check-dump']),
  adopt: planOf('adopt', ['start-adopt-job', 'await-adopt', 'check-adopt']),
};

const facts = {
  bucket: 'ecommerce-backups',
  key: 'database/production/op-0123456789ab.dump',
  versionId: 'v1',
  sizeBytes: 1_234_567_890,
  sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  serverVersion: '15.4',
  at: after(1),
};

const underWay = (language: Locale) => [
  requested('dump', language, 0),
  planned(3),
  intent(4, 'start-dump-job'),
  done(6, 'start-dump-job', { job: 'pitcrew-dump-op-0123456789ab', adopted: false }),
  intent(7, 'await-dump'),
];

export const dumpStories: Readonly<Record<string, (language: Locale) => { state: OperationState; seconds: number }>> = {
  'dump running': (language) => ({ state: told(underWay(language)), seconds: 95 }),
  'dump complete': (language) => ({
    state: told([
      ...underWay(language),
      done(300, 'await-dump', { attempts: 1 }),
      intent(301, 'check-dump'),
      done(302, 'check-dump', { ...facts, counted: 4 }),
      closed(303, 'succeeded', 'unchanged'),
    ]),
    seconds: 303,
  }),
  'dump failed': (language) => ({
    state: told([
      ...underWay(language),
      failed(40, 'await-dump', 'dump.denied', { on: 'table invoices' }),
      turnedBack(41, 'await-dump', 'dump.denied', { on: 'table invoices' }),
      intent(42, 'start-dump-job', 'undo'),
      done(43, 'start-dump-job', { removed: true, uploadsAborted: 0 }, 'undo'),
      closed(44, 'failed', 'unchanged', { code: 'dump.denied', params: { on: 'table invoices' } }),
    ]),
    seconds: 44,
  }),
  'dump adopted': (language) => ({
    state: told([
      requested('adopt', language, 0),
      planned(3),
      intent(4, 'start-adopt-job'),
      done(6, 'start-adopt-job', { job: 'pitcrew-adopt-op-0123456789ab', adopted: false }),
      intent(7, 'await-adopt'),
      done(60, 'await-adopt', { attempts: 1 }),
      intent(61, 'check-adopt'),
      done(62, 'check-adopt', { ...facts, key: 'database/backup-20261120.dump', counted: null }),
      closed(63, 'succeeded', 'unchanged'),
    ]),
    seconds: 63,
  }),
};

/** What the Job says while it runs. */
export const dumpWaiting: readonly { readonly step: string; readonly because: Because }[] = [
  {
    step: 'await-dump',
    because: { code: 'wait.dump-writes', params: { bytes: 312_000_000, tables: 12, ofTables: 42 } },
  },
];

export const listedDumps: readonly ListedDump[] = [
  { key: facts.key, sizeBytes: facts.sizeBytes, at: after(1), manifest: 'there' },
  { key: 'database/backup-20261119.dump', sizeBytes: 998_000, at: '2026-11-19T02:00:00.000Z', manifest: 'none' },
];
