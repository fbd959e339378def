import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type AwsFront, startAws } from '../../sandbox/aws/front.ts';
import { createS3, type S3 as SandboxS3 } from '../../sandbox/aws/s3/s3.ts';
import { imageEnvironment, imageFlags } from '../../sandbox/pitcrew.ts';
import { type PrivateDatabase, privateDatabase, roleSecret } from '../clients/private-database.fixture.ts';
import { type S3, s3 } from '../clients/s3.ts';
import type { DumpReport, DumpTask } from '../domain/dump.ts';
import { taskVariable } from '../domain/dump.ts';
import type { LoadTask } from '../domain/load.ts';

export const bucket = 'ecommerce-backups';
const region = 'eu-west-1';
const keys = { accessKeyId: 'AKIASANDBOXPITCREW00', secretAccessKey: 'sandbox-secret-access-key' };

/** A PostgreSQL and an S3 that are real, and Jobs as processes of their own: as in a pod, without a cluster around it. */
export interface JobGround {
  readonly database: PrivateDatabase;
  readonly aws: AwsFront;
  readonly store: SandboxS3;
  readonly s3: S3;
  task(more?: Partial<DumpTask>): DumpTask;
  /** Starts one as the pod of a Job does. */
  start(task: DumpTask | LoadTask, more?: Readonly<Record<string, string>>): JobProcess;
  close(): Promise<void>;
}

export interface JobProcess {
  readonly child: ChildProcess;
  /** What it said so far. */
  readonly reports: readonly DumpReport[];
  /** What it said and complained, as the pod's log has it. */
  log(): string;
  /** Its exit code; null after a signal. */
  readonly ended: Promise<number | null>;
  /** What it said last. */
  last(): DumpReport | undefined;
}

const main = fileURLToPath(new URL('../main.ts', import.meta.url));

export async function openJobGround(): Promise<JobGround> {
  const database = await privateDatabase();
  const store = createS3({ household: database.household });
  store.buckets.create(bucket, { versioning: true, region });
  const aws = await startAws({ services: [store], account: '123456789012', credentials: keys });
  const variables = {
    AWS_ENDPOINT_URL: aws.url,
    AWS_ACCESS_KEY_ID: keys.accessKeyId,
    AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
    AWS_EC2_METADATA_DISABLED: 'true',
  };
  const before = Object.keys(variables).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, variables);
  const { user, password } = await database.credentials(roleSecret('pitcrew_reader'));
  const login = { PGUSER: user, PGPASSWORD: password.reveal(), PGSSLMODE: 'verify-full' };
  return {
    database,
    aws,
    store,
    s3: s3(region),
    task: (more = {}) => ({
      ...{ kind: 'dump', operation: 'op-0123456789ab', environment: 'production', region, bucket },
      ...{ key: 'database/production/op-0123456789ab.dump', host: '127.0.0.1', port: database.port },
      ...{ database: 'shop', resourceId: 'db-ABC', major: 15, critical: ['orders', 'customers'], databaseBytes: 1e7 },
      ...more,
    }),
    start(task, more = {}) {
      const address = { PGHOST: task.host, PGPORT: String(task.port), PGDATABASE: task.database };
      const child = spawn(process.execPath, [...imageFlags, main, 'job'], {
        stdio: ['ignore', 'pipe', 'pipe'],
        env: {
          ...{
            ...imageEnvironment,
            PATH: process.env.PATH ?? '',
            HOME: database.household.folder,
            TMPDIR: database.household.folder,
            ...variables,
            ...address,
            ...login,
          },
          ...{ PGSSLROOTCERT: database.caFile, [taskVariable]: JSON.stringify(task), ...more },
        },
      });
      if (child.pid) database.household.adopt(child.pid);
      return watched(child);
    },
    async close() {
      for (const [name, value] of before)
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      await aws.close();
      await database.close();
    },
  };
}

function watched(child: ChildProcess): JobProcess {
  const reports: DumpReport[] = [];
  let log = '';
  let rest = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    log += text;
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    reports.push(...lines.map((line) => JSON.parse(line) as DumpReport));
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    log += text;
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  return { child, reports, ended, log: () => log, last: () => reports.at(-1) };
}
