import { describe, expect, it } from 'vitest';
import { situationOf } from './cards.fixture.ts';
import { progressCard } from './progress.ts';

describe('a step that takes long without waiting', () => {
  it('shows on the card how far it has written down that it is', () => {
    for (const [locale, shown] of [
      ['en', /5 of 9/],
      ['zh-TW', /5/],
    ] as const) {
      const situation = situationOf('running', locale);
      const because = { code: 'wait.dump-writes', params: { bytes: 7_000_000, tables: 5, ofTables: 9 } };
      const steps = situation.state.steps.map((step) =>
        step.status === 'intended' ? { ...step, noted: { because } } : step,
      );
      const card = progressCard({ ...situation, waiting: [], state: { ...situation.state, steps } });
      expect(JSON.stringify(card)).toMatch(shown);
      expect(JSON.stringify(card)).toContain('7');
    }
  });
});
