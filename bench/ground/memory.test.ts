import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { watchMemory } from './memory.ts';

it('the peak of a process counts what its children held, and what it gave back meanwhile', async () => {
  const child = `const b = Buffer.alloc(120e6, 1); setTimeout(() => b.length, 700)`;
  const parent = `require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(child)}]).on('exit', () => setTimeout(() => {}, 300))`;
  const process_ = spawn(process.execPath, ['-e', parent]);
  const watched = watchMemory(process_.pid ?? 0);
  await once(process_, 'exit');
  const { byProgram, together } = watched.stop();
  expect(byProgram.node).toBeGreaterThan(140e6);
  expect(together).toBeGreaterThan((byProgram.node ?? 0) + 20e6);
  expect(together).toBeLessThan(600e6);
});
