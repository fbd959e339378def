import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateDBInstanceCommand,
  CreateDBSnapshotCommand,
  DescribeDBInstancesCommand,
  DescribeDBSnapshotsCommand,
  RDSClient,
} from '@aws-sdk/client-rds';
import pg from 'pg';
import { parse, stringify } from 'yaml';
import type { Rds as SandboxRds } from '../../sandbox/aws/rds/rds.ts';
import { startFixture, webDeployment } from '../../sandbox/kubernetes/fixture.ts';
import { names, type Options, pitcrewYaml } from '../../sandbox/settings.ts';
import { sandboxWorkspace } from '../../sandbox/slack/workspace.ts';
import { startDatabaseCloud } from '../../src/clients/cloud.fixture.ts';
import { type Kubernetes, kubernetes } from '../../src/clients/kubernetes.ts';
import { postgres } from '../../src/clients/postgres.ts';
import { postgresPrograms } from '../../src/clients/postgres-programs.ts';
import { type Rds, rds } from '../../src/clients/rds.ts';
import type { ObjectAddress, S3 } from '../../src/clients/s3.ts';
import { secretsManager } from '../../src/clients/secrets.ts';
import { loadSettings } from '../../src/config/load.ts';
import type { RecordedError } from '../../src/domain/errors.ts';
import type { JsonObject } from '../../src/domain/json.ts';
import type { BadRows, LastGood } from '../../src/domain/last-good.ts';
import type { Environment, Settings } from '../../src/domain/settings.ts';
import type { OperationState } from '../../src/domain/state.ts';
import { instant } from '../../src/domain/time.ts';
import type { EngineDependencies } from '../../src/engine/pass.ts';
import { runOperation } from '../../src/engine/run-operation.ts';
import { findLastGood } from '../../src/finder/find.ts';
import { Chains } from '../../src/ledger/chain.ts';
import { OpenMarkers, OperationIndex } from '../../src/ledger/markers.ts';
import { operationChain } from '../../src/ledger/operations.ts';
import { Plans } from '../../src/ledger/plans.ts';
import { records } from '../../src/ledger/records.ts';
import { operationKinds, registry } from '../../src/operations/registry.ts';
import type { PastOperation } from '../../src/planning/past-operation.ts';
import { Requests } from '../../src/requests/requests.ts';
import { humanOf } from '../../src/slack/directory.ts';
import { MemoryStore } from '../memory-store.ts';
import { directory } from './workspace.ts';

/** What a team wrote that a case is about: options laid over the sandbox's own, and what RDS shows instead. */
export interface Circumstances {
  readonly production?: Options;
  /** Laid over the real client: for what the sandbox's RDS can't be, another engine say. */
  readonly rds?: (real: Rds) => Rds;
  /** CNAMEs, by the name that they stand for. */
  readonly aliases?: Readonly<Record<string, string>>;
  /** What lies in the dumps' bucket: texts by their keys. */
  readonly objects?: Readonly<Record<string, string>>;
  /** An earlier operation, whatever its id. */
  readonly past?: PastOperation;
}

export type Ground = Awaited<ReturnType<typeof openGround>>;

/** Another instance of the account, which an operation may have left beside. */
const besideId = 'ecommerce-production-before';

const secretOf = (port: number) => ({
  DB_HOST: '127.0.0.1',
  DB_PORT: String(port),
  DB_NAME: names.database,
  DB_USERNAME: names.applicationRole,
  DB_PASSWORD: 'pw-of-the-application',
});

/**
 * A cloud with a real PostgreSQL, a cluster with real pods and a ledger, and pitcrew's own requests, planning and engine
 * over them: everything but a Slack. A worker's clock runs four minutes ahead, so that nobody waits for what is away.
 */
