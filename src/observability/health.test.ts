import { afterEach, describe, expect, it } from 'vitest';
import { retryable } from '../domain/errors.ts';
import { type Checks, type Health, startHealth } from './health.ts';
import { createMetrics } from './metrics.ts';

let health: Health | undefined;
afterEach(async () => {
  await health?.close();
  health = undefined;
});

async function serve(ready: Checks, alive: Checks = {}) {
  const metrics = createMetrics({ ofProcess: true });
  health = await startHealth({ host: '127.0.0.1', port: 0, ready, alive, metrics, checkSeconds: 0.2 });
  const { port } = health;
  return { metrics, get: (path: string, method = 'GET') => fetch(`http://127.0.0.1:${port}${path}`, { method }) };
}

const well = async () => {};

describe('health', () => {
  it('is alive as long as it answers, and ready only when every check is', async () => {
    const { get } = await serve({ ledger: well, queue: async () => Promise.reject(retryable('queue.unreachable')) });
    expect((await get('/healthz')).status).toBe(200);
    const ready = await get('/readyz');
    expect(ready.status).toBe(503);
    expect(await ready.json()).toEqual({ ok: false, checks: { ledger: 'ok', queue: 'failed: queue.unreachable' } });
  });

  it('says nothing of an error but its code', async () => {
    const { get } = await serve({ ledger: async () => Promise.reject(new Error('connect 10.0.0.7 password=hunter2')) });
    expect(await (await get('/readyz')).text()).toBe('{"ok":false,"checks":{"ledger":"failed"}}\n');
  });

  it('a check that never answers counts as failed in time', async () => {
    const { get } = await serve({}, { canary: () => new Promise(() => {}) });
    const alive = await get('/healthz');
    expect(alive.status).toBe(503);
    expect(await alive.json()).toEqual({ ok: false, checks: { canary: 'no answer in time' } });
  });

  it('a check that throws at once counts as failed', async () => {
    const { get } = await serve({
      slack: () => {
        throw new Error('not started');
      },
    });
    expect((await get('/readyz')).status).toBe(503);
  });

  it('serves metrics that Prometheus reads, and nothing else', async () => {
    const { get, metrics } = await serve({});
    metrics.operationClosed('restore', 'succeeded');
    const answer = await get('/metrics');
    expect(answer.headers.get('content-type')).toContain('text/plain');
    expect(await answer.text()).toContain('pitcrew_operations_total{operation="restore",outcome="succeeded"} 1');
    expect((await get('/')).status).toBe(404);
    expect((await get('/metrics', 'POST')).status).toBe(405);
  });

  it('a port that is taken is an error at the start', async () => {
    const { metrics } = await serve({});
    const port = health?.port ?? 0;
    await expect(startHealth({ host: '127.0.0.1', port, ready: {}, metrics })).rejects.toThrow('EADDRINUSE');
  });
});

describe('metrics', () => {
  it('times appends by how they ended, and passes their result or error on', async () => {
    const metrics = createMetrics();
    expect(await metrics.append(async () => 'created')).toBe('created');
    await expect(metrics.append(async () => Promise.reject(new Error('lost')))).rejects.toThrow('lost');
    const { body } = await metrics.expose();
    expect(body).toContain('pitcrew_ledger_append_seconds_count{outcome="answered"} 1');
    expect(body).toContain('pitcrew_ledger_append_seconds_count{outcome="failed"} 1');
  });
});
