import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { CreateDBInstanceCommand, DescribeDBInstancesCommand, RDSClient } from '@aws-sdk/client-rds';
import { AppsV1Api, CoreV1Api, KubeConfig } from '@kubernetes/client-node';
import { type AwsFront, startAws } from './aws/front.ts';
import { createRds, type Rds } from './aws/rds/rds.ts';
import { createS3, type S3 } from './aws/s3/s3.ts';
import { createSecrets, type Secrets } from './aws/secrets/secrets.ts';
import { createSts } from './aws/sts/sts.ts';
import { type Household, openHousehold } from './household.ts';
import { type Kubernetes, startKubernetes } from './kubernetes/kubernetes.ts';
import { imageEnvironment, imageFlags } from './pitcrew.ts';
import { principals } from './principals.ts';
import { type PrivateRedis, startRedis } from './redis.ts';
import { type Language, names, pitcrewYaml, type SandboxConfig } from './settings.ts';
import { findPostgres } from './setup/find.ts';
import { pitcrewImage, repriceImage, shopImage, shopManifests, verifyImage } from './shop/manifests.ts';
import { allowAmcheck } from './shop/roles.ts';
import { seedShop } from './shop/seed.ts';
import { type DatabaseAdmin, deployTools } from './shop/tools.ts';
import { type Slack, startSlack } from './slack/local-slack.ts';
import { sandboxWorkspace } from './slack/workspace.ts';

export interface WorldOptions {
  readonly language?: Language;
  /** What pitcrew.yaml says other than it usually does here. */
  readonly config?: Partial<SandboxConfig>;
  readonly orders?: number;
  readonly replicas?: number;
  /** Orders that customers place in a second. */
  readonly ordersPerSecond?: number;
  readonly rdsPaces?: Parameters<typeof createRds>[0]['paces'];
  /** Without Slack, the tests that need none start in half the time. */
  readonly slack?: boolean;
  readonly say?: (line: string) => void;
}

/** A whole world on one machine: a Slack, a cloud, a cluster, a shop that takes orders. pitcrew is not in it. */
export interface World {
  readonly household: Household;
  readonly aws: AwsFront;
  readonly rds: Rds;
  readonly s3: S3;
  readonly secrets: Secrets;
  readonly kubernetes: Kubernetes;
  readonly redis: PrivateRedis;
  readonly slack: Slack | undefined;
  /** What the customers saw, an attempt a line. */
  readonly attemptsFile: string;
  readonly configFile: string;
  /** The standard variables with which any client finds this world. */
  readonly env: Readonly<Record<string, string>>;
  /** Kills Redis, which has written nothing down, and starts an empty one on the same port so many seconds later. */
  restartRedis(awaySeconds: number): Promise<void>;
  /** Customers stop, or go on, ordering. */
  pauseCustomers(): void;
  resumeCustomers(): void;
  close(): Promise<void>;
}

const podEnvFile = 'pitcrew-pods.env';
const pitcrewMain = fileURLToPath(new URL('../src/main.ts', import.meta.url));

const credentials = { accessKeyId: 'AKIASANDBOXPITCREW00', secretAccessKey: 'sandbox-secret-access-key' };

