import { describe, expect, it } from 'vitest';
import { approvedStage } from '../../test/engine-stage.ts';
import { change, look } from '../../test/engine-steps.ts';
import { MemoryStore } from '../../test/memory-store.ts';
import { permanent, userError } from '../domain/errors.ts';
import type { Draft } from '../domain/events.ts';
import { done, irreversible, type StepContext, wait } from '../domain/step.ts';

const start = Date.parse('2026-11-20T03:00:00.000Z');

/** Makes something beside, asks people, and only then stops; with the store's clock and the worker's. */
async function compared(over = {}, run = asks) {
  const clock = { store: 0, worker: 0 };
  const log: string[] = [];
  const one = await approvedStage(
    [
      change('create', log),
      look('ask', { after: ['create'], gate: 'cut-over', run }),
      change('stop', log, { after: ['ask'] }),
      change('publish', log, { after: ['stop'], publishes: true, undo: irreversible }),
    ],
    { cutOver: 1, cutOverWithinMinutes: 10, ...over },
    new MemoryStore({ now: () => new Date(start + clock.store * 60_000) }),
  );
  one.workerClock = () => new Date(start + clock.worker * 60_000);
  const say = (name: string, decision: 'approve' | 'deny' = 'approve') =>
    one.append(({ cutOver }): Draft => {
      const human = { id: `T/${name}`, slackUser: name };
      const data = { gate: 'cut-over' as const, digest: cutOver?.digest ?? '', human, via: name, decision };
      return { type: 'vote', actor: name, data };
    });
  return { one, log, clock, say };
}

const asks = async ({ gate }: StepContext) => {
  if (gate?.decision === 'approved') return done({ by: gate.approvedBy });
  if (gate?.decision === 'open') return wait(gate.leftSeconds + 1, 'wait.cut-over');
  if (gate?.decision === 'nobody') throw permanent('cut-over.nobody-decides');
  throw userError(`cut-over.${gate?.decision}`);
};

describe('nothing that people use is touched before they approved the cut-over', () => {
  it('it waits for as many as the policy says, and goes on', async () => {
    const { one, log, say } = await compared();
    expect(await one.pass()).toMatchObject({ kind: 'wait', seconds: 601, waiting: [{ step: 'ask' }] });
    expect(log).toEqual(['create']);
    await say('ann');
    expect(await one.drive()).toEqual({ kind: 'closed' });
    expect(log).toEqual(['create', 'stop', 'publish']);
    expect((await one.state()).closed).toMatchObject({ outcome: 'succeeded' });
  });

  it('a no ends it as denied, whatever was made beside goes its way back, and nothing is stopped', async () => {
    const { one, log, say } = await compared();
    await one.pass();
    await say('rita', 'deny');
    expect(await one.drive()).toEqual({ kind: 'closed' });
    expect(log).toEqual(['create', 'undo create']);
    expect((await one.state()).closed).toMatchObject({ outcome: 'denied', error: { code: 'cut-over.denied' } });
  });

  it('nobody’s word in time ends it as expired, by the store’s clock and no worker’s', async () => {
    const { one, log, clock } = await compared();
    await one.pass();
    clock.worker = 60;
    expect(await one.pass()).toMatchObject({ kind: 'wait' });
    expect((await one.state()).voided).toMatchObject([{ type: 'failed', code: 'engine.cut-over-open' }]);
    clock.store = 11;
    expect(await one.drive()).toEqual({ kind: 'closed' });
    expect(log).toEqual(['create', 'undo create']);
    expect((await one.state()).closed).toMatchObject({ outcome: 'expired', error: { code: 'cut-over.late' } });
  });

  it('a cancel meanwhile ends it as cancelled', async () => {
    const { one, log } = await compared();
    await one.pass();
    await one.append(() => ({
      type: 'cancel-asked',
      actor: 'rita',
      data: { human: { id: 'T/rita', slackUser: 'rita' } },
    }));
    expect(await one.drive()).toEqual({ kind: 'closed' });
    expect(log).toEqual(['create', 'undo create']);
    expect((await one.state()).closed).toMatchObject({ outcome: 'cancelled' });
  });

  it('a chain that pinned nobody for it never goes on to it', async () => {
    const { one, log } = await compared({ cutOver: 0 });
    expect(await one.drive()).toEqual({ kind: 'closed' });
    expect(log).toEqual(['create', 'undo create']);
    expect((await one.state()).closed).toMatchObject({ outcome: 'failed' });
  });
});
