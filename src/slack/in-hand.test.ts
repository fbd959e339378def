import fc from 'fast-check';
import { expect, it } from 'vitest';
import { inHand } from './in-hand.ts';

it('no more than so many are in hand at once, all are done in the order in which they came, and one that fails gives its place back', async () => {
  const pieces = fc.array(fc.record({ turns: fc.nat(4), fails: fc.boolean() }), { maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 5 }), pieces, async (most, all) => {
      const take = inHand(most);
      const begun: number[] = [];
      let now = 0;
      let highest = 0;
      const results = await Promise.allSettled(
        all.map(({ turns, fails }, at) =>
          take(async () => {
            begun.push(at);
            highest = Math.max(highest, ++now);
            for (let turn = 0; turn < turns; turn++) await Promise.resolve();
            now--;
            if (fails) throw new Error(`${at}`);
            return at;
          }),
        ),
      );
      expect(highest).toBeLessThanOrEqual(most);
      expect(begun).toEqual(all.map((_, at) => at));
      expect(results.map(({ status }) => status)).toEqual(all.map(({ fails }) => (fails ? 'rejected' : 'fulfilled')));
      // Whoever comes afterwards is taken in hand at once.
      expect(await take(async () => 'well')).toBe('well');
    }),
  );
});
