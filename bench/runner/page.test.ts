import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parts } from '../parts.ts';
import { amount, pageOf, verdict } from './page.ts';
import type { Measured, Part } from './part.ts';
import { keptResult, type Result } from './results.ts';

const part: Part = {
  ...{ name: 'ride', title: 'A ride', how: 'There and back.', minutes: { full: 1, quick: 1 } },
  run: () => Promise.reject(new Error('not here')),
};
const machine = { cpu: 'a CPU', cores: 2, memoryGb: 24, node: '24.21.0', postgres: '15.18', redis: '7.0.15' };
const resultOf = (measured: readonly Measured[], more: Partial<Result> = {}): Result => ({
  ...{ part: 'ride', at: '2026-11-21T14:20:00.000Z', tookSeconds: 12, quick: false, facts: ['A fact.'] },
  ...{ machine: { ...machine, load: 0.3, commit: 'abc1234' }, measured, ...more },
});
const there: Measured = { what: 'There', unit: '×', samples: [3, 2, 4], budget: { is: '≥', value: 2.5 } };

describe('the page', () => {
  it('is what the results that are kept say', () => {
    const page = readFileSync(new URL('../../docs/performance.md', import.meta.url), 'utf8');
    expect(page).toBe(pageOf(parts, (name) => keptResult(name)));
  });

  it('has median, smallest, largest, how many and the budget, and where and when it was found', () => {
    const page = pageOf([part], () => resultOf([there]));
    expect(page).toMatch(/\| There \| 3×\s+\| 2×\s+\| 4×\s+\| 3\s+\| ≥ 2\.50×\s+\| kept\s+\|/);
    expect(page).toContain('Budgets: 1 kept, 0 missed, 0 not measured.');
    expect(page).toContain('- A fact.');
    expect(page).toContain('2026-11-21 14:20 UTC, 12 s; a CPU, 2 cores, 24 GB, load 0.3');
  });

  it('says at its top what is missed, and does not pass off what was not measured', () => {
    const missed: Measured = { ...there, what: 'Back', samples: [2, 2, 2] };
    const open: Measured = { ...there, what: 'Around', samples: undefined, note: 'no bicycle' };
    const page = pageOf([part], () => resultOf([there, missed, open]));
    expect(page).toContain('Budgets: 1 kept, 1 missed, 1 not measured.\n- missed: Back');
    expect(page).toMatch(/\| Around \| –/);
    expect(page).toContain('- Around: no bicycle');
  });

  it('says which part was never run, and which only at small sizes', () => {
    expect(pageOf([part], () => undefined)).toContain('Not measured yet: `npm run bench -- ride`.');
    expect(pageOf([part], () => resultOf([there], { quick: true }))).toContain('At small sizes');
  });
});

describe('a budget', () => {
  it('is held against the median, or against the largest where it says so', () => {
    const memory = (of: 'median' | 'max'): Measured => ({
      ...{ what: 'Memory', unit: 'MB', samples: [100, 150, 250], budget: { is: '≤', value: 200, of } },
    });
    expect([verdict(memory('median')), verdict(memory('max'))]).toEqual(['kept', 'missed']);
    expect(verdict({ ...there, budget: { is: '<', value: 3 } })).toBe('missed');
  });
});

it('amounts have three digits that mean something', () => {
  expect([0, 0.0123, 1.234, 12.34, 123.4, 2].map((value) => amount(value, ''))).toEqual([
    ...['0', '0.012', '1.23', '12.3', '123', '2'],
  ]);
  expect(amount(1.5e6, '×')).toBe('1.5×10^6×');
});
