import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LedgerReader, openLedger } from '../../sandbox/ledger.ts';
import { startWorld, type World } from '../../sandbox/world.ts';
import { operationIn, pitcrewAs, startAs, type Who } from '../people-at-terminals.ts';
import { eventually } from '../stage.ts';

let world: World;
let ledger: LedgerReader;
beforeAll(async () => {
  world = await startWorld({ slack: false, orders: 2_000, replicas: 1, ordersPerSecond: 5 });
  ledger = openLedger(world.env);
  // Two of them, as in production: both keep desks, and a word is counted once.
  startAs(world, 'worker', 'worker');
  startAs(world, 'worker', 'worker');
});
afterAll(async () => {
  ledger?.close();
  await world?.close();
});

const pitcrew = (who: Who, ...words: readonly string[]) => pitcrewAs(world, who, ...words);

describe('Slack is down, and workers live', () => {
  /** The operation that was denied. */
  let over = '';

  it('a restore is asked for, approved and denied from terminals: a worker plans it and takes the words', async () => {
    const asked = await pitcrew('rosa', 'restore', 'production', '--reason', 'rows are gone', '--yes', '--no-wait');
    expect(asked.code, asked.said).toBe(0);
    const operation = operationIn(asked.out);
    await eventually(
      'it is planned by a worker',
      async () => (await ledger.chain(operation)).some(({ type }) => type === 'planned'),
      90,
    );
    const status = JSON.parse((await pitcrew('amir', 'status', operation, '--json')).out) as { digest: string };
    const digest = status.digest.slice(0, 12);
    await eventually(
      'a desk is open',
      async () =>
        (await pitcrew('mallory', 'approve', operation, '--digest', digest)).said.includes('identity.unknown'),
      60,
    );
    expect(await pitcrew('amir', 'approve', operation, '--digest', digest)).toMatchObject({ code: 0 });
    const twice = await pitcrew('amir', 'approve', operation, '--digest', digest);
    expect([twice.code, twice.said]).toEqual([1, expect.stringContaining('approval.already-voted')]);
    const no = await pitcrew('wei', 'deny', operation, '--digest', digest, '--reason', 'the wrong snapshot');
    expect(no.code, no.said).toBe(0);
    await eventually('it is closed', async () => (await ledger.chain(operation)).at(-1)?.type === 'closed', 60);
    const chain = await ledger.chain(operation);
    expect(chain.at(-1)?.data).toMatchObject({ outcome: 'denied' });
    expect(chain.filter(({ type }) => type === 'vote').map(({ data }) => data)).toMatchObject([
      { decision: 'approve', principal: 'arn:aws:iam::123456789012:user/amir' },
      { decision: 'deny', principal: expect.stringContaining('/wei@example.com') },
    ]);
    // The one that was typed twice, and no second desk's.
    expect(chain.filter(({ type }) => type === 'refused')).toHaveLength(1);
    over = operation;
  });

  it('what is over stands in the history, and can’t be given up', async () => {
    const told = await pitcrew('rosa', 'history', 'production');
    expect([told.code, told.out]).toEqual([0, expect.stringContaining(over)]);
    const late = await pitcrew('rosa', 'supersede', over, '--reason', 'x');
    expect([late.code, late.said]).toEqual([1, expect.stringContaining('operation.closed')]);
  });

  it('verify and adopt are asked for as in Slack, and end with the exit code of what came of them', async () => {
    const verified = await pitcrew('rosa', 'verify', 'production', '--json');
    expect(verified.code, verified.said).toBe(0);
    expect(JSON.parse(verified.out.trim().split('\n').at(-1) ?? '')).toMatchObject({
      kind: 'verify',
      outcome: 'succeeded',
    });
    const nothing = await pitcrew('rosa', 'adopt', 'production', 'database/nothing.dump');
    expect([nothing.code, nothing.said]).toEqual([1, expect.stringContaining('database/nothing.dump')]);
  });
});
