import { describe, expect, it } from 'vitest';
import { approvedStage, ballot, planOf, stage } from '../../test/engine-stage.ts';
import { MemoryStore } from '../../test/memory-store.ts';
import { permanent, retryable } from '../domain/errors.ts';
import { done, nothingToUndo, type Step } from '../domain/step.ts';
import { lockId } from '../ledger/locks.ts';

/** Writes down what it was given. */
const noting = (ran: unknown[]): Step => ({
  ...look,
  run: async ({ input }) => {
    ran.push(input);
    return done({});
  },
});
const look: Step = { id: 'a', fence: 'read-only', polls: true, run: async () => done({}), undo: nothingToUndo };
const began = Date.parse('2026-11-20T03:00:00Z');
/** A store whose clock the test turns. */
function clocked() {
  const clock = { minute: 0 };
  const time = () => new Date(began + clock.minute * 60_000);
  return { clock, time, store: new MemoryStore({ now: time }) };
}

describe('planning', () => {
  it('plans, takes the locks, and waits for people until the approval expires', async () => {
    const { store, time } = clocked();
    const one = await stage([look], {}, store);
    one.workerClock = time;
    expect(await one.pass()).toEqual({ kind: 'wait', seconds: 0, waiting: [] });
    expect(await one.pass()).toEqual({ kind: 'wait', seconds: 30 * 60 + 1, waiting: [] });
    expect(one.types()).toEqual(['requested', 'planned']);
    expect(store.objects.has(`locks/${lockId('db')}/00000000`)).toBe(true);
  });

  it("what can't be planned is refused with the reason; what may yet be is tried again", async () => {
    const { store, time, clock } = clocked();
    const one = await stage([look], {}, store);
    one.workerClock = time;
    one.planning = () => Promise.reject(retryable('aws.throttled'));
    expect(await one.pass()).toMatchObject({
      kind: 'wait',
      waiting: [{ step: 'plan', because: { code: 'wait.planning' } }],
    });
    clock.minute = 4;
    expect(await one.pass()).toEqual({ kind: 'closed' });
    expect((await one.state()).closed).toMatchObject({ outcome: 'refused', error: { code: 'aws.throttled' } });
    const two = await stage([look]);
    two.planning = () => Promise.reject(permanent('restore.snapshot-gone'));
    expect(await two.pass()).toEqual({ kind: 'closed' });
    expect((await two.state()).closed).toMatchObject({ outcome: 'refused', error: { code: 'restore.snapshot-gone' } });
  });

  it('F30: a throttled look after the approval is tried again, however old the plan is', async () => {
    const { store, time, clock } = clocked();
    const one = await stage([look], {}, store);
    one.workerClock = time;
    await one.pass();
    clock.minute = 20;
    for (const name of ['ann', 'ben']) await one.append(({ plan }) => ballot(name, plan?.digest));
    const plan = one.planning;
    one.planning = () => Promise.reject(retryable('aws.throttled'));
    expect(await one.pass()).toMatchObject({ kind: 'wait', waiting: [{ step: 'plan' }] });
    one.planning = plan;
    expect(await one.drive()).toEqual({ kind: 'closed' });
    expect((await one.state()).closed?.outcome).toBe('succeeded');
  });

  it("a slow worker's plan does not void the votes for the one that people see", async () => {
    const one = await stage([look]);
    const shown = (age: number) => ({ ...planOf([look]), shown: { commands: {}, age } });
    one.planning = async () => {
      one.planning = async () => shown(1);
      await one.pass();
      await one.append(({ plan }) => ballot('ann', plan?.digest));
      return shown(2);
    };
    await one.pass();
    expect(await one.state()).toMatchObject({ phase: 'planned', votes: [{ human: 'T/ann' }] });
    expect(one.types()).toEqual(['requested', 'planned', 'vote']);
  });

  it("F16: an operation that this release doesn't have is refused, and parked once it has begun", async () => {
    const one = await stage([look]);
    one.release = undefined;
    expect(await one.pass()).toEqual({ kind: 'closed' });
    expect((await one.state()).closed?.error?.code).toBe('operation.unknown');
    const two = await approvedStage([
      { ...look, run: async () => ({ kind: 'wait', againSeconds: 99, because: { code: 'x', params: {} } }) },
    ]);
    await two.pass();
    two.release = [];
    expect(await two.pass()).toEqual({ kind: 'parked' });
    expect((await two.state()).parked?.error).toMatchObject({ code: 'plan.unknown-step', params: { step: 'a' } });
  });
});

