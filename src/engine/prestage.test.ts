import { describe, expect, it } from 'vitest';
import { ballot, planOf, stage } from '../../test/engine-stage.ts';
import { change, look } from '../../test/engine-steps.ts';
import { MemoryStore } from '../../test/memory-store.ts';
import { permanent, retryable } from '../domain/errors.ts';
import { done, keptAsEvidence, undoneWhen, wait } from '../domain/step.ts';

const start = Date.parse('2026-11-20T03:00:00.000Z');
const cancel = { type: 'cancel-asked', actor: 'rita', data: { human: { id: 'T/rita', slackUser: 'rita' } } } as const;

/** Makes an instance while people decide, and waits for it; the application is stopped only then. */
async function beside(over: { make?: () => Promise<void>; ready?: () => boolean; gone?: () => boolean } = {}) {
  const clock = { minute: 0 };
  const log: string[] = [];
  const now = () => new Date(start + clock.minute * 60_000);
  const make = change('make', log, {
    fence: 'derived-name+tag',
    undo: keptAsEvidence,
    run: async () => {
      await over.make?.();
      log.push('make');
      return done({ id: 'beside' });
    },
    undoUnapproved: undoneWhen(async () => {
      if (over.gone?.() === false) return wait(7, 'wait.rds');
      log.push('delete');
      return done({});
    }),
  });
  const steps = [
    { ...make, beforeApproval: true as const },
    {
      ...look('await', {
        after: ['make'],
        run: async () => (over.ready?.() === false ? wait(20, 'wait.rds') : done({})),
      }),
      beforeApproval: true as const,
    },
    change('stop', log),
    change('switch', log, { after: ['stop', 'await'] }),
  ];
  const one = await stage(steps, {}, new MemoryStore({ now }));
  one.workerClock = now;
  const vote = (name: string, decision: 'approve' | 'deny' = 'approve') =>
    one.append(({ plan }) => {
      const cast = ballot(name, plan?.digest);
      return { ...cast, data: { ...cast.data, decision } } as typeof cast;
    });
  const approve = async () => {
    await vote('ann');
    await vote('ben');
  };
  await one.pass();
  return { one, log, clock, vote, approve, steps };
}

const outcome = async ({ one }: Awaited<ReturnType<typeof beside>>) => (await one.state()).closed?.outcome;

describe('what harms nobody is done while people decide', () => {
  it('nothing else, and it waits for them without writing anything', async () => {
    const all = await beside({ ready: () => false });
    expect(await all.one.pass()).toMatchObject({ kind: 'wait', seconds: 20, waiting: [{ step: 'await' }] });
    const before = all.one.types();
    for (let looks = 0; looks < 5; looks++) expect(await all.one.pass()).toMatchObject({ kind: 'wait', seconds: 20 });
    expect(all.one.types()).toEqual(before);
    expect(all.log).toEqual(['make']);
    expect(await all.one.state()).toMatchObject({ phase: 'planned', plan: { prestage: ['make', 'await'] } });
  });

  it('once it is done, only people are waited for', async () => {
    const { one, log } = await beside();
    expect(await one.pass()).toEqual({ kind: 'wait', seconds: 30 * 60 + 1, waiting: [] });
    expect(log).toEqual(['make']);
  });

  it.each([true, false])('approved, it goes on with what was made (ready: %s)', async (ready) => {
    let isReady = ready;
    const all = await beside({ ready: () => isReady });
    await all.one.pass();
    await all.approve();
    await all.one.pass();
    expect((await all.one.state()).startedAt).toBeDefined();
    isReady = true;
    // Long after the time to begin: it has begun.
    all.clock.minute = 300;
    expect(await all.one.drive()).toEqual({ kind: 'closed' });
    expect(all.log).toEqual(['make', 'stop', 'switch']);
    expect(await outcome(all)).toBe('succeeded');
  });

  it('a step that may leave something behind is not prestaged, whatever the plan says', async () => {
    const log: string[] = [];
    const one = await stage([{ ...change('stop', log), beforeApproval: true as const }]);
    await one.pass();
    await one.pass();
    expect(log).toEqual([]);
    expect((await one.state()).plan?.prestage).toBeUndefined();
  });
});

