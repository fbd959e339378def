import { describe, expect, it } from 'vitest';
import { permanent } from '../src/domain/errors.ts';
import type { Draft } from '../src/domain/events.ts';
import type { FailurePolicy, Plan } from '../src/domain/plan.ts';
import { serviceAfterRestore } from '../src/domain/service-after.ts';
import { done, type Step } from '../src/domain/step.ts';
import type { RestoreClients } from '../src/operations/restore/operation.ts';
import { restoreStepSet } from '../src/operations/restore/steps.ts';
import { restoreFirstPlan } from '../src/slack/views/cut-over.fixture.ts';
import { restorePlanOf } from '../src/slack/views/plans.fixture.ts';
import { ballot, type Stage, stage } from './engine-stage.ts';

// Every step of the real restore, in the real order, with its real fence, gate and kind of undo. What each of them does
// outside is a line in a log: what is tried here is where an operation ends when people stop it, or let it go on, at any
// of them.

const named: readonly string[] = ['unchanged', 'old-database', 'new-database', 'stopped', 'beside-only'];
const human = { id: 'T/rita', slackUser: 'rita' };
const cancel = (): Draft => ({ type: 'cancel-asked', actor: 'rita', data: { human } });
const resume = (): Draft => ({ type: 'resumed', actor: 'rita', data: { human } });
const real = [...restoreStepSet({} as RestoreClients).values()];
/** Each order with a step that fails once the application is stopped, and nothing is handed over yet. */
const orders = [
  { name: 'stop-first', plan: restorePlanOf(), late: 'judge-verification' },
  { name: 'restore-first', plan: restoreFirstPlan(), late: 'measure-loss' },
].map((one) => ({ ...one, order: one.plan.bound.steps.map(({ id }) => id) }));

interface Night {
  readonly one: Stage;
  readonly log: string[];
  /** What each step does, before it is done. */
  readonly at: Map<string, () => Promise<void> | void>;
}

async function night(plan: Plan, onFailure: FailurePolicy = 'return'): Promise<Night> {
  const log: string[] = [];
  const at = new Map<string, () => Promise<void> | void>();
  const does = async (line: string) => {
    await at.get(line)?.();
    log.push(line);
    return done({});
  };
  const steps = real.map((step): Step => {
    const { undo } = step;
    const back = undo.kind === 'run' ? { ...undo, run: () => does(`undo ${step.id}`) } : undo;
    return { ...step, run: () => does(step.id), undo: back };
  });
  const planned: Plan = { ...plan, bound: { ...plan.bound, onFailure } };
  const one = await stage(steps);
  one.planning = async () => planned;
  one.service = serviceAfterRestore;
  await one.pass();
  for (const name of ['ann', 'ben']) await one.append((state) => ballot(name, state.plan?.digest));
  return { one, log, at };
}

const publishingIn = (order: readonly string[]) => order.indexOf('switch-secret');
const undone = (log: readonly string[]) =>
  log.filter((line) => line.startsWith('undo ')).map((line) => line.slice('undo '.length));
/** What must be taken back: all that began and can be, the last first. */
const mustGoBack = (log: readonly string[], onFailure: FailurePolicy) =>
  log
    .filter((line) => !line.startsWith('undo '))
    .reverse()
    .filter((id) => {
      const undo = real.find((step) => step.id === id)?.undo;
      return undo?.kind === 'run' && (undo.under === 'always' || onFailure === 'return');
    });

const cancelled = orders.flatMap((one) =>
  (['return', 'stay-stopped'] as const).map((onFailure) => ({ ...one, onFailure })),
);
describe.each(cancelled)('$name: cancel at each step, if it fails: $onFailure', ({ plan, order, onFailure }) => {
  const publishing = publishingIn(order);
  it.each(order)('%s', async (id) => {
    const { one, log, at } = await night(plan, onFailure);
    at.set(id, async () => void (await one.append(cancel)));
    expect(await one.drive()).toEqual({ kind: 'closed' });
    const { closed, cancelAskedBy, published } = await one.state();
    expect(named).toContain(closed?.service);
    if (order.indexOf(id) >= publishing) {
      expect(published).toBe(true);
      expect([closed?.outcome, cancelAskedBy, undone(log)]).toEqual(['succeeded', undefined, []]);
      expect(closed?.service).toBe('new-database');
      return;
    }
    expect([closed?.outcome, published]).toEqual(['cancelled', false]);
    expect(undone(log)).toEqual(mustGoBack(log, onFailure));
    const stopped = log.includes('stop-application');
    const service = !stopped
      ? log.includes('restore-instance')
        ? 'beside-only'
        : 'unchanged'
      : onFailure === 'return'
        ? 'old-database'
        : 'stopped';
    expect(closed?.service).toBe(service);
    // Whatever could run beside it when somebody asked had not begun, and did not begin any more.
    expect(log.indexOf(id)).toBe(log.filter((line) => !line.startsWith('undo ')).length - 1);
  });
});

describe.each(orders)('$name: retry after each failure', ({ plan, order, late }) => {
  const publishing = publishingIn(order);
  it.each(order.slice(0, publishing))('%s fails, and goes back by itself: retry is asking anew', async (id) => {
    const { one, log, at } = await night(plan);
    at.set(id, () => Promise.reject(permanent('x.y')));
    expect(await one.drive()).toEqual({ kind: 'closed' });
    const before = await one.state();
    expect(named).toContain(before.closed?.service);
    expect(before.closed?.outcome).toBe('failed');
    expect(undone(log).length).toBeGreaterThanOrEqual(0);
    await one.append(resume);
    expect((await one.state()).n).toBe(before.n);
  });

  it.each(order.slice(publishing))('%s fails after the hand-over began, and is tried again forwards', async (id) => {
    const { one, log, at } = await night(plan);
    let broken = true;
    at.set(id, () => (broken ? Promise.reject(permanent('x.y')) : undefined));
    expect(await one.drive()).toEqual({ kind: 'parked' });
    await one.append(resume);
    expect(await one.drive()).toEqual({ kind: 'parked' });
    broken = false;
    await one.append(resume);
    expect(await one.drive()).toEqual({ kind: 'closed' });
    expect((await one.state()).closed).toMatchObject({ outcome: 'succeeded', service: 'new-database' });
    expect([undone(log), [...log].sort()]).toEqual([[], [...order].sort()]);
  });

  const taken = real.filter(({ undo }) => undo.kind === 'run').map(({ id }) => id);
  it.each(taken)('what takes %s back fails, and goes on from there', async (id) => {
    const { one, log, at } = await night(plan);
    let broken = true;
    at.set(late, () => Promise.reject(permanent('x.y')));
    at.set(`undo ${id}`, () => (broken ? Promise.reject(permanent('x.y')) : undefined));
    const end = await one.drive();
    if (end.kind === 'closed') {
      // Nothing of it had begun, or it lies after the hand-over.
      expect(log).not.toContain(id);
      return;
    }
    expect(end).toEqual({ kind: 'parked' });
    broken = false;
    await one.append(resume);
    expect(await one.drive()).toEqual({ kind: 'closed' });
    expect(undone(log)).toEqual(mustGoBack(log, 'return'));
    expect((await one.state()).closed).toMatchObject({ outcome: 'failed', service: 'old-database' });
  });
});
