import type { ServerResponse } from 'node:http';
import type { Kubelet } from './kubelet.ts';
import { formatLine } from './log-buffer.ts';
import type { Pod } from './objects.ts';
import { badRequest } from './status.ts';

/** Answers `pods/<name>/log`: what was written so far, and with `follow` what comes until the container ends. */
export function serveLogs(response: ServerResponse, kubelet: Kubelet, pod: Pod, query: URLSearchParams): void {
  const buffer = kubelet.logs(pod, {
    container: query.get('container') ?? undefined,
    previous: query.get('previous') === 'true',
  });
  const timestamps = query.get('timestamps') === 'true';
  const tail = query.get('tailLines');
  const lines = buffer.read({ timestamps, since: since(query), ...(tail ? { tailLines: Number(tail) } : {}) });
  const limit = query.get('limitBytes');
  const text = lines.map((line) => `${line}\n`).join('');
  response.writeHead(200, { 'content-type': 'text/plain' });
  response.flushHeaders();
  response.write(limit ? Buffer.from(text).subarray(0, Number(limit)) : text);
  if (query.get('follow') !== 'true') return void response.end();
  const stop = buffer.follow((line) => {
    if (line) response.write(`${formatLine(line, timestamps)}\n`);
    else response.end();
  });
  response.on('close', stop);
}

function since(query: URLSearchParams): Date | undefined {
  const seconds = query.get('sinceSeconds');
  const time = query.get('sinceTime');
  if (seconds && time) throw badRequest('at most one of `sinceTime` or `sinceSeconds` may be specified');
  if (seconds) return new Date(Date.now() - 1000 * Number(seconds));
  if (!time) return undefined;
  const at = new Date(time);
  if (Number.isNaN(at.getTime())) throw badRequest(`invalid sinceTime: ${time}`);
  return at;
}
