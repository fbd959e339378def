import { connect, createServer } from 'node:net';
import { closed, openIncident, planned } from '../../sandbox/incident.ts';
import { startPitcrew } from '../../sandbox/pitcrew.ts';
import { names } from '../../sandbox/settings.ts';
import { startWorld, type World } from '../../sandbox/world.ts';
import type { Plan } from '../../src/domain/plan.ts';
import type { Bench } from '../runner/part.ts';

/** How much of a restore's time was pitcrew's own. Seconds. */
export interface RestoreShare {
  readonly wholeSeconds: number;
  /** Steps on the critical path. */
  readonly steps: number;
  /** From the end of a step to the call of the next one on it. */
  readonly betweenSeconds: number;
  /** From RDS being ready to the end of the step that waited for it. */
  readonly lateSeconds: number;
  /** Steps on it that waited for RDS. */
  readonly waits: number;
  readonly pollSeconds: number;
}

/** As the sandbox's pitcrew.yaml has it. */
const pollSeconds = 1;

interface Told {
  readonly type: string;
  readonly step: string;
  readonly atMs: number;
}

/** A restore by `stop-first` in a sandbox of its own, watched from outside: when pitcrew wrote which event, and when RDS was ready. */
export async function restoreShare(bench: Bench): Promise<RestoreShare> {
  const world = await startWorld({ orders: 5_000, replicas: 2, config: { provenSeconds: 3 } });
  const told: Told[] = [];
  const door = await openDoor(Number(new URL(world.aws.url).port), told);
  const close = once(async () => {
    door.close();
    await world.close();
  });
  bench.atEnd(close);
  const incident = openIncident(world);
  try {
    await startPitcrew(world.household, { ...world.env, AWS_ENDPOINT_URL: `http://127.0.0.1:${door.port}` }, 'start');
    await incident.until(await incident.snapshot('rosa'), closed);
    const operation = await incident.restore('rosa', { reason: 'a measurement' });
    const { digest } = await incident.until(operation, planned);
    const plan = JSON.parse(world.s3.read(names.ledgerBucket, `sandbox/plans/${String(digest)}`).toString()) as Plan;
    const made = plan.bound.steps.find(({ id }) => id === 'await-instance')?.input.instance;
    const ready = watchRds(world, String(made));
    bench.atEnd(ready.stop);
    await incident.approve('amir', operation);
    await incident.approve('wei', operation);
    const approvedMs = performance.now();
    told.splice(0);
    const end = await incident.until(operation, closed, 300);
    ready.stop();
    if (end.outcome !== 'succeeded') throw new Error(`the restore ended as ${JSON.stringify(end)}`);
    return shareOf(plan, told, ready.timesMs, approvedMs);
  } finally {
    incident.close();
    await close();
  }
}

function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => {
    done ??= work();
    return done;
  };
}

/** Back from the step that ended last: each step was waiting for that of its forerunners which ended last. */
export function shareOf(
  plan: Plan,
  told: readonly Told[],
  readyMs: readonly number[],
  approvedMs: number,
): RestoreShare {
  const first = (type: string, step: string) => told.find((one) => one.type === type && one.step === step)?.atMs;
  const ends = new Map(plan.bound.steps.map(({ id }) => [id, first('done', id)] as const));
  const lastOf = (ids: readonly string[]) =>
    ids.filter((id) => ends.get(id) !== undefined).sort((a, b) => (ends.get(b) ?? 0) - (ends.get(a) ?? 0))[0];
  let between = 0;
  let late = 0;
  let waits = 0;
  let steps = 0;
  const last = lastOf(plan.bound.steps.map(({ id }) => id));
  for (let id = last; id !== undefined; steps++) {
    const after: readonly string[] = plan.bound.steps.find((step) => step.id === id)?.after ?? [];
    const before = lastOf(after.filter((one) => !onlyWatches.has(one))) ?? lastOf(after);
    const begunMs = first('intent', id) ?? Number.NaN;
    const endMs = ends.get(id) ?? Number.NaN;
    if (before !== undefined) between += begunMs - (ends.get(before) ?? begunMs);
    const ready = readyMs.findLast((atMs) => atMs > begunMs && atMs < endMs);
    if (waitsForRds.has(id) && ready !== undefined) {
      waits++;
      late += endMs - ready;
    }
    id = before;
  }
  const wholeSeconds = ((last === undefined ? approvedMs : (ends.get(last) ?? approvedMs)) - approvedMs) / 1000;
  return { wholeSeconds, steps, betweenSeconds: between / 1000, lateSeconds: late / 1000, waits, pollSeconds };
}

/** Lasts for as long as another step does: what comes after both of them waits for that one, and how late this one sees it. */
const onlyWatches = new Set(['watch-stopped']);
const waitsForRds = new Set(['await-instance', 'prove-aligned', 'await-log']);

/** When the instance became available, each time. */
function watchRds({ rds }: World, id: string): { readonly timesMs: readonly number[]; stop(): void } {
  const timesMs: number[] = [];
  let seen: string | undefined;
  const timer = setInterval(() => {
    const status = rds.instance(id)?.status;
    if (status === 'available' && seen !== 'available') timesMs.push(performance.now());
    seen = status;
  }, 5);
  return { timesMs, stop: () => clearInterval(timer) };
}

/** A door before AWS that notes which event of an operation's chain goes through it, and when. */
async function openDoor(port: number, told: Told[]): Promise<{ readonly port: number; close(): void }> {
  const server = createServer((client) => {
    const upstream = connect(port, '127.0.0.1');
    for (const socket of [client, upstream]) socket.on('error', () => socket.destroy());
    let head = '';
    client.on('data', (bytes: Buffer) => {
      const atMs = performance.now();
      // Its head may come before its body; what matters stands at the body's beginning.
      head += bytes.toString('latin1');
      const found = /"type":"(intent|done|failed)".*?"step":"([a-z-]+)"/.exec(head);
      if (found && head.includes('/ops/op-')) {
        told.push({ type: found[1] ?? '', step: found[2] ?? '', atMs });
        head = '';
      }
      head = head.slice(-8192);
      upstream.write(bytes);
    });
    upstream.pipe(client);
    client.once('close', () => upstream.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return { port: typeof address === 'object' ? (address?.port ?? 0) : 0, close: () => server.close() };
}
