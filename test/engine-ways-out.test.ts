import { describe, expect, it } from 'vitest';
import { permanent } from '../src/domain/errors.ts';
import type { Draft } from '../src/domain/events.ts';
import type { JsonObject } from '../src/domain/json.ts';
import type { FailurePolicy } from '../src/domain/plan.ts';
import { done, type Step, type StepContext } from '../src/domain/step.ts';
import { ballot, type Stage, stage } from './engine-stage.ts';
import { definitionOf, isNotKnown, publishingIn, truth, type Way, ways } from './ways-out.ts';
import { expectHonest } from './ways-out-cards.ts';

// Every step of every operation, in the real order, with its real fence, gate and kind of undo. What each of them does
// outside is a line in a log: what is tried here is where an operation ends when people stop it, or let it go on, at any
// of them, and what its card says of that.

const named: readonly string[] = ['unchanged', 'old-database', 'new-database', 'stopped', 'beside-only'];
const human = { id: 'T/rita', slackUser: 'rita' };
const cancel = (): Draft => ({ type: 'cancel-asked', actor: 'rita', data: { human } });
const resume = (): Draft => ({ type: 'resumed', actor: 'rita', data: { human } });
const broken = () => Promise.reject(permanent('x.y'));

const verified = { report: { outcome: 'pass', results: [], skipped: [], seconds: 1 } };
/** What cards read of what was done. */
const outputs: Readonly<Record<string, JsonObject>> = {
  ...Object.fromEntries(
    ['verify-database', 'verify-deeply', 'check-database', 'check-deeply'].map((id) => [id, verified]),
  ),
  'copy-rows': { transaction: '7', tables: [], keys: 'rescued/op.json', found: false },
};

interface Night {
  readonly way: Way;
  readonly one: Stage;
  /** Effects, in the order in which they came. */
  readonly log: string[];
  /** What each step does before its effect, and after it. */
  readonly at: Map<string, () => Promise<void> | void>;
  readonly past: Map<string, () => Promise<void> | void>;
  readonly steps: ReadonlyMap<string, Step>;
}

async function night(way: Way, onFailure: FailurePolicy = 'return'): Promise<Night> {
  const log: string[] = [];
  const at: Night['at'] = new Map();
  const past: Night['past'] = new Map();
  const { steps, service } = definitionOf(way);
  const does = async (line: string, context?: StepContext) => {
    await at.get(line)?.();
    if (line === 'copy-rows') await context?.note({ transaction: '7' });
    log.push(line);
    await past.get(line)?.();
    return done(outputs[line] ?? {});
  };
  // Once a load over the live database has committed, nothing takes it back.
  at.set('undo load-in-place', () => {
    if (log.includes('await-load')) throw permanent('load.committed', { database: 'shop' });
  });
  const faked = way.order.map((id): Step => {
    const step = steps.get(id);
    if (!step) throw new Error(`${way.name} has no step ${id}`);
    const { undo } = step;
    return {
      ...step,
      run: (context) => does(id, context),
      undo: undo.kind === 'run' ? { ...undo, run: () => does(`undo ${id}`) } : undo,
    };
  });
  const one = await stage(faked);
  one.planning = async () => ({ ...way.plan, bound: { ...way.plan.bound, onFailure } });
  one.service = service;
  await one.pass();
  for (const name of ['ann', 'ben']) await one.append((state) => ballot(name, state.plan?.digest));
  return { way, one, log, at, past, steps };
}

const undone = (log: readonly string[]) =>
  log.filter((line) => line.startsWith('undo ')).map((line) => line.slice('undo '.length));
/** What must be taken back: all that began and can be, the last first. */
const mustGoBack = ({ log, steps }: Night, onFailure: FailurePolicy) =>
  log
    .filter((line) => !line.startsWith('undo '))
    .reverse()
    .filter((id) => {
      const undo = steps.get(id)?.undo;
      return undo?.kind === 'run' && (undo.under === 'always' || onFailure === 'return');
    });

/** It is closed or parked in a named state, which is what was really done, and its cards say so. */
async function expectNamed({ way, one, log }: Night) {
  const state = await one.state();
  expect(['closed', 'parked']).toContain(state.phase);
  const service = state.closed?.service ?? one.service(state);
  expect(named).toContain(service);
  if (!isNotKnown(state)) expect(service).toBe(truth(way, log, state));
  expectHonest(way, state, log);
  return state;
}

