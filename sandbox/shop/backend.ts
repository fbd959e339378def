// ecommerce-backend: the shop's service. It reads its database from the secret once, at its start, as many services
// do: a new host in the secret reaches it with its next start only.
// environment: PORT, CONFIG_SECRET, PGSSLROOTCERT, and the AWS SDK's own (AWS_REGION, AWS_ENDPOINT_URL, keys)
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type pg from 'pg';
import { openPool, readSecret } from './backend-database.ts';
import { findOrder, placeOrder } from './backend-orders.ts';

const DRAIN_MS = 2000;
const HEARTBEAT_MS = 5000;

const log = (message: string, fields: Record<string, unknown> = {}) =>
  console.log(JSON.stringify({ time: new Date().toISOString(), message, ...fields }));

interface Reply {
  readonly code: number;
  readonly body: unknown;
}

async function route(request: IncomingMessage, pool: pg.Pool): Promise<Reply> {
  const line = `${request.method} ${request.url}`;
  if (line === 'GET /healthz') {
    await pool.query('SELECT 1');
    return { code: 200, body: { status: 'ok' } };
  }
  if (line === 'POST /orders') {
    request.resume();
    const order = await placeOrder(pool);
    log('order placed', { order: order.id, items: order.items, total: order.total });
    return { code: 201, body: { id: order.id } };
  }
  const id = /^GET \/orders\/(\d{1,18})$/.exec(line)?.[1];
  const order = id ? await findOrder(pool, id) : undefined;
  return order ? { code: 200, body: order } : { code: 404, body: { error: 'not found' } };
}

/** A server that refuses or went away is 503, what the database says about the statement itself is 500. */
function failure(error: unknown): Reply {
  const { code = '', message } = error as { code?: string; message: string };
  const statement = /^(22|23|42)/.test(code);
  log('request failed', { code, error: message });
  return { code: statement ? 500 : 503, body: { error: statement ? 'internal error' : 'database unavailable' } };
}

function serve(pool: pg.Pool): Server {
  return createServer((request: IncomingMessage, response: ServerResponse) => {
    route(request, pool)
      .catch(failure)
      .then(({ code, body }) => {
        response.writeHead(code, { 'content-type': 'application/json' });
        response.end(JSON.stringify(body));
      });
  });
}

const secretId = process.env.CONFIG_SECRET;
const caFile = process.env.PGSSLROOTCERT;
if (!secretId || !caFile) throw new Error('set CONFIG_SECRET and PGSSLROOTCERT');
const database = await readSecret(secretId);
const pool = openPool(database, caFile, (error) => log('connection lost', { error: error.message }));
log('using database', { host: database.host, port: database.port, database: database.database, user: database.user });

const server = serve(pool);
server.listen(Number(process.env.PORT ?? 8080), '127.0.0.1', () =>
  log('listening', { port: process.env.PORT ?? 8080 }),
);

// A beat that fails is missing: that is what it says.
const heartbeat = setInterval(
  () => void pool.query('INSERT INTO heartbeat DEFAULT VALUES').catch(() => {}),
  HEARTBEAT_MS,
);

process.once('SIGTERM', () => {
  log('ending: finishing the requests at hand');
  clearInterval(heartbeat);
  setTimeout(() => process.exit(0), DRAIN_MS).unref();
  server.close(async () => {
    await pool.end();
    process.exit(0);
  });
  server.closeIdleConnections();
});
