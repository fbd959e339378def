import { afterAll, beforeAll, expect, it } from 'vitest';
import { closed } from '../../sandbox/incident.ts';
import { names } from '../../sandbox/settings.ts';
import { openStage, type Stage } from '../stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ orders: 5_000 });
  await stage.worker();
  await asked(
    "CREATE ROLE reporting LOGIN PASSWORD 'of-nobody'",
    'GRANT SELECT ON orders TO reporting',
    `ALTER ROLE ${names.applicationRole} SET statement_timeout TO '45s'`,
    `ALTER ROLE reporting SET search_path TO 'Sales', public`,
    `ALTER ROLE reporting IN DATABASE ${names.database} SET work_mem TO '32MB'`,
    `ALTER DATABASE ${names.database} SET search_path TO "$user", public`,
  );
});
afterAll(() => stage?.close());

const asked = <Row extends object>(...statements: readonly string[]) => stage.sql<Row>(names.instance, ...statements);
const count = async (instance: string, table: string) =>
  (await stage.sql<{ n: number }>(instance, `SELECT count(*)::int AS n FROM ${table}`))[0]?.n;

async function approved(operation: string): Promise<void> {
  await stage.incident.approve('amir', operation);
  await stage.incident.approve('wei', operation);
}

it('a dump comes back on an instance of its own with exactly the rows that its manifest says, and the rollback takes it back', async () => {
  const { incident, world } = stage;
  const dump = await incident.command('rosa', '/backup dump production --reason "before the migration"');
  expect(await incident.until(dump, closed)).toMatchObject({ outcome: 'succeeded' });
  const key = `database/production/${dump}.dump`;
  const manifest = JSON.parse(world.s3.read(names.backupsBucket, `${key}.manifest.json`).toString());

  await asked('DELETE FROM payments', 'DELETE FROM order_items', 'DELETE FROM orders WHERE id % 2 = 0');
  const before = await stage.instances();
  const operation = await stage.ask(
    `/backup restore production --from ${key} --reason "orders are gone"`,
    'restore-confirm',
  );
  await approved(operation);
  expect(await incident.until(operation, closed, 300)).toMatchObject({ outcome: 'succeeded', service: 'new-database' });

  const target = (await stage.instances()).find((id) => !before.includes(id)) ?? '';
  expect(target).not.toBe('');
  expect(stage.secret().DB_PORT).toBe(String(world.rds.instance(target)?.port));
  // The shop writes on: nothing of the dump is missing, and what is new is the shop's own.
  for (const [table, rows] of Object.entries(manifest.counts as Record<string, number>))
    expect(await count(target, table), table).toBeGreaterThanOrEqual(rows);
  const chain = JSON.stringify(await incident.ledger.chain(operation));
  expect(chain.match(/verification\.count-exact/g)?.length).toBeGreaterThanOrEqual(Object.keys(manifest.counts).length);
  expect(chain).not.toContain('verification.count-unexpected');
  const { password = '?' } = JSON.parse(world.secrets.value(names.masterSecret) ?? '{}') as Record<string, string>;
  expect(chain).not.toContain(password);
  const [reporting] = await stage.sql<{ may: boolean; reads: boolean }>(
    target,
    `SELECT rolcanlogin AS may, has_table_privilege('reporting', 'orders', 'SELECT') AS reads
       FROM pg_roles WHERE rolname = 'reporting'`,
  );
  expect(reporting).toEqual({ may: false, reads: true });
  const settings = await stage.sql<{ said: string }>(
    target,
    `SELECT coalesce(r.rolname, '-') || ' ' || coalesce(d.datname, '-') || ' ' || setting AS said
       FROM pg_db_role_setting s LEFT JOIN pg_roles r ON r.oid = setrole LEFT JOIN pg_database d ON d.oid = setdatabase,
         unnest(setconfig) AS setting
       WHERE r.rolname IS NULL OR r.rolname IN ('reporting', '${names.applicationRole}') ORDER BY 1`,
  );
  expect(settings.map(({ said }) => said).sort()).toEqual(
    [
      `- ${names.database} search_path="$user", public`,
      `${names.applicationRole} - statement_timeout=45s`,
      'reporting - search_path="Sales", public',
      `reporting ${names.database} work_mem=32MB`,
    ].sort(),
  );
  // What they are set to stands in the manifest, and in no plan.
  expect(chain).not.toContain('45s');
  expect(await stage.replicas()).toMatchObject({ wanted: 2, ready: 2 });

  const back = await stage.ask(`/backup rollback ${operation}`, 'rollback', { reason: 'it was the wrong dump' });
  await approved(back);
  expect(await incident.until(back, closed, 240)).toMatchObject({ outcome: 'succeeded', service: 'old-database' });
  expect(stage.secret().DB_PORT).toBe(String(world.rds.instance(names.instance)?.port));
});
