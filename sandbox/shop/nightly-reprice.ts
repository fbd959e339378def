// nightly-reprice: the shop's CronJob, a writer besides its Deployment. It moves every price by up to 1 %, a product at a
// time, over one connection that it keeps until it is done.
// environment: CONFIG_SECRET, PGSSLROOTCERT, REPRICE_SECONDS (how long one run takes), and the AWS SDK's own
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { readSecret } from './backend-database.ts';

const { CONFIG_SECRET: secretId, PGSSLROOTCERT: caFile, REPRICE_SECONDS: seconds = '1' } = process.env;
if (!secretId || !caFile) throw new Error('set CONFIG_SECRET and PGSSLROOTCERT');
const database = await readSecret(secretId);
const ssl = { ca: readFileSync(caFile, 'utf8'), rejectUnauthorized: true };
const client = new pg.Client({ ...database, ssl, application_name: 'nightly-reprice' });
await client.connect();
console.log(`repricing on ${database.host}:${database.port}`);
const { rows } = await client.query<{ id: string }>('SELECT id FROM products ORDER BY id LIMIT 200');
for (const { id } of rows) {
  await client.query(
    `UPDATE products SET price = greatest(0.01, round(price * (0.99 + random() * 0.02)::numeric, 2)), updated_at = now() WHERE id = $1`,
    [id],
  );
  await sleep((1000 * Number(seconds)) / rows.length);
}
await client.end();
console.log(`repriced ${rows.length} products`);
