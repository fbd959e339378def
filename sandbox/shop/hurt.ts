import pg from 'pg';

/** What can be done to the shop's data, each the way it happens in real life. */
export const harms = {
  /** A clean-up job with the wrong unit. */
  'drop-orders': dropOrders,
  /** A currency migration that multiplied what was in whole units already. */
  'corrupt-prices': corruptPrices,
  /** A migration that takes a foreign key out of its way and deletes what it thinks is unused. */
  'delete-customers': deleteCustomers,
  /** A migration meant for the test database. */
  'drop-table': dropTable,
} as const satisfies Record<string, (client: pg.Client) => Promise<string>>;

export type Harm = keyof typeof harms;

/**
 * Hurts the shop over this connection, which must own its tables, in one transaction. Returns what happened as a plain
 * sentence.
 */
export async function hurt(harm: Harm, connection: string | pg.ClientConfig): Promise<string> {
  const client = new pg.Client(connection);
  client.on('error', () => {}); // the query in hand fails by itself
  await client.connect();
  try {
    await client.query('BEGIN');
    const what = await harms[harm](client);
    await client.query('COMMIT');
    return what;
  } finally {
    await client.end();
  }
}

/** Orders keep coming in: tables are locked in the order in which placing one touches them, else it ends in a deadlock. */
async function lock(client: pg.Client, tables: string): Promise<void> {
  await client.query(`LOCK TABLE ${tables} IN ACCESS EXCLUSIVE MODE`);
}

async function dropOrders(client: pg.Client): Promise<string> {
  await lock(client, 'orders, order_items, payments');
  const doomed = `created_at < now() - interval '1 day'`;
  const lost = `SELECT id FROM orders WHERE ${doomed}`;
  const payments = await client.query(`DELETE FROM payments WHERE order_id IN (${lost})`);
  const items = await client.query(`DELETE FROM order_items WHERE order_id IN (${lost})`);
  const orders = await client.query(`DELETE FROM orders WHERE ${doomed}`);
  return `A clean-up job took days for years: it deleted ${count(orders)} orders that are older than a day, with ${count(items)} items and ${count(payments)} payments.`;
}

async function corruptPrices(client: pg.Client): Promise<string> {
  const products = await client.query('UPDATE products SET price = price * 100, updated_at = now()');
  const orders = await client.query(`UPDATE orders SET total = total * 100 WHERE status IN ('placed', 'paid')`);
  return `A currency migration took whole units for cents: ${count(products)} products and ${count(orders)} open orders now cost a hundred times as much.`;
}

async function deleteCustomers(client: pg.Client): Promise<string> {
  await lock(client, 'customers, orders');
  await client.query('ALTER TABLE orders DROP CONSTRAINT orders_customer_id_fkey');
  const customers = await client.query('DELETE FROM customers WHERE NOT marketing_consent');
  const orphans = await client.query(
    'SELECT 1 FROM orders o WHERE NOT EXISTS (SELECT 1 FROM customers c WHERE c.id = o.customer_id)',
  );
  return `A migration dropped the foreign key of orders and deleted ${count(customers)} customers: ${count(orphans)} orders belong to nobody now.`;
}

async function dropTable(client: pg.Client): Promise<string> {
  await lock(client, 'products, orders, order_items');
  const items = await client.query('SELECT count(*) AS n FROM order_items');
  await client.query('DROP TABLE order_items CASCADE');
  const rows = Number((items.rows[0] as { n: string } | undefined)?.n ?? 0).toLocaleString('en');
  return `A migration meant for the test database dropped the table order_items with ${rows} rows, and the view daily_revenue with it: no order can be placed.`;
}

const count = ({ rowCount }: pg.QueryResult) => (rowCount ?? 0).toLocaleString('en');
