import { expect, it } from 'vitest';
import { Chains, keyOf } from '../src/ledger/chain.ts';
import { acquire, holds } from '../src/ledger/locks.ts';
import { appendOperation } from '../src/ledger/operations.ts';
import { Plans } from '../src/ledger/plans.ts';
import { probe } from '../src/ledger/s3-store.ts';
import type { LedgerStore } from '../src/ledger/store.ts';
import { counter, say } from './counter.ts';
import { closed, requested } from './drafts.ts';

/** What the ledger needs of any store that it is put upon. */
export function ledgerContract(store: () => LedgerStore): void {
  const patience = () => ({ again: async () => true });
  const chains = () => new Chains({ store: store(), patience });

  it('of 16 creates of one key at once one wins, and the probe at start is content', async () => {
    await expect(probe(store())).resolves.toBeUndefined();
  });

  it('16 appends at once all land, dense, each decided on all that came before it', async () => {
    const words = Array.from({ length: 16 }, (_, n) => `word ${n}`);
    const appended = await Promise.all(words.map((word) => chains().append(counter, 'race', say(word))));
    expect(appended.map(({ kind }) => kind)).toEqual(words.map(() => 'appended'));
    const { n, said } = await chains().load(counter, 'race');
    expect(n).toBe(16);
    expect([...said].sort()).toEqual([...words].sort());
    for (let seq = 0; seq < n; seq++) {
      const stored = await store().read(keyOf(counter, 'race', seq));
      const { data } = JSON.parse(new TextDecoder().decode(stored?.bytes));
      expect(data).toEqual({ word: said[seq], after: seq });
    }
  });

  it('a listing is in the order of the numbers', async () => {
    const keys = await store().list('ops/race/');
    expect(keys).toEqual(Array.from({ length: 16 }, (_, seq) => keyOf(counter, 'race', seq)));
  });

  it('what is not there reads as absent, and bytes come back as they were', async () => {
    expect(await store().read('ops/none/00000000')).toBeUndefined();
    const bytes = new Uint8Array([0, 255, 10, 13, 0]);
    expect(await store().create('plans/bytes', bytes)).toBe('created');
    expect(await store().create('plans/bytes', new Uint8Array([1]))).toBe('exists');
    expect([...((await store().read('plans/bytes'))?.bytes ?? [])]).toEqual([...bytes]);
  });

  it('F52: of several operations one has the lock, and the next only when that one is closed', async () => {
    const names = ['op-a', 'op-b', 'op-c', 'op-d'];
    for (const name of names) await appendOperation(chains(), name, () => requested());
    const first = await Promise.all(names.map((name) => acquire(chains(), name, ['arn:db', 'prod/shop'])));
    const winner = names[first.findIndex(({ kind }) => kind === 'mine')] ?? '';
    expect(first.filter(({ kind }) => kind === 'mine')).toHaveLength(1);
    const other = names.find((name) => name !== winner) ?? '';
    expect(await acquire(chains(), other, ['prod/shop'])).toEqual({
      kind: 'busy',
      resource: 'prod/shop',
      holder: winner,
    });
    expect(await holds(chains(), winner, ['arn:db', 'prod/shop'])).toBe(true);
    await appendOperation(chains(), winner, () => closed('refused'));
    expect(await acquire(chains(), other, ['arn:db', 'prod/shop'])).toEqual({ kind: 'mine' });
    expect(await holds(chains(), winner, ['arn:db'])).toBe(false);
  });

  it('a plan is found under the hash of its bytes', async () => {
    const plans = new Plans(store());
    const plan = { bound: bound(), shown: { commands: {} } };
    const digest = await plans.put(plan);
    expect(await plans.put(plan)).toBe(digest);
    expect(await plans.get(digest)).toEqual(plan);
    await expect(plans.get('0'.repeat(64))).rejects.toMatchObject({ code: 'plan.missing' });
  });
}

const bound = () => ({
  operation: 'restore',
  environment: 'prod',
  account: '1',
  region: 'r',
  steps: [],
  resources: [],
  onFailure: 'return' as const,
  decided: {},
});
