import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { freePort } from '../sandbox/household.ts';
import { startPitcrew } from '../sandbox/pitcrew.ts';
import { sandboxWorkspace } from '../sandbox/slack/workspace.ts';
import { startWorld, type World } from '../sandbox/world.ts';
import { openSlowDoor } from '../test/slow-door.ts';
import { typed } from './ground/program.ts';
import type { SlashFindings, SlashLoad } from './ground/slash-load.ts';
import { interleaved } from './runner/interleave.ts';
import type { Bench, Findings, Part } from './runner/part.ts';
import { percentile } from './runner/statistics.ts';

export const slash: Part = {
  name: 'slash',
  title: 'Acknowledging a slash command',
  how: `pitcrew’s bot as a process of its own, over HTTP, with the sandbox’s Redis, S3 and Slack; beside it a Bolt application
that acknowledges and does nothing. A third process sends signed commands at a steady 200 a second, whether the earlier ones are
answered or not, and hears what is told to the \`response_url\`: \`/backup help\`, by turns with the bare application; then
\`/backup snapshot production\`, each of which is an operation in the ledger and a card; then some of these while every answer of
Redis and S3 comes 2 s late.`,
  minutes: { full: 5, quick: 1 },
  run: measure,
};

const slowSeconds = 2;
const { users, channels } = sandboxWorkspace;

async function measure(bench: Bench): Promise<Findings> {
  const world = await startWorld({ orders: 200, replicas: 1, ordersPerSecond: 1 });
  bench.atEnd(() => world.close());
  world.pauseCustomers();
  const door = await openSlowDoor(world.redis.port);
  bench.atEnd(() => door.close());
  const bot = await startBot(world, door.port);
  const bare = await startBare(world);
  const perSecond = 200;
  const seconds = bench.quick ? 2 : 10;
  const all: Record<'bare' | 'help' | 'flood', SlashFindings[]> = { bare: [], help: [], flood: [] };
  const run = (port: number, keep: SlashFindings[], line: string, lasting: number) => async () => {
    const wanted = { port, perSecond, seconds: lasting, typed: line, patienceSeconds: 120 };
    const found = await load(world, bench, wanted);
    if (found.failed > 0) throw new Error(`${found.failed} commands were not acknowledged`);
    keep.push(found);
    bench.say(`${line || 'bare Bolt'}: p99 ${percentile(found.acksMs, 99).toFixed(1)} ms`);
    return percentile(found.acksMs, 99);
  };
  // Neither is measured while it starts.
  for (const port of [bot, bare])
    await load(world, bench, { port, perSecond: 50, seconds: 2, typed: '', patienceSeconds: 0 });
  const puts = () => world.aws.faults.calls('s3', 'PutObject');
  const p99 = await interleaved(
    bench.rounds ?? (bench.quick ? 2 : 5),
    { bare: run(bare, all.bare, '', seconds), help: run(bot, all.help, 'help', seconds) },
    bench.signal,
  );
  const flood: number[] = [];
  for (let round = 0; round < (bench.quick ? 1 : 3); round++)
    flood.push(await run(bot, all.flood, 'snapshot production', 2)());
  const oneAppendMs = await appendMs(world);
  const putsBefore = puts();
  world.aws.faults.slow('s3', slowSeconds);
  door.delayMs = slowSeconds * 1000;
  const slowly = { port: bot, perSecond: 10, seconds: 3, typed: 'snapshot production', patienceSeconds: 180 };
  const slow = await load(world, bench, slowly);
  world.aws.faults.clear('s3');
  door.delayMs = 0;
  const p50 = (found: readonly SlashFindings[]) => found.map(({ acksMs }) => percentile(acksMs, 50));
  const told = all.flood.map(({ recordedMs }) => recordedMs);
  return {
    measured: [
      {
        what: 'pitcrew, commands that are answered, p99',
        unit: 'ms',
        samples: p99.help,
        budget: { is: '≤', value: 15 },
      },
      { what: 'pitcrew, commands that are answered, p50', unit: 'ms', samples: p50(all.help) },
      {
        ...{ what: 'pitcrew, each an operation that is recorded, p99', unit: 'ms', samples: flood },
        budget: { is: '≤', value: 15 },
        note: 'two cores record far fewer than 200 a second: this is how soon it answers while hundreds queue',
      },
      { what: 'pitcrew, each an operation that is recorded, p50', unit: 'ms', samples: p50(all.flood) },
      { what: 'Bare Bolt, p99', unit: 'ms', samples: p99.bare },
      { what: 'Bare Bolt, p50', unit: 'ms', samples: p50(all.bare) },
      {
        ...{ what: 'With Redis and S3 2 s late, the slowest', unit: 'ms', samples: slow.acksMs },
        budget: { is: '<', value: 1000, of: 'max' },
      },
      {
        ...{ what: 'From “recording…” to “recorded”, S3 2 s late, in calls to S3', unit: 'calls one after another' },
        samples: slow.recordedMs.map((ms) => ms / 1000 / slowSeconds),
        budget: { is: '≤', value: 4 },
        note: 'two appends; an append is a conditional PUT and the GET that proves it; the marker and the card’s marker are PUTs without one',
      },
      {
        ...{ what: 'From “recording…” to “recorded” at 200/s, p50', unit: 'ms' },
        samples: told.flatMap((one) => (one.length > 0 ? [percentile(one, 50)] : [])),
      },
      { what: 'One conditional PUT by itself', unit: 'ms', samples: oneAppendMs },
    ],
    facts: [
      `${perSecond} a second, for ${seconds} s a round, those that are recorded for 2 s; said to be recorded: ${told.flat().length} of ${all.flood.flatMap(({ acksMs }) => acksMs).length}.`,
      `While both were slow: ${slow.acksMs.length} commands, ${slow.failed} not acknowledged, ${slow.recordedMs.length} said to be recorded, ${puts() - putsBefore} PUTs.`,
    ],
  };
}

