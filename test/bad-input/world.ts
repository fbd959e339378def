import { names } from '../../sandbox/settings.ts';
import type { AutomatedBackup, DatabaseInstance, DatabaseSnapshot, Rds } from '../../src/clients/rds.ts';
import { instant } from '../../src/domain/time.ts';
import type { Case, Group } from './cases.ts';
import type { Circumstances, Ground } from './ground.ts';

type Given = Case['given'];
interface Asked {
  readonly args?: { readonly from?: string };
  readonly circumstances?: Circumstances;
  readonly given?: Given;
}

/** Asked for well, and impossible all the same: the worker says so before it touches anything. */
const impossible = (
  input: string,
  code: string,
  { args = { from: 'latest' }, circumstances, given }: Asked = {},
): Case => ({
  input,
  code,
  ...(given ? { given } : {}),
  ask: (ground) => ground.refusal(args, circumstances),
});

const from = (id: string) => ({ args: { from: id } });

/** The snapshots of the lineage as RDS might list them too. */
const listed = (as: (id: string) => Partial<DatabaseSnapshot> | undefined, more: Partial<Rds> = {}): Circumstances => ({
  rds: (real) => ({
    ...real,
    async listSnapshots(of) {
      const all = await real.listSnapshots(of);
      return all.flatMap((one) => {
        const over = as(one.id);
        return over ? [{ ...one, ...over }] : [];
      });
    },
    ...more,
  }),
});

const quota = (name: string): Circumstances => ({
  rds: (real) => ({ ...real, quotas: async () => [{ name, used: 40, max: 40 }] }),
});

export const snapshots: Group = {
  title: 'Snapshots and quotas',
  cases: [
    impossible('`--from before-migraton`', 'restore.snapshot-unknown', from('before-migraton')),
    impossible('`--from rds:nothing-like-it`', 'restore.snapshot-unknown', from('rds:nothing-like-it')),
    impossible('`--from before-the-migration`, which is of another instance', 'restore.snapshot-of-other', {
      ...from('before-the-migration'),
      circumstances: {
        rds: (real) => ({
          ...real,
          listSnapshots: async () => [],
          async findSnapshot(id) {
            const found = await real.findSnapshot(id);
            return found && { ...found, instanceId: 'billing-production', resourceId: 'db-BILLING' };
          },
        }),
      },
    }),
    impossible('`--from before-the-migration`, which RDS is still making', 'restore.snapshot-not-available', {
      ...from('before-the-migration'),
      circumstances: listed(() => ({ status: 'creating' })),
    }),
    impossible('`--from latest`, and there is none', 'restore.no-snapshot', {
      circumstances: listed(() => undefined),
    }),
    impossible('the account may have no more instances', 'restore.instance-quota', {
      circumstances: quota('DBInstances'),
    }),
    impossible('the account may have no more storage', 'restore.storage-quota', {
      circumstances: quota('AllocatedStorage'),
    }),
  ],
};

const denied = (service: 'rds' | 'secretsmanager', action: string): Case =>
  impossible(`IAM denies ${service}:${action}`, 'aws.denied', {
    given: async ({ cloud }) => {
      cloud.aws.faults.order({ service, action, fault: { kind: 'deny' } });
      return () => cloud.aws.faults.clear();
    },
  });

const forbidden = (verb: string, resource: string): Case =>
  impossible(`RBAC gives no "${verb}" on ${resource}`, 'kubernetes.denied', {
    given: async ({ cluster }) => cluster.faults.forbid({ verb, resource }),
  });

export const rights: Group = {
  title: 'Missing permissions',
  cases: [
    denied('secretsmanager', 'GetSecretValue'),
    denied('secretsmanager', 'DescribeSecret'),
    denied('rds', 'DescribeDBInstances'),
    denied('rds', 'DescribeDBSnapshots'),
    denied('rds', 'DescribeDBParameterGroups'),
    denied('rds', 'DescribeAccountAttributes'),
    forbidden('get', 'deployments.apps'),
    forbidden('patch', 'deployments.apps'),
  ],
};

const secret = (input: string, code: string, change: (ground: Ground) => unknown): Case =>
  impossible(input, code, {
    given: async (ground) => {
      change(ground);
      return () => ground.point({});
    },
  });
const pointing = (input: string, host: string, code: string, circumstances: Circumstances = {}): Case =>
  impossible(`the secret’s host is ${input}`, code, {
    circumstances,
    given: async (ground) => {
      ground.point({ DB_HOST: host });
      return () => ground.point({});
    },
  });

const shown = (over: Partial<DatabaseInstance>): Circumstances => ({
  rds: (real) => ({
    ...real,
    findInstanceByEndpoint: async (host, port) => {
      const found = await real.findInstanceByEndpoint(host, port);
      return found && { ...found, ...over };
    },
  }),
});

const keysWith = (over: object): Circumstances => ({ production: { secret: { keys: over } } });

