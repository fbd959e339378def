import fc from 'fast-check';
import { expect, it } from 'vitest';
import { candidate } from './last-good.ts';
import { milliseconds } from './time.ts';

const evidence = { kind: 'commit', table: 'orders', rows: 1, matching: 1 } as const;

it('the moment is a whole second before the commit, and no more than one, also of a commit at a whole second', () => {
  const days = fc.integer({ min: 1_700_000_000_000, max: 1_900_000_000_000 });
  fc.assert(
    fc.property(days, fc.constantFrom(0, 0.001, 0.5, 0.999), fc.boolean(), (at, fraction, whole) => {
      const ms = whole ? Math.floor(at / 1000) * 1000 : at + fraction;
      const moment = milliseconds(candidate('proven', ms, evidence).moment);
      expect(moment % 1000).toBe(0);
      expect(moment).toBeLessThan(ms);
      expect(ms - moment).toBeLessThanOrEqual(1000);
    }),
  );
});
