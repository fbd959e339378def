import { describe, expect, it } from 'vitest';
import { approvedStage, type Stage, stage } from '../../test/engine-stage.ts';
import { broken, change, look } from '../../test/engine-steps.ts';
import { permanent, retryable } from '../domain/errors.ts';
import type { Draft } from '../domain/events.ts';
import { done, irreversible, undoBy, wait } from '../domain/step.ts';

const human = (name: string) => ({ id: `T/${name}`, slackUser: name });
const cancel = (): Draft => ({ type: 'cancel-asked', actor: 'rita', data: { human: human('rita') } });
const resume = (): Draft => ({ type: 'resumed', actor: 'rita', data: { human: human('rita') } });
const policy = {
  required: 2,
  requesterCounts: false,
  approverUsers: ['ann', 'ben'],
  approverGroups: [],
  approveWithinMinutes: 30,
  startWithinMinutes: 15,
};
const giveUp = (): Draft => ({
  type: 'supersede-asked',
  actor: 'rita',
  data: { human: human('rita'), reason: 'the next one must begin', policy },
});
async function word(one: Stage, name: string, decision: 'approve' | 'deny' = 'approve'): Promise<void> {
  await one.append(({ supersede }) => ({
    type: 'vote',
    actor: name,
    data: { gate: 'supersede', digest: supersede?.digest ?? '', human: human(name), via: name, decision },
  }));
}

describe('cancel', () => {
  it('while it is planned, or approved and not begun: over, and nothing was touched', async () => {
    const log: string[] = [];
    const early = await stage([change('stop', log)]);
    await early.append(cancel);
    let planned = 0;
    const { planning } = early;
    early.planning = () => {
      planned++;
      return planning();
    };
    expect(await early.drive()).toEqual({ kind: 'closed' });
    const waiting = await stage([change('stop', log)]);
    await waiting.pass();
    await waiting.append(cancel);
    expect(await waiting.drive()).toEqual({ kind: 'closed' });
    const approved = await approvedStage([change('stop', log)]);
    await approved.append(cancel);
    expect(await approved.drive()).toEqual({ kind: 'closed' });
    for (const one of [early, waiting, approved])
      expect((await one.state()).closed).toMatchObject({ outcome: 'cancelled', service: 'unchanged' });
    expect([planned, log]).toEqual([0, []]);
  });

  it('between the last look and the first intent: the chain’s order decides, and nothing begins', async () => {
    const log: string[] = [];
    const one = await approvedStage([change('stop', log)]);
    const once = one.store.create.bind(one.store);
    let racing = true;
    one.store.create = async (key, bytes) => {
      if (racing && new TextDecoder().decode(bytes).includes('"intent"')) {
        racing = false;
        await one.append(cancel);
      }
      return once(key, bytes);
    };
    expect(await one.drive()).toEqual({ kind: 'closed' });
    expect([log, (await one.state()).closed?.outcome]).toEqual([[], 'cancelled']);
  });

  it('no new step begins after it, even of those that could run side by side', async () => {
    const log: string[] = [];
    const one = await approvedStage([
      change('a', log, {
        run: async () => {
          log.push('a');
          await one.append(cancel);
          return done({});
        },
      }),
      change('b', log),
    ]);
    expect(await one.drive()).toEqual({ kind: 'closed' });
    expect(log).toEqual(['a', 'undo a']);
  });

  it('of a step whose worker died: the next one does not do it again, it takes it back', async () => {
    const log: string[] = [];
    const one = await approvedStage([
      change('stop', log, {
        run: () => {
          log.push('stop');
          return new Promise(() => undefined);
        },
      }),
    ]);
    void one.pass();
    await expect.poll(() => log).toEqual(['stop']);
    await one.append(cancel);
    expect(await one.drive()).toEqual({ kind: 'closed' });
    expect(log).toEqual(['stop', 'undo stop']);
  });

  it('after the hand-over it is refused, and the operation goes on to its end', async () => {
    const one = await approvedStage([
      change('publish', [], {
        publishes: true,
        undo: irreversible,
        run: async () => {
          await one.append(cancel);
          return done({});
        },
      }),
    ]);
    expect(await one.drive()).toEqual({ kind: 'closed' });
    expect(one.types()).not.toContain('cancel-asked');
    expect((await one.state()).closed?.outcome).toBe('succeeded');
  });
});

