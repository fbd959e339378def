import {
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  paginateListObjectsV2,
} from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { refusal, startTestCloud, type TestCloud } from '../test-cloud.ts';
import { compareKeys } from './key-order.ts';
import { keysFrom, paginate } from './paging.ts';

let cloud: TestCloud;
let Bucket: string;
let made = 0;
beforeAll(async () => {
  cloud = await startTestCloud();
});
afterAll(() => cloud.close());
beforeEach(() => {
  Bucket = `listing-${made++}`;
});

const put = async (Key: string, Body = 'x') =>
  (await cloud.s3Client.send(new PutObjectCommand({ Bucket, Key, Body }))).VersionId ?? '';
const remove = (Key: string, VersionId?: string) =>
  cloud.s3Client.send(new DeleteObjectCommand({ Bucket, Key, VersionId }));
const read = async (Key: string, VersionId?: string) =>
  (await cloud.s3Client.send(new GetObjectCommand({ Bucket, Key, VersionId }))).Body?.transformToString();
const versions = (more: object = {}) => cloud.s3Client.send(new ListObjectVersionsCommand({ Bucket, ...more }));

describe('ListObjectsV2', () => {
  test('gives every key once, in the order of its bytes, page by page', async () => {
    cloud.s3.buckets.create(Bucket);
    const keys = ['z', 'a/1', 'a/2', 'a/b/3', 'é', '\u{1f600}', '\uffee', 'a b+&<>"\'.txt', 'a%20', 'B'];
    for (const key of keys) await put(key);
    const seen: string[] = [];
    for await (const page of paginateListObjectsV2({ client: cloud.s3Client, pageSize: 3 }, { Bucket })) {
      expect((page.KeyCount ?? 0) <= 3).toBe(true);
      seen.push(...(page.Contents ?? []).map(({ Key }) => Key ?? ''));
    }
    expect(seen).toEqual(keys.toSorted(compareKeys));
  });

  test('rolls keys up to the delimiter, and starts after a key', async () => {
    cloud.s3.buckets.create(Bucket);
    for (const key of ['ops/1/0', 'ops/1/1', 'ops/2/0', 'ops/3', 'other']) await put(key);
    const list = async (more: object) => {
      const page = await cloud.s3Client.send(new ListObjectsV2Command({ Bucket, ...more }));
      return [page.Contents?.map(({ Key }) => Key) ?? [], page.CommonPrefixes?.map(({ Prefix }) => Prefix) ?? []];
    };
    expect(await list({ Prefix: 'ops/', Delimiter: '/' })).toEqual([['ops/3'], ['ops/1/', 'ops/2/']]);
    expect(await list({ Prefix: 'ops/', StartAfter: 'ops/1/1' })).toEqual([['ops/2/0', 'ops/3'], []]);
    expect(await list({ MaxKeys: 0 })).toEqual([[], []]);
    expect(await list({ Prefix: 'nothing' })).toEqual([[], []]);
    const pages = paginateListObjectsV2(
      { client: cloud.s3Client, pageSize: 1 },
      { Bucket, Prefix: 'ops/', Delimiter: '/' },
    );
    const rolled: unknown[] = [];
    for await (const page of pages) rolled.push(...(page.CommonPrefixes ?? []));
    expect(rolled).toHaveLength(2);
  });

  test('any page size and delimiter yield the same keys and prefixes as one page does', () => {
    const key = fc.string({
      unit: fc.constantFrom('a', 'b', '/', 'é', '\u{1f600}', '\uffee'),
      minLength: 1,
      maxLength: 6,
    });
    const all = fc.record({
      keys: fc.uniqueArray(key),
      limit: fc.integer({ min: 1, max: 4 }),
      prefix: fc.constantFrom('', 'a', 'a/'),
    });
    fc.assert(
      fc.property(all, ({ keys, limit, prefix }) => {
        const sorted = keys.toSorted(compareKeys);
        const page = (from: string, size: number, skipPrefix?: string) =>
          paginate(
            Array.from(keysFrom(sorted, prefix, from, true), (one) => ({ key: one })),
            { prefix, delimiter: '/', limit: size, ...(skipPrefix === undefined ? {} : { skipPrefix }) },
          );
        const whole = page('', 1000);
        const found: string[] = [];
        let from = '';
        let skip: string | undefined;
        for (;;) {
          const { items, prefixes, truncated, last } = page(from, limit, skip);
          found.push(...items.map((one) => one.key), ...prefixes);
          if (!truncated || !last) break;
          [from, skip] = 'item' in last ? [last.item.key, undefined] : [last.prefix, last.prefix];
        }
        expect(found.sort()).toEqual([...whole.items.map((one) => one.key), ...whole.prefixes].sort());
      }),
    );
  });
});

