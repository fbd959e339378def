import { createConnection } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort, type Household } from './household.ts';

export interface PrivateRedis {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
}

/** The machine's own Redis on a free port, without persistence: what it forgets, pitcrew must not need. */
export async function startRedis(household: Household, port?: number): Promise<PrivateRedis> {
  const chosen = port ?? (await freePort());
  const args = ['--port', String(chosen), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  const child = household.spawn(`redis-${chosen}`, 'redis-server', [...args, '--dir', household.folder]);
  for (let tries = 0; tries < 100; tries++) {
    if (child.exitCode !== null)
      throw new Error(`redis-server ended with ${child.exitCode}: see logs/redis-${chosen}.log`);
    if (await ping(chosen)) return { url: `redis://127.0.0.1:${chosen}`, port: chosen, pid: child.pid ?? 0 };
    await sleep(50);
  }
  throw new Error('redis-server did not answer within 5 s');
}

function ping(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ port, host: '127.0.0.1' }, () => socket.write('PING\r\n'));
    const end = (up: boolean) => {
      socket.destroy();
      resolve(up);
    };
    socket.once('data', (data) => end(data.toString().startsWith('+PONG')));
    socket.once('error', () => end(false));
    socket.setTimeout(500, () => end(false));
  });
}
