import type { ApprovalPolicy } from '../../domain/events.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { Human } from '../../domain/people.ts';
import type { FailurePolicy, Plan } from '../../domain/plan.ts';
import {
  type InstantPoint,
  type Note,
  type RestoreOutputs,
  type RestoreWindow,
  restoreSteps,
  type SettingShown,
  type SnapshotPoint,
} from '../../domain/restore.ts';
import type { Environment, Settings } from '../../domain/settings.ts';
import { snapshotSteps } from '../../domain/snapshot.ts';
import { type Instant, instant, milliseconds } from '../../domain/time.ts';

// One night in the life of an environment, told by real events through the real fold: what cards are tried with.

export const began = '2026-11-20T03:14:00.000Z';
/** So many seconds after the request. */
export const after = (seconds: number): Instant => instant(milliseconds(began) + seconds * 1000);

const human = (name: string): Human => ({ id: `T0PITCREW/U0${name}`, slackUser: `U0${name}` });
export const rosa = human('ROSA');
export const amir = human('AMIR');
export const wei = human('WEI');

export const policy: ApprovalPolicy = {
  required: 2,
  requesterCounts: false,
  approverUsers: ['U0AMIR', 'U0WEI', 'U0DANA'],
  approverGroups: ['S0DBA'],
  approveWithinMinutes: 30,
  startWithinMinutes: 10,
  findingsWithinMinutes: 15,
  cutOver: 1,
  cutOverWithinMinutes: 60,
};

export const production: Environment = {
  name: 'production',
  region: 'eu-west-1',
  database: {
    instance: 'ecommerce-production',
    name: 'ecommerce_production',
    timeZone: 'Asia/Taipei',
    verifyRole: { secret: 'verify', region: 'eu-west-1', keys: { user: 'u', password: 'p' } },
    fenceRole: { secret: 'fence', region: 'eu-west-1', keys: { user: 'u', password: 'p' } },
    readers: [],
  },
  secret: {
    id: 'production/ecommerce/config',
    keys: { host: 'DB_HOST', port: 'DB_PORT', database: 'DB_NAME', user: 'DB_USERNAME', password: 'DB_PASSWORD' },
  },
  workloads: [{ cluster: '', namespace: 'production', kind: 'deployment', name: 'ecommerce-backend', replicas: 4 }],
  channels: { incident: 'C0INCPROD', stakeholders: ['C0BUSINESS'], audit: 'C0AUDIT', language: 'en' },
  approvals: { required: 2, requesterCounts: false, approveWithinMinutes: 30, startWithinMinutes: 10, cutOver: 1 },
  objectives: { rtoMinutes: 60, rpoMinutes: 15 },
  restore: {
    order: 'stop-first',
    onFailure: 'return',
    prestage: false,
    findingsWithinMinutes: 15,
    cutOverWithinMinutes: 60,
    pollSeconds: 5,
    stopWithinMinutes: 5,
    startWithinMinutes: 10,
    provenSeconds: 30,
    keepDays: 7,
    profile: {},
  },
  checks: {
    gateMinutes: 5,
    deepMinutes: 60,
    critical: ['customers', 'orders', 'order_items'],
    relations: [],
    queries: [],
    rules: [],
  },
  schedules: {},
  retentionDays: {},
  escalation: [],
  runbooks: {
    'Database Connection Issues': 'https://runbooks.example/connection',
    'Data Inconsistency': 'https://runbooks.example/inconsistency',
    'Rollback Procedures': 'https://runbooks.example/rollback',
  },
};

export const settings: Settings = {
  ledger: { bucket: 'ledger', region: 'eu-central-1', prefix: 'prod' },
  slack: { commands: '/backup', incidentChannels: ['inc-*'], language: 'en' },
  people: { approvers: { users: policy.approverUsers, groups: policy.approverGroups }, breakGlass: { users: [] } },
  environments: { production },
};

export const point = (snapshotId: string, at: Instant, more: Partial<SnapshotPoint> = {}): SnapshotPoint => ({
  kind: 'snapshot',
  snapshotId,
  arn: `arn:aws:rds:eu-west-1:111122223333:snapshot:${snapshotId}`,
  at,
  type: 'automated',
  sizeGiB: 100,
  engineVersion: '15.4',
  encrypted: true,
  instanceId: 'ecommerce-production',
  status: 'available',
  ...more,
});

export const points = [
  point('rds:ecommerce-production-2026-11-20-02-30', '2026-11-20T02:30:00.000Z'),
  point('before-migration-42', '2026-11-19T21:05:00.000Z', { type: 'manual', encrypted: false }),
  point('rds:ecommerce-production-2026-11-19-02-30', '2026-11-19T02:30:00.000Z', { sizeGiB: 98 }),
];

const graph: Readonly<Partial<Record<keyof RestoreOutputs, readonly string[]>>> = {
  'record-application': [],
  'restore-instance': [],
  'verify-database': ['align-login', 'prove-stopped'],
};