async function startBot(world: World, redisPort: number): Promise<number> {
  const port = await freePort();
  const { SLACK_APP_TOKEN: _, ...env } = world.env;
  const http = { SLACK_SIGNING_SECRET: signingSecret(world), PORT: String(port) };
  const redis = { REDIS_URL: `redis://127.0.0.1:${redisPort}` };
  await startPitcrew(world.household, { ...env, ...http, ...redis }, 'bot');
  return port;
}

const signingSecret = ({ slack }: World) => slack?.signingSecret ?? '';

async function startBare(world: World): Promise<number> {
  const port = await freePort();
  const env = { PATH: process.env.PATH ?? '', PORT: String(port), SLACK_SIGNING_SECRET: signingSecret(world) };
  const script = fileURLToPath(new URL('./ground/bare-bolt.ts', import.meta.url));
  const stdio = ['ignore', 'pipe', 'inherit'] as const;
  const child: ChildProcess = world.household.spawn('bare-bolt', process.execPath, [script], {
    env,
    stdio: [...stdio],
  });
  if (child.stdout) await once(child.stdout, 'data');
  return port;
}

type Wanted = Pick<SlashLoad, 'port' | 'perSecond' | 'seconds' | 'typed' | 'patienceSeconds'>;

async function load(world: World, bench: Bench, wanted: Wanted): Promise<SlashFindings> {
  const who = { user: users.rosa.id, team: sandboxWorkspace.teamId, channel: channels.incident.id };
  const all: SlashLoad = { ...wanted, ...who, signingSecret: signingSecret(world) };
  const script = fileURLToPath(new URL('./ground/slash-load.ts', import.meta.url));
  const said = await typed(`exec ${process.execPath} ${script}`, { SLASH_LOAD: JSON.stringify(all) }, bench);
  return JSON.parse(said) as SlashFindings;
}

/** What one create of the ledger takes on this S3, one at a time. */
async function appendMs({ s3, aws, env }: World): Promise<readonly number[]> {
  const { S3Client, PutObjectCommand } = await import('@aws-sdk/client-s3');
  s3.buckets.create('bench-appends', { versioning: true, region: 'eu-west-1' });
  const credentials = { accessKeyId: env.AWS_ACCESS_KEY_ID ?? '', secretAccessKey: env.AWS_SECRET_ACCESS_KEY ?? '' };
  const client = new S3Client({ endpoint: aws.url, region: 'eu-west-1', credentials, forcePathStyle: true });
  const took: number[] = [];
  for (let at = 0; at < 50; at++) {
    const fromMs = performance.now();
    const put = { Bucket: 'bench-appends', Key: `ops/bench/${at}`, Body: 'x'.repeat(800), IfNoneMatch: '*' };
    await client.send(new PutObjectCommand(put));
    took.push(performance.now() - fromMs);
  }
  client.destroy();
  return took.slice(10);
}
