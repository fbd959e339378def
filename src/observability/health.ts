import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { Metrics } from './metrics.ts';

/** Returns when all is well and throws when it isn't. */
export type Check = (signal: AbortSignal) => Promise<void>;
export type Checks = Readonly<Record<string, Check>>;

export interface HealthOptions {
  /** Loopback unless said otherwise: the server asks nobody who they are. */
  readonly host: string;
  /** 0 is any free one. */
  readonly port: number;
  /** What must hold for this process to be worth keeping; without any, that it answers. */
  readonly alive?: Checks;
  /** What must hold for it to take work: ledger, queue, Slack. */
  readonly ready: Checks;
  readonly metrics: Pick<Metrics, 'expose'>;
  /** How long one check may take before it counts as failed. */
  readonly checkSeconds?: number;
}

export interface Health {
  readonly host: string;
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Serves `/healthz` (restart me or not), `/readyz` (send me work or not) and `/metrics`. A check that fails is named with
 * its error's code and nothing else: whoever can reach the port learns no host and no message.
 * @throws when it can't listen there
 */
export async function startHealth(options: HealthOptions): Promise<Health> {
  const { host, port, alive = {}, ready, metrics, checkSeconds = 2 } = options;
  const answer = async (path: string, response: ServerResponse): Promise<void> => {
    if (path === '/healthz') return sendChecks(response, await runChecks(alive, checkSeconds));
    if (path === '/readyz') return sendChecks(response, await runChecks(ready, checkSeconds));
    if (path !== '/metrics') return send(response, 404, 'text/plain', 'not found\n');
    const { contentType, body } = await metrics.expose();
    send(response, 200, contentType, body);
  };
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://health');
    if (request.method !== 'GET' && request.method !== 'HEAD') return send(response, 405, 'text/plain', 'only GET\n');
    answer(pathname, response).catch(() => send(response, 500, 'text/plain', 'failed\n'));
  });
  server.listen(port, host);
  await once(server, 'listening');
  const address = server.address();
  return {
    host,
    port: address && typeof address === 'object' ? address.port : port,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

type Findings = Readonly<Record<string, string>>;

async function runChecks(checks: Checks, seconds: number): Promise<Findings> {
  const findings = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => [name, await finding(check, seconds)] as const),
  );
  return Object.fromEntries(findings);
}

async function finding(check: Check, seconds: number): Promise<string> {
  const signal = AbortSignal.timeout(seconds * 1000);
  const late = new Promise<string>((resolve) => {
    signal.addEventListener('abort', () => resolve('no answer in time'), { once: true });
  });
  const run = async () => {
    await check(signal);
    return 'ok';
  };
  return Promise.race([late, run().catch(codeOf)]);
}

function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
  return /^[\w.-]{1,60}$/.test(code) ? `failed: ${code}` : 'failed';
}

function sendChecks(response: ServerResponse, checks: Findings): void {
  const status = Object.values(checks).every((found) => found === 'ok') ? 200 : 503;
  send(response, status, 'application/json', `${JSON.stringify({ ok: status === 200, checks })}\n`);
}

function send(response: ServerResponse, status: number, contentType: string, body: string): void {
  response.writeHead(status, { 'content-type': contentType, 'cache-control': 'no-store' }).end(body);
}
