import { afterAll, beforeAll, expect, it } from 'vitest';
import { closed, incidentChannel } from '../../sandbox/incident.ts';
import { names } from '../../sandbox/settings.ts';
import { eventually, openStage, type Stage } from '../stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ orders: 5_000 });
  await stage.worker();
});
afterAll(() => stage?.close());

const asked = <Row extends object>(...statements: readonly string[]) => stage.sql<Row>(names.instance, ...statements);
async function approved(operation: string): Promise<void> {
  await stage.incident.approve('amir', operation);
  await stage.incident.approve('wei', operation);
}

const checksums = async () =>
  asked(
    `SELECT 'customers' AS of, md5(string_agg(c::text, ',' ORDER BY id)) AS sum FROM customers c WHERE id <= 500
     UNION ALL SELECT 'order_items', md5(string_agg(i::text, ',' ORDER BY i::text)) FROM order_items i WHERE order_id <= 2000
     UNION ALL SELECT 'payments', md5(string_agg(p::text, ',' ORDER BY p::text)) FROM payments p WHERE order_id <= 2000`,
  );
const mayLogIn = async () =>
  (
    await asked<{ may: boolean }>(
      `SELECT rolcanlogin AS may FROM pg_roles WHERE rolname = '${stage.secret().DB_USERNAME ?? ''}'`,
    )
  )[0]?.may;
const inPlace = (key: string) =>
  stage.ask(`/backup restore production --from ${key} --in-place --reason "orders are gone"`, 'restore-confirm');
let key = '';

it('a load over the live database that fails half-way changes nothing, and the application runs again', async () => {
  const { incident } = stage;
  const dump = await incident.command('rosa', '/backup dump production --reason "before the migration"');
  expect(await incident.until(dump, closed)).toMatchObject({ outcome: 'succeeded' });
  key = `database/production/${dump}.dump`;
  await asked(
    'CREATE TABLE kept_aside AS SELECT 1 AS id',
    'CREATE TABLE refunds (payment bigint REFERENCES payments (id))',
  );
  const before = await checksums();
  const operation = await inPlace(key);
  await approved(operation);
  const end = await incident.until(operation, closed, 300);
  expect(end).toMatchObject({ outcome: 'failed', service: 'old-database', error: { code: 'load.failed' } });
  expect(JSON.stringify(end)).toContain('because other objects depend on it');
  expect(await checksums()).toEqual(before);
  expect(await mayLogIn()).toBe(true);
  await eventually('the application runs as before', async () => (await stage.replicas()).ready === 2);
});

it('over the live database a dump brings back its rows in one transaction, behind a snapshot that is whole by then', async () => {
  const { incident, world } = stage;
  await asked('DROP TABLE refunds');
  await asked('DELETE FROM payments', 'DELETE FROM order_items', 'DELETE FROM orders WHERE id % 2 = 0');
  const before = await stage.instances();
  const operation = await inPlace(key);
  await eventually('the card says what it replaces, and what stays', async () => {
    const cards = JSON.stringify(await incident.person('sam').messages(incidentChannel));
    return cards.includes('This replaces the data in place') && cards.includes('table public.kept_aside');
  });
  await approved(operation);
  expect(await incident.until(operation, closed, 300)).toMatchObject({ outcome: 'succeeded', service: 'new-database' });
  expect(await stage.instances()).toEqual(before);
  const manifest = JSON.parse(world.s3.read(names.backupsBucket, `${key}.manifest.json`).toString());
  for (const [table, rows] of Object.entries(manifest.counts as Record<string, number>))
    expect((await asked<{ n: number }>(`SELECT count(*)::int AS n FROM ${table}`))[0]?.n, table).toBeGreaterThanOrEqual(
      rows,
    );
  expect(await asked('SELECT id FROM kept_aside')).toEqual([{ id: 1 }]);
  const chain = await incident.ledger.chain(operation);
  const at = (step: string) => chain.findIndex(({ data }) => data.step === step && 'output' in data);
  expect(at('await-rescue')).toBeGreaterThan(0);
  expect(at('await-rescue')).toBeLessThan(at('load-in-place'));
  expect(await mayLogIn()).toBe(true);
  expect(await stage.replicas()).toMatchObject({ wanted: 2, ready: 2 });
});
