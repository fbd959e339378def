import { describe, expect, it } from 'vitest';
import type { DatabaseInstance, DatabaseSnapshot, ModifyRequest } from '../../clients/rds.ts';
import type { CurrentSecret } from '../../clients/secrets.ts';
import type { StepContext } from '../../domain/step.ts';
import { allowDeletion } from './allow-deletion.ts';
import { awaitDeleted } from './await-deleted.ts';
import { type DeleteInstanceInput, deleteInstance } from './delete-instance.ts';

const address = { host: 'shop.abc.rds.amazonaws.com', port: 5432 };

/** An instance, its final snapshot and the secrets of two environments, as a cloud has them. */
function cloud() {
  const instances = new Map<string, DatabaseInstance>();
  const instance = {
    id: 'shop',
    arn: 'arn:shop',
    resourceId: 'db-SHOP',
    status: 'available',
    endpoint: address,
    tags: {},
    settings: { DeletionProtection: false },
    attached: { readReplicas: [] as string[], roles: [], activityStream: false },
  } as unknown as DatabaseInstance;
  instances.set('shop', instance);
  const snapshots = new Map([
    ['shop-final', { id: 'shop-final', status: 'available', resourceId: 'db-SHOP' } as DatabaseSnapshot],
  ]);
  const secrets: Record<string, Record<string, string>> = {
    production: { DB_HOST: 'shop-r1.abc.rds.amazonaws.com' },
    staging: { DB_HOST: 'stage.abc.rds.amazonaws.com' },
  };
  const deleted: string[] = [];
  const change = (more: Partial<DatabaseInstance>) => instances.set('shop', { ...instance, ...more });
  const rds = () => ({
    findInstance: async (id: string) => instances.get(id),
    findSnapshot: async (id: string) => snapshots.get(id),
    async deleteInstance(id: string) {
      deleted.push(id);
      change({ status: 'deleting' });
      return 'deleting' as const;
    },
    async modifyInstance({ DeletionProtection = false }: Partial<ModifyRequest>) {
      const now = { ...(instances.get('shop') ?? instance), settings: { DeletionProtection } };
      instances.set('shop', now);
      return now;
    },
  });
  const current = () => ({
    current: async (id: string) => ({ document: secrets[id] ?? {} }) as unknown as CurrentSecret,
  });
  return { rds, secrets: current, documents: secrets, snapshots, instances, deleted, change };
}

const keys = { host: 'DB_HOST', port: 'DB_PORT', readHost: 'DB_READ_HOST' };
const environment = (name: string) => ({ name, region: 'r', secret: name, keys });
const input = {
  region: 'r',
  instance: 'shop',
  resourceId: 'db-SHOP',
  address,
  snapshot: 'shop-final',
  environments: [environment('production'), environment('staging')],
} satisfies DeleteInstanceInput;
const given = (more: object = {}) =>
  ({ input: { ...input, pollSeconds: 1, ...more }, signal: new AbortController().signal }) as unknown as StepContext;

describe('the deletion', () => {
  it('deletes once, however often it is run', async () => {
    const world = cloud();
    const step = deleteInstance(world);
    expect(await step.run(given())).toMatchObject({ output: { already: false } });
    expect(await step.run(given())).toMatchObject({ output: { already: true } });
    world.instances.delete('shop');
    expect(await step.run(given())).toMatchObject({ output: { already: true } });
    expect(world.deleted).toEqual(['shop']);
  });

  it.each([
    ['another instance has the name', 'cleanup.is-another', (w: Cloud) => w.change({ resourceId: 'db-OTHER' })],
    ['its environment points to it', 'cleanup.live', (w: Cloud) => set(w, 'production', { DB_HOST: address.host })],
    [
      'another environment does',
      'cleanup.live',
      (w: Cloud) => set(w, 'staging', { DB_HOST: 'SHOP.abc.rds.amazonaws.com' }),
    ],
    ['somebody reads from it', 'cleanup.live', (w: Cloud) => set(w, 'staging', { DB_READ_HOST: address.host })],
    ['its final snapshot is gone', 'cleanup.not-kept', (w: Cloud) => w.snapshots.clear()],
    ['the snapshot is of another', 'cleanup.not-kept', (w: Cloud) => snapshot(w, { resourceId: 'db-OTHER' })],
    ['the snapshot failed', 'cleanup.not-kept', (w: Cloud) => snapshot(w, { status: 'failed' })],
    [
      'it was protected again',
      'cleanup.protected-again',
      (w: Cloud) => w.change({ settings: { DeletionProtection: true } }),
    ],
  ] as const)('does nothing when %s', async (_, code, happens) => {
    const world = cloud();
    happens(world);
    await expect(deleteInstance(world).run(given())).rejects.toMatchObject({ code });
    expect(world.deleted).toEqual([]);
  });

  it('takes the same host with another port for another database', async () => {
    const world = cloud();
    set(world, 'staging', { DB_HOST: address.host, DB_PORT: '5433' });
    await deleteInstance(world).run(given());
    expect(world.deleted).toEqual(['shop']);
  });
});

type Cloud = ReturnType<typeof cloud>;
const set = ({ documents }: Cloud, of: string, more: Record<string, string>) => {
  documents[of] = { ...documents[of], ...more };
};
const snapshot = ({ snapshots }: Cloud, more: Partial<DatabaseSnapshot>) =>
  snapshots.set('shop-final', { ...(snapshots.get('shop-final') as DatabaseSnapshot), ...more });

it('deletion protection is turned off only where it was on, and on again when there is no deletion', async () => {
  const world = cloud();
  const step = allowDeletion(world);
  const isOn = () => world.instances.get('shop')?.settings.DeletionProtection;
  world.change({ settings: { DeletionProtection: true } });
  expect(await step.run(given({ isProtected: true }))).toMatchObject({ output: { wasOn: true } });
  expect(isOn()).toBe(false);
  if (step.undo.kind !== 'run') throw new Error('it can be taken back');
  await step.undo.run(given({ isProtected: true }));
  expect(isOn()).toBe(true);
  // Turned on by somebody after people had approved: not ours to turn off.
  expect(await step.run(given({ isProtected: false }))).toMatchObject({ output: { wasOn: false } });
  expect(isOn()).toBe(true);
});

it('gone is what has no such resource id any more, whoever has the name', async () => {
  const world = cloud();
  const step = awaitDeleted(world);
  await expect(step.run(given())).rejects.toMatchObject({ code: 'cleanup.not-deleted' });
  world.change({ status: 'deleting' });
  const since = new Date().toISOString();
  expect(await step.run({ ...given(), since })).toMatchObject({ kind: 'wait' });
  world.change({ resourceId: 'db-NEXT' });
  expect(await step.run({ ...given(), since })).toMatchObject({ kind: 'done' });
});