describe('when nobody lets it begin, what was made is deleted, and only then it ends', () => {
  it.each(['denied', 'cancelled', 'expired'] as const)('%s', async (how) => {
    let gone = false;
    const all = await beside({ ready: () => false, gone: () => gone });
    await all.one.pass();
    if (how === 'denied') await all.vote('ann', 'deny');
    if (how === 'cancelled') await all.one.append(() => cancel);
    if (how === 'expired') all.clock.minute = 31;
    await all.one.pass();
    expect(await all.one.pass()).toMatchObject({ kind: 'wait', seconds: 7 });
    expect(await outcome(all)).toBeUndefined();
    gone = true;
    expect(await all.one.drive()).toEqual({ kind: 'closed' });
    expect(all.log).toEqual(['make', 'delete']);
    expect(await outcome(all)).toBe(how);
  });

  it('approved and not begun in time, it is expired', async () => {
    const all = await beside();
    await all.one.pass();
    await all.approve();
    all.clock.minute = 16;
    await all.one.append(() => ({
      type: 'refused',
      actor: 'x',
      data: { human: { id: 'x', slackUser: 'x' }, what: 'a', code: 'b' },
    }));
    expect(await all.one.drive()).toEqual({ kind: 'closed' });
    expect(all.log).toEqual(['make', 'delete']);
    expect(await outcome(all)).toBe('expired');
  });

  it('F21: what was decided has changed: nothing of the old plan is left, and no new one runs', async () => {
    const all = await beside();
    await all.one.pass();
    await all.approve();
    all.one.planning = async () => planOf(all.steps, { decided: { snapshot: 'another' } });
    expect(await all.one.drive()).toEqual({ kind: 'closed' });
    expect(all.log).toEqual(['make', 'delete']);
    expect((await all.one.state()).closed).toMatchObject({
      outcome: 'refused',
      error: { code: 'prestage.plan-changed' },
    });
  });

  it('failed after it began, what was made is kept: people approved it', async () => {
    const all = await beside({ ready: () => true });
    await all.one.pass();
    await all.approve();
    all.one.release = all.steps.map((step) =>
      step.id === 'switch' ? { ...step, run: () => Promise.reject(permanent('secret.edited')) } : step,
    );
    expect(await all.one.drive()).toEqual({ kind: 'closed' });
    expect(all.log).toEqual(['make', 'stop', 'undo switch', 'undo stop']);
    expect(await outcome(all)).toBe('failed');
  });
});

describe('what fails meanwhile ends no vote', () => {
  it('refused, it is left until people approved, and then tried anew', async () => {
    let refuses = true;
    let tries = 0;
    const all = await beside({
      make: async () => {
        tries++;
        if (refuses) throw permanent('aws.denied');
      },
    });
    for (let looks = 0; looks < 4; looks++) await all.one.pass();
    expect(tries).toBe(1);
    expect(await all.one.pass()).toMatchObject({ kind: 'wait', waiting: [] });
    expect((await all.one.state()).phase).toBe('planned');
    refuses = false;
    await all.approve();
    expect(await all.one.drive()).toEqual({ kind: 'closed' });
    expect(await outcome(all)).toBe('succeeded');
  });

  it('what may pass is tried eight times, then left, and then it has eight tries more', async () => {
    let tries = 0;
    const all = await beside({
      make: async () => {
        if (++tries <= 14) throw retryable('aws.throttled');
      },
    });
    for (let looks = 0; looks < 12; looks++) await all.one.pass();
    expect(tries).toBe(8);
    await all.approve();
    expect(await all.one.drive()).toEqual({ kind: 'closed' });
    expect(await outcome(all)).toBe('succeeded');
    expect(tries).toBe(15);
  });

  it('what kills its workers is claimed by no sixth, and people decide on', async () => {
    const all = await beside({ make: () => new Promise(() => undefined) });
    for (let dead = 0; dead < 5; dead++) void all.one.pass();
    await new Promise((resolve) => setTimeout(resolve, 50));
    for (let dead = 0; dead < 5; dead++) {
      void all.one.pass();
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(await all.one.state()).toMatchObject({ phase: 'planned', claimsWithoutOutcome: 5 });
    expect(await all.one.pass()).toMatchObject({ kind: 'wait', waiting: [] });
    await all.vote('ann', 'deny');
    expect(await all.one.drive()).toEqual({ kind: 'closed' });
    expect(await outcome(all)).toBe('denied');
  });
});
