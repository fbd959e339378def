import { join } from 'node:path';
import { openBigShop, smallShop, twoGigabytes } from './ground/big-shop.ts';
import { bucket, type JobRun, openJobGround } from './ground/job.ts';
import { typed, typedSeconds } from './ground/program.ts';
import { interleaved } from './runner/interleave.ts';
import type { Bench, Findings, Part } from './runner/part.ts';
import { ratios } from './runner/statistics.ts';

export const dump: Part = {
  name: 'dump',
  title: 'A dump to S3',
  how: `A shop of 2 GB on disk. pitcrew’s Job, as a process of its own, from its start to its end: count the critical tables,
stream \`pg_dump\` to S3, read the archive back whole, write the manifest. Beside it \`pg_dump … > /dev/null\` at the same
compression, which nothing that uses pg_dump can be faster than; and the runbook’s three hops: \`pg_dump -Fc\` to a file, a
copy of it (\`cp\`: kinder than \`kubectl cp\`), \`aws s3 cp\`. All by turns, over TLS, against the same server and the same S3.`,
  minutes: { full: 25, quick: 1 },
  run: measure,
};

const megabytes = (bytes: number) => bytes / 1e6;

async function measure(bench: Bench): Promise<Findings> {
  const shop = await openBigShop(bench.quick ? smallShop : twoGigabytes, bench);
  const ground = await openJobGround(shop, bench);
  const { folder } = shop.household;
  const runs: JobRun[] = [];
  const job = async (round: number) => {
    const done = await ground.run(ground.task(`database/${round}.dump`), shop.reader);
    bench.say(`round ${round}: pitcrew ${standsAfter(done).toFixed(1)} s, read back ${done.seconds.toFixed(1)} s`);
    runs.push(done);
    return done.seconds;
  };
  const variables = { ...ground.variables, ...shop.reader };
  const [inPod, here] = [join(folder, 'pod.dump'), join(folder, 'laptop.dump')];
  const upload = `aws s3 cp --no-progress ${here} s3://${bucket}/database/runbook.dump >/dev/null`;
  const line = `pg_dump -Fc --no-password -f ${inPod} && cp ${inPod} ${here} && ${upload}`;
  const seconds = await interleaved(
    bench.rounds ?? (bench.quick ? 2 : 5),
    {
      job,
      limit: () => typedSeconds('pg_dump -Fc --no-password --compress=1 > /dev/null', variables, bench),
      runbook: () => typedSeconds(line, variables, bench),
    },
    bench.signal,
  );
  const sizeBytes = Number(await typed(`stat -c %s ${inPod}`, {}, bench));
  const slow = await slowly(bench, () => ground.run(ground.task('database/slow.dump'), shop.reader), ground);
  const stands = runs.map(standsAfter);
  const memory = { unit: 'MB', budget: { is: '≤', value: 200, of: 'max' } } as const;
  return {
    measured: [
      {
        ...{ what: 'The runbook’s three hops against pitcrew, until the object stands in S3', unit: '×' },
        ...{ samples: ratios(seconds.runbook, stands), budget: { is: '≥', value: 2.5 } },
        note: 'gzip-1, since pg_dump 15 has no zstd; 3.5× is asked for where it has',
      },
      {
        ...{ what: 'The same, until it is read back whole and has its manifest', unit: '×' },
        ...{ samples: ratios(seconds.runbook, seconds.job), budget: { is: '≥', value: 2.5 } },
        note: 'the runbook reads nothing back',
      },
      {
        ...{ what: '`pg_dump > /dev/null` at the same compression against streaming to S3', unit: '×' },
        ...{ samples: ratios(seconds.limit, stands), budget: { is: '≥', value: 0.9 } },
      },
      {
        ...{ what: 'The runbook’s three hops against `pg_dump > /dev/null` at pitcrew’s compression', unit: '×' },
        ...{ samples: ratios(seconds.runbook, seconds.limit) },
        note: 'the most that one stream of pg_dump can reach with this shop and this server',
      },
      { what: 'pitcrew, until the object stands in S3', unit: 's', samples: stands },
      { what: 'pitcrew, all of it', unit: 's', samples: seconds.job },
      { what: '`pg_dump > /dev/null`', unit: 's', samples: seconds.limit },
      { what: 'The runbook’s three hops', unit: 's', samples: seconds.runbook },
      { what: 'Memory of the Job’s Node, S3 fast', ...memory, samples: runs.map((run) => nodeOf(run)) },
      {
        ...{ what: 'Memory of the Job and its pg_dump or pg_restore together, S3 fast', ...memory },
        samples: runs.map(({ peak }) => megabytes(peak.together)),
      },
      { what: 'Memory of the Job’s Node, S3 slow', ...memory, samples: [nodeOf(slow)] },
      {
        ...{ what: 'Memory of the Job and its pg_dump or pg_restore together, S3 slow', ...memory },
        samples: [megabytes(slow.peak.together)],
      },
    ],
    facts: [
      `The shop: ${Math.round(megabytes(shop.bytes))} MB on disk, its dump at the runbook’s gzip-6 ${Math.round(megabytes(sizeBytes))} MB.`,
      `S3 slow: every answer ${slowSeconds(bench)} s late, which makes pg_dump wait.`,
      'The S3 is a process on the same two cores: what it computes (checksums of what arrives) slows down whoever streams to it, not `> /dev/null`.',
    ],
  };
}

/** It reads back what stands in S3. */
const standsAfter = ({ phases }: JobRun) => phases.read ?? Number.NaN;
const nodeOf = ({ peak }: JobRun) => megabytes(peak.byProgram.node ?? Number.NaN);
const slowSeconds = ({ quick }: Bench) => (quick ? 0.2 : 5);

async function slowly(
  bench: Bench,
  work: () => Promise<JobRun>,
  { aws }: Awaited<ReturnType<typeof openJobGround>>,
): Promise<JobRun> {
  bench.say('once more, with a slow S3 …');
  aws.faults.slow('s3', slowSeconds(bench));
  try {
    return await work();
  } finally {
    aws.faults.slow('s3', 0);
  }
}