/** Its undo fails until `mended`. */
async function parkedBack(log: string[] = []) {
  const cause = { there: true };
  const stop = change('stop', log, {
    undo: undoBy(async () => {
      if (cause.there) throw permanent('cluster.gone');
      log.push('undo stop');
      return done({});
    }),
  });
  const one = await approvedStage([stop, broken('verify', { after: ['stop'] })]);
  expect(await one.drive()).toEqual({ kind: 'parked' });
  return { one, cause, log };
}

describe('retry', () => {
  it('after the cause was removed goes on in the direction that it had, under the next epoch', async () => {
    const { one, cause, log } = await parkedBack();
    const { epoch } = await one.state();
    cause.there = false;
    await one.append(resume);
    expect(await one.state()).toMatchObject({ phase: 'undoing', epoch, resumed: { slackUser: 'rita', times: 1 } });
    expect((await one.state()).run).toBeUndefined();
    expect(await one.drive()).toEqual({ kind: 'closed' });
    expect(log).toEqual(['stop', 'undo stop']);
    expect(await one.state()).toMatchObject({ epoch: epoch + 1, closed: { outcome: 'failed' }, voided: [] });
  });

  it('before the cause was removed parks again, and may be tried as often as one likes', async () => {
    const { one, cause } = await parkedBack();
    for (let times = 1; times <= 7; times++) {
      await one.append(resume);
      expect(await one.drive()).toEqual({ kind: 'parked' });
      expect((await one.state()).resumed?.times).toBe(times);
    }
    cause.there = false;
    await one.append(resume);
    expect(await one.drive()).toEqual({ kind: 'closed' });
  });

  it('a step that may be tried eight times has all eight again, and waits anew', async () => {
    let tries = 0;
    const since: string[] = [];
    const undo = undoBy(async (context) => {
      tries++;
      since.push(context.since);
      throw retryable('aws.throttled');
    });
    const one = await approvedStage([change('stop', [], { undo }), broken('verify', { after: ['stop'] })]);
    expect(await one.drive()).toEqual({ kind: 'parked' });
    await one.append(resume);
    expect(await one.drive()).toEqual({ kind: 'parked' });
    expect([tries, new Set(since).size]).toEqual([16, 2]);
  });

  it('after the hand-over tries again forwards: nothing was taken back there', async () => {
    const log: string[] = [];
    let broke = true;
    const one = await approvedStage([
      change('publish', log, { publishes: true, undo: irreversible }),
      change('start', log, {
        after: ['publish'],
        run: async () => {
          if (broke) throw permanent('pods.crash');
          log.push('start');
          return done({});
        },
      }),
    ]);
    expect(await one.drive()).toEqual({ kind: 'parked' });
    broke = false;
    await one.append(resume);
    expect(await one.drive()).toEqual({ kind: 'closed' });
    expect(log).toEqual(['publish', 'start']);
    expect((await one.state()).closed?.outcome).toBe('succeeded');
  });

  it('F53: an operation that was parked for its workers’ sake may be taken up again', async () => {
    const one = await approvedStage([look('a')]);
    for (let n = 1; n <= 6; n++)
      await one.append(() => ({
        type: 'intent',
        actor: 'worker',
        run: `dead${n}`,
        epoch: n,
        data: { step: 'a', direction: 'do' },
      }));
    await one.drive({ stalls: 9 });
    expect(await one.state()).toMatchObject({ phase: 'parked', parked: { error: { code: 'engine.poison' } } });
    await one.append(resume);
    expect(await one.drive()).toEqual({ kind: 'closed' });
    expect((await one.state()).closed?.outcome).toBe('succeeded');
  });

  it('a worker of before that slept has nothing to say any more', async () => {
    const { one } = await parkedBack();
    const { run = '', epoch } = await one.state();
    await one.append(resume);
    const late = { actor: 'worker', run, epoch };
    for (const draft of [
      { type: 'done', data: { step: 'stop', direction: 'undo', output: {} }, ...late },
      { type: 'parked', data: { error: { code: 'x', kind: 'bug', params: {} } }, ...late },
      { type: 'closed', data: { outcome: 'failed', service: 'stopped' }, ...late },
    ] as Draft[])
      expect((await one.append(() => draft)).phase).toBe('undoing');
  });

  it('cancel of one that is parked on its way forwards, and then retry: it goes back', async () => {
    const log: string[] = [];
    const steps = [
      change('stop', log),
      look('waits', { after: ['stop'], run: async () => wait(20, 'wait.rds') }),
      change('next', log, { after: ['waits'] }),
    ];
    const one = await approvedStage(steps);
    await one.pass();
    one.release = steps.slice(0, 2);
    expect(await one.drive()).toEqual({ kind: 'parked' });
    one.release = steps;
    await one.append(cancel);
    expect(await one.pass()).toEqual({ kind: 'parked' });
    await one.append(resume);
    expect(await one.drive()).toEqual({ kind: 'closed' });
    expect(log).toEqual(['stop', 'undo stop']);
    expect((await one.state()).closed?.outcome).toBe('cancelled');
  });
});

