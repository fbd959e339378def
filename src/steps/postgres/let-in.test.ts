import { afterAll, beforeAll, expect, it } from 'vitest';
import { type PrivateDatabase, privateDatabase, roleSecret } from '../../clients/private-database.fixture.ts';
import type { JsonObject } from '../../domain/json.ts';
import { contextOf, undo } from '../kubernetes/step-context.fixture.ts';
import { underName } from '../under-name.ts';
import { fenceOld } from './fence-old.ts';
import { letIn } from './let-in.ts';

let server: PrivateDatabase;
beforeAll(async () => {
  server = await privateDatabase();
  await server.sql('postgres', 'CREATE DATABASE shop');
});
afterAll(() => server.close());

const old = () => ({ id: 'old', arn: '', resourceId: 'db-OLD', host: '127.0.0.1', port: server.port });
const context = () =>
  contextOf({
    input: { role: 'shop_app', database: 'shop', fenceRole: roleSecret('pitcrew_fence') as unknown as JsonObject },
    outputs: { 'prove-old': old() },
  });
const logsIn = () =>
  server.session('shop_app', 'shop').then(
    async (client) => {
      await client.end();
      return true;
    },
    () => false,
  );

it('the application that a cut-over barred may log in again, once or twice told; taken back, it is barred and its sessions end', async () => {
  await server.sql('shop', 'ALTER ROLE shop_app NOLOGIN');
  expect(await logsIn()).toBe(false);
  const step = letIn(server);
  await step.run(context());
  await step.run(context());
  expect(await logsIn()).toBe(true);
  const client = await server.session('shop_app', 'shop');
  client.on('error', () => {});
  await undo(step, context());
  await undo(step, context());
  await expect(client.query('SELECT 1')).rejects.toThrow();
  expect(await logsIn()).toBe(false);
});

it('under its own name a step reads what this operation keeps under another: the instance that is gone back to is never barred', async () => {
  const bars = underName('bar-left', fenceOld(server), { 'await-instance': 'prove-old' });
  expect(bars.id).toBe('bar-left');
  const source = { host: '127.0.0.1', port: server.port, database: 'shop' };
  const wrong = contextOf({
    input: { role: 'shop_app', source, fenceRole: roleSecret('pitcrew_fence') as unknown as JsonObject },
    outputs: { 'prove-old': old() },
  });
  await expect(bars.run(wrong)).rejects.toMatchObject({ code: 'restore.same-instance' });
});