export async function startWorld(options: WorldOptions = {}): Promise<World> {
  const { say = () => {}, language = 'en', replicas = 4, orders = 100_000 } = options;
  const household = openHousehold();
  try {
    const rds = createRds({
      household,
      account: names.account,
      region: names.region,
      ...(options.rdsPaces ? { paces: options.rdsPaces } : {}),
    });
    const s3 = createS3({ household });
    const secrets = createSecrets({ account: names.account, region: names.region });
    const services = [rds, s3, secrets, createSts()];
    say('A cloud, a cluster, a Redis and a Slack are starting …');
    const program = (name: string) => [process.execPath, fileURLToPath(new URL(`./shop/${name}.ts`, import.meta.url))];
    const [aws, kubernetes, redis, slack] = await Promise.all([
      startAws({ services, account: names.account, credentials: [credentials, ...Object.values(principals)] }),
      startKubernetes({
        household,
        images: {
          [shopImage]: program('backend'),
          [repriceImage]: program('nightly-reprice'),
          // What a cluster gives its pods by their service account, here out of a file: it is written below.
          [pitcrewImage]: [
            '/usr/bin/env', // Node reads its own variables before it reads a file of them
            ...Object.entries(imageEnvironment).map(([name, value]) => `${name}=${value}`),
            process.execPath,
            ...imageFlags,
            `--env-file=${join(household.folder, podEnvFile)}`,
            pitcrewMain,
          ],
          [verifyImage]: ['/bin/sh', '-c', 'cd "$0" && exec "$@"', fileURLToPath(new URL('./shop/', import.meta.url))],
        },
        paces: { backOffSeconds: 2, maxBackOffSeconds: 10 },
      }),
      startRedis(household),
      options.slack === false ? undefined : startSlack({ household, workspace: sandboxWorkspace }),
    ]);
    await rds.ready;
    const env = environment({ aws, kubernetes, redis, slack, rds, household });
    const podEnv = Object.entries(podEnvironment(env)).filter(([name]) => name !== 'PGSSLMODE');
    writeFileSync(join(household.folder, podEnvFile), podEnv.map(([name, value]) => `${name}=${value}\n`).join(''));
    s3.buckets.create(names.ledgerBucket, { versioning: true, region: names.region });
    s3.buckets.create(names.backupsBucket, { versioning: true, region: names.region });
    say(`RDS is creating ${names.instance} …`);
    await createDatabase(aws.url, secrets, orders, say);
    say(`The cluster is starting ${replicas} replicas of ${names.deployment} …`);
    const [leaveTools] = await Promise.all([
      deployTools(kubeConfig(kubernetes), {
        bin: findPostgres()?.bin ?? '',
        env: podEnvironment(env),
        admin: () => databaseAdmin(secrets),
      }),
      deployShop(kubernetes, env, replicas),
    ]);
    const shopPort = await kubernetes.service(names.namespace, names.deployment);
    const attemptsFile = join(household.folder, 'attempts.jsonl');
    const customers = startCustomers(household, shopPort, attemptsFile, options.ordersPerSecond ?? 10);
    const configFile = join(household.folder, 'pitcrew.yaml');
    const smokeUrl = `http://127.0.0.1:${shopPort}/healthz`;
    writeFileSync(configFile, pitcrewYaml({ language, replicas, smokeUrl, ...options.config }));
    return {
      ...{ household, aws, rds, s3, secrets, kubernetes, redis, slack, attemptsFile, configFile },
      env: { ...env, PITCREW_CONFIG: configFile },
      async restartRedis(awaySeconds) {
        process.kill(redis.pid, 'SIGKILL');
        await sleep(awaySeconds * 1000);
        await startRedis(household, redis.port);
      },
      pauseCustomers: () => void customers.kill('SIGSTOP'),
      resumeCustomers: () => void customers.kill('SIGCONT'),
      async close() {
        customers.kill('SIGCONT');
        customers.kill('SIGTERM');
        leaveTools();
        await kubernetes.close();
        await rds.close();
        await slack?.close();
        await aws.close();
        await household.close();
      },
    };
  } catch (error) {
    await household.close();
    throw error;
  }
}

type Parts = Pick<World, 'aws' | 'kubernetes' | 'redis' | 'slack' | 'rds' | 'household'>;

function environment({ aws, kubernetes, redis, slack, rds }: Parts): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: aws.url,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_REGION: names.region,
    AWS_DEFAULT_REGION: names.region,
    AWS_EC2_METADATA_DISABLED: 'true',
    KUBECONFIG: kubernetes.kubeconfigFile,
    REDIS_URL: redis.url,
    PGSSLROOTCERT: rds.caFile,
    PGSSLMODE: 'verify-full',
    ...(slack
      ? {
          SLACK_API_URL: slack.apiUrl,
          SLACK_BOT_TOKEN: slack.botToken,
          SLACK_APP_TOKEN: slack.appToken,
          SLACK_URL: slack.url,
        }
      : {}),
  };
}

/** The production instance as a team would have made it: by no means with RDS's defaults, so that forgetting one shows. */
async function createDatabase(
  endpoint: string,
  secrets: Secrets,
  orders: number,
  say: (line: string) => void,
): Promise<void> {
  const client = new RDSClient({ endpoint, region: names.region, credentials });
  const password = () => randomBytes(18).toString('base64url');
  const master = { user: 'ecommerce_admin', password: password() };
  await client.send(
    new CreateDBInstanceCommand({
      DBInstanceIdentifier: names.instance,
      Engine: 'postgres',
      DBInstanceClass: 'db.r5.xlarge',
      AllocatedStorage: 100,
      StorageType: 'gp3',
      MultiAZ: true,
      DBName: names.database,
      MasterUsername: master.user,
      MasterUserPassword: master.password,
      VpcSecurityGroupIds: ['sg-production'],
      DBSubnetGroupName: 'prod',
      DBParameterGroupName: 'prod-pg15',
      BackupRetentionPeriod: 7,
      PreferredBackupWindow: '02:00-03:00',
      PreferredMaintenanceWindow: 'sun:04:00-sun:05:00',
      CopyTagsToSnapshot: true,
      DeletionProtection: true,
      MaxAllocatedStorage: 500,
      Tags: [
        { Key: 'team', Value: 'checkout' },
        { Key: 'environment', Value: 'production' },
      ],
    }),
  );
  const { host, port } = await available(client);
  client.destroy();
  say(`The shop's database is being filled with ${orders.toLocaleString('en')} orders …`);
  const passwords = { app: password(), verify: password(), fence: password() };
  const at = `${host}:${port}`;
  const connectionString = `postgres://${master.user}:${master.password}@${at}/${names.database}`;
  await seedShop({ connectionString, orders, passwords });
  await allowAmcheck(connectionString);
  secrets.create(
    names.configSecret,
    JSON.stringify({
      DB_HOST: host,
      DB_PORT: String(port),
      DB_NAME: names.database,
      DB_USERNAME: names.applicationRole,
      DB_PASSWORD: passwords.app,
      PAYMENT_API_KEY: 'not pitcrew’s business, and still there after a restore',
    }),
  );
  const role = (username: string, secret: string) => JSON.stringify({ username, password: secret });
  secrets.create(names.verifySecret, role('pitcrew_verify', passwords.verify));
  secrets.create(names.fenceSecret, role('pitcrew_fence', passwords.fence));
  secrets.create(names.masterSecret, role(master.user, master.password));
}