export const secrets: Group = {
  title: 'The secret, and what it points to',
  cases: [
    impossible('the config names a secret that there isn’t', 'secret.not-found', {
      circumstances: { production: { secret: { id: 'production/ecommerce/confg' } } },
    }),
    secret('the secret is no JSON', 'secret.not-json', ({ cloud }) =>
      cloud.secrets.put(names.configSecret, 'postgres://app:hunter2@db/shop'),
    ),
    impossible('the config names a key that the secret hasn’t', 'restore.secret-incomplete', {
      circumstances: keysWith({ host: 'DB_HOSTNAME' }),
    }),
    secret('the host in the secret is empty', 'restore.secret-incomplete', ({ point }) => point({ DB_HOST: '' })),
    pointing('a CNAME of the instance', 'db.shop.internal', 'restore.host-is-alias', {
      aliases: { 'db.shop.internal': 'ecommerce-production.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com' },
    }),
    pointing('an RDS proxy', 'shop.proxy-c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com', 'restore.host-is-proxy'),
    pointing(
      'an Aurora cluster',
      'shop.cluster-c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com',
      'restore.unsupported-engine',
    ),
    pointing(
      'an instance of another region',
      'shop.c1a2b3c4d5e6.us-east-1.rds.amazonaws.com',
      'restore.host-elsewhere',
    ),
    pointing('nothing that RDS knows', 'db.example.com', 'restore.source-forgotten', {
      production: { database: { instance: 'ecommerce-elsewhere' } },
    }),
    impossible('the instance is MySQL', 'restore.unsupported-engine', { circumstances: shown({ engine: 'mysql' }) }),
    impossible('the instance is one of a Multi-AZ cluster', 'restore.unsupported-engine', {
      circumstances: shown({ clusterId: 'shop-cluster' }),
    }),
  ],
};

/** The one workload, without a count of replicas in the config. */
const workload = (over: object): Circumstances => ({
  production: { workloads: [{ namespace: names.namespace, deployment: names.deployment, ...over }] },
});

const moment = (input: string, code: string, to: string, circumstances: Circumstances = {}): Case => ({
  input,
  code,
  ask: (ground) => ground.refusal({ to }, circumstances, 'pitr'),
});
const ago = (minutes: number) => instant(Date.now() - minutes * 60_000);

/** The log of the instance, from two hours ago until ten minutes ago. */
const window: Circumstances = {
  rds: (real) => ({
    ...real,
    async listAutomatedBackups(of) {
      const instance = await real.findInstance(names.instance);
      if (!instance || !('resourceId' in of) || of.resourceId !== instance.resourceId) return [];
      const backup = { instanceId: instance.id, resourceId: instance.resourceId, arn: 'arn:aws:rds:auto-backup' };
      const kept = {
        status: 'active',
        window: { earliest: '2026-01-10T00:00:00.000Z', latest: '2026-01-10T02:00:00.000Z' },
      };
      return [{ ...backup, ...kept, sizeGiB: 100, engineVersion: '15.4', encrypted: false } as AutomatedBackup];
    },
  }),
};

export const moments: Group = {
  title: 'A moment that the log doesn’t reach',
  cases: [
    moment('`pitr --to` any moment, of an instance without automated backups', 'pitr.no-window', ago(5)),
    moment('`pitr --to latest`, of an instance without automated backups', 'pitr.no-window', 'latest'),
    moment('`pitr --to` a moment before the log begins', 'pitr.outside-window', '2026-01-09T23:59:59.000Z', window),
    moment(
      '`pitr --to` a moment that the log hasn’t reached yet',
      'pitr.after-window',
      '2026-01-10T02:00:01.000Z',
      window,
    ),
  ],
};

export const surroundings: Group = {
  title: 'The cluster, and what a new instance needs',
  cases: [
    impossible('the config names a Deployment that there isn’t', 'kubernetes.not-found', {
      circumstances: workload({ deployment: 'ecommerce-backed' }),
    }),
    impossible('the config names a context that the kubeconfig hasn’t', 'kubernetes.no-context', {
      circumstances: workload({ cluster: 'prodution' }),
    }),
    impossible('the cluster doesn’t answer', 'kubernetes.unreachable', {
      circumstances: workload({ cluster: 'down' }),
    }),
    impossible('nobody knows how many replicas there were', 'restore.replicas-unknown', {
      circumstances: workload({ deployment: 'idle' }),
    }),
    impossible('AWS doesn’t answer', 'aws.unreachable', {
      given: async ({ cloud }) => {
        cloud.aws.faults.outage('rds', true);
        return () => cloud.aws.faults.clear();
      },
    }),
    impossible('a parameter group that there isn’t', 'restore.parameter-group-gone', {
      circumstances: { production: { restore: { profile: { parameterGroup: 'prod-pg51' } } } },
    }),
    impossible('a subnet group that there isn’t', 'restore.subnet-group-gone', {
      circumstances: { production: { restore: { profile: { subnetGroup: 'prodd' } } } },
    }),
    {
      input: 'another restore of the environment is waiting for approval',
      code: 'operation.busy',
      async ask(ground) {
        const { id } = await ground.ask({ from: 'latest' });
        const error = await ground.refusal({ from: 'latest' });
        await ground.abandon(id);
        return error;
      },
    },
  ],
};