const aws = (...words: readonly string[]) => ['aws', ...words];
const commands = {
  'stop-application': [['kubectl', 'scale', 'deployment/ecommerce-backend', '--replicas=0', '-n', 'production']],
  'restore-instance': [
    aws(
      'rds',
      'restore-db-instance-from-db-snapshot',
      '--db-instance-identifier',
      'ecommerce-production-r1a2b3c4d5e6',
      '--db-snapshot-identifier',
      'rds:ecommerce-production-2026-11-20-02-30',
      '--db-instance-class',
      'db.r5.xlarge',
      '--multi-az',
    ),
  ],
  'await-instance': [
    aws('rds', 'wait', 'db-instance-available', '--db-instance-identifier', 'ecommerce-production-r1a2b3c4d5e6'),
  ],
  'verify-database': [['psql', '-c', "SELECT count(*) FROM orders WHERE status = 'open'"]],
  'switch-secret': [
    aws(
      'secretsmanager',
      'put-secret-value',
      '--secret-id',
      'production/ecommerce/config',
      '--version-stages',
      'pitcrew-op',
    ),
  ],
  'start-application': [['kubectl', 'scale', 'deployment/ecommerce-backend', '--replicas=4', '-n', 'production']],
};

const shownSetting = (name: string, how: SettingShown['how'], value: string, because: string): SettingShown => ({
  name,
  how,
  value,
  because,
});

const settingsOfSource: readonly SettingShown[] = [
  shownSetting('DBInstanceClass', 'passed', 'db.r5.xlarge', 'setting.from-source'),
  shownSetting('VpcSecurityGroupIds', 'passed', 'sg-0a1b2c', 'setting.from-source'),
  shownSetting('MonitoringInterval', 'modified-afterwards', '60', 'setting.not-taken-by-restore'),
  shownSetting('DBParameterGroupName', 'passed', 'prod-pg15', 'setting.from-profile'),
  shownSetting('Iops', 'left-out', '', 'setting.storage-without-speed'),
];

const recordedAt = { at: '2026-11-20 02:00 UTC' };
const settingsOfGone: readonly SettingShown[] = [
  { ...shownSetting('DBInstanceClass', 'passed', 'db.r5.xlarge', 'setting.from-record'), params: recordedAt },
  { ...shownSetting('MultiAZ', 'passed', 'true', 'setting.from-record'), params: recordedAt },
  { ...shownSetting('DBSubnetGroupName', 'passed', 'prod', 'setting.from-record'), params: recordedAt },
  {
    ...shownSetting('StorageType', 'passed', 'gp3', 'setting.from-snapshot'),
    params: { snapshot: 'rds:ecommerce-production-2026-11-20-02-30' },
  },
  shownSetting('VpcSecurityGroupIds', 'passed', 'sg-0a1b2c', 'setting.from-profile'),
  shownSetting('DBParameterGroupName', 'passed', 'prod-pg15', 'setting.from-profile'),
  shownSetting('MonitoringInterval', 'left-out', '', 'setting.nobody-knows'),
];

const workload = 'production/ecommerce-backend';
const guards: readonly Note[] = [
  { code: 'guard.keda', params: { namespace: 'production', name: 'backend', workload } },
  { code: 'guard.argo-cd-self-heal', params: { application: 'ecommerce', workload } },
  { code: 'guard.schedule', params: { workload: 'production/nightly-export', schedule: '0 2 * * *' } },
];
const target = 'ecommerce-production-r1a2b3c4d5e6';
const instance = 'ecommerce-production';
const handOver: readonly Note[] = [
  { code: 'hand-over.rescue-snapshot', params: { instance, snapshot: 'pitcrew-rescue-0123456789ab' } },
  { code: 'hand-over.terraform', params: { instance, target } },
  { code: 'hand-over.read-replicas', params: { instance, target, names: 'ecommerce-production-reports' } },
  { code: 'hand-over.downstream', params: {} },
];
const handOverOfGone: readonly Note[] = [
  { code: 'hand-over.settings-unknown', params: { target, names: 'MonitoringInterval' } },
  { code: 'hand-over.downstream', params: {} },
];

export interface PlanOptions {
  readonly onFailure?: FailurePolicy;
  /** The live database answers, and restores happened here before. */
  readonly known?: boolean;
  /** The old instance is gone: settings come from what was written down, and there is no way back. */
  readonly gone?: boolean;
  /** Point-in-time recovery, to a moment or to the latest one. */
  readonly pitr?: 'moment' | 'latest';
  /** Somebody counted when the backup was made. */
  readonly baseline?: boolean;
  /** Autoscalers, GitOps, schedules and sessions that could write. */
  readonly guarded?: boolean;
}

const source = {
  id: 'ecommerce-production',
  arn: 'arn:aws:rds:eu-west-1:111122223333:db:ecommerce-production',
  resourceId: 'db-CURRENT',
  host: 'ecommerce-production.abc.eu-west-1.rds.amazonaws.com',
  port: 5432,
};

