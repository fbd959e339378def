import { region } from '../../clients/cloud.fixture.ts';
import type { Kubernetes } from '../../clients/kubernetes.ts';
import type { ObjectView } from '../../clients/kubernetes-views.ts';
import { postgresPrograms } from '../../clients/postgres-programs.ts';
import { rds } from '../../clients/rds.ts';
import { s3 } from '../../clients/s3.ts';
import { secretsManager } from '../../clients/secrets.ts';
import { retryable } from '../../domain/errors.ts';
import type { PlanRequest } from '../../domain/operation.ts';
import type { Plan } from '../../domain/plan.ts';
import type { Environment, RestoreSettings } from '../../domain/settings.ts';
import { recordsInMemory } from '../../ledger/records.fixture.ts';
import { restore } from './operation.ts';
import type { RestoreClients } from './steps.ts';

export const secret = 'production/ecommerce/config';
export const document = {
  DB_HOST: '127.0.0.1',
  DB_PORT: '0',
  DB_NAME: 'shop',
  DB_USERNAME: 'app',
  DB_PASSWORD: 'pw-of-app',
};
export const role = { region, secret: 'production/pitcrew/verify', keys: { user: 'user', password: 'password' } };

export const environmentOf = (profile: RestoreSettings['profile'] = {}, instance = 'shop'): Environment => ({
  name: 'production',
  region,
  database: { instance, name: 'shop', timeZone: 'UTC', verifyRole: role, fenceRole: role, readers: [] },
  secret: {
    id: secret,
    keys: { host: 'DB_HOST', port: 'DB_PORT', database: 'DB_NAME', user: 'DB_USERNAME', password: 'DB_PASSWORD' },
  },
  workloads: [{ cluster: '', namespace: 'production', kind: 'deployment', name: 'ecommerce-backend', replicas: 4 }],
  channels: { incident: 'C0INC', stakeholders: [], language: 'en' },
  approvals: { required: 2, requesterCounts: false, approveWithinMinutes: 30, startWithinMinutes: 10, cutOver: 1 },
  objectives: { rtoMinutes: 60, rpoMinutes: 15 },
  restore: {
    order: 'stop-first',
    onFailure: 'return',
    prestage: false,
    findingsWithinMinutes: 10,
    cutOverWithinMinutes: 60,
    pollSeconds: 5,
    stopWithinMinutes: 5,
    startWithinMinutes: 10,
    provenSeconds: 30,
    keepDays: 7,
    profile,
  },
  checks: {
    gateMinutes: 5,
    deepMinutes: 60,
    critical: ['orders'],
    relations: [{ from: 'orders.customer_id', to: 'customers.id' }],
    queries: [{ name: 'there are orders', sql: 'select count(*) from orders', expect: { minimum: 1 } }],
    rules: [],
  },
  schedules: {},
  retentionDays: {},
  escalation: [],
  runbooks: {},
});

const onlyReads = () => Promise.reject(new Error('a plan only reads'));

/** A cluster with one Deployment, which has this many replicas whenever it is looked at. */
export const clusterWith = (replicas: () => number): Kubernetes => ({
  find: async ({ kind }) =>
    kind === 'deployment'
      ? ({
          kind,
          cluster: '',
          namespace: 'production',
          name: 'ecommerce-backend',
          owners: [],
          labels: {},
          annotations: {},
          spec: { replicas: replicas() },
          status: {},
        } as Partial<ObjectView> as ObjectView)
      : undefined,
  list: async () => undefined,
  pods: async () => [],
  podLog: async () => '',
  exec: onlyReads,
  may: async () => true,
  mayPatch: async () => true,
  patch: onlyReads,
  create: onlyReads,
  remove: onlyReads,
  createSecret: onlyReads,
});

/** The sandbox's RDS and Secrets Manager; a live database that doesn't answer: the very thing that a restore is for. */
export const clientsWith = (over: Partial<RestoreClients> = {}): RestoreClients => ({
  environment: () => environmentOf(),
  rds,
  secrets: secretsManager,
  cluster: clusterWith(() => 4),
  access: {
    connect: () => Promise.reject(retryable('database.unreachable')),
    credentials: ({ secret: id, keys }) => secretsManager(region).roleCredentials(id, keys),
  },
  records: recordsInMemory(),
  behindAlias: async () => undefined,
  s3,
  findPrograms: postgresPrograms(process.env),
  listArchive: async () => [],
  ...over,
});

export const asked = (over: Partial<PlanRequest> = {}): PlanRequest => ({
  operation: 'restore',
  operationId: 'op-0123456789ab',
  environment: 'production',
  args: { from: 'latest', order: 'stop-first' },
  requester: { id: 'T0/U0', slackUser: 'U0' },
  reason: 'orders are gone',
  channel: 'C0INC',
  language: 'en',
  policy: {
    required: 2,
    requesterCounts: false,
    approverUsers: [],
    approverGroups: [],
    approveWithinMinutes: 30,
    startWithinMinutes: 10,
  },
  requestedAt: new Date().toISOString(),
  ...over,
});

export const planWith = (clients: RestoreClients, over?: Partial<PlanRequest>): Promise<Plan> =>
  restore.build(clients).plan(asked(over), new AbortController().signal);
