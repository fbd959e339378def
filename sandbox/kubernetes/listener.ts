import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import type { IncomingMessage, RequestListener } from 'node:http';
import { createServer } from 'node:https';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { promisify } from 'node:util';

export type UpgradeListener = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

/** The API server's port: one that stays the same when it is shut and opened again. */
export interface Listener {
  readonly url: string;
  readonly caFile: string;
  serve(handler: RequestListener, upgrade: UpgradeListener): void;
  /** Cuts the connections of watches and of logs that are being followed. */
  dropStreams(): void;
  /** Cuts all connections and takes no more. */
  shut(): Promise<void>;
  reopen(): Promise<void>;
}

export async function openListener(folder: string): Promise<Listener> {
  const { certFile, keyFile } = await makeCertificate(folder);
  const sockets = new Set<Duplex>();
  const streams = new Set<() => void>();
  const server = createServer({ cert: readFileSync(certFile), key: readFileSync(keyFile) });
  server.on('request', (request, response) => {
    if (!/[?&](watch|follow)=(true|1)/.test(request.url ?? '')) return;
    const drop = () => void request.socket.destroy();
    streams.add(drop);
    response.on('close', () => streams.delete(drop));
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  const listen = (wanted: number) =>
    new Promise<void>((done, fail) => server.once('error', fail).listen(wanted, '127.0.0.1', done));
  await listen(0);
  const address = server.address();
  const port = address && typeof address === 'object' ? address.port : 0;
  return {
    url: `https://127.0.0.1:${port}`,
    caFile: certFile,
    serve: (handler, upgrade) => void server.on('request', handler).on('upgrade', upgrade),
    dropStreams() {
      for (const drop of [...streams]) drop();
    },
    shut: () =>
      new Promise((done) => {
        server.close(() => done());
        for (const socket of sockets) socket.destroy();
      }),
    reopen: () => listen(port),
  };
}

/** kubectl sends a token over TLS only, so the server needs a certificate: one that is its own authority. */
async function makeCertificate(folder: string): Promise<{ certFile: string; keyFile: string }> {
  mkdirSync(folder, { recursive: true });
  const certFile = join(folder, 'ca.crt');
  const keyFile = join(folder, 'server.key');
  const subject = ['-subj', '/CN=kubernetes', '-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost'];
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', keyFile];
  await promisify(execFile)('openssl', ['req', '-x509', ...key, '-out', certFile, '-days', '365', ...subject]);
  return { certFile, keyFile };
}
