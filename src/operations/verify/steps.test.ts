import { afterAll, beforeAll, expect, it } from 'vitest';
import { roleSecret } from '../../clients/private-database.fixture.ts';
import type { JsonObject } from '../../domain/json.ts';
import { baselineKey } from '../../domain/records.ts';
import type { VerificationReport } from '../../domain/verification.ts';
import { recordsInMemory } from '../../ledger/records.fixture.ts';
import { contextOf } from '../../steps/kubernetes/step-context.fixture.ts';
import { shopChecks } from '../../verification/shop.fixture.ts';
import { found, one, openShop, type Shop } from '../../verification/verified-shop.fixture.ts';
import { verifyStepSet } from './steps.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop?.server.close());

const key = baselineKey('arn');
async function run(step: string, database: string, over: object = {}, records = recordsInMemory()) {
  const input = {
    address: shop.server.address(database),
    serves: true,
    role: 'shop_app',
    verifyRole: roleSecret('pitcrew_reader'),
    checks: shopChecks,
    timeZone: 'UTC',
    baselineKey: null,
    ...over,
  } as unknown as JsonObject;
  const steps = verifyStepSet({ access: shop.server, records });
  const done = await steps.get(step)?.run(contextOf({ input, outputs: {} }));
  if (done?.kind !== 'done') throw new Error('it waits');
  expect(JSON.parse(JSON.stringify(done))).toEqual(done);
  return done.output.report as unknown as VerificationReport;
}

it('what is found is the output and no failure, against the baseline that the plan names', async () => {
  const database = await shop.copy();
  const records = recordsInMemory();
  await records.write(key, (await shop.baseline(database)) as unknown as JsonObject);
  await shop.server.sql(database, 'TRUNCATE order_items');
  const report = await run('check-database', database, { baselineKey: key }, records);
  expect(report.outcome).toBe('fail');
  expect(found(report)).toContain('row-count:order_items: verification.rows-all-gone');
});

it('a baseline that is gone since is said, and nothing is taken for compared', async () => {
  const report = await run('check-database', 'shop', { baselineKey: key });
  expect(one(report, 'baseline')).toMatchObject({ outcome: 'not-proven' });
});

it('what keeps pitcrew from the deep look takes nothing from the operation', async () => {
  expect((await run('check-deeply', 'shop')).results.length).toBeGreaterThan(0);
  const refused = await run('check-deeply', 'shop', {
    verifyRole: { ...roleSecret('pitcrew_reader'), secret: 'nobody' },
  });
  expect(refused).toMatchObject({ outcome: 'not-proven', results: [{ finding: 'verification.not-done' }] });
});
