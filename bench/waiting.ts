import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startAws } from '../sandbox/aws/front.ts';
import { createS3 } from '../sandbox/aws/s3/s3.ts';
import { openHousehold } from '../sandbox/household.ts';
import { startPitcrew } from '../sandbox/pitcrew.ts';
import { startRedis } from '../sandbox/redis.ts';
import { names, pitcrewYaml } from '../sandbox/settings.ts';
import { openFakeRds } from './ground/fake-rds.ts';
import { writeWaiting } from './ground/waiting-operations.ts';
import type { Bench, Findings, Part } from './runner/part.ts';
import { median, slope } from './runner/statistics.ts';

export const waiting: Part = {
  name: 'waiting',
  title: 'Thousands of operations that wait',
  how: `5,000 approved restores stand in the ledger, each waiting for its instance, which is looked for every 15 s. One worker, a process
as in production, takes them up and waits with them, over the sandbox’s S3 and a Redis. RDS is a fake, since 5,000
databases fit on no machine: it says “creating” of whatever it is asked for, and counts.`,
  minutes: { full: 40, quick: 3 },
  run: measure,
};

const keys = { accessKeyId: 'AKIASANDBOXPITCREW00', secretAccessKey: 'sandbox-secret-access-key' };

interface Look {
  readonly atMinutes: number;
  readonly megabytes: number;
  readonly calls: number;
  readonly looks: number;
  readonly reads: number;
}

async function measure(bench: Bench): Promise<Findings> {
  const count = bench.quick ? 300 : 5_000;
  const minutes = bench.quick ? 1.5 : 30;
  const household = openHousehold('pitcrew-bench');
  bench.atEnd(() => household.close());
  const store = createS3({ household });
  store.buckets.create(names.ledgerBucket, { versioning: true, region: names.region });
  const aws = await startAws({ services: [store], account: names.account, credentials: keys });
  bench.atEnd(() => aws.close());
  const rds = await openFakeRds();
  bench.atEnd(() => rds.close());
  const redis = await startRedis(household);
  const emptyRedis = residentMegabytes(redis.pid);
  const env = environment(aws.url, rds.url, redis.url);
  const config = join(household.folder, 'pitcrew.yaml');
  writeFileSync(config, pitcrewYaml({ language: 'en', replicas: 1 }));
  const before = { ...process.env };
  bench.atEnd(() => {
    process.env = before;
  });
  Object.assign(process.env, env);
  bench.say(`${count} restores are written into the ledger …`);
  const where = { bucket: names.ledgerBucket, region: names.region, prefix: 'sandbox' };
  const ids = await writeWaiting(where, count, pollSeconds, bench.signal);
  const worker = await startPitcrew(household, { ...env, PITCREW_CONFIG: config }, 'worker');
  bench.say('The worker takes them up …');
  const reads = () => aws.faults.calls('s3', 'GetObject');
  for (
    const fromMs = performance.now();
    rds.looks() < ids.length;
    await sleep(500, undefined, { signal: bench.signal })
  )
    if (performance.now() - fromMs > 600_000) throw new Error(`only ${rds.looks()} of them are waited for`);
  const looks = await watch(bench, minutes, () => ({
    megabytes: residentMegabytes(worker.pid),
    ...{ calls: rds.calls(), looks: rds.looks(), reads: reads() },
  }));
  const redisMegabytes = residentMegabytes(redis.pid) - emptyRedis;
  await worker.stop();
  return findings(count, minutes, looks, redisMegabytes);
}

/** As the default of `restore.pollSeconds`. */
const pollSeconds = 15;

function environment(awsUrl: string, rdsUrl: string, redisUrl: string): Record<string, string> {
  return {
    ...{ AWS_ENDPOINT_URL: awsUrl, AWS_ENDPOINT_URL_RDS: rdsUrl, REDIS_URL: redisUrl, AWS_REGION: names.region },
    ...{ AWS_ACCESS_KEY_ID: keys.accessKeyId, AWS_SECRET_ACCESS_KEY: keys.secretAccessKey },
    AWS_EC2_METADATA_DISABLED: 'true',
  };
}

async function watch(bench: Bench, minutes: number, look: () => Omit<Look, 'atMinutes'>): Promise<readonly Look[]> {
  const fromMs = performance.now();
  const looks: Look[] = [];
  const elapsed = () => (performance.now() - fromMs) / 60_000;
  while (elapsed() < minutes) {
    looks.push({ atMinutes: elapsed(), ...look() });
    if (looks.length % 12 === 0) bench.say(`${looks.at(-1)?.megabytes.toFixed(0)} MB, ${looks.at(-1)?.looks} looks`);
    await sleep(5_000, undefined, { signal: bench.signal });
  }
  return looks;
}

function findings(count: number, minutes: number, looks: readonly Look[], redisMegabytes: number): Findings {
  const [first, last] = [looks[0], looks.at(-1)];
  if (!first || !last || looks.length < 10) throw new Error('too few looks');
  const past = { looks: last.looks - first.looks, calls: last.calls - first.calls, reads: last.reads - first.reads };
  const memory = looks.map(({ megabytes }) => megabytes);
  const tenth = Math.max(3, Math.floor(looks.length / 10));
  const growth = 100 * (median(memory.slice(-tenth)) / median(memory.slice(tenth, 2 * tenth)) - 1);
  const line = slope(looks.slice(tenth).map(({ atMinutes, megabytes }) => [atMinutes, megabytes] as const));
  const between = (last.atMinutes - first.atMinutes) * 60;
  return {
    measured: [
      { what: 'Memory of the worker', unit: 'MB', samples: memory, budget: { is: '<', value: 300, of: 'max' } },
      {
        ...{ what: `Growth of it over ${minutes} minutes`, unit: '%', samples: [growth] },
        budget: { is: '≤', value: 10 },
        note: `the last tenth of the time against the second; a line through all of it rises by ${line.toFixed(2)} MB a minute`,
      },
      {
        ...{
          what: 'Operations that one call of DescribeDBInstances serves',
          unit: '',
          samples: [past.looks / past.calls],
        },
        budget: { is: '≥', value: 2 },
        note: 'the budget asks for “many”',
      },
      {
        ...{ what: 'Reads of the ledger a re-entry', unit: '', samples: [past.reads / past.looks] },
        budget: { is: '≤', value: 2 },
        note: 'everything that this process reads of S3. The design’s budget is one; two is the least, see decisions/0018',
      },
      { what: 'Looks', unit: 'a second', samples: [past.looks / between] },
      { what: 'Redis, a waiting operation', unit: 'KB', samples: [(redisMegabytes * 1000) / count] },
    ],
    facts: [
      `${count} operations, each asked to be looked at every ${pollSeconds} s, which would be ${(count / pollSeconds).toFixed(0)} looks a second; watched for ${minutes} minutes, every 5 s.`,
      'The S3 is the sandbox’s, a process on the same two cores, and each read of it is HTTP.',
    ],
  };
}

function residentMegabytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return (Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) * 1024) / 1e6;
}