export async function openGround() {
  const [cloud, cluster] = await Promise.all([startDatabaseCloud(), startFixture()]);
  const client = new RDSClient({ region: names.region });
  await Promise.all([createInstance(client, names.instance), createInstance(client, besideId)]);
  const port = cloud.rds.instance(names.instance)?.port ?? 0;
  for (const id of [names.verifySecret, names.fenceSecret])
    cloud.secrets.create(id, JSON.stringify({ username: 'ecommerce_admin', password: 'pw-of-the-master' }));
  cloud.secrets.create(names.configSecret, JSON.stringify(secretOf(port)));
  await cluster.apps.createNamespacedDeployment({
    namespace: names.namespace,
    body: webDeployment(names.deployment, 1),
  });
  await cluster.apps.createNamespacedDeployment({ namespace: names.namespace, body: webDeployment('idle', 0) });
  await Promise.all([names.instance, besideId].map((id) => createShop(cloud.rds, id)));
  process.env.KUBECONFIG = withDeadCluster(cluster.cluster.kubeconfigFile, cluster.household.folder);
  const store = new MemoryStore();
  let asked = 0;

  const settingsWith = (production: Options = {}): Settings =>
    loadSettings(pitcrewYaml({ language: 'en', replicas: 1, production }));
  const ledger = () => {
    const chains = new Chains({ store });
    return {
      chains,
      plans: new Plans(store),
      markers: new OpenMarkers(store.markers),
      cards: new OpenMarkers(store.markers, 'cards'),
      index: new OperationIndex(store.markers),
    };
  };

  return {
    cloud,
    cluster: cluster.cluster,
    apps: cluster.apps,
    rds: client,
    port,
    store,
    settingsWith,
    requests: (settings = settingsWith()) =>
      new Requests({ ...ledger(), settings, kinds: operationKinds, directory: directory(), wake: async () => {} }),

    /** The secret's document as it would be with other keys. */
    point: (over: JsonObject) => cloud.secrets.put(names.configSecret, JSON.stringify({ ...secretOf(port), ...over })),

    /** Asks as Rosa does, and lets a worker plan it. */
    async ask(args: JsonObject, circumstances: Circumstances = {}, operation = 'restore'): Promise<OperationState> {
      const settings = settingsWith(circumstances.production);
      const given = {
        ...{ team: sandboxWorkspace.teamId, requester: humanOf(sandboxWorkspace.teamId, 'U0ROSA') },
        ...{ delivery: `ask ${++asked}`, operation, environment: 'production', args },
        ...{ reason: 'orders are gone', channel: sandboxWorkspace.channels.incident.id },
      };
      const { operation: id } = await this.requests(settings).request(given);
      const engine = engineOver(ledger(), settings, circumstances, store, cloud.rds.caFile);
      const signal = new AbortController().signal;
      await runOperation(engine, { operation: id, run: `run ${asked}`, signal, stalls: 0 });
      return engine.chains.load(operationChain, id);
    },

    /** Looks for the last good moment, as the bot and the terminals do. */
    async find(bad: BadRows): Promise<LastGood> {
      const settings = settingsWith();
      const environment = settings.environments.production as Environment;
      const { region } = environment;
      const { rds, secrets, ...clients } = clientsOver(settings, {}, store, cloud.rds.caFile);
      const since = instant(Date.now() - 3_600_000);
      return findLastGood({ ...clients, rds: rds(region), secrets: secrets(region) }, { environment, since, bad });
    },

    /** An operation that is over and left the other instance beside. */
    async leftBeside(over: object = {}, planned = true): Promise<PastOperation> {
      const { DBInstances = [] } = await client.send(
        new DescribeDBInstancesCommand({ DBInstanceIdentifier: besideId }),
      );
      const { DBInstanceArn: arn = '', DbiResourceId: resourceId = '', Endpoint } = DBInstances[0] ?? {};
      const source = { id: besideId, arn, resourceId, host: Endpoint?.Address ?? '', port: Endpoint?.Port ?? 0 };
      const state = {
        ...{ id: 'op-0123456789ab', phase: 'closed', closed: { outcome: 'succeeded' } },
        ...{ request: { environment: 'production', operation: 'restore' } },
        ...{ steps: [{ step: 'switch-secret', status: 'done' }], ...over },
      };
      return {
        state,
        ...(planned ? { plan: { bound: { steps: [], decided: { source } } } } : {}),
      } as unknown as PastOperation;
    },

    /** Why a worker would not do it. */
    async refusal(args: JsonObject, circumstances?: Circumstances, operation?: string): Promise<RecordedError> {
      const { closed, phase } = await this.ask(args, circumstances, operation);
      if (closed?.outcome !== 'refused' || !closed.error) throw new Error(`it was not refused: ${phase}`);
      return closed.error;
    },

    /** Ends what nobody decided on, as its requester would. */
    async abandon(operation: string): Promise<void> {
      const { digest = '' } = (await ledger().chains.load(operationChain, operation)).plan ?? {};
      const human = humanOf(sandboxWorkspace.teamId, 'U0ROSA');
      await this.requests().vote({ operation, digest, human, decision: 'deny', reason: 'only a test' });
      const engine = engineOver(ledger(), settingsWith(), {}, store, cloud.rds.caFile);
      await runOperation(engine, {
        operation,
        run: `end ${operation}`,
        signal: new AbortController().signal,
        stalls: 0,
      });
    },

    /** All that an operation could have changed. */
    async standing() {
      const { DBInstances = [] } = await client.send(new DescribeDBInstancesCommand({}));
      const { DBSnapshots = [] } = await client.send(new DescribeDBSnapshotsCommand({}));
      const { items } = await cluster.apps.listNamespacedDeployment({ namespace: names.namespace });
      return {
        instances: DBInstances.map(({ DBInstanceIdentifier: id, DBInstanceClass }) => [id, DBInstanceClass]),
        snapshots: DBSnapshots.map(({ DBSnapshotIdentifier }) => DBSnapshotIdentifier),
        deployments: items.map(({ metadata, spec }) => [metadata?.name, metadata?.generation, spec?.replicas]),
        writes: ['PutSecretValue', 'UpdateSecretVersionStage'].map((action) =>
          cloud.aws.faults.calls('secretsmanager', action),
        ),
        // What a worker does, and what people decided for: a refusal, or a request taken back, starts nothing.
        begun: [...store.objects.values()].filter(({ bytes }) =>
          /"type":"(intent|done|failed)"|"decision":"approve"/.test(text(bytes)),
        ).length,
      };
    },

    async close() {
      delete process.env.KUBECONFIG;
      client.destroy();
      await cluster.close();
      await cloud.close();
    },
  };
}

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

