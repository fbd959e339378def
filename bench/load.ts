import { cpus } from 'node:os';
import { join } from 'node:path';
import { type DumpManifest, manifestKey, manifestOf } from '../src/domain/dump.ts';
import type { LoadTask } from '../src/domain/load.ts';
import { type BigShop, openBigShop, smallShop, twoGigabytes } from './ground/big-shop.ts';
import { bucket, type JobGround, type JobRun, openJobGround } from './ground/job.ts';
import { typed, typedSeconds } from './ground/program.ts';
import { interleaved } from './runner/interleave.ts';
import type { Bench, Findings, Part } from './runner/part.ts';
import { ratios } from './runner/statistics.ts';

export const load: Part = {
  name: 'load',
  title: 'A dump, restored',
  how: `The dump of a shop of 2 GB, made by pitcrew, loaded into a new database of the same server: by pitcrew’s Job with a file and as
many connections as there are cores, and streamed from S3; by \`pg_restore\` from a file that is there already, as the runbook
calls it (one connection); and by the runbook’s whole restore: \`aws s3 cp\`, a copy (\`cp\`: kinder than \`kubectl cp\`), \`pg_restore\`.
By turns; a database is dropped before the next is measured.`,
  minutes: { full: 45, quick: 1 },
  run: measure,
};

const owner = 'shop_owner';
const cores = cpus().length;

async function measure(bench: Bench): Promise<Findings> {
  const shop = await openBigShop(bench.quick ? smallShop : twoGigabytes, bench);
  const ground = await openJobGround(shop, bench);
  const dump = ground.task('database/restored.dump');
  bench.say('dumping …');
  await ground.run(dump, shop.owner);
  const manifest = manifestOf(ground.store.read(bucket, manifestKey(dump.key)).toString());
  if (!manifest) throw new Error('the dump has no manifest');
  const here = join(shop.household.folder, 'laptop.dump');
  const inPod = join(shop.household.folder, 'pod.dump');
  const fetch = `aws s3 cp --no-progress s3://${bucket}/${dump.key} ${here} >/dev/null`;
  const variables = { ...ground.variables, ...shop.owner };
  await typed(`${fetch} && cp ${here} ${inPod}`, variables, bench);
  const runs: Record<'file' | 'stream', JobRun[]> = { file: [], stream: [] };
  const job = (via: 'file' | 'stream') => async () => {
    const done = await loaded(shop, ground, manifest, via);
    runs[via].push(done);
    bench.say(`pitcrew, ${via}: loaded ${done.phases.analyze?.toFixed(1)} s, all ${done.seconds.toFixed(1)} s`);
    return done.seconds;
  };
  const restore = `pg_restore --no-password --no-owner --exit-on-error -d loaded ${inPod}`;
  const byHand = (line: string) => () => intoNew(shop, () => typedSeconds(line, variables, bench));
  const seconds = await interleaved(
    bench.rounds ?? (bench.quick ? 2 : 5),
    {
      file: job('file'),
      stream: job('stream'),
      limit: byHand(restore),
      runbook: byHand(`${fetch} && cp ${here} ${inPod} && ${restore}`),
    },
    bench.signal,
  );
  const loadedAfter = (via: 'file' | 'stream') => runs[via].map(({ phases }) => phases.analyze ?? Number.NaN);
  const memory = { unit: 'MB', budget: { is: '≤', value: 200, of: 'max' } } as const;
  const node = (via: 'file' | 'stream') => runs[via].map(({ peak }) => (peak.byProgram.node ?? Number.NaN) / 1e6);
  const together = (via: 'file' | 'stream') => runs[via].map(({ peak }) => peak.together / 1e6);
  const against = (from: readonly number[], to: readonly number[], value?: number) => ({
    ...{ unit: '×', samples: ratios(from, to) },
    ...(value === undefined ? {} : { budget: { is: '≥', value } as const }),
  });
  return {
    measured: [
      {
        what: `The runbook’s whole restore against pitcrew with a file and ${cores} connections, loaded`,
        ...against(seconds.runbook, loadedAfter('file'), 1.25),
      },
      {
        what: 'The runbook’s whole restore against pitcrew streaming, loaded',
        ...against(seconds.runbook, loadedAfter('stream'), 0.95),
      },
      {
        what: 'The same with a file, until it is vacuumed and analysed too',
        ...against(seconds.runbook, seconds.file),
        note: 'the runbook leaves a database without statistics',
      },
      {
        what: 'The same streaming, until it is vacuumed and analysed too',
        ...against(seconds.runbook, seconds.stream),
      },
      {
        what: '`pg_restore` from a file that is there already against pitcrew with a file, loaded',
        ...against(seconds.limit, loadedAfter('file')),
      },
      {
        what: '`pg_restore` from a file that is there already against pitcrew streaming, loaded',
        ...against(seconds.limit, loadedAfter('stream')),
      },
      { what: 'pitcrew with a file, loaded', unit: 's', samples: loadedAfter('file') },
      { what: 'pitcrew streaming, loaded', unit: 's', samples: loadedAfter('stream') },
      { what: '`pg_restore` from a file that is there already', unit: 's', samples: seconds.limit },
      { what: 'The runbook’s whole restore', unit: 's', samples: seconds.runbook },
      { what: 'Memory of the Job’s Node, with a file', ...memory, samples: node('file') },
      { what: 'Memory of the Job and its pg_restore together, with a file', ...memory, samples: together('file') },
      { what: 'Memory of the Job’s Node, streaming', ...memory, samples: node('stream') },
      { what: 'Memory of the Job and its pg_restore together, streaming', ...memory, samples: together('stream') },
    ],
    facts: [
      `The shop: ${Math.round(shop.bytes / 1e6)} MB on disk, its dump ${Math.round(manifest.sizeBytes / 1e6)} MB.`,
      'pitcrew’s times include the proof of every byte by its sha256, and reading the list of the archive before.',
    ],
  };
}

let operations = 0;

async function loaded(
  shop: BigShop,
  ground: JobGround,
  manifest: DumpManifest,
  via: 'file' | 'stream',
): Promise<JobRun> {
  const operation = `op-${String(++operations).padStart(12, '9')}`;
  const database = `loaded_${operations}`;
  const { key, versionId, sha256, sizeBytes, needs } = manifest;
  if (!needs) throw new Error('the manifest does not say what the dump needs');
  const { region, environment, host, port, major } = ground.task(key);
  const task: LoadTask = {
    ...{
      kind: 'load',
      operation,
      environment,
      region,
      bucket,
      key,
      versionId,
      sha256,
      sizeBytes,
      host,
      port,
      database,
    },
    ...{ major, jobs: via === 'file' ? cores : 1, via, mode: 'new-database', role: owner, shape: needs.shape },
  };
  try {
    return await ground.run(task, shop.owner);
  } finally {
    await shop.sql('postgres', `DROP DATABASE IF EXISTS ${database}`, 'CHECKPOINT');
  }
}

async function intoNew(shop: BigShop, work: () => Promise<number>): Promise<number> {
  await shop.sql('postgres', `CREATE DATABASE loaded OWNER ${owner} TEMPLATE template0`);
  try {
    return await work();
  } finally {
    await shop.sql('postgres', 'DROP DATABASE loaded', 'CHECKPOINT');
  }
}