/** There is nothing to do for these where the old instance is gone. */
const ofTheOldInstance = new Set<string>(['rescue-snapshot', 'fence-old']);

/** What point-in-time recovery reaches: of the current instance, and of the one before it. */
export const windows: readonly RestoreWindow[] = [
  {
    instanceId: 'ecommerce-production',
    resourceId: 'db-CURRENT',
    earliest: '2026-11-18T02:10:00.000Z',
    latest: '2026-11-20T03:10:30.000Z',
    until: null,
  },
  {
    instanceId: 'ecommerce-production-old',
    resourceId: 'db-BEFORE',
    earliest: '2026-11-13T02:12:00.000Z',
    latest: '2026-11-20T03:09:00.000Z',
    until: '2026-11-18T01:40:00.000Z',
  },
];

const ofRestoreFirst = new Set<string>(['compare', 'approve-cut-over', 'prove-unwritten']);

const stepsOf = ({ gone = false, pitr }: PlanOptions) =>
  restoreSteps
    .filter((id) => !ofRestoreFirst.has(id))
    .filter((id) => !gone || !ofTheOldInstance.has(id))
    .filter((id) => pitr === 'latest' || id !== 'await-log');

/** One second before a migration deleted rows. */
export const moment: InstantPoint = {
  kind: 'point-in-time',
  at: '2026-11-20T02:30:14.000Z',
  instanceId: 'ecommerce-production',
  resourceId: 'db-CURRENT',
  backupArn: 'arn:aws:rds:eu-west-1:111122223333:auto-backup:ab-current',
  backup: 'active',
  sizeGiB: 100,
  engineVersion: '15.4',
  encrypted: true,
};

export function restorePlanOf(options: PlanOptions = {}): Plan {
  const { gone = false, baseline = false, guarded = false, pitr } = options;
  const { onFailure = gone ? 'stay-stopped' : 'return', known = !gone } = options;
  return {
    bound: {
      operation: pitr ? 'pitr' : 'restore',
      environment: 'production',
      account: '111122223333',
      region: 'eu-west-1',
      steps: stepsOf(options).map((id, index, all) => ({
        id,
        after: graph[id] ?? [all[index - 1] ?? ''],
        input: {},
      })),
      resources: ['arn:aws:rds:eu-west-1:111122223333:db:ecommerce-production'],
      onFailure,
      decided: {
        recoveryPoint: pitr ? { ...moment, at: pitr === 'latest' ? null : moment.at } : points[0],
        source: gone ? null : source,
        targetId: 'ecommerce-production-r1a2b3c4d5e6',
        order: 'stop-first',
        onFailure,
        workloads: ['current/production/ecommerce-backend'],
        verification: { critical: ['orders'], relations: [], queries: [], rules: [], gateMinutes: 5 },
      } as unknown as JsonObject,
    },
    shown: {
      commands,
      loss: {
        seconds: pitr === 'latest' ? 0 : 2660,
        live: known ? 'answers' : 'not-available',
        tables: [
          { table: 'customers', rows: 12 },
          { table: 'orders', rows: 1204 },
          { table: 'order_items', rows: null },
        ],
      },
      expected: { downtimeSeconds: known ? 840 : null, totalSeconds: known ? 1080 : null, from: known ? 3 : 0 },
      settings: gone ? settingsOfGone : settingsOfSource,
      replicas: [
        { workload, replicas: 4 },
        ...(guarded ? [{ workload: 'production/cron-job/nightly-export', replicas: null }] : []),
      ],
      notProven: baseline ? [] : ['not-proven.row-counts'],
      unloggedTables: ['sessions_cache'],
      quotas: [
        { name: 'ManualSnapshots', used: 92, max: 100 },
        { name: 'DBInstances', used: 7, max: 40 },
      ],
      window: pitr ? windows[0] : null,
      baselineAt: baseline && !pitr ? '2026-11-20T02:31:00.000Z' : null,
      ...(baseline && pitr ? { boundsFrom: '2026-11-20T01:31:00.000Z' } : {}),
      guards: guarded ? guards : [],
      handOver: gone ? handOverOfGone : handOver,
      wayBack: gone ? 'none' : 'old-instance',
    } as unknown as Plan['shown'],
  };
}

export const snapshotPlan: Plan = {
  bound: {
    operation: 'snapshot',
    environment: 'production',
    account: '111122223333',
    region: 'eu-west-1',
    steps: snapshotSteps.map((id, index) => ({
      id,
      after: index === 0 ? [] : [snapshotSteps[index - 1] ?? ''],
      input: {},
    })),
    resources: ['arn:aws:rds:eu-west-1:111122223333:db:ecommerce-production'],
    onFailure: 'return',
    decided: {},
  },
  shown: { commands: { 'create-snapshot': [aws('rds', 'create-db-snapshot')] } },
};

export const digest = 'a1b2c3d4e5f6'.padEnd(64, '0');
