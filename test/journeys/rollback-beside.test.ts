import { afterAll, beforeAll, expect, it } from 'vitest';
import { closed, incidentChannel, planned } from '../../sandbox/incident.ts';
import { names } from '../../sandbox/settings.ts';
import { readAttempts } from '../../sandbox/shop/attempts.ts';
import { eventually, openStage, type Stage } from '../stage.ts';

let stage: Stage;
let restore = '';
let back = '';
/** The database that served before all of it. */
let former: Database | undefined;

beforeAll(async () => {
  stage = await openStage({ config: { production: { database: { masterRole: { secret: names.masterSecret } } } } });
  await stage.worker();
});
afterAll(() => stage?.close());

interface Database {
  readonly oid: number;
  readonly open: boolean;
}

const sql = <Row extends object>(...statements: readonly string[]) => stage.sql<Row>(names.instance, ...statements);

async function databases(): Promise<Readonly<Record<string, Database>>> {
  const found = await sql<Database & { name: string }>(
    `SELECT datname AS name, oid::int AS oid, datallowconn AS open FROM pg_database WHERE datname LIKE '${names.database}%'`,
  );
  return Object.fromEntries(found.map(({ name, oid, open }) => [name, { oid, open }]));
}
const live = async () => (await databases())[names.database];
const ordersAfter = async (id: number) =>
  (await sql<{ count: number }>(`SELECT count(*)::int AS count FROM orders WHERE id > ${id}`))[0]?.count ?? -1;
const newest = async () => (await sql<{ id: number }>('SELECT max(id)::int AS id FROM orders'))[0]?.id ?? -1;

const first = async () =>
  (await sql<{ name: string }>('SELECT full_name AS name FROM customers ORDER BY id LIMIT 1'))[0]?.name;

async function approved(operation: string, waitsFor?: () => Promise<void>) {
  const { incident } = stage;
  await incident.until(operation, planned);
  await waitsFor?.();
  await incident.approve('amir', operation);
  await incident.approve('wei', operation);
  return incident.until(operation, closed, 240);
}
const askBack = (of: string) =>
  stage.ask(`/backup rollback ${of}`, 'rollback', { reason: 'the dump has the damage in it too' });
const refusal = async (of: string) => (await stage.incident.until(await askBack(of), closed)).error as { code: string };

async function outputOf<Output>(operation: string, step: string): Promise<Output> {
  const chain = await stage.incident.ledger.chain(operation);
  return chain.find(({ type, data }) => type === 'done' && data.step === step)?.data.output as Output;
}

async function toldAbout(operation: string): Promise<string> {
  const cards = await stage.incident.person('sam').messages(incidentChannel);
  return JSON.stringify(cards.filter((card) => JSON.stringify(card).includes(operation)));
}

const sinceOf = (from: number) => readAttempts(stage.world.attemptsFile).filter(({ at }) => Date.parse(at) >= from);