describe('F21: looking again after the approval', () => {
  it('what only moved goes on under the approval', async () => {
    const one = await approvedStage([look]);
    one.planning = async () => ({ ...planOf([look]), shown: { commands: {}, replicas: 7 } });
    expect(await one.drive()).toEqual({ kind: 'closed' });
    expect((await one.state()).closed?.outcome).toBe('succeeded');
  });

  it('what was decided changed: the votes are void, people are asked again, and then it is that plan', async () => {
    const ran: unknown[] = [];
    const step = noting(ran);
    const one = await approvedStage([step]);
    const other = planOf([step], { decided: { snapshot: 'other' }, resources: ['db', 'db-other'] });
    one.planning = async () => ({
      ...other,
      bound: { ...other.bound, steps: [{ id: 'a', after: [], input: { from: 'other' } }] },
    });
    expect(await one.drive()).toMatchObject({ kind: 'wait' });
    expect(await one.state()).toMatchObject({ phase: 'planned', votes: [], epoch: 0 });
    expect(ran).toEqual([]);
    for (const name of ['ann', 'ben']) await one.append(({ plan }) => ballot(name, plan?.digest));
    expect(await one.drive()).toEqual({ kind: 'closed' });
    expect(ran).toEqual([{ from: 'other' }]);
    expect((await one.state()).closed?.outcome).toBe('succeeded');
  });

  it('a worker that slept over it does not start the old plan under the new approval', async () => {
    const ran: unknown[] = [];
    const step = noting(ran);
    const one = await approvedStage([step]);
    const asleep = { ...one.store.markers };
    let slept = false;
    const store = {
      create: (key: string, bytes: Uint8Array) => one.store.create(key, bytes),
      list: (prefix: string) => one.store.list(prefix),
      async read(key: string) {
        const answer = await one.store.read(key);
        if (!key.startsWith('locks/') || slept) return answer;
        slept = true;
        one.planning = async () => planOf([step], { decided: { snapshot: 'other' } });
        await one.drive();
        for (const name of ['ann', 'ben']) await one.append(({ plan }) => ballot(name, plan?.digest));
        return answer;
      },
    };
    expect(await one.pass({}, { store, markers: asleep })).toEqual({ kind: 'fenced' });
    expect([slept, ran]).toEqual([true, []]);
    expect(await one.state()).toMatchObject({ phase: 'approved', epoch: 0, steps: [] });
  });
});

describe("F17: only the store's clock decides", () => {
  const hours = (n: number, time: () => Date) => () => new Date(time().getTime() + n * 3_600_000);

  it.each([-1, 0, 1])('approved in time, it starts with a worker whose clock is %i hours off', async (off) => {
    const { store, time, clock } = clocked();
    const one = await stage([look], {}, store);
    one.workerClock = hours(off, time);
    await one.pass();
    clock.minute = 29;
    for (const name of ['ann', 'ben']) await one.append(({ plan }) => ballot(name, plan?.digest));
    expect(await one.drive()).toEqual({ kind: 'closed' });
    expect((await one.state()).closed?.outcome).toBe('succeeded');
  });

  it.each([-1, 0, 1])(
    'approved and then left for too long, it expires with a clock %i hours off, and says so once',
    async (off) => {
      const { store, time, clock } = clocked();
      const one = await stage([look], { startWithinMinutes: 15 }, store);
      one.workerClock = hours(off, time);
      await one.pass();
      for (const name of ['ann', 'ben']) await one.append(({ plan }) => ballot(name, plan?.digest));
      clock.minute = 16;
      expect(await one.drive()).toEqual({ kind: 'closed' });
      const { closed: end, voided, steps } = await one.state();
      expect([end?.outcome, steps, voided.map(({ code }) => code)]).toEqual([
        'expired',
        [],
        ['approval.start-too-late'],
      ]);
    },
  );

  it("a worker whose clock is ahead writes one void end, waits for the store's time, and then it expires", async () => {
    const { store, time, clock } = clocked();
    const one = await stage([look], {}, store);
    one.workerClock = hours(1, time);
    await one.pass();
    clock.minute = 10;
    expect(await one.pass()).toEqual({ kind: 'wait', seconds: 20 * 60 + 1, waiting: [] });
    expect((await one.state()).voided).toMatchObject([{ code: 'close.not-expired' }]);
    clock.minute = 31;
    expect(await one.pass()).toEqual({ kind: 'closed' });
    expect((await one.state()).closed?.outcome).toBe('expired');
  });

  it('denied is closed as denied; closed is closed again by whoever finds the marker', async () => {
    const one = await stage([look]);
    await one.pass();
    await one.append(({ plan }) => {
      const no = ballot('ann', plan?.digest);
      return { ...no, data: { ...no.data, decision: 'deny' } } as typeof no;
    });
    expect(await one.drive()).toEqual({ kind: 'closed' });
    expect((await one.state()).closed?.outcome).toBe('denied');
    await one.store.markers.put('open/op', new Uint8Array());
    expect(await one.pass()).toEqual({ kind: 'closed' });
    expect([...one.store.marks.keys()].filter((key) => key.startsWith('open/'))).toEqual([]);
    expect(one.types().filter((type) => type === 'closed')).toHaveLength(1);
  });
});
