import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type PrivateDatabase, privateDatabase, roleSecret } from '../../clients/private-database.fixture.ts';
import { done, type Step, undoBy } from '../../domain/step.ts';
import { contextOf, failure } from '../kubernetes/step-context.fixture.ts';
import { barWriters } from './bar-writers.ts';
import { loadInPlace, proveLoaded } from './load-in-place.ts';

let server: PrivateDatabase;
/** What was taken back, in its order. */
let removed: string[] = [];
const startLoad: Step = {
  id: 'start-load-job',
  fence: 'derived-name+tag',
  run: async () => done({}),
  undo: undoBy(async () => {
    removed.push('job');
    return done({});
  }),
};

beforeAll(async () => {
  server = await privateDatabase();
  await server.sql('postgres', 'CREATE DATABASE shop', 'GRANT shop_app TO pitcrew_fence');
});
afterAll(() => server?.close());
beforeEach(async () => {
  removed = [];
  await server.sql('postgres', 'ALTER ROLE shop_app LOGIN');
  await server.sql('shop', 'DROP TABLE IF EXISTS orders', 'CREATE TABLE orders AS SELECT 1 AS id');
});

const input = () => ({
  ...{ role: 'shop_app', readers: ['analyst'] },
  source: { ...server.address('shop') },
  fenceRole: { ...roleSecret('pitcrew_fence') } as never,
});
const barred = async () => {
  const result = await barWriters(server).run(contextOf({ input: input() }));
  if (result.kind !== 'done') throw new Error('it waits');
  return result.output;
};
const mayLogIn = async () =>
  (await server.sql('postgres', `SELECT rolcanlogin AS may FROM pg_roles WHERE rolname = 'shop_app'`)).rows[0].may;
const step = () => loadInPlace(startLoad, { access: server, rds: () => ({ findInstance: async () => undefined }) });
const undone = async (contents: Awaited<ReturnType<typeof barred>>) => {
  const { undo } = step();
  if (undo.kind !== 'run') throw new Error('there is no way back');
  return undo.run(contextOf({ input: input(), outputs: { 'bar-writers': contents } }));
};
const proved = (contents: Awaited<ReturnType<typeof barred>>) =>
  proveLoaded(server).run(contextOf({ input: input(), outputs: { 'bar-writers': contents } }));

describe('before a load over the live database', () => {
  it('the application is barred and everybody’s sessions end, and both come back with the way back', async () => {
    const application = await server.session('shop_app', 'shop');
    const reader = await server.session('analyst', 'shop');
    for (const one of [application, reader]) one.on('error', () => {});
    expect(await barred()).toMatchObject({ role: 'shop_app', endedSessions: 2 });
    expect(await mayLogIn()).toBe(false);
    await expect(application.query('SELECT 1')).rejects.toThrow();
    const { undo } = barWriters(server);
    if (undo.kind === 'run') await undo.run(contextOf({ input: input() }));
    expect(await mayLogIn()).toBe(true);
  });
});

describe('after it', () => {
  it('rows that changed are no load: taken back, the Job is removed and nothing was committed', async () => {
    const contents = await barred();
    await server.sql('shop', 'INSERT INTO orders VALUES (2)', 'VACUUM FULL orders');
    expect(await undone(contents)).toMatchObject({ kind: 'done', output: { unchanged: true } });
    expect(removed).toEqual(['job']);
    expect(await failure(proved(contents))).toMatchObject({ code: 'load.changed-nothing' });
  });

  it('a load that rolled back left no trace', async () => {
    const contents = await barred();
    await server.sql('shop', 'BEGIN', 'DROP TABLE orders', 'CREATE TABLE orders AS SELECT 9 AS id', 'ROLLBACK');
    expect(await undone(contents)).toMatchObject({ kind: 'done' });
  });

  it('one that committed is seen for what it is, though every name is the same: nothing goes back by itself', async () => {
    const contents = await barred();
    await server.sql('shop', 'BEGIN', 'DROP TABLE orders', 'CREATE TABLE orders AS SELECT 1 AS id', 'COMMIT');
    expect(await failure(undone(contents))).toMatchObject({ code: 'load.committed', kind: 'permanent' });
    expect(removed).toEqual(['job']);
    expect(await proved(contents)).toMatchObject({ kind: 'done', output: { tables: 1 } });
  });
});