describe('supersede', () => {
  it('two people give it up: what it holds is let go first, then it is closed, the service as it is', async () => {
    const { one } = await parkedBack();
    const order: string[] = [];
    one.letGo = async () => void order.push(`let go while ${(await one.state()).phase}`);
    await one.append(giveUp);
    await word(one, 'ann');
    expect(await one.pass()).toEqual({ kind: 'parked' });
    await word(one, 'ben');
    expect(await one.pass()).toEqual({ kind: 'closed' });
    expect(order).toEqual(['let go while parked']);
    expect((await one.state()).closed).toMatchObject({
      outcome: 'failed',
      service: 'old-database',
      error: { code: 'operation.superseded' },
    });
  });

  it('stays parked while what it holds can’t be let go, and tries again', async () => {
    const { one } = await parkedBack();
    one.letGo = () => Promise.reject(retryable('kubernetes.unreachable'));
    await one.append(giveUp);
    await word(one, 'ann');
    await word(one, 'ben');
    expect(await one.pass()).toMatchObject({
      kind: 'wait',
      seconds: 30,
      waiting: [{ because: { code: 'wait.let-go', params: { error: 'kubernetes.unreachable' } } }],
    });
    expect((await one.state()).phase).toBe('parked');
    one.letGo = async () => undefined;
    expect(await one.pass()).toEqual({ kind: 'closed' });
  });

  it('one no, or nobody in time: it stays parked, and may be tried again or asked anew', async () => {
    const { one, cause } = await parkedBack();
    await one.append(giveUp);
    await word(one, 'ben', 'deny');
    await word(one, 'ann');
    expect(await one.pass()).toEqual({ kind: 'parked' });
    expect((await one.state()).supersede).toMatchObject({ decision: 'denied', votes: [{ slackUser: 'ben' }] });
    await one.append(giveUp);
    await word(one, 'rita');
    expect((await one.state()).supersede?.votes).toEqual([]);
    cause.there = false;
    await one.append(resume);
    await word(one, 'ann');
    expect(await one.drive()).toEqual({ kind: 'closed' });
    expect((await one.state()).closed?.error?.code).toBe('verification.failed');
  });

  it('once decided it is not tried again: the fences may be closed already', async () => {
    const { one } = await parkedBack();
    await one.append(giveUp);
    await word(one, 'ann');
    await word(one, 'ben');
    await one.append(resume);
    expect(await one.pass()).toEqual({ kind: 'closed' });
    expect(one.types()).not.toContain('resumed');
  });
});
