import { describe, expect, test } from 'vitest';
import type { AutomatedBackup, DatabaseInstance, DatabaseSnapshot } from '../clients/rds.ts';
import type { SecretDocument } from '../clients/secrets.ts';
import type { Records } from '../domain/records.ts';
import type { Environment } from '../domain/settings.ts';
import { recordsInMemory } from '../ledger/records.fixture.ts';
import { currentInstance, currentOrGone, type Reach } from './current-instance.ts';
import { instance, snapshot } from './instances.fixture.ts';
import { recoveryPoints } from './recovery-points.ts';
import { recordOf, writeRecord } from './settings-record.ts';

const own = { host: 'shop-production.abc.eu-west-1.rds.amazonaws.com', port: 5432 };
const document = { DB_HOST: own.host, DB_USERNAME: 'app', DB_PASSWORD: 'pw-of-app', API_KEY: 'key-of-api' };
const environment = {
  name: 'production',
  region: 'eu-west-1',
  database: { instance: 'shop-production', name: 'shop' },
  secret: {
    id: 'production/shop',
    keys: { host: 'DB_HOST', port: 'DB_PORT', database: 'DB_NAME', user: 'DB_USERNAME', password: 'DB_PASSWORD' },
  },
} as unknown as Environment;

interface World {
  readonly secret?: SecretDocument;
  readonly instances?: readonly DatabaseInstance[];
  readonly snapshots?: readonly DatabaseSnapshot[];
  readonly backups?: readonly AutomatedBackup[];
  /** Other names, and where DNS says that they lead. */
  readonly aliases?: Readonly<Record<string, string>>;
  readonly records?: Records;
}

function reach({ secret, instances = [], snapshots = [], backups = [], aliases = {}, ...rest }: World): Reach {
  const of =
    <T extends { readonly instanceId: string; readonly resourceId: string }>(all: readonly T[]) =>
    async (which: { readonly instanceId: string } | { readonly resourceId: string }) =>
      all.filter((one) =>
        'instanceId' in which ? one.instanceId === which.instanceId : one.resourceId === which.resourceId,
      );
  return {
    rds: {
      findInstance: async (id) => instances.find((one) => one.id === id),
      findInstanceByEndpoint: async (host, port) =>
        instances.find(({ endpoint }) => endpoint?.host === host && endpoint.port === port),
      listSnapshots: of(snapshots),
      listAutomatedBackups: of(backups),
    },
    secrets: {
      current: async () => ({
        arn: 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:production/shop-AbCdEf',
        document: secret ?? document,
        versionId: 'v1',
        stages: ['AWSCURRENT'],
        rotationPending: false,
      }),
    },
    records: rest.records ?? recordsInMemory(),
    behindAlias: async (host) => aliases[host],
  };
}

const current = (world: World) => currentOrGone(reach(world), environment);

