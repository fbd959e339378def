import { describe, expect, test } from 'vitest';
import type { DatabaseSnapshot } from '../clients/rds.ts';
import { instance, snapshot } from './instances.fixture.ts';
import { rescueId } from './names.ts';
import { allRecoveryPoints, recoveryPoints, resolveRecoveryPoint } from './recovery-points.ts';

const askedAt = '2026-11-20T03:00:00.000Z';
const replaced = 'db-REPLACED';

/** RDS with these snapshots. */
function rdsWith(...all: readonly DatabaseSnapshot[]) {
  return {
    listSnapshots: async (of: { instanceId: string } | { resourceId: string }) =>
      all.filter((one) => ('resourceId' in of ? one.resourceId === of.resourceId : one.instanceId === of.instanceId)),
    findSnapshot: async (id: string) => all.find((one) => one.id === id || one.arn === id),
  };
}

const resolve = (from: string, all: readonly DatabaseSnapshot[], current = instance()) =>
  resolveRecoveryPoint(rdsWith(...all), current, { from, askedAt, names: ['shop-production'] });

describe('latest', () => {
  test('is the newest that is available, of whatever type', async () => {
    const all = [
      snapshot({ id: 'older', at: '2026-11-20T01:00:00.000Z' }),
      snapshot({ id: 'rds:newest', type: 'automated', at: '2026-11-20T02:30:00.000Z' }),
      snapshot({ id: 'unfinished', status: 'creating', at: '2026-11-20T02:45:00.000Z' }),
    ];
    expect((await resolve('latest', all)).point.snapshotId).toBe('rds:newest');
  });

  test('does not move when another snapshot is taken while people decide', async () => {
    const before = [snapshot({ id: 'approved' })];
    const later = snapshot({ id: 'later', at: '2026-11-20T03:00:01.000Z' });
    expect((await resolve('latest', [...before, later])).point).toEqual((await resolve('latest', before)).point);
  });

  test('after a restore, goes back past it, but never to what the restore left behind', async () => {
    const current = instance({ createdAt: '2026-11-20T02:00:00.000Z', tags: { 'pitcrew:lineage': replaced } });
    const good = snapshot({ id: 'good', resourceId: replaced, at: '2026-11-20T01:00:00.000Z' });
    const damaged = snapshot({ id: 'damaged', resourceId: replaced, at: '2026-11-20T02:30:00.000Z' });
    expect((await resolve('latest', [good, damaged], current)).point.snapshotId).toBe('good');
  });

  test('is never the rescue of a database that a restore was to replace, which is taken by its name only', async () => {
    const good = snapshot({ id: 'good', at: '2026-11-20T01:00:00.000Z' });
    const rescue = snapshot({ id: rescueId('shop-production', 'op-1a2b3c4d5e6f'), at: '2026-11-20T02:30:00.000Z' });
    expect((await resolve('latest', [good, rescue])).point.snapshotId).toBe('good');
    expect((await resolve(rescue.id, [good, rescue])).snapshot).toBe(rescue);
  });

  test('with none there is refused', async () => {
    await expect(resolve('latest', [])).rejects.toMatchObject({ code: 'restore.no-snapshot', kind: 'user' });
  });
});

describe('by name', () => {
  test('takes an id in any case, or an ARN', async () => {
    const one = snapshot({ id: 'before-upgrade' });
    expect((await resolve('Before-Upgrade', [one])).snapshot).toBe(one);
    expect((await resolve(one.arn, [one])).snapshot).toBe(one);
  });

  test('F31: of a snapshot that is gone is refused, with the nearest names', async () => {
    const all = ['shop-pitcrew-11111111', 'shop-pitcrew-22222222', 'nightly'].map((id) => snapshot({ id }));
    await expect(resolve('shop-pitcrew-22222229', all)).rejects.toMatchObject({
      code: 'restore.snapshot-unknown',
      params: {
        given: 'shop-pitcrew-22222229',
        closest: ['shop-pitcrew-22222222', 'shop-pitcrew-11111111'],
      },
    });
  });

  test('of another database’s snapshot is refused', async () => {
    const theirs = snapshot({ id: 'theirs', resourceId: 'db-OTHER', instanceId: 'staging' });
    await expect(resolve('theirs', [theirs])).rejects.toMatchObject({ code: 'restore.snapshot-of-other' });
  });

  test('of what an earlier operation made from this database is taken, wherever the application is now', async () => {
    const tags = { 'pitcrew:lineage': 'db-LEFT db-SHOP' };
    const left = snapshot({ id: 'final', resourceId: 'db-LEFT', instanceId: 'shop-production-r1a2b3c4d', tags });
    expect((await resolve('final', [left], instance({ resourceId: 'db-SHOP' }))).snapshot).toBe(left);
    const stranger = instance({ resourceId: 'db-ELSE' });
    await expect(resolve('final', [left], stranger)).rejects.toMatchObject({ code: 'restore.snapshot-of-other' });
  });

  test('of an earlier instance of the same name is taken', async () => {
    const earlier = snapshot({ id: 'earlier', resourceId: 'db-EARLIER' });
    expect((await resolve('earlier', [earlier])).snapshot).toBe(earlier);
  });

  test('of a snapshot that is not ready is refused with its status', async () => {
    await expect(resolve('failed-one', [snapshot({ id: 'failed-one', status: 'failed' })])).rejects.toMatchObject({
      code: 'restore.snapshot-not-available',
      params: { status: 'failed' },
    });
  });
});

test('the list is newest first, over the whole lineage, whatever the status', async () => {
  const current = instance({ tags: { 'pitcrew:lineage': replaced } });
  const all = [
    snapshot({ id: 'b', at: '2026-11-20T01:00:00.000Z', status: 'failed' }),
    snapshot({ id: 'c', at: '2026-11-20T02:00:00.000Z', resourceId: replaced }),
    snapshot({ id: 'of-others', resourceId: 'db-OTHER' }),
  ];
  expect((await recoveryPoints(rdsWith(...all), current)).map(({ snapshotId }) => snapshotId)).toEqual(['c', 'b']);
});

test('the list has what is kept of instances that operations made, once each, though they are gone', async () => {
  const current = instance({ tags: { 'pitcrew:lineage': replaced } });
  const all = [
    snapshot({ id: 'own', at: '2026-11-20T01:00:00.000Z' }),
    snapshot({ id: 'final', at: '2026-11-20T03:00:00.000Z', resourceId: 'db-MADE' }),
    snapshot({ id: 'before', at: '2026-11-20T00:00:00.000Z', resourceId: replaced }),
  ];
  const listed = await allRecoveryPoints(rdsWith(...all), current, ['db-MADE', replaced, current.resourceId]);
  expect(listed.map(({ snapshotId }) => snapshotId)).toEqual(['final', 'own', 'before']);
  // How old the newest backup of what serves is must not be told by those.
  expect((await recoveryPoints(rdsWith(...all), current)).map(({ snapshotId }) => snapshotId)).toEqual([
    'own',
    'before',
  ]);
});
