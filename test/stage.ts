import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateDBSnapshotCommand,
  DescribeDBInstancesCommand,
  DescribeDBSnapshotsCommand,
  RDSClient,
} from '@aws-sdk/client-rds';
import { AppsV1Api, KubeConfig } from '@kubernetes/client-node';
import pg from 'pg';
import { closed, type Incident, incidentChannel, openIncident } from '../sandbox/incident.ts';
import { type Pitcrew, startPitcrew } from '../sandbox/pitcrew.ts';
import { names } from '../sandbox/settings.ts';
import { startWorld, type World, type WorldOptions } from '../sandbox/world.ts';
import { openSlackFront, type SlackFront } from './slack-front.ts';

/** A small world with pitcrew in it, as processes of their own: what faults and journeys are played on. */
export interface Stage {
  readonly world: World;
  readonly incident: Incident;
  /** Through which everything that the bot says goes: held against Slack's limits when the stage closes. */
  readonly front: SlackFront;
  readonly bot: Pitcrew;
  worker(more?: Readonly<Record<string, string>>): Promise<Pitcrew>;
  /** A snapshot of the shop as it is, by a worker that is gone afterwards. (RDS's own first one is of the empty database.) */
  snapshot(): Promise<void>;
  /** A snapshot that somebody makes at the console: nobody measured what it holds. */
  snapshotByHand(id: string): Promise<void>;
  /** Instances of the environment that stand, by id. */
  instances(): Promise<readonly string[]>;
  /** Replicas asked for and ready. */
  replicas(): Promise<{ readonly wanted: number; readonly ready: number }>;
  /** Rosa types a command in the incident channel and answers its dialog for production. @returns the new operation's id */
  ask(command: string, view: string, answers?: Readonly<Record<string, string>>): Promise<string>;
  /** Asks an instance as its master, as an auditor would. @returns the rows of the last statement */
  sql<Row extends object>(instance: Asked, ...statements: readonly string[]): Promise<readonly Row[]>;
  /** The current document of the application's secret. */
  secret(): Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** An instance, and which of its databases where it isn't the application's own. */
type Asked = string | { readonly instance: string; readonly database: string };

interface StageOptions extends WorldOptions {
  /** `start` has a worker in the same process. */
  readonly role?: 'bot' | 'start';
  /** What the bot is started with beside or instead of the world's own variables. */
  readonly botEnv?: (world: World) => Promise<Readonly<Record<string, string>>>;
}

export async function openStage({ role = 'bot', botEnv, ...options }: StageOptions = {}): Promise<Stage> {
  const world = await startWorld({
    orders: 2_000,
    replicas: 2,
    ordersPerSecond: 5,
    ...options,
    config: { provenSeconds: 3, ...options.config },
  });
  try {
    if (!world.slack) throw new Error('a stage has a Slack');
    const front = await openSlackFront(world.slack);
    const env = { SLACK_API_URL: front.apiUrl, ...(await botEnv?.(world)) };
    const bot = await startPitcrew(world.household, world.env, role, env);
    const incident = openIncident(world);
    const rds = new RDSClient({ endpoint: world.aws.url, region: names.region, credentials: credentialsOf(world) });
    const config = new KubeConfig();
    config.loadFromFile(world.kubernetes.kubeconfigFile);
    const apps = config.makeApiClient(AppsV1Api);
    const worker = (more: Readonly<Record<string, string>> = {}) =>
      startPitcrew(world.household, world.env, 'worker', more);
    return {
      world,
      incident,
      front,
      bot,
      worker,
      async snapshot() {
        const once = await worker();
        const end = await incident.until(await incident.snapshot('rosa'), closed);
        if (end.outcome !== 'succeeded') throw new Error(`the snapshot ended as ${JSON.stringify(end)}`);
        await once.stop();
      },
      async snapshotByHand(id) {
        const which = { DBSnapshotIdentifier: id };
        await rds.send(new CreateDBSnapshotCommand({ ...which, DBInstanceIdentifier: names.instance }));
        const isThere = async () => {
          const { DBSnapshots } = await rds.send(new DescribeDBSnapshotsCommand(which));
          return DBSnapshots?.[0]?.Status === 'available';
        };
        await eventually(`the snapshot ${id} is available`, isThere);
      },
      async instances() {
        const { DBInstances } = await rds.send(new DescribeDBInstancesCommand({}));
        return (DBInstances ?? []).map(({ DBInstanceIdentifier }) => DBInstanceIdentifier ?? '').sort();
      },
      async replicas() {
        const { spec, status } = await apps.readNamespacedDeployment({
          namespace: names.namespace,
          name: names.deployment,
        });
        return { wanted: spec?.replicas ?? 0, ready: status?.readyReplicas ?? 0 };
      },
      ask: (command, view, answers) => ask(incident, command, view, answers),
      sql: (instance, ...statements) => asMaster(world, instance, statements),
      secret: () => JSON.parse(world.secrets.value(names.configSecret) ?? '{}') as Record<string, string>,
      async close() {
        incident.close();
        rds.destroy();
        const bad = await front.badPayloads();
        await front.close();
        await world.close();
        if (bad.length > 0) throw new Error(`Slack would refuse or show broken:\n${bad.join('\n')}`);
      },
    };
  } catch (error) {
    await world.close();
    throw error;
  }
}

const credentialsOf = ({ env }: World) => ({
  accessKeyId: env.AWS_ACCESS_KEY_ID ?? '',
  secretAccessKey: env.AWS_SECRET_ACCESS_KEY ?? '',
});

async function ask(incident: Incident, command: string, view: string, answers = {}): Promise<string> {
  const known = await incident.ledger.operations();
  const rosa = incident.person('rosa');
  await rosa.slash(command, incidentChannel);
  await rosa.waitForView(view, 10);
  const { errors } = await rosa.submit({ ...answers, confirm: 'production' });
  if (Object.keys(errors).length > 0) throw new Error(`${command} is refused: ${JSON.stringify(errors)}`);
  let operation = '';
  await eventually('the request is recorded', async () => {
    operation = (await incident.ledger.operations()).find((id) => !known.includes(id)) ?? '';
    return operation !== '';
  });
  return operation;
}

async function asMaster<Row extends object>({ rds, secrets }: World, asked: Asked, statements: readonly string[]) {
  const { instance, database } = typeof asked === 'string' ? { instance: asked, database: names.database } : asked;
  const { username, password } = JSON.parse(secrets.value(names.masterSecret) ?? '{}') as Record<string, string>;
  const { DB_HOST: host } = JSON.parse(secrets.value(names.configSecret) ?? '{}') as Record<string, string>;
  const client = new pg.Client({
    host,
    port: rds.instance(instance)?.port,
    user: username,
    password,
    database,
    ssl: { ca: readFileSync(rds.caFile, 'utf8') },
  });
  await client.connect();
  try {
    let rows: readonly Row[] = [];
    for (const statement of statements) rows = (await client.query<Row>(statement)).rows;
    return rows;
  } finally {
    await client.end();
  }
}

/** Looks until it holds. @throws when it doesn't within so many seconds */
export async function eventually(what: string, holds: () => boolean | Promise<boolean>, seconds = 60): Promise<void> {
  for (const end = performance.now() + seconds * 1000; performance.now() < end; await sleep(20)) {
    if (await holds()) return;
  }
  throw new Error(`not within ${seconds} s: ${what}`);
}