const policies = (way: Way) => (way.stops ? (['return', 'stay-stopped'] as const) : (['return'] as const));
const cancelled = ways.flatMap((way) => policies(way).map((onFailure) => ({ name: way.name, way, onFailure })));

describe.each(cancelled)('$name: cancel at each step, if it fails: $onFailure', ({ way, onFailure }) => {
  const publishing = publishingIn(way, definitionOf(way).steps);
  it.each(way.order)('%s', async (id) => {
    const given = await night(way, onFailure);
    const { one, log, at } = given;
    at.set(id, async () => void (await one.append(cancel)));
    const { kind } = await one.drive();
    const { closed, cancelAskedBy, published } = await expectNamed(given);
    if (way.order.indexOf(id) >= publishing) {
      expect(published).toBe(true);
      expect([closed?.outcome, cancelAskedBy, undone(log)]).toEqual(['succeeded', undefined, []]);
      return;
    }
    expect(published).toBe(false);
    // Whatever could run beside it when somebody asked had not begun, and did not begin any more.
    // A copy that was about to commit does not: it asks once more, and is told.
    if (id === 'copy-rows') expect(log).not.toContain(id);
    else expect(log.indexOf(id)).toBe(log.filter((line) => !line.startsWith('undo ')).length - 1);
    if (id === 'await-load' && log.includes('load-in-place')) return expect(kind).toBe('parked');
    expect(closed?.outcome).toBe('cancelled');
    expect(undone(log)).toEqual(mustGoBack(given, onFailure));
  });
});

describe.each(ways.map((way) => ({ name: way.name, way })))('$name: retry after each failure', ({ way }) => {
  const { steps } = definitionOf(way);
  const publishing = publishingIn(way, steps);
  const { order } = way;

  if (publishing > 0)
    it.each(order.slice(0, publishing))('%s fails, and goes back by itself: retry is asking anew', async (id) => {
      const given = await night(way);
      const { one, at } = given;
      at.set(id, broken);
      expect(await one.drive()).toEqual({ kind: 'closed' });
      const before = await expectNamed(given);
      expect(before.closed?.outcome).toBe('failed');
      expect(undone(given.log).filter((line) => line !== id)).toEqual(mustGoBack(given, 'return'));
      await one.append(resume);
      expect((await one.state()).n).toBe(before.n);
    });

  it.each(order)('%s fails although it was done: what is said of it is not more than is known', async (id) => {
    const given = await night(way);
    const { one, log, past } = given;
    past.set(id, broken);
    await one.drive();
    const { closed, parked } = await expectNamed(given);
    expect(closed?.outcome === 'failed' || parked !== undefined).toBe(true);
    expect(log.filter((line) => line === id)).toHaveLength(1);
  });

  if (publishing < order.length)
    it.each(order.slice(publishing))('%s fails after the hand-over began, and is tried again forwards', async (id) => {
      const given = await night(way);
      const { one, log, at } = given;
      at.set(id, broken);
      expect(await one.drive()).toEqual({ kind: 'parked' });
      await expectNamed(given);
      await one.append(resume);
      expect(await one.drive()).toEqual({ kind: 'parked' });
      at.delete(id);
      await one.append(resume);
      expect(await one.drive()).toEqual({ kind: 'closed' });
      expect((await expectNamed(given)).closed?.outcome).toBe('succeeded');
      expect([undone(log), [...log].sort()]).toEqual([[], [...order].sort()]);
    });

  const taken = order.slice(0, publishing).filter((id) => steps.get(id)?.undo.kind === 'run');
  const late = order[publishing - 1] ?? '';
  if (taken.length > 0)
    it.each(taken)('what takes %s back fails, and goes on from there', async (id) => {
      const given = await night(way);
      const { one, log, at } = given;
      at.set(late, broken);
      at.set(`undo ${id}`, broken);
      expect(await one.drive()).toEqual({ kind: 'parked' });
      await expectNamed(given);
      at.delete(`undo ${id}`);
      await one.append(resume);
      expect(await one.drive()).toEqual({ kind: 'closed' });
      expect(undone(log).filter((line) => line !== late)).toEqual(mustGoBack(given, 'return'));
      expect((await expectNamed(given)).closed?.outcome).toBe('failed');
    });
});
