import { describe, expect, it } from 'vitest';
import { closed, requested } from '../../test/drafts.ts';
import { approvedStage, stage } from '../../test/engine-stage.ts';
import { change, look } from '../../test/engine-steps.ts';
import { MemoryStore } from '../../test/memory-store.ts';
import { done } from '../domain/step.ts';
import { Chains } from '../ledger/chain.ts';
import { acquire } from '../ledger/locks.ts';
import { appendOperation } from '../ledger/operations.ts';

describe('several workers', () => {
  it('F10: a fenced run goes away without a word and notes no outcome', async () => {
    let other: unknown;
    let first = true;
    const one = await approvedStage([
      change('stop', [], {
        run: async () => {
          if (first) {
            first = false;
            other = await one.pass();
          }
          return done({});
        },
      }),
    ]);
    expect(await one.pass()).toEqual({ kind: 'fenced' });
    expect(other).toEqual({ kind: 'closed' });
    const { epoch, voided, closed: end } = await one.state();
    expect({ epoch, voided, outcome: end?.outcome }).toEqual({ epoch: 2, voided: [], outcome: 'succeeded' });
  });

  it('a worker that slept while the owner went on does not park what it saw long ago', async () => {
    const store = new MemoryStore();
    const one = await approvedStage([change('stop', [], { run: () => new Promise(() => undefined) })], {}, store);
    for (let claims = 0; claims < 5; claims++) {
      void one.pass();
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    const { run = '', epoch } = await one.state();
    expect(epoch).toBe(5);
    // The owner's outcome lands between the sleeper's look and its word.
    let late = true;
    const sleeper = {
      create: (key: string, bytes: Uint8Array) => store.create(key, bytes),
      list: (prefix: string) => store.list(prefix),
      async read(key: string) {
        const answer = await store.read(key);
        if (key.startsWith('plans/') && late) {
          late = false;
          await one.append(() => ({
            type: 'done',
            actor: 'worker',
            run,
            epoch,
            data: { step: 'stop', direction: 'do', output: {} },
          }));
        }
        return answer;
      },
    };
    expect(await one.pass({}, { store: sleeper, markers: store.markers })).toEqual({ kind: 'fenced' });
    expect(await one.drive()).toEqual({ kind: 'closed' });
  });

  it('F53: five claims without an outcome park it; claims that a dead worker left behind count', async () => {
    const one = await approvedStage([change('stop', [], { run: () => new Promise(() => undefined) })]);
    for (let lives = 0; lives < 5; lives++) {
      void one.pass();
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect((await one.state()).claimsWithoutOutcome).toBe(5);
    expect(await one.pass()).toEqual({ kind: 'parked' });
    expect((await one.state()).parked?.error.code).toBe('engine.poison');
  });

  it('F53: workers that die while they only look are counted by the queue, and park it too', async () => {
    const one = await approvedStage([look('restored', { run: () => new Promise(() => undefined) })]);
    for (let stalls = 0; stalls < 5; stalls++) {
      void one.pass({ stalls });
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect(await one.pass({ stalls: 5 })).toEqual({ kind: 'parked' });
  });

  it('F18: a second operation on the same database is refused and names the first', async () => {
    const one = await stage([look('a')]);
    const chains = new Chains({ store: one.store });
    await appendOperation(chains, 'first', () => requested());
    await acquire(chains, 'first', ['db']);
    expect(await one.pass()).toEqual({ kind: 'closed' });
    expect((await one.state()).closed).toMatchObject({
      outcome: 'refused',
      service: 'unchanged',
      error: { code: 'operation.busy', params: { resource: 'db', holder: 'first' } },
    });
    await appendOperation(chains, 'first', () => closed('refused'));
    expect(await acquire(chains, 'third', ['db'])).toEqual({ kind: 'mine' });
  });
});
