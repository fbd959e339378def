import { describe, expect, test } from 'vitest';
import type { RestoreOrder } from '../../domain/plan.ts';
import { graphs, orderOf, type StepId } from './orders.ts';
import { pitrArguments } from './pitr-args.ts';

/** Everything that must be done before a step, however many steps lie between. */
function forerunnersOf(order: RestoreOrder, id: StepId): ReadonlySet<string> {
  const all = new Set<string>();
  const take = (one: string) => {
    for (const earlier of graphs[order].find(([step]) => step === one)?.[1] ?? [])
      if (!all.has(earlier)) {
        all.add(earlier);
        take(earlier);
      }
  };
  take(id);
  return all;
}

describe.each(['stop-first', 'restore-first'] as const)('the order %s', (order) => {
  test('names each step once, behind whatever it waits for', () => {
    const seen: string[] = [];
    for (const [id, after] of graphs[order]) {
      expect(seen).not.toContain(id);
      expect(seen, id).toEqual(expect.arrayContaining([...after]));
      seen.push(id);
    }
  });

  test('nothing is switched before it is verified, judged, measured and seen that nothing writes', () => {
    const needed = ['verify-database', 'await-check-job', 'judge-verification', 'measure-loss', 'watch-stopped'];
    expect([...forerunnersOf(order, 'switch-secret')]).toEqual(expect.arrayContaining([...needed, 'prove-stopped']));
  });

  test('the hand-over waits for the rescue snapshot and for the bar before the old instance', () => {
    expect([...forerunnersOf(order, 'hand-over')]).toEqual(expect.arrayContaining(['rescue-snapshot', 'fence-old']));
  });
});

describe('restore-first', () => {
  test('stops nothing before people have approved the comparison of what was verified', () => {
    const all = [...forerunnersOf('restore-first', 'record-application')];
    expect(all).toEqual(expect.arrayContaining(['approve-cut-over', 'compare', 'judge-verification']));
    for (const id of ['restore-instance', 'verify-database', 'compare', 'approve-cut-over'] as const)
      expect([...forerunnersOf('restore-first', id)]).not.toContain('stop-application');
  });

  test('switches only to what nobody has written to since', () => {
    expect([...forerunnersOf('restore-first', 'switch-secret')]).toContain('prove-unwritten');
    // Asked once nothing of the application runs any more, so that no answer is out of date at the switch.
    expect([...forerunnersOf('restore-first', 'prove-unwritten')]).toContain('prove-stopped');
  });

  test('has nothing between the stop and the start that could wait until afterwards', () => {
    const down = [...forerunnersOf('restore-first', 'start-application')].filter((id) =>
      forerunnersOf('restore-first', id as StepId).has('stop-application'),
    );
    expect(down.sort()).toEqual(['measure-loss', 'prove-stopped', 'prove-unwritten', 'switch-secret', 'watch-stopped']);
  });
});

describe('which order it is', () => {
  const point = '2026-11-20T03:00:00.000Z';
  test.each([
    [undefined, 'stop-first', { runs: true, point }, 'stop-first'],
    [undefined, 'restore-first', { runs: true, point }, 'restore-first'],
    ['stop-first', 'restore-first', { runs: true, point }, 'stop-first'],
    ['restore-first', 'stop-first', { runs: true, point }, 'restore-first'],
    // The config's default gives way to what can be.
    [undefined, 'restore-first', { runs: true, point: null }, 'stop-first'],
    [undefined, 'restore-first', { runs: false, point }, 'stop-first'],
  ] as const)('asked for %s where the config says %s, of %o: %s', (asked, configured, seen, order) => {
    expect(orderOf(asked, configured, seen)).toBe(order);
  });

  test('what was asked for and can’t be is refused, with why', () => {
    expect(() => orderOf('restore-first', 'stop-first', { runs: false, point })).toThrow('restore.nothing-serves');
    expect(() => orderOf('restore-first', 'stop-first', { runs: true, point: null })).toThrow(
      'pitr.latest-stops-first',
    );
    expect(() => pitrArguments({ to: 'latest', order: 'restore-first' })).toThrow('pitr.latest-stops-first');
    expect(pitrArguments({ to: 'latest', order: 'stop-first' })).toMatchObject({ order: 'stop-first' });
    expect(pitrArguments({ to: point, order: 'restore-first' })).toMatchObject({ order: 'restore-first' });
  });
});