async function createInstance(client: RDSClient, id: string): Promise<void> {
  await client.send(
    new CreateDBInstanceCommand({
      ...{ DBInstanceIdentifier: id, Engine: 'postgres', DBInstanceClass: 'db.r5.xlarge' },
      ...{ AllocatedStorage: 100, DBName: names.database },
      ...{ MasterUsername: 'ecommerce_admin', MasterUserPassword: 'pw-of-the-master' },
      ...{ DBParameterGroupName: 'prod-pg15', DBSubnetGroupName: 'prod', VpcSecurityGroupIds: ['sg-production'] },
      ...{ BackupRetentionPeriod: 0 },
    }),
  );
  await until(async () => {
    const { DBInstances = [] } = await client.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: id }));
    return DBInstances[0]?.DBInstanceStatus === 'available';
  });
}

export async function createSnapshot(client: RDSClient, id: string): Promise<void> {
  await client.send(new CreateDBSnapshotCommand({ DBInstanceIdentifier: names.instance, DBSnapshotIdentifier: id }));
  await until(async () => {
    const { DBSnapshots = [] } = await client.send(new DescribeDBSnapshotsCommand({ DBSnapshotIdentifier: id }));
    return DBSnapshots[0]?.Status === 'available';
  });
}

/** A table, and a view of it, in what is the application's database. */
async function createShop(rds: SandboxRds, id: string): Promise<void> {
  const shop = new pg.Client({
    ...{ host: '127.0.0.1', port: rds.instance(id)?.port ?? 0, database: names.database },
    ...{ user: 'ecommerce_admin', password: 'pw-of-the-master' },
    ssl: { ca: readFileSync(rds.caFile), checkServerIdentity: () => undefined },
  });
  await shop.connect();
  await shop.query('CREATE TABLE orders (id integer PRIMARY KEY, total numeric NOT NULL)');
  await shop.query('CREATE VIEW open_orders AS SELECT * FROM orders');
  await shop.end();
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 600; tries++, await sleep(100)) if (await holds()) return;
  throw new Error('not within a minute');
}