describe('versions', () => {
  test('stand side by side; a delete hides behind a marker; removing the marker brings the object back', async () => {
    cloud.s3.buckets.create(Bucket, { versioning: true });
    const first = await put('key', 'one');
    const second = await put('key', 'two');
    const marker = await remove('key');
    expect(marker).toMatchObject({ DeleteMarker: true });
    expect((await refusal(read('key'))).code).toBe('NoSuchKey');
    expect(await refusal(read('key', marker.VersionId))).toMatchObject({ code: 'MethodNotAllowed', status: 405 });
    expect([await read('key', first), await read('key', second)]).toEqual(['one', 'two']);
    const listed = await versions();
    expect(listed.Versions?.map(({ VersionId, IsLatest }) => [VersionId, IsLatest])).toEqual([
      [second, false],
      [first, false],
    ]);
    expect(listed.DeleteMarkers).toMatchObject([{ Key: 'key', VersionId: marker.VersionId, IsLatest: true }]);
    await remove('key', marker.VersionId);
    expect(await read('key')).toBe('two');
    await remove('key', second);
    expect(await read('key')).toBe('one');
    expect((await refusal(read('key', second))).code).toBe('NoSuchVersion');
    expect((await refusal(read('key', 'nonsense'))).code).toBe('InvalidArgument');
  });

  test('a deleted key can be created again, and that shows as a second version', async () => {
    cloud.s3.buckets.create(Bucket, { versioning: true });
    await put('event', 'one');
    await remove('event');
    const create = () =>
      cloud.s3Client.send(new PutObjectCommand({ Bucket, Key: 'event', Body: 'two', IfNoneMatch: '*' }));
    await create();
    expect((await refusal(create())).code).toBe('PreconditionFailed');
    expect((await versions()).Versions).toHaveLength(2);
    cloud.s3.removeVersion(Bucket, 'event');
    cloud.s3.removeVersion(Bucket, 'event');
    expect((await versions()).DeleteMarkers ?? []).toHaveLength(0);
    expect(await read('event')).toBe('one');
  });

  test('are listed page by page without gap or repeat', async () => {
    cloud.s3.buckets.create(Bucket, { versioning: true });
    const expected: string[] = [];
    for (const key of ['a', 'b', 'c'])
      expected.push(...[await put(key, '1'), await put(key, '2'), await put(key, '3')].reverse());
    const seen: string[] = [];
    let marker: object = {};
    for (;;) {
      const page = await versions({ MaxKeys: 2, ...marker });
      seen.push(...(page.Versions ?? []).map(({ VersionId }) => VersionId ?? ''));
      if (!page.IsTruncated) break;
      marker = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker };
    }
    expect(seen).toEqual(expected);
  });

  test('with versioning off a delete is final; suspended, writes replace the version "null" only', async () => {
    cloud.s3.buckets.create(Bucket);
    expect(await put('key')).toBe('');
    await remove('key');
    expect((await versions()).Versions).toBeUndefined();
    const status = async (Status?: 'Enabled' | 'Suspended') => {
      if (Status)
        await cloud.s3Client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status } }));
      return (await cloud.s3Client.send(new GetBucketVersioningCommand({ Bucket }))).Status;
    };
    expect(await status()).toBeUndefined();
    await put('key', 'before');
    expect(await status('Enabled')).toBe('Enabled');
    await put('key', 'during');
    await status('Suspended');
    expect(await put('key', 'after')).toBe('null');
    expect((await versions()).Versions).toHaveLength(2);
    expect(await read('key', 'null')).toBe('after');
  });
});

test('many are deleted in one call, which says what became of each', async () => {
  cloud.s3.buckets.create(Bucket, { versioning: true });
  const version = await put('a');
  await put('b & <c>');
  const Objects = [{ Key: 'a', VersionId: version }, { Key: 'b & <c>' }, { Key: 'a', VersionId: 'nonsense' }];
  const answer = await cloud.s3Client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
  expect(answer.Deleted).toMatchObject([
    { Key: 'a', VersionId: version },
    { Key: 'b & <c>', DeleteMarker: true },
  ]);
  expect(answer.Errors).toMatchObject([{ Key: 'a', Code: 'InvalidArgument' }]);
  expect((await versions()).Versions).toHaveLength(1);
});
