import { get } from 'node:http';
import { connect } from 'node:net';
import type { Probe } from './objects.ts';

export interface ProbeTarget {
  readonly probe: Probe;
  /** The port that the pod was given; every container port of the manifest stands for it. */
  readonly port: number;
  /** Replaces the manifest's period. */
  readonly periodSeconds: number | undefined;
  /** Told when a threshold is crossed, and of every failed attempt. */
  readonly crossed: (ready: boolean) => void;
  readonly failed: (why: string) => void;
}

/** Really asks, again and again, until stopped. */
export function startProbe({ probe, port, periodSeconds, crossed, failed }: ProbeTarget): () => void {
  const { initialDelaySeconds = 0, timeoutSeconds = 1, failureThreshold = 3, successThreshold = 1 } = probe;
  const periodMs = 1000 * (periodSeconds ?? probe.periodSeconds ?? 10);
  let stopped = false;
  let inRow = 0;
  let last: boolean | undefined;
  let timer: NodeJS.Timeout;
  const attempt = async () => {
    const why = await ask(probe, port, timeoutSeconds * 1000);
    if (stopped) return;
    const good = why === undefined;
    if (!good) failed(why);
    inRow = good === last ? inRow + 1 : 1;
    last = good;
    if (inRow === (good ? successThreshold : failureThreshold)) crossed(good);
    timer = setTimeout(attempt, periodMs);
  };
  timer = setTimeout(attempt, initialDelaySeconds * 1000);
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}

/** Undefined when the answer is good (for HTTP any status from 200 to 399), else why not. */
function ask({ httpGet }: Probe, port: number, timeoutMs: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    if (!httpGet) {
      const socket = connect({ port, host: '127.0.0.1' }, () => resolve(undefined));
      socket.setTimeout(timeoutMs, () => resolve('dial tcp: i/o timeout'));
      socket.on('error', ({ message }) => resolve(message));
      socket.on('close', () => resolve('connection closed'));
      return void socket.on('connect', () => socket.destroy());
    }
    const headers = Object.fromEntries((httpGet.httpHeaders ?? []).map(({ name, value }) => [name, value]));
    const path = httpGet.path ?? '/';
    const request = get({ host: '127.0.0.1', port, path, headers, agent: false, timeout: timeoutMs }, (response) => {
      const { statusCode = 0 } = response;
      response.resume();
      resolve(statusCode >= 200 && statusCode < 400 ? undefined : `HTTP probe failed with statuscode: ${statusCode}`);
    });
    request.on('timeout', () => request.destroy(new Error('context deadline exceeded')));
    request.on('error', ({ message }) => resolve(`Get "http://127.0.0.1:${port}${path}": ${message}`));
  });
}
