import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LedgerReader, openLedger } from '../../sandbox/ledger.ts';
import { names } from '../../sandbox/settings.ts';
import { startWorld, type World } from '../../sandbox/world.ts';
import { operationIn, pitcrewAs, startAs } from '../people-at-terminals.ts';
import { eventually } from '../stage.ts';

const bucket = names.backupsBucket;
const tools = { namespace: names.namespace, deployment: 'tools', container: 'tools' };
let world: World;
let ledger: LedgerReader;
beforeAll(async () => {
  world = await startWorld({
    ...{ slack: false, orders: 60_000, replicas: 1, ordersPerSecond: 5 },
    config: { production: { dumps: { bucket, prefix: 'database/', runner: 'exec', tools } } },
  });
  ledger = openLedger(world.env);
});
afterAll(async () => {
  ledger?.close();
  await world?.close();
});

const manifestOf = (operation: string) =>
  JSON.parse(world.s3.read(bucket, `database/production/${operation}.dump.manifest.json`).toString()) as {
    operation: string;
    counts: Readonly<Record<string, number>>;
  };

async function asked(): Promise<string> {
  const recorded = await pitcrewAs(world, 'rosa', 'dump', 'production', '--no-wait');
  expect(recorded.code, recorded.said).toBe(0);
  return operationIn(recorded.out);
}

/** pg_dump itself, not what is asked of it beforehand. */
const ofTheDump = ({ argv }: { readonly argv: readonly string[] }) =>
  argv.some((word) => word.startsWith('--snapshot='));

describe('a dump in a pod, in a cluster without Jobs', () => {
  it('F38: whose connection breaks in the middle is seen to fail, and made whole by the next attempt', async () => {
    world.kubernetes.faults.cutExecs({ afterBytes: 300_000, count: 1, matching: ofTheDump });
    const operation = await asked();
    const run = await pitcrewAs(world, 'worker', 'run', operation);
    expect(run.code, run.said).toBe(0);
    const chain = await ledger.chain(operation);
    const failures = chain.filter(({ type }) => type === 'failed').map(({ data }) => data);
    expect(failures).toMatchObject([{ step: 'dump-by-exec', error: { code: 'kubernetes.exec-broken' } }]);
    expect(manifestOf(operation)).toMatchObject({ operation, counts: { 'public.orders': expect.any(Number) } });
  });

  it('whose worker is killed in the middle is begun anew by the next: nothing runs on in the pod', async () => {
    const lift = world.aws.faults;
    lift.order({ service: 's3', action: 'UploadPart', fault: { kind: 'delay', seconds: 20 } });
    const operation = await asked();
    const first = startAs(world, 'worker', 'run', operation);
    await eventually('the dump is under way', async () => first.out().includes('begun: Dump in the tools pod'), 120);
    await sleep(3_000);
    first.child.kill('SIGKILL');
    await first.code;
    lift.clear();
    const again = await pitcrewAs(world, 'worker', 'run', operation);
    expect(again.code, again.said).toBe(0);
    expect(manifestOf(operation)).toMatchObject({ operation });
    expect(stillRunning(operation)).toEqual([]);
  });
});

/** Processes of the machine that carry this operation's mark. */
function stillRunning(operation: string): readonly string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`PITCREW_DUMP=${operation}\0`);
    } catch {
      return false;
    }
  });
}
