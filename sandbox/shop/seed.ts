import { readFile } from 'node:fs/promises';
import pg from 'pg';
import { createRoles, type RolePasswords } from './roles.ts';

export const shopDatabase = 'ecommerce_production';

export interface Seed {
  /** The master user's connection to any database of the instance; the shop's own is created if it is missing. */
  readonly connectionString: string;
  readonly customers?: number;
  readonly products?: number;
  readonly orders?: number;
  /** The instant of the newest order; unset: now. */
  readonly until?: Date;
  readonly passwords: RolePasswords;
}

export interface SeedCounts {
  readonly customers: number;
  readonly products: number;
  readonly orders: number;
  readonly orderItems: number;
  readonly payments: number;
}

/**
 * Creates the shop's database, roles, tables and rows, in a few seconds for 100,000 orders. The same numbers give the
 * same rows. Throws when the shop's tables are there already.
 */
export async function seedShop(seed: Seed): Promise<SeedCounts> {
  const {
    connectionString,
    customers = 10_000,
    products = 500,
    orders = 100_000,
    until = new Date(),
    passwords,
  } = seed;
  await createDatabase(connectionString);
  const client = new pg.Client({ connectionString: withDatabase(connectionString, shopDatabase) });
  await client.connect();
  try {
    const parameters = { customers, products, orders, until: until.toISOString() };
    for (const [name, value] of Object.entries(parameters)) {
      await client.query('SELECT set_config($1, $2, false)', [`shop.${name}`, String(value)]);
    }
    await client.query('BEGIN');
    for (const file of ['tables', 'rows', 'keys']) await client.query(await sql(file));
    await client.query('COMMIT');
    await createRoles(client, passwords);
    await client.query('ANALYZE');
    const { rows } = await client.query<SeedCounts>(`SELECT
      (SELECT count(*)::int FROM customers) AS customers, (SELECT count(*)::int FROM products) AS products,
      (SELECT count(*)::int FROM orders) AS orders, (SELECT count(*)::int FROM order_items) AS "orderItems",
      (SELECT count(*)::int FROM payments) AS payments`);
    if (!rows[0]) throw new Error('the shop could not be counted');
    return rows[0];
  } finally {
    await client.end();
  }
}

const sql = (name: string) => readFile(new URL(`./sql/${name}.sql`, import.meta.url), 'utf8');

async function createDatabase(connectionString: string): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [shopDatabase]);
    if (!rowCount) await client.query(`CREATE DATABASE ${pg.escapeIdentifier(shopDatabase)}`);
  } finally {
    await client.end();
  }
}

/** The same connection to another database of the instance. */
export function withDatabase(connectionString: string, database: string): string {
  const url = new URL(connectionString);
  url.pathname = `/${encodeURIComponent(database)}`;
  return url.href;
}
