import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lineageOf, snapshotId, targetInstanceId } from './names.ts';

const valid = /^[a-z](-?[a-z0-9])*$/;
const instanceId = fc.stringMatching(/^[a-zA-Z](-?[a-zA-Z0-9]){0,61}$/).filter((id) => id.length <= 63);
const operation = fc.oneof(fc.stringMatching(/^op-[0-9a-f]{12}$/), fc.string({ minLength: 1 }));

describe('names of what pitcrew makes', () => {
  test('are always valid for RDS and the same for the same operation', () => {
    fc.assert(
      fc.property(instanceId, operation, (id, op) => {
        const target = targetInstanceId(id, op);
        expect(target).toMatch(valid);
        expect(target.length).toBeLessThanOrEqual(63);
        expect(target).toBe(targetInstanceId(id, op));
        expect(target).not.toBe(id.toLowerCase());
        const snapshot = snapshotId(id, op);
        expect(snapshot).toMatch(valid);
        expect(snapshot.length).toBeLessThanOrEqual(255);
      }),
    );
  });

  test('don’t grow from restore to restore', () => {
    fc.assert(
      fc.property(instanceId, operation, operation, (id, first, second) => {
        const once = targetInstanceId(id, first);
        expect(targetInstanceId(once, second)).toHaveLength(once.length);
      }),
    );
    expect(targetInstanceId('ecommerce-production-r00112233', 'op-0123456789ab')).toBe(
      'ecommerce-production-r01234567',
    );
  });

  test('carry the operation’s own digits, so that people can compare', () => {
    expect(targetInstanceId('shop', 'op-0123456789ab')).toBe('shop-r01234567');
    expect(snapshotId('shop', 'op-0123456789ab')).toBe('shop-pitcrew-01234567');
  });
});

test('the lineage of an instance is itself and those of its tag, never longer than a tag holds', () => {
  expect(lineageOf({ resourceId: 'db-NEW', tags: {} })).toEqual(['db-NEW']);
  expect(lineageOf({ resourceId: 'db-NEW', tags: { 'pitcrew:lineage': 'db-B db-A junk' } })).toEqual([
    'db-NEW',
    'db-B',
    'db-A',
  ]);
  const ids = Array.from({ length: 30 }, (_, at) => `db-${'A'.repeat(24)}${at + 10}`);
  const long = lineageOf({ resourceId: 'db-NEW', tags: { 'pitcrew:lineage': ids.join(' ') } });
  expect(long.join(' ').length).toBeLessThanOrEqual(256);
});
