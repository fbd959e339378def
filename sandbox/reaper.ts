// Waits for the end of its standard input, which comes when the household's owner closes it or dies, then stops every
// process of the household and removes its folder. usage: node reaper.ts FOLDER
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startedAt } from './household.ts';

const folder = process.argv[2];
if (!folder) throw new Error('usage: reaper.ts FOLDER');
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
for await (const _ of process.stdin) {
  // nothing is ever written: only the end matters
}

const processes = () => {
  try {
    return readFileSync(join(folder, 'processes'), 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => line.split(' '))
      .map(([pid, started]) => ({ pid: Number(pid), started }))
      .filter(({ pid, started }) => started !== '' && startedAt(pid) === started);
  } catch {
    return [];
  }
};

const signalAll = (signal: NodeJS.Signals) => {
  for (const { pid } of processes()) {
    try {
      process.kill(-pid, signal);
    } catch {
      try {
        process.kill(pid, signal);
      } catch {
        // it ended between the look and the signal
      }
    }
  }
};

signalAll('SIGTERM');
signalAll('SIGCONT');
for (let waited = 0; waited < 1000 && processes().length > 0; waited += 50) await sleep(50);
// SIGQUIT is PostgreSQL's immediate shutdown: it takes the backends along, which SIGKILL of the postmaster would not.
signalAll('SIGQUIT');
for (let waited = 0; waited < 2000 && processes().length > 0; waited += 50) await sleep(50);
signalAll('SIGKILL');
await sleep(50);
rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
