import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { permanent } from '../domain/errors.ts';
import { createRecorder } from './recorder.ts';

it('of looks that are under way at once, each ends as it went itself', async () => {
  const ends: string[] = [];
  const recorder = createRecorder(({ path, what, ok }) => ends.push(`${path} ${what} ${ok}`));
  await Promise.all([
    recorder.look('a', 'secret', () => sleep(30)),
    recorder.look('a', 'login', () => Promise.reject(permanent('aws.denied'))),
    recorder.look('b', 'tables', async () => {
      await sleep(10);
      recorder.note('b[1]', permanent('inspection.no-table', { table: 't' }));
    }),
    recorder.look('b', 'grants', () => sleep(20)),
  ]);
  expect(ends.sort()).toEqual(['a login false', 'a secret true', 'b grants true', 'b tables false']);
  expect(recorder.faults.map(({ path }) => path)).toEqual(['a', 'b[1]']);
});

it('one fault that two looks come across is noted once, and both have failed', async () => {
  const ends: boolean[] = [];
  const recorder = createRecorder(({ ok }) => ends.push(ok));
  for (const what of ['pods', 'guards'] as const)
    await recorder.look('a', what, () => Promise.reject(permanent('kubernetes.denied', { verb: 'list' })));
  expect(ends).toEqual([false, false]);
  expect(recorder.faults).toHaveLength(1);
});

it('what is no failure of a service is not swallowed', async () => {
  const recorder = createRecorder(() => {});
  await expect(recorder.look('a', 'pods', () => Promise.reject(new TypeError('ours')))).rejects.toThrow('ours');
});
