import { connect, createServer, type Socket } from 'node:net';

/**
 * A door before an HTTP server that stops at one word: `answer` lets the request through and keeps what comes back,
 * `request` keeps the request itself. A process that waits there can be killed at exactly that moment.
 */
export interface HeldDoor {
  readonly port: number;
  /** Settles once a request with this word has come. */
  holdAt(word: string, what: 'request' | 'answer'): Promise<void>;
  close(): Promise<void>;
}

/** So much of what was sent last is searched: a word may come in two parts. */
const remembered = 4096;

export async function openHeldDoor(upstreamPort: number): Promise<HeldDoor> {
  const sockets = new Set<Socket>();
  let waiting: { readonly word: string; readonly what: 'request' | 'answer'; found(): void } | undefined;
  const server = createServer((client) => {
    const upstream = connect(upstreamPort, '127.0.0.1');
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket)).on('error', () => undefined);
    }
    client.once('close', () => upstream.destroy());
    upstream.once('close', () => client.destroy());
    let sent = '';
    let held: 'request' | 'answer' | undefined;
    client.on('data', (bytes) => {
      sent = (sent + bytes.toString('latin1')).slice(-remembered - bytes.length);
      if (waiting && sent.includes(waiting.word)) {
        held = waiting.what;
        waiting.found();
        waiting = undefined;
      }
      if (held !== 'request') upstream.write(bytes);
    });
    upstream.on('data', (bytes) => {
      if (!held) client.write(bytes);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (!address || typeof address === 'string') throw new Error('the held door has no port');
  return {
    port: address.port,
    holdAt: (word, what) =>
      new Promise((resolve) => {
        waiting = { word, what, found: resolve };
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
