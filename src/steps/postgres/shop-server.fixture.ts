import type pg from 'pg';
import { privateDatabase, type Role } from '../../clients/private-database.fixture.ts';
import type { JsonObject } from '../../domain/json.ts';
import { shopSchema } from '../../verification/shop.fixture.ts';

export type ShopServer = Awaited<ReturnType<typeof shopServer>>;

/** A server of its own with the shop on it, and as many copies of that as a test wants. */
export async function shopServer() {
  const server = await privateDatabase();
  await server.sql('postgres', 'CREATE DATABASE shop');
  await server.sql('shop', ...shopSchema);
  const open: pg.Client[] = [];
  let copies = 0;
  return {
    server,
    /** A session that lasts until `disconnect`. */
    async connectAs(role: Role, database = 'shop'): Promise<pg.Client> {
      const client = await server.session(role, database);
      open.push(client);
      return client;
    },
    async disconnect(): Promise<void> {
      for (const client of open.splice(0)) await client.end().catch(() => {});
    },
    /** @returns the name of a new database, like the shop but for these changes */
    async copy(...changes: readonly string[]): Promise<string> {
      const name = `copy_${++copies}`;
      await server.sql('postgres', `CREATE DATABASE ${name} TEMPLATE shop`);
      if (changes.length > 0) await server.sql(name, ...changes);
      return name;
    },
    /** As `await-instance` tells of it. */
    target: (): JsonObject => ({ id: 'new', arn: '', resourceId: '', host: '127.0.0.1', port: server.port }),
  };
}
