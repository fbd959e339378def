import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { permanent } from '../../domain/errors.ts';
import { answersWell } from './answers.ts';
import { errorKind, searchedLogs } from './pod-logs.ts';

describe('the application’s log lines', () => {
  it.each([
    ['FATAL: password authentication failed for user "app"', 'authentication'],
    ['Error: connect ECONNREFUSED 127.0.0.1:5432', 'connection'],
    ['ERROR: permission denied for table orders', 'permission'],
    ['error: relation "orders" does not exist', 'schema'],
    ['Uncaught TypeError: x is not a function', 'crash'],
    ['{"level":"error","msg":"no"}', 'error'],
    ['listening on 8080', undefined],
    ['order of Terror Inc. shipped', undefined],
  ])('%s', (line, kind) => {
    expect(errorKind(line)).toBe(kind);
  });

  const pod = (name: string) => ({
    place: { cluster: '', namespace: 'production' },
    pod: { name, ready: true, terminating: false, finalizers: [], ended: false, restarts: 0 },
  });
  const since = '2026-11-20T03:00:00.000Z';
  const at = '2026-11-20T03:00:20.000Z';

  it('are counted by pod, and none is repeated', async () => {
    const asked: unknown[] = [];
    const podLog = async (_: unknown, name: string, part: unknown) => {
      asked.push(part);
      return name === 'bad' ? 'up\nERROR: column "x" does not exist for ada@example.com\nERROR: again\n' : 'up\n';
    };
    const seen = await searchedLogs({ podLog }, [pod('good'), pod('bad')], since, at);
    expect(seen).toEqual({ lines: 4, errors: 2, kind: 'schema', pods: ['bad'] });
    expect(asked[0]).toMatchObject({ sinceSeconds: 20 });
  });

  it('that pitcrew may not read are not "none"', async () => {
    const podLog = () => Promise.reject(permanent('kubernetes.denied'));
    expect(await searchedLogs({ podLog }, [pod('any')], since, at)).toBeNull();
  });
});

describe('the address that must answer', () => {
  const server = createServer(({ url = '' }, response) => {
    if (url.startsWith('/hangs')) return;
    response.writeHead(url.startsWith('/well') ? 204 : 503).end();
  });
  let base = '';
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  const { signal } = new AbortController();

  it('answers well with 2xx only; what may be secret in it is not shown', async () => {
    expect(await answersWell(`${base}/well?token=t`, signal)).toEqual({ well: true, status: 204, url: `${base}/well` });
    expect(await answersWell(`${base}/ill`, signal)).toMatchObject({ well: false, status: 503 });
    expect(await answersWell('http://127.0.0.1:1/', signal)).toMatchObject({ well: false, status: 0 });
  });

  it('is not waited for by a worker that may no longer act', async () => {
    const stopping = new AbortController();
    const asked = answersWell(`${base}/hangs`, stopping.signal);
    stopping.abort(new Error('shutting down'));
    await expect(asked).rejects.toThrow('shutting down');
  });
});