async function available(client: RDSClient): Promise<{ host: string; port: number }> {
  for (let tries = 0; tries < 1200; tries++) {
    const { DBInstances } = await client.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: names.instance }));
    const instance = DBInstances?.[0];
    const { Address: host, Port: port } = instance?.Endpoint ?? {};
    if (instance?.DBInstanceStatus === 'available' && host && port) return { host, port };
    await sleep(100);
  }
  throw new Error(`${names.instance} did not become available within two minutes`);
}

function kubeConfig(kubernetes: Kubernetes): KubeConfig {
  const config = new KubeConfig();
  config.loadFromFile(kubernetes.kubeconfigFile);
  return config;
}

/** What every pod of the shop is given of this world. */
export function podEnvironment(env: Readonly<Record<string, string>>): Record<string, string> {
  const wanted = (name: string) => name.startsWith('AWS_') || name === 'PGSSLROOTCERT' || name === 'PGSSLMODE';
  return Object.fromEntries(Object.entries(env).filter(([name]) => wanted(name)));
}

/** Where the application's secret says that the database is, and its master user: nobody is asked over the network. */
function databaseAdmin(secrets: Secrets): DatabaseAdmin {
  const read = (id: string) => JSON.parse(secrets.value(id) ?? '{}') as Record<string, string>;
  const { DB_HOST: host = '', DB_PORT: port = '', DB_NAME: database = '' } = read(names.configSecret);
  const { username: user = '', password = '' } = read(names.masterSecret);
  return { host, port: String(port), database, user, password };
}

async function deployShop(
  kubernetes: Kubernetes,
  env: Readonly<Record<string, string>>,
  replicas: number,
): Promise<void> {
  const config = kubeConfig(kubernetes);
  const { deployment, service } = shopManifests({
    secretId: names.configSecret,
    replicas,
    env: podEnvironment(env),
  });
  const apps = config.makeApiClient(AppsV1Api);
  await apps.createNamespacedDeployment({ namespace: names.namespace, body: deployment });
  await config.makeApiClient(CoreV1Api).createNamespacedService({ namespace: names.namespace, body: service });
  for (let tries = 0; tries < 600; tries++) {
    const { status } = await apps.readNamespacedDeployment({ namespace: names.namespace, name: names.deployment });
    if (status?.readyReplicas === replicas) return;
    await sleep(100);
  }
  throw new Error(`the shop's ${replicas} pods were not ready within a minute`);
}

function startCustomers(household: Household, port: number, file: string, perSecond: number) {
  const script = fileURLToPath(new URL('./shop/customers.ts', import.meta.url));
  const url = `http://127.0.0.1:${port}`;
  const args = [script, '--url', url, '--file', file, '--per-second', String(perSecond)];
  return household.spawn('customers', process.execPath, args);
}

const envFolder = fileURLToPath(new URL('../.sandbox', import.meta.url));

/** Writes `.sandbox/env`: any terminal that sources it can use `aws`, `kubectl`, `psql` and `pitcrew` on this world. */
export function writeEnvFile(env: Readonly<Record<string, string>>): string {
  mkdirSync(envFolder, { recursive: true });
  const file = join(envFolder, 'env');
  const lines = Object.entries(env).map(([name, value]) => `export ${name}='${value.replaceAll("'", "'\\''")}'`);
  writeFileSync(file, `${lines.join('\n')}\n`, { mode: 0o600 });
  return file;
}

/** Takes the file away, unless another sandbox has written its own since. */
export function removeEnvFile(env: Readonly<Record<string, string>>): void {
  const file = join(envFolder, 'env');
  if (existsSync(file) && readEnvFile().AWS_ENDPOINT_URL === env.AWS_ENDPOINT_URL) rmSync(file);
}

/** Reads what `writeEnvFile` wrote. @throws when no sandbox has written it */
export function readEnvFile(): Record<string, string> {
  const text = readFileSync(join(envFolder, 'env'), 'utf8');
  const entries = [...text.matchAll(/^export (\w+)='(.*)'$/gm)];
  return Object.fromEntries(entries.map(([, name = '', value = '']) => [name, value.replaceAll("'\\''", "'")]));
}
