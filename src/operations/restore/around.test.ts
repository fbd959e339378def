import { expect, it } from 'vitest';
import type { DatabaseSnapshot } from '../../clients/rds.ts';
import type { JsonObject } from '../../domain/json.ts';
import { baselineKey } from '../../domain/records.ts';
import { recordsInMemory } from '../../ledger/records.fixture.ts';
import type { CurrentInstance } from '../../planning/current-instance.ts';
import { instance, snapshot } from '../../planning/instances.fixture.ts';
import type { ResolvedInstant } from '../../planning/point-in-time.ts';
import { baselineOf, quietTable } from '../../verification/baseline.fixture.ts';
import { momentFacts } from './around.ts';

const hour = (clock: number) => `2026-11-20T${String(clock).padStart(2, '0')}:00:00.000Z`;
const { resourceId } = instance();

async function factsAt(at: string | null, snapshots: readonly DatabaseSnapshot[], own = resourceId, database = 'shop') {
  const records = recordsInMemory();
  for (const { arn, at: made = '' } of snapshots)
    await records.write(baselineKey(arn), {
      ...baselineOf(database, { 'public.orders': { ...quietTable(5), countedAt: made } }),
      at: made,
      snapshotAt: made,
    } as unknown as JsonObject);
  const rds = { listSnapshots: async () => snapshots };
  const recovery = { point: { at, resourceId } } as unknown as ResolvedInstant;
  const current = { runs: true, identity: { resourceId: own }, database: 'shop' } as unknown as CurrentInstance;
  return momentFacts({ rds, records }, recovery, current);
}

const made = [1, 2, 3, 4].map((clock) => snapshot({ id: `at-${clock}`, at: hour(clock) }));
const keyOf = (id: string) => baselineKey(made.find((one) => one.id === id)?.arn ?? '');

it('the last baseline before the moment and the first after it are meant', async () => {
  const facts = await factsAt('2026-11-20T02:30:00.000Z', made);
  expect(facts).toMatchObject({ exact: true, live: true, before: { key: keyOf('at-2') }, after: keyOf('at-3') });
});

it('the latest moment has the newest before it and none after it', async () => {
  expect(await factsAt(null, made)).toMatchObject({ exact: false, before: { key: keyOf('at-4') }, after: null });
});

it('nothing was counted before the first, and another database’s counts are nobody’s', async () => {
  expect(await factsAt(hour(0), made)).toMatchObject({ before: null, after: keyOf('at-1') });
  expect(await factsAt(hour(3), made, resourceId, 'other')).toMatchObject({ before: null, after: null });
});

it('a replaced instance’s moment isn’t bounded by what the present one counts', async () => {
  expect(await factsAt(hour(3), made, 'db-OTHER')).toMatchObject({ live: false });
});
