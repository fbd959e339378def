import { readFileSync } from 'node:fs';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { hurtShop } from '../../sandbox/hurt.ts';
import { closed, incidentChannel, planned } from '../../sandbox/incident.ts';
import { names } from '../../sandbox/settings.ts';
import { eventually, openStage, type Stage } from '../stage.ts';

let stage: Stage;
beforeAll(async () => {
  // Nobody is asked: what people may decide about findings is findings.test.ts's.
  stage = await openStage({ config: { production: { restore: { findingsWithinMinutes: 0 } } } });
  await stage.worker();
});
afterAll(() => stage?.close());

/** As the master user, on the live database. */
async function onLive(...statements: readonly string[]): Promise<void> {
  const { world } = stage;
  const master = JSON.parse(world.secrets.value(names.masterSecret) ?? '{}') as Record<string, string>;
  const { DB_HOST, DB_PORT } = stage.secret();
  const client = new pg.Client({
    host: DB_HOST,
    port: Number(DB_PORT),
    database: names.database,
    user: master.username,
    password: master.password,
    ssl: { ca: readFileSync(world.rds.caFile, 'utf8') },
  });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

const keepAside = [
  'CREATE SCHEMA aside',
  'CREATE TABLE aside.items AS TABLE order_items',
  'CREATE TABLE aside.customers AS TABLE customers',
];
const repair = [
  'CREATE TABLE order_items (LIKE aside.items)',
  'INSERT INTO order_items SELECT * FROM aside.items',
  'ALTER TABLE order_items ADD PRIMARY KEY (order_id, line)',
  'INSERT INTO customers SELECT a.* FROM aside.customers a WHERE NOT EXISTS (SELECT FROM customers c WHERE c.id = a.id)',
  'ALTER TABLE orders ADD CONSTRAINT orders_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers (id)',
];

it('F44: a missing table and new orphans in the snapshot: no cut-over, the application is back as it was, the card says what was found', async () => {
  const { incident } = stage;
  await onLive(...keepAside);
  await hurtShop('delete-customers', stage.world.env);
  await hurtShop('drop-table', stage.world.env);
  // Nobody measured it: what pitcrew's own snapshot finds while it is made, it takes for known.
  await stage.snapshotByHand('somebody-elses-before-the-repair');
  await onLive(...repair);
  const before = stage.secret();

  const operation = await incident.restore('rosa', { reason: 'a drill with a bad snapshot' });
  await incident.until(operation, planned);
  await incident.approve('amir', operation);
  await incident.approve('wei', operation);
  const end = await incident.until(operation, closed);

  expect(end).toMatchObject({
    outcome: 'failed',
    service: 'old-database',
    error: { code: 'restore.verification-failed' },
  });
  const chain = await incident.ledger.chain(operation);
  expect(chain.some(({ data }) => data.step === 'switch-secret')).toBe(false);
  expect(stage.secret()).toEqual(before);
  expect(await stage.replicas()).toEqual({ wanted: 2, ready: 2 });
  const findings = JSON.stringify(end.error);
  expect(findings).toContain('order_items');
  expect(findings).toMatch(/orphan/);

  let card = '';
  await eventually('the failure card says what was found and where the service is', async () => {
    const cards = (await incident.person('dana').messages(incidentChannel)).map((message) => JSON.stringify(message));
    card = cards.find((text) => text.includes('order_items') && text.includes('customer_id')) ?? '';
    return /old database/i.test(card);
  });
  // Keys and counts only: no name and no address of a customer.
  expect(card).not.toContain('@example.com');
});

it('F44: the same with "stay stopped": nothing serves the old data, and the card says that the service is stopped', async () => {
  const { incident } = stage;
  const before = stage.secret();
  const operation = await incident.restore('rosa', {
    reason: 'the old data must not be served',
    onFailure: 'stay-stopped',
  });
  await incident.until(operation, planned);
  await incident.approve('amir', operation);
  await incident.approve('wei', operation);
  expect(await incident.until(operation, closed)).toMatchObject({ outcome: 'failed', service: 'stopped' });
  expect(await stage.replicas()).toEqual({ wanted: 0, ready: 0 });
  expect(stage.secret()).toEqual(before);
  await eventually('the failure card says that it is stopped', async () => {
    const cards = await incident.person('dana').messages(incidentChannel);
    const failed = cards.filter((card) => JSON.stringify(card).includes(operation)).at(-1);
    return /production is stopped/i.test(JSON.stringify(failed));
  });
});