/** The cluster's kubeconfig with one more context, of a cluster that nobody answers for. */
function withDeadCluster(file: string, folder: string): string {
  const config = parse(readFileSync(file, 'utf8')) as Record<'clusters' | 'contexts', { name: string }[]>;
  const down = { name: 'down', cluster: { server: 'https://127.0.0.1:1' } };
  const [first] = config.contexts as { name: string; context: object }[];
  const target = join(folder, 'kubeconfig-with-dead-cluster');
  const contexts = [...config.contexts, { name: 'down', context: { ...first?.context, cluster: 'down' } }];
  writeFileSync(target, stringify({ ...config, clusters: [...config.clusters, down], contexts }));
  return target;
}

/** The dumps' bucket as S3 would show it; nothing is written to it. */
const bucketOf = (objects: Readonly<Record<string, string>>) => () =>
  ({
    head: async ({ key }: ObjectAddress) => {
      const held = Object.hasOwn(objects, key) ? objects[key] : undefined;
      return held === undefined ? undefined : { key, versionId: null, sizeBytes: held.length, etag: '"e"' };
    },
    text: async ({ key }: ObjectAddress) => (Object.hasOwn(objects, key) ? objects[key] : undefined),
  }) as unknown as S3;

function clientsOver(
  settings: Settings,
  { rds: shown = (real) => real, aliases = {}, objects = {}, past }: Circumstances,
  store: MemoryStore,
  caFile: string,
) {
  const cluster: Kubernetes = kubernetes({ timeoutSeconds: 5 });
  return {
    environment: (name: string) => settings.environments[name] as Settings['environments'][string],
    environments: () => Object.values(settings.environments),
    rds: (region: string) => shown(rds(region)),
    secrets: secretsManager,
    cluster,
    access: {
      connect: postgres({ PGSSLROOTCERT: caFile }),
      credentials: ({
        region,
        secret,
        keys,
      }: {
        region: string;
        secret: string;
        keys: { user: string; password: string };
      }) => secretsManager(region).roleCredentials(secret, keys),
    },
    s3: bucketOf(objects),
    findPrograms: postgresPrograms(process.env),
    remoteDump: { dump: async () => {}, end: async () => {} },
    listArchive: async () => [],
    past: async () => [],
    records: records(store),
    history: { find: async () => past, closed: async () => [] },
    behindAlias: async (host: string) => aliases[host],
  };
}

function engineOver(
  ledger: Pick<EngineDependencies, 'chains' | 'plans' | 'markers' | 'index'>,
  settings: Settings,
  circumstances: Circumstances,
  store: MemoryStore,
  caFile: string,
): EngineDependencies {
  const clients = clientsOver(settings, circumstances, store, caFile);
  const operations = new Map(registry.map((definition) => [definition.name, definition.build(clients)]));
  return {
    ...ledger,
    operation: (name) => operations.get(name),
    changed: () => {},
    now: () => new Date(Date.now() + 4 * 60_000),
  };
}
