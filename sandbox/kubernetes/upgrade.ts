import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { serveExec } from './exec/exec.ts';
import type { UpgradeListener } from './listener.ts';
import { parsePath } from './path.ts';
import { admit, type ServerDeps } from './server.ts';
import { ApiError, noSuchPath } from './status.ts';

/** The requests that turn a connection into something else: exec. What is refused gets a plain HTTP answer instead. */
export function createUpgradeHandler(deps: ServerDeps): UpgradeListener {
  return (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    upgrade(request, socket, head, deps).catch((error: unknown) => {
      const known =
        error instanceof ApiError ? error : new ApiError(500, 'InternalError', `Internal error occurred: ${error}`);
      refuse(socket, known);
    });
  };
}

async function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, deps: ServerDeps): Promise<void> {
  const url = new URL(request.url ?? '/', 'https://sandbox');
  await admit(request, url, deps);
  const { plural, namespace, name, subresource } = parsePath(url.pathname);
  if (plural !== 'pods' || subresource !== 'exec' || !name) throw noSuchPath();
  const pod = deps.store.get('pods', namespace, name);
  serveExec(deps, pod, { request, socket, head, query: url.searchParams });
}

function refuse(socket: Duplex, error: ApiError): void {
  const body = JSON.stringify(error.toStatus());
  const head = [
    `HTTP/1.1 ${error.code} ${STATUS_CODES[error.code] ?? ''}`,
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
