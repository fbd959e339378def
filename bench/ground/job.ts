import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type AwsFront, startAws } from '../../sandbox/aws/front.ts';
import { createS3, type S3 } from '../../sandbox/aws/s3/s3.ts';
import { imageEnvironment, imageFlags } from '../../sandbox/pitcrew.ts';
import { type DumpTask, taskVariable } from '../../src/domain/dump.ts';
import type { Bench } from '../runner/part.ts';
import type { BigShop } from './big-shop.ts';
import { type Peak, watchMemory } from './memory.ts';

export const bucket = 'ecommerce-backups';
const region = 'eu-west-1';
const keys = { accessKeyId: 'AKIASANDBOXPITCREW00', secretAccessKey: 'sandbox-secret-access-key' };
const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

/** The sandbox's S3 beside a shop, and Jobs as the cluster's pods run them: processes with nothing but variables. */
export interface JobGround {
  readonly aws: AwsFront;
  readonly store: S3;
  /** The standard variables with which any client finds this S3. */
  readonly variables: Readonly<Record<string, string>>;
  task(key: string): DumpTask;
  run(task: object, login: Readonly<Record<string, string>>): Promise<JobRun>;
}

export interface JobRun {
  readonly seconds: number;
  /** When it said for the first time that it was in this phase. */
  readonly phases: Readonly<Record<string, number>>;
  readonly peak: Peak;
}

export async function openJobGround(shop: BigShop, bench: Bench): Promise<JobGround> {
  const store = createS3({ household: shop.household });
  store.buckets.create(bucket, { versioning: true, region });
  const aws = await startAws({ services: [store], account: '123456789012', credentials: keys });
  bench.atEnd(() => aws.close());
  const variables = {
    AWS_ENDPOINT_URL: aws.url,
    AWS_ACCESS_KEY_ID: keys.accessKeyId,
    AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_EC2_METADATA_DISABLED: 'true',
  };
  let jobs = 0;
  return {
    aws,
    store,
    variables,
    task: (key) => ({
      ...{
        kind: 'dump',
        operation: `op-${String(++jobs).padStart(12, '0')}`,
        environment: 'production',
        region,
        bucket,
      },
      ...{ key, host: '127.0.0.1', port: shop.port, database: shop.database, resourceId: 'db-ABC', major: 15 },
      ...{ critical: ['customers', 'orders', 'order_items'], databaseBytes: shop.bytes },
    }),
    run: (task, login) => runJob(shop, { ...variables, ...login, [taskVariable]: JSON.stringify(task) }, bench),
  };
}

/** @throws Error with what the Job said when it failed */
async function runJob(shop: BigShop, variables: Readonly<Record<string, string>>, bench: Bench): Promise<JobRun> {
  const fromMs = performance.now();
  const seconds = () => (performance.now() - fromMs) / 1000;
  const child = spawn(process.execPath, [...imageFlags, main, 'job'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...imageEnvironment, PATH: process.env.PATH ?? '', HOME: shop.household.folder, ...variables },
  });
  if (child.pid) shop.household.adopt(child.pid);
  const memory = watchMemory(child.pid ?? 0);
  const stop = () => child.kill('SIGTERM');
  bench.signal.addEventListener('abort', stop, { once: true });
  let said = '';
  const phases: Record<string, number> = {};
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    said += text;
    for (const [, phase = ''] of text.matchAll(/"phase":"([a-z]+)"/g)) phases[phase] ??= seconds();
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  const peak = memory.stop();
  bench.signal.removeEventListener('abort', stop);
  bench.signal.throwIfAborted();
  if (code !== 0) throw new Error(`the Job ended with ${code}:\n${said.slice(-2000)}`);
  return { seconds: seconds(), phases, peak };
}
