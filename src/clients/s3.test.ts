import { Readable } from 'node:stream';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type AwsFront, startAws } from '../../sandbox/aws/front.ts';
import { createS3 } from '../../sandbox/aws/s3/s3.ts';
import { type Household, openHousehold } from '../../sandbox/household.ts';
import { partSizes, type S3, s3 } from './s3.ts';

const keys = { accessKeyId: 'AKIASANDBOXPITCREW00', secretAccessKey: 'sandbox-secret-access-key' };
const mebibyte = 1024 * 1024;
let household: Household;
let aws: AwsFront;
let client: S3;
const before = { ...process.env };
beforeAll(async () => {
  household = openHousehold('pitcrew-s3-test');
  const store = createS3({ household });
  store.buckets.create('versioned', { versioning: true, region: 'eu-west-1' });
  store.buckets.create('plain', { region: 'eu-west-1' });
  aws = await startAws({ services: [store], account: '123456789012', credentials: keys });
  process.env.AWS_ENDPOINT_URL = aws.url;
  process.env.AWS_ACCESS_KEY_ID = keys.accessKeyId;
  process.env.AWS_SECRET_ACCESS_KEY = keys.secretAccessKey;
  client = s3('eu-west-1');
});
afterEach(() => aws.faults.clear());
afterAll(async () => {
  process.env = before;
  await aws?.close();
  await household?.close();
});

const never = new AbortController().signal;
const parts = { partBytes: 5 * mebibyte, partsAtOnce: 2 };
const bytes = (length: number) => Buffer.alloc(length, 'pitcrew ');
const chunks = (length: number) => Readable.from([bytes(length / 2), bytes(length / 2)], { objectMode: false });

async function read(bucket: string, key: string): Promise<Buffer> {
  const head = await client.head({ bucket, key });
  if (!head) throw new Error(`there is no ${key}`);
  const all: Uint8Array[] = [];
  for await (const chunk of client.read(bucket, head)) all.push(chunk);
  return Buffer.concat(all);
}

describe('an upload', () => {
  it.each(['versioned', 'plain'])(
    'of several parts is one object, in a %s bucket, and leaves none unfinished',
    async (bucket) => {
      await client.upload({ bucket, key: 'big' }, chunks(12 * mebibyte), parts, never);
      const head = await client.head({ bucket, key: 'big' });
      expect(head).toMatchObject({ sizeBytes: 12 * mebibyte });
      expect(head?.versionId === null).toBe(bucket === 'plain');
      expect((await read(bucket, 'big')).length).toBe(12 * mebibyte);
      expect(await client.unfinished({ bucket, key: 'big' })).toEqual([]);
    },
  );

  it('whose stream fails leaves no object and no parts, and throws what the stream threw', async () => {
    async function* failing() {
      yield bytes(11 * mebibyte);
      throw new Error('pg_dump failed');
    }
    const at = { bucket: 'plain', key: 'failing' };
    const upload = client.upload(at, Readable.from(failing(), { objectMode: false }), parts, never);
    await expect(upload).rejects.toMatchObject({ cause: expect.objectContaining({ message: 'pg_dump failed' }) });
    expect(await client.head(at)).toBeUndefined();
    expect(await client.unfinished(at)).toEqual([]);
  });

  it('that is told to stop does, and frees its parts', async () => {
    const at = { bucket: 'plain', key: 'stopped' };
    aws.faults.order({ service: 's3', action: 'UploadPart', fault: { kind: 'delay', seconds: 0.5 } });
    const stop = new AbortController();
    const upload = client.upload(at, chunks(40 * mebibyte), parts, stop.signal);
    setTimeout(() => stop.abort(), 300);
    await expect(upload).rejects.toThrow();
    expect(await client.unfinished(at)).toEqual([]);
  });

  it('survives answers that are lost', async () => {
    const at = { bucket: 'plain', key: 'lost-answers' };
    aws.faults.order({ service: 's3', action: 'UploadPart', times: 2, fault: { kind: 'lose-answer' } });
    await client.upload(at, chunks(12 * mebibyte), parts, never);
    expect(
      (await read('plain', 'lost-answers')).equals(Buffer.concat([bytes(6 * mebibyte), bytes(6 * mebibyte)])),
    ).toBe(true);
  });
});

it('reading goes on where a connection broke, and gives each byte once', async () => {
  await client.upload({ bucket: 'plain', key: 'broken' }, chunks(12 * mebibyte), parts, never);
  aws.faults.order({ service: 's3', action: 'GetObject', times: 2, fault: { kind: 'cut-answer' } });
  expect((await read('plain', 'broken')).equals(Buffer.concat([bytes(6 * mebibyte), bytes(6 * mebibyte)]))).toBe(true);
});

it('what isn’t there is undefined; what is refused names the right that is missing', async () => {
  expect(await client.head({ bucket: 'plain', key: 'nothing' })).toBeUndefined();
  expect(await client.text({ bucket: 'plain', key: 'nothing' })).toBeUndefined();
  aws.faults.order({ service: 's3', action: 'PutObject', fault: { kind: 'deny' } });
  await expect(client.proveWritable({ bucket: 'plain', key: 'x' })).rejects.toMatchObject({
    code: 'aws.denied',
    params: { action: 's3:PutObject' },
  });
});

it('whether an upload could be given up is asked without giving one up', async () => {
  const at = { bucket: 'plain', key: 'under-way' };
  aws.faults.order({ service: 's3', action: 'AbortMultipartUpload', fault: { kind: 'deny' } });
  await expect(client.proveAbortable(at)).rejects.toMatchObject({
    code: 'aws.denied',
    params: { action: 's3:AbortMultipartUpload' },
  });
  // It begins an upload, and may not end it.
  await expect(client.proveWritable(at)).rejects.toMatchObject({ code: 'aws.denied' });
  aws.faults.clear();
  expect(await client.unfinished(at)).toHaveLength(1);
  await client.proveAbortable(at);
  expect(await client.unfinished(at)).toHaveLength(1);
  await client.abortUnfinished(at);
});

it('whatever the size, it fits into the parts that S3 takes, and 24 MiB are held at most while it is below 50 GB', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 5_000_000 }), (megabytes) => {
      const size = megabytes * 1e6;
      const { partBytes, partsAtOnce } = partSizes(size);
      expect(size / partBytes).toBeLessThan(10_000);
      expect(partBytes).toBeGreaterThanOrEqual(5 * mebibyte);
      if (size < 50e9) expect(partBytes * (partsAtOnce + 1)).toBeLessThanOrEqual(24 * mebibyte);
    }),
  );
});
