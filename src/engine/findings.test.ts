import { describe, expect, it } from 'vitest';
import { approvedStage, type Stage } from '../../test/engine-stage.ts';
import { change, look } from '../../test/engine-steps.ts';
import { MemoryStore } from '../../test/memory-store.ts';
import { permanent } from '../domain/errors.ts';
import type { Draft } from '../domain/events.ts';
import { done, irreversible, type StepContext, wait } from '../domain/step.ts';

const start = Date.parse('2026-11-20T03:00:00.000Z');

/** Stops, judges that something is wrong, and would hand over; with the store's clock and the worker's. */
async function found(findingsWithinMinutes = 10) {
  const clock = { store: 0, worker: 0 };
  const log: string[] = [];
  const seen: StepContext['gate'][] = [];
  const run = async ({ gate }: StepContext) => {
    seen.push(gate);
    if (gate?.decision === 'approved') return done({ by: gate.approvedBy });
    if (gate?.decision === 'open') return wait(gate.leftSeconds + 1, 'wait.findings');
    throw permanent('verification.failed');
  };
  const one = await approvedStage(
    [
      change('stop', log),
      look('judge', { after: ['stop'], gate: 'findings', run }),
      change('publish', log, { after: ['judge'], publishes: true, undo: irreversible }),
    ],
    { findingsWithinMinutes },
    new MemoryStore({ now: () => new Date(start + clock.store * 60_000) }),
  );
  one.workerClock = () => new Date(start + clock.worker * 60_000);
  const say = (name: string, decision: 'approve' | 'deny' = 'approve') =>
    one.append(({ findings }) => word(name, decision, findings?.digest));
  return { one, log, seen, clock, say };
}
const word = (name: string, decision: 'approve' | 'deny', digest = ''): Draft => {
  const human = { id: `T/${name}`, slackUser: name };
  return { type: 'vote', actor: name, data: { gate: 'findings', digest, human, via: name, decision } };
};
const ended = async (one: Stage) => (await one.state()).closed;

describe('F44: people may decide whether an operation goes on with what a step found', () => {
  it('it waits for them without writing anything, and goes on when enough said so', async () => {
    const { one, log, seen, say } = await found();
    expect(await one.pass()).toMatchObject({ kind: 'wait', seconds: 601, waiting: [{ step: 'judge' }] });
    const before = one.types();
    await one.pass();
    expect([one.types(), before.at(-1)]).toEqual([before, 'intent judge']);
    await say('ann');
    expect(await one.pass()).toMatchObject({ kind: 'wait' });
    expect(log).toEqual(['stop']);
    await say('ben');
    expect(await one.drive()).toEqual({ kind: 'closed' });
    expect(log).toEqual(['stop', 'publish']);
    expect(seen.at(-1)).toMatchObject({ decision: 'approved', approvedBy: ['ann', 'ben'], required: 2 });
    expect(await ended(one)).toMatchObject({ outcome: 'succeeded' });
  });

  it('one no turns it back', async () => {
    const { one, log, say } = await found();
    await one.pass();
    await say('ann');
    await say('rita', 'deny');
    expect(await one.drive()).toEqual({ kind: 'closed' });
    expect(log).toEqual(['stop', 'undo stop']);
    expect(await ended(one)).toMatchObject({ outcome: 'failed', error: { code: 'verification.failed' } });
  });

  it('nobody in time turns it back, and a word that comes later is told so', async () => {
    const { one, log, clock, say } = await found();
    await one.pass();
    Object.assign(clock, { store: 10.1, worker: 10.1 });
    expect((await say('ann')).voided).toMatchObject([{ type: 'vote', code: 'findings.expired' }]);
    expect(await one.drive()).toEqual({ kind: 'closed' });
    expect(log).toEqual(['stop', 'undo stop']);
  });

  it('a worker whose clock is ahead takes nobody’s time: its failure is void, and it waits by the store’s clock', async () => {
    const { one, log, clock, say } = await found();
    await one.pass();
    clock.worker = 20;
    clock.store = 4;
    expect(await one.pass()).toEqual({ kind: 'wait', seconds: 361, waiting: [] });
    expect((await one.state()).voided).toMatchObject([{ type: 'failed', code: 'engine.findings-open' }]);
    await say('ann');
    await say('ben');
    expect(await one.drive()).toEqual({ kind: 'closed' });
    expect(log).toEqual(['stop', 'publish']);
  });

  it('a worker whose clock stands still sees by the chain that the time is over', async () => {
    const { one, log, clock, say } = await found();
    await one.pass();
    clock.store = 11;
    await say('ann');
    expect(await one.drive()).toEqual({ kind: 'closed' });
    expect(log).toEqual(['stop', 'undo stop']);
  });

  it('people decide while a worker is about to give up: what they said stands', async () => {
    const { one, log, clock, say } = await found();
    await one.pass();
    clock.worker = 20;
    const once = one.store.create.bind(one.store);
    let racing = true;
    one.store.create = async (key, bytes) => {
      if (racing && new TextDecoder().decode(bytes).includes('"failed"')) {
        racing = false;
        await say('ann');
        await say('ben');
      }
      return once(key, bytes);
    };
    expect(await one.drive()).toEqual({ kind: 'closed' });
    expect(log).toEqual(['stop', 'publish']);
  });

  it('a cancel meanwhile turns it back at once', async () => {
    const { one, log } = await found();
    await one.pass();
    await one.append(() => ({
      type: 'cancel-asked',
      actor: 'rita',
      data: { human: { id: 'T/rita', slackUser: 'rita' } },
    }));
    expect(await one.drive()).toEqual({ kind: 'closed' });
    expect(log).toEqual(['stop', 'undo stop']);
    expect(await ended(one)).toMatchObject({ outcome: 'cancelled' });
  });

  it('0 minutes: nobody is asked, the failure policy applies at once', async () => {
    const { one, log, seen } = await found(0);
    expect(await one.drive()).toEqual({ kind: 'closed' });
    expect(log).toEqual(['stop', 'undo stop']);
    expect(seen).toMatchObject([{ decision: 'nobody' }]);
  });
});
