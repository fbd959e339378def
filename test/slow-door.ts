import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** A door before a TCP server through which every answer comes late. */
export interface SlowDoor {
  readonly port: number;
  /** By how much an answer is late, in milliseconds; 0 at first. */
  delayMs: number;
  close(): Promise<void>;
}

export async function openSlowDoor(upstreamPort: number): Promise<SlowDoor> {
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(upstreamPort, '127.0.0.1');
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket)).on('error', () => undefined);
    }
    client.pipe(upstream);
    client.once('close', () => upstream.destroy());
    upstream.once('close', () => client.destroy());
    // Answers keep their order: each is passed on after the one before.
    let before: Promise<unknown> = Promise.resolve();
    upstream.on('data', (answer) => {
      const due = sleep(door.delayMs);
      before = Promise.all([before, due]).then(() => client.writable && client.write(answer));
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (!address || typeof address === 'string') throw new Error('the slow door has no port');
  const door: SlowDoor = {
    port: address.port,
    delayMs: 0,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
  return door;
}
