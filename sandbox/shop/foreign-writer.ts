// foreign-writer: somebody's import that nobody told the team about. It runs on no cluster, logs in with what it was
// given, and changes the stock of a product five times a second until it is ended or its connection is.
// environment: PGHOST, PGPORT, PGDATABASE, PGUSER, PGPASSWORD, PGSSLROOTCERT, FOREIGN_NAME (its application_name)
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

const { PGSSLROOTCERT: caFile = '', FOREIGN_NAME: name = 'stock-import' } = process.env;
const ssl = { ca: readFileSync(caFile, 'utf8'), rejectUnauthorized: true };
const client = new pg.Client({ ssl, application_name: name });
client.on('error', () => {}); // the statement at hand fails by itself
await client.connect();
console.log('writing');
for (;;) {
  await client.query('UPDATE products SET stock = stock + 1 WHERE id = (SELECT min(id) FROM products)');
  await sleep(200);
}