describe('the current instance', () => {
  test('is the one that the secret points to, whatever the config says', async () => {
    const replaced = instance();
    const restored = instance({
      id: 'shop-production-r01234567',
      resourceId: 'db-NEW',
      endpoint: { host: 'shop-production-r01234567.abc.eu-west-1.rds.amazonaws.com', port: 5432 },
    });
    const secret = { ...document, DB_HOST: restored.endpoint?.host ?? '', DB_READ_HOST: 'reads' };
    const found = await currentInstance(reach({ secret, instances: [replaced, restored] }), environment);
    expect(found).toMatchObject({ identity: { id: restored.id, resourceId: 'db-NEW' }, role: 'app', database: 'shop' });
    expect(found).not.toHaveProperty('readHost');
    const keys = { ...environment.secret.keys, readHost: 'DB_READ_HOST' };
    const reading = { ...environment, secret: { ...environment.secret, keys } };
    const withReads = await currentInstance(reach({ secret, instances: [restored] }), reading);
    expect(withReads.readHost).toBe('reads');
  });

  test.each<[string, World, string, object]>([
    [
      'the endpoint of an RDS proxy',
      { secret: { ...document, DB_HOST: 'Shop.proxy-abc123.eu-west-1.rds.amazonaws.com' } },
      'restore.host-is-proxy',
      { proxy: 'shop' },
    ],
    [
      'a proxy’s own endpoint',
      { secret: { ...document, DB_HOST: 'reads.endpoint.proxy-abc123.eu-west-1.rds.amazonaws.com' } },
      'restore.host-is-proxy',
      { proxy: 'reads' },
    ],
    [
      'a CNAME, with the instance that it seems to lead to',
      { secret: { ...document, DB_HOST: 'db.shop.internal' }, aliases: { 'db.shop.internal': own.host } },
      'restore.host-is-alias',
      { target: own.host, instance: 'shop-production' },
    ],
    ...['cluster-abc123', 'cluster-ro-abc123', 'cluster-custom-abc123'].map((kind): [string, World, string, object] => [
      `an Aurora or Multi-AZ cluster’s endpoint (${kind})`,
      { secret: { ...document, DB_HOST: `shop.${kind}.eu-west-1.rds.amazonaws.com` } },
      'restore.unsupported-engine',
      { engine: 'cluster' },
    ]),
    [
      'an instance of another region',
      { secret: { ...document, DB_HOST: 'shop-production.abc.us-east-1.rds.amazonaws.com' } },
      'restore.host-elsewhere',
      { region: 'us-east-1', expected: 'eu-west-1' },
    ],
    [
      'an instance’s host with another port',
      { secret: { ...document, DB_PORT: '5433' }, instances: [instance()] },
      'restore.host-differs',
      { address: `${own.host}:5432` },
    ],
    [
      'what is no RDS at all, while the configured instance stands',
      { secret: { ...document, DB_HOST: 'db.shop.internal' }, instances: [instance()] },
      'restore.host-not-instance',
      { host: 'db.shop.internal' },
    ],
    [
      'another engine',
      { instances: [instance({ engine: 'mysql' })] },
      'restore.unsupported-engine',
      { engine: 'mysql' },
    ],
    [
      'a member of a cluster',
      { instances: [instance({ clusterId: 'three' })] },
      'restore.unsupported-engine',
      { engine: 'cluster' },
    ],
  ])('is refused by name behind %s', async (_, world, code, params) => {
    await expect(current(world)).rejects.toMatchObject({ code, kind: 'user', params });
  });

  test('a wrong key of the secret is named with its option and the names of those that are there, never what they hold', async () => {
    const { DB_HOST: _, ...rest } = document;
    const refused = current({ secret: rest });
    await expect(refused).rejects.toMatchObject({
      code: 'restore.secret-incomplete',
      params: { key: 'DB_HOST', option: 'secret.keys.host', known: ['API_KEY', 'DB_PASSWORD', 'DB_USERNAME'] },
    });
    await refused.catch((error) => expect(JSON.stringify(error)).not.toMatch(/pw-of-app|key-of-api/));
  });
});

describe('F57: an instance that is gone', () => {
  const before = 'db-BEFORE';
  const traces = [
    snapshot({
      id: 'last',
      resourceId: 'db-GONE',
      at: '2026-11-20T02:00:00.000Z',
      tags: { 'pitcrew:lineage': before },
    }),
    snapshot({ id: 'of-an-older-one-of-that-name', resourceId: 'db-OLDER', at: '2026-11-01T02:00:00.000Z' }),
    snapshot({ id: 'inherited', resourceId: before, instanceId: 'shop', at: '2026-10-20T02:00:00.000Z' }),
  ];

  test('is known by its host’s name and by what is left of it, and its lineage goes on', async () => {
    const found = await current({ snapshots: traces });
    expect(found).toMatchObject({
      instance: null,
      identity: {
        id: 'shop-production',
        arn: 'arn:aws:rds:eu-west-1:123456789012:db:shop-production',
        resourceId: 'db-GONE',
        ...own,
      },
    });
    if (found.instance) throw new Error('it lives');
    const points = await recoveryPoints(reach({ snapshots: traces }).rds, found.gone);
    expect(points.map(({ snapshotId }) => snapshotId)).toEqual(['last', 'inherited']);
  });

  test('is the one that had the address last, where a record says so, whatever its host is called', async () => {
    const records = recordsInMemory();
    const gone = instance({
      id: 'shop-production-r01234567',
      resourceId: 'db-GONE',
      endpoint: { host: '10.0.0.7', port: 5432 },
    });
    const at = '2026-11-19T02:00:00.000Z';
    const groups = { findParameterGroup: async () => undefined, changedParameters: async () => ({}) };
    await writeRecord(records, await recordOf(groups, { at, environment: 'production', instance: gone, roles: null }));
    const secret = { ...document, DB_HOST: '10.0.0.7' };
    // The instance that the config names was replaced long ago, and stands.
    const found = await current({ secret, records, instances: [instance()] });
    expect(found).toMatchObject({
      instance: null,
      identity: { id: gone.id, resourceId: 'db-GONE' },
      gone: { record: { at } },
    });
  });

  test('of which nothing is left is refused, with where else to look', async () => {
    await expect(current({})).rejects.toMatchObject({ code: 'restore.source-forgotten', kind: 'user' });
  });

  test('is waited for while it is still being deleted', async () => {
    const going = instance({ status: 'deleting' });
    await expect(current({ instances: [going], snapshots: traces })).rejects.toMatchObject({
      code: 'restore.source-going',
      kind: 'retryable',
    });
  });

  test('can’t be backed up', async () => {
    await expect(currentInstance(reach({ snapshots: traces }), environment)).rejects.toMatchObject({
      code: 'restore.source-gone',
      params: { instance: 'shop-production' },
    });
  });
});
