import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Activity, countBounds } from './bounds.ts';

// A model of one table and of the counters that PostgreSQL keeps of it: what was tried is counted whether or not it was
// committed, and is told at some time after the commit, by each session for itself.

type Deed =
  | { readonly kind: 'insert' | 'delete'; readonly session: number; readonly rows: number; readonly committed: boolean }
  | { readonly kind: 'tell'; readonly session: number }
  | { readonly kind: 'truncate' | 'rewrite' | 'reset' | 'crash' };

const sessions = 3;
const rowsOf = fc.integer({ min: 1, max: 20 });
const session = fc.integer({ min: 0, max: sessions - 1 });
const writing = fc.record({
  kind: fc.constantFrom('insert' as const, 'delete' as const),
  session,
  rows: rowsOf,
  committed: fc.boolean(),
});
const telling = fc.record({ kind: fc.constant('tell' as const), session });
const upset = fc.record({
  kind: fc.constantFrom('truncate' as const, 'rewrite' as const, 'reset' as const, 'crash' as const),
});
const quietly = fc.array(fc.oneof({ weight: 3, arbitrary: writing }, { weight: 2, arbitrary: telling }), {
  maxLength: 15,
});
const anything = fc.array(
  fc.oneof({ weight: 6, arbitrary: writing }, { weight: 4, arbitrary: telling }, { weight: 1, arbitrary: upset }),
  { maxLength: 15 },
);

class Table {
  rows = 100;
  file = 1;
  epoch = 1;
  #told = { inserted: 0, deleted: 0 };
  #untold = Array.from({ length: sessions }, () => ({ inserted: 0, deleted: 0 }));

  do(deed: Deed): void {
    switch (deed.kind) {
      case 'insert':
        this.#pending(deed.session).inserted += deed.rows;
        if (deed.committed) this.rows += deed.rows;
        break;
      case 'delete': {
        const rows = Math.min(deed.rows, this.rows);
        this.#pending(deed.session).deleted += rows;
        if (deed.committed) this.rows -= rows;
        break;
      }
      case 'tell':
        this.tell(deed.session);
        break;
      case 'truncate':
        this.rows = 0;
        this.file++;
        break;
      case 'rewrite':
        this.file++;
        break;
      case 'reset':
      case 'crash':
        this.epoch++;
        this.#told = { inserted: 0, deleted: 0 };
        if (deed.kind === 'crash') this.#untold = this.#untold.map(() => ({ inserted: 0, deleted: 0 }));
        break;
      default:
        throw new Error(deed satisfies never);
    }
  }
  #pending(of: number) {
    const pending = this.#untold[of];
    if (!pending) throw new Error('no such session');
    return pending;
  }
  tell(of: number): void {
    const pending = this.#pending(of);
    this.#told.inserted += pending.inserted;
    this.#told.deleted += pending.deleted;
    pending.inserted = 0;
    pending.deleted = 0;
  }
  counters(): Activity {
    return { ...this.#told, updated: 0, files: String(this.file), epoch: String(this.epoch) };
  }
}

interface Story {
  readonly early: readonly Deed[];
  readonly between: readonly Deed[];
  readonly during: readonly Deed[];
  readonly after: readonly Deed[];
}
const storyOf = (deeds: fc.Arbitrary<readonly Deed[]>): fc.Arbitrary<Story> =>
  fc.record({ early: deeds, between: deeds, during: deeds, after: deeds });

/** Counters, count, snapshot, everybody has told, counters: in this order, with anything in between. */
function play({ early, between, during, after }: Story) {
  const table = new Table();
  for (const deed of early) table.do(deed);
  const before = table.counters();
  for (const deed of between) table.do(deed);
  const rows = table.rows;
  for (const deed of during) table.do(deed);
  const snapshot = table.rows;
  for (const deed of after) table.do(deed);
  for (let one = 0; one < sessions; one++) table.tell(one);
  const measured = { rows, countedAt: '', before, after: table.counters() };
  return { bounds: countBounds(measured, null), snapshot, measured };
}

describe('the bounds of a count', () => {
  it('never blame a restore that has what the snapshot had', () => {
    fc.assert(
      fc.property(storyOf(anything), (story) => {
        const { bounds, snapshot } = play(story);
        if (bounds.kind === 'unknown') return;
        expect(snapshot).toBeGreaterThanOrEqual(bounds.atLeast);
        expect(snapshot).toBeLessThanOrEqual(bounds.atMost);
      }),
      { numRuns: 5000 },
    );
  });

  it('are known wherever nothing but rows was written, and are no wider than what was written', () => {
    fc.assert(
      fc.property(storyOf(quietly), (story) => {
        const { bounds, measured } = play(story);
        const { early, between, during, after } = story;
        const written = [...early, ...between, ...during, ...after].reduce(
          (sum, deed) => sum + ('rows' in deed ? deed.rows : 0),
          0,
        );
        expect(bounds.kind).toBe('bounds');
        if (bounds.kind === 'bounds') expect(bounds.atMost - bounds.atLeast).toBeLessThanOrEqual(written);
        expect(measured.after.epoch).toBe(measured.before.epoch);
      }),
    );
  });

  it('find the loss of one row in a table that nobody wrote to', () => {
    fc.assert(
      fc.property(quietly, (early) => {
        const told = [
          ...early,
          ...Array.from({ length: sessions }, (_, one) => ({ kind: 'tell' as const, session: one })),
        ];
        const { bounds, snapshot } = play({ early: told, between: [], during: [], after: [] });
        expect(bounds).toEqual({ kind: 'bounds', atLeast: snapshot, atMost: snapshot });
      }),
    );
  });

  const quiet: Activity = { inserted: 5, updated: 1, deleted: 2, files: 'f', epoch: 'e' };
  it.each([
    ['without a count', { rows: null }, 'not-counted'],
    ['without counters', { before: { ...quiet, epoch: null } }, 'no-counters'],
    ['when the server crashed meanwhile', { after: { ...quiet, epoch: 'later' } }, 'counters-reset'],
    ['when a counter went back', { after: { ...quiet, inserted: 4 } }, 'counters-reset'],
    ['after a TRUNCATE', { after: { ...quiet, files: 'g' } }, 'rewritten'],
  ] as const)('are unknown %s', (_, change, because) => {
    const measured = { rows: 10, countedAt: '', before: quiet, after: quiet, ...change };
    expect(countBounds(measured, null)).toEqual({ kind: 'unknown', because });
  });

  it('are unknown while a session may have something to tell', () => {
    const countedAt = '2026-11-20T02:30:00.000Z';
    const measured = { rows: 10, countedAt, before: quiet, after: quiet };
    const until = (at: string) => countBounds(measured, at);
    expect(until('2026-11-20T02:30:05.000Z')).toEqual({ kind: 'unknown', because: 'sessions-unreported' });
    // What it committed before the count is in the count.
    expect(until('2026-11-20T02:29:59.000Z')).toEqual({ kind: 'bounds', atLeast: 10, atMost: 10 });
  });
});