it('after a restore beside the names go back: the former rows serve, what was written since is counted, told and kept, and nothing is stopped', async () => {
  const { incident } = stage;
  const dump = await incident.command('rosa', '/backup dump production');
  expect(await incident.until(dump, closed)).toMatchObject({ outcome: 'succeeded' });
  // Of the time after the dump: only the former database has it.
  await sql(`UPDATE customers SET full_name = 'of the former database' WHERE id = (SELECT min(id) FROM customers)`);
  former = await live();
  restore = await stage.ask(
    `/backup restore production --from database/production/${dump}.dump --beside --reason "rows are gone"`,
    'restore-confirm',
  );
  expect(await approved(restore)).toMatchObject({ outcome: 'succeeded', service: 'new-database' });
  const restored = await live();
  expect(restored?.oid).not.toBe(former?.oid);
  const atSwap = (await newest()) - 1;
  await eventually('customers order on the restored database', async () => (await ordersAfter(atSwap)) > 20);
  expect(await first()).not.toBe('of the former database');
  await sql(`UPDATE customers SET full_name = full_name || ' (moved)' WHERE id = (SELECT min(id) FROM customers)`);

  const pods = await stage.replicas();
  const asking = Date.now();
  back = await askBack(restore);
  const end = await approved(back, async () => {
    await eventually('the card says what would be left behind, and that nothing is stopped', async () =>
      /left behind, in a database that is kept: \*\d+ new rows\*.*not stopped/.test(await toldAbout(back)),
    );
    expect((await live())?.oid).toBe(restored?.oid);
  });
  expect(end).toMatchObject({ outcome: 'succeeded', service: 'old-database' });

  const after = await databases();
  const [left = ''] = Object.keys(after).filter((name) => name !== names.database);
  expect(after).toEqual({
    [names.database]: { oid: former?.oid, open: true },
    [left]: { oid: restored?.oid, open: false },
  });
  expect(await first()).toBe('of the former database');
  expect(await stage.replicas()).toEqual(pods);
  const { outageMs } = await outputOf<{ outageMs: number }>(back, 'swap-back');
  expect(outageMs).toBeLessThan(1_000);

  // Customers waited for a moment only, and nobody's order was refused but for a connection that was ended.
  const swappedAt = Date.parse((await outputOf<{ at: string }>(back, 'swap-back')).at);
  await eventually('customers order on', async () =>
    sinceOf(asking).some(({ ok, at }) => ok && Date.parse(at) > swappedAt + 2_000),
  );
  for (const { ok, at } of sinceOf(asking)) if (!ok) expect(Math.abs(Date.parse(at) - swappedAt)).toBeLessThan(10_000);

  // What was told is what the kept database has: everything that was entered or changed since the restore.
  const { tables } = await outputOf<{ tables: { table: string; rows: number; lost: number }[] }>(
    back,
    'measure-written',
  );
  const orders = tables.find(({ table }) => table === 'orders');
  const customers = tables.find(({ table }) => table === 'customers');
  const { s3 } = stage.world;
  const manifest = s3.read(names.backupsBucket, `database/production/${dump}.dump.manifest.json`).toString();
  const { counts } = JSON.parse(manifest) as { counts: Readonly<Record<string, number>> };
  const entered = (orders?.rows ?? Number.NaN) - (counts['public.orders'] ?? Number.NaN);
  expect(entered).toBeGreaterThan(20);
  expect(orders?.lost).toBeGreaterThanOrEqual(entered);
  // Of what the restore brought, and nobody has touched since, nothing is counted.
  expect(orders?.lost).toBeLessThan((orders?.rows ?? Number.NaN) / 2);
  await sql(`ALTER DATABASE ${left} ALLOW_CONNECTIONS true`);
  const asked = { instance: names.instance, database: left };
  const kept = await stage.sql<{ all: number }>(asked, 'SELECT count(*)::int AS all FROM orders');
  await sql(`ALTER DATABASE ${left} ALLOW_CONNECTIONS false`);
  // Between the count and the swap customers ordered on.
  expect(kept[0]?.all).toBeGreaterThanOrEqual(orders?.rows ?? Number.NaN);
  expect(customers?.lost).toBeGreaterThanOrEqual(1);
  await eventually('the result says what was left behind, and where it is kept', async () => {
    const told = await toldAbout(back);
    return told.includes(`${orders?.lost.toLocaleString('en')} rows left behind`) && told.includes(left);
  });
});

it('what was taken back isn’t taken back twice; a rollback of the rollback goes forward again, and back', async () => {
  expect((await refusal(restore)).code).toBe('rollback.names-back');
  const forward = await askBack(back);
  expect(await approved(forward)).toMatchObject({ outcome: 'succeeded', service: 'old-database' });
  expect((await live())?.oid).not.toBe(former?.oid);
  expect((await refusal(back)).code).toBe('rollback.names-back');
  expect(await approved(await askBack(forward))).toMatchObject({ outcome: 'succeeded' });
  expect((await live())?.oid).toBe(former?.oid);
});

it('the restored database is dropped by a cleanup after the restore, and from then on there is no way to it', async () => {
  const { incident } = stage;
  const reason = 'nobody needs it';
  const early = await stage.ask(`/backup cleanup ${restore}`, 'cleanup', { reason });
  expect((await incident.until(early, closed)).error).toMatchObject({ code: 'cleanup.too-soon' });
  const cleaning = await stage.ask(`/backup cleanup ${restore} --now`, 'cleanup', { reason });
  expect(await approved(cleaning)).toMatchObject({ outcome: 'succeeded', service: 'unchanged' });
  expect(await databases()).toEqual({ [names.database]: former });
  expect(await refusal(back)).toMatchObject({ code: 'rollback.kept-gone' });
  const now = Date.now();
  await eventually('customers order on', async () => sinceOf(now).some(({ ok }) => ok));
});
