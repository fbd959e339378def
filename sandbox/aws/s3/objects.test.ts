import { createHash, randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import {
  type ChecksumAlgorithm,
  CopyObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { refusal, startTestCloud, type TestCloud } from '../test-cloud.ts';
import { createS3 } from './s3.ts';

let cloud: TestCloud;
const Bucket = 'objects';
beforeAll(async () => {
  cloud = await startTestCloud();
  cloud.s3.buckets.create(Bucket);
});
afterAll(() => cloud.close());

const put = (
  Key: string,
  Body: NonNullable<PutObjectCommandInput['Body']>,
  more: Partial<PutObjectCommandInput> = {},
) => cloud.s3Client.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
const get = (Key: string, more: object = {}) => cloud.s3Client.send(new GetObjectCommand({ Bucket, Key, ...more }));

describe('conditional writes:', () => {
  test('of 16 parallel creates of one key exactly one wins, and its bytes stand', async () => {
    for (let round = 0; round < 5; round++) {
      const key = `probe/${round}`;
      const outcomes = await Promise.allSettled(
        Array.from({ length: 16 }, (_, at) => put(key, `writer ${at}`, { IfNoneMatch: '*' })),
      );
      const winners = outcomes.flatMap(({ status }, at) => (status === 'fulfilled' ? [at] : []));
      expect(winners).toHaveLength(1);
      const codes = outcomes.flatMap((one) => (one.status === 'rejected' ? [one.reason.name] : []));
      expect(codes).toEqual(Array(15).fill('PreconditionFailed'));
      expect(cloud.s3.read(Bucket, key).toString()).toBe(`writer ${winners[0]}`);
    }
  });

  test('If-Match replaces only what the writer saw', async () => {
    const { ETag } = await put('match', 'one');
    const second = await put('match', 'two', { IfMatch: ETag });
    expect(await refusal(put('match', 'three', { IfMatch: ETag }))).toMatchObject({
      code: 'PreconditionFailed',
      status: 412,
    });
    await put('match', 'three', { IfMatch: second.ETag });
    expect((await refusal(put('nothing', 'x', { IfMatch: ETag }))).code).toBe('NoSuchKey');
  });
});

describe('reads:', () => {
  const bytes = randomBytes(100_000);
  beforeAll(() => put('bytes', bytes));
  const range = async (Range: string) => {
    const answer = await get('bytes', { Range });
    return { range: answer.ContentRange, bytes: Buffer.from((await answer.Body?.transformToByteArray()) ?? []) };
  };

  test('ranges give exactly the bytes asked for, and one outside is refused', async () => {
    expect(await range('bytes=0-0')).toEqual({ range: 'bytes 0-0/100000', bytes: bytes.subarray(0, 1) });
    expect((await range('bytes=99990-')).bytes).toEqual(bytes.subarray(99_990));
    expect((await range('bytes=-10')).bytes).toEqual(bytes.subarray(99_990));
    expect((await range('bytes=500-200000')).bytes).toEqual(bytes.subarray(500));
    expect(await refusal(range('bytes=100000-'))).toMatchObject({ code: 'InvalidRange', status: 416 });
  });

  test('what is unchanged is answered 304, what is absent 404', async () => {
    const { ETag, LastModified } = await cloud.s3Client.send(new HeadObjectCommand({ Bucket, Key: 'bytes' }));
    expect(ETag).toBe(`"${createHash('md5').update(bytes).digest('hex')}"`);
    expect(LastModified?.getMilliseconds()).toBe(0);
    expect((await refusal(get('bytes', { IfNoneMatch: ETag }))).status).toBe(304);
    expect((await refusal(get('bytes', { IfMatch: '"other"' }))).status).toBe(412);
    expect(await refusal(get('absent'))).toMatchObject({ code: 'NoSuchKey', status: 404 });
    const head = new HeadBucketCommand({ Bucket: 'no-such-bucket' });
    expect((await refusal(cloud.s3Client.send(head))).status).toBe(404);
  });

  test('metadata, content type and encryption come back; under SSE-KMS the ETag is no hash', async () => {
    const ETag = `"${createHash('md5').update('x').digest('hex')}"`;
    expect((await put('meta', 'x', { ContentType: 'text/plain', Metadata: { op: 'abc' } })).ETag).toBe(ETag);
    expect(await get('meta')).toMatchObject({
      ContentType: 'text/plain',
      Metadata: { op: 'abc' },
      ServerSideEncryption: 'AES256',
    });
    expect((await put('kms', 'x', { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: 'key' })).ETag).not.toBe(ETag);
  });
});

describe('checksums:', () => {
  const algorithms: ChecksumAlgorithm[] = ['CRC32', 'CRC32C', 'SHA1', 'SHA256'];
  test.each(algorithms)('%s is verified in header and trailer, and returned on request', async (algorithm) => {
    const body = Buffer.from('123456789'.repeat(20_000));
    const sent = await put(`sum/${algorithm}`, body, { ChecksumAlgorithm: algorithm });
    const streamed = await put(`sum/${algorithm}-stream`, Readable.from(chunks(body)), {
      ChecksumAlgorithm: algorithm,
      ContentLength: body.length,
    });
    const name = `Checksum${algorithm}` as const;
    expect(Object(streamed)[name]).toBe(Object(sent)[name]);
    const read = await get(`sum/${algorithm}-stream`, { ChecksumMode: 'ENABLED' });
    expect(Object(read)[name]).toBe(Object(sent)[name]);
    expect(Buffer.from((await read.Body?.transformToByteArray()) ?? []).equals(body)).toBe(true);
  });

  test('the check values of the CRC catalogue are met, CRC-64/NVME where the sender leaves it to S3', async () => {
    const crc = (hex: string) => Buffer.from(hex, 'hex').toString('base64');
    expect(await put('check', '123456789', { ChecksumAlgorithm: 'CRC32' })).toMatchObject({
      ChecksumCRC32: crc('cbf43926'),
    });
    expect(await put('check', '123456789', { ChecksumCRC32C: crc('e3069283') })).toMatchObject({
      ChecksumType: 'FULL_OBJECT',
    });
    expect(await put('check', '123456789', { ChecksumCRC64NVME: crc('ae8b14860a799888') })).toBeDefined();
  });

  test('a wrong checksum or Content-MD5 is refused, and nothing is stored', async () => {
    expect((await refusal(put('bad', 'x', { ChecksumSHA256: Buffer.alloc(32).toString('base64') }))).code).toBe(
      'BadDigest',
    );
    expect((await refusal(put('bad', 'x', { ChecksumCRC32: 'AA==' }))).code).toBe('InvalidRequest');
    expect((await refusal(put('bad', 'x', { ContentMD5: Buffer.alloc(16).toString('base64') }))).code).toBe(
      'BadDigest',
    );
    expect((await refusal(put('bad', 'x', { ContentMD5: 'AA==' }))).code).toBe('InvalidDigest');
    expect((await refusal(get('bad'))).code).toBe('NoSuchKey');
  });

  test("rotten bytes are found by the client's checksum; tampered ones only by whoever knows the hash", async () => {
    await put('rot', 'good bytes');
    cloud.s3.tamper(Bucket, 'rot', Buffer.from('rott bytes'), { bitRot: true });
    const rotten = await get('rot');
    await expect(rotten.Body?.transformToString()).rejects.toThrow(/[Cc]hecksum/);
    cloud.s3.tamper(Bucket, 'rot', Buffer.from('evil'));
    expect(await (await get('rot')).Body?.transformToString()).toBe('evil');
  });
});

test('an upload that is cut off or shorter than announced leaves no object and no file', async () => {
  const short = put('short', Readable.from(chunks(Buffer.alloc(10_000))), { ContentLength: 20_000 });
  await expect(short).rejects.toThrow();
  expect((await refusal(cloud.s3Client.send(truncated()))).code).toBe('IncompleteBody');
  await cutOff();
  await expect.poll(() => readdirSync(join(cloud.household.folder, 's3', 'incoming'))).toEqual([]);
  for (const key of ['short', 'truncated', 'cut']) expect((await refusal(get(key))).code).toBe('NoSuchKey');
});

/** A body announced as longer than it is, with the signature in order. */
function truncated(): PutObjectCommand {
  const command = new PutObjectCommand({
    Bucket,
    Key: 'truncated',
    Body: Readable.from([Buffer.alloc(1000)]),
    ContentLength: 1000,
  });
  command.middlewareStack.add(
    (next) => (args) => {
      Object(args.request).headers['x-amz-decoded-content-length'] = '2000';
      return next(args);
    },
    { step: 'build', priority: 'low' },
  );
  return command;
}

/** Sends half a body under a signature that is in order, and hangs up. */
async function cutOff(): Promise<void> {
  const command = new PutObjectCommand({ Bucket, Key: 'cut', Body: Buffer.alloc(1_000_000) });
  command.middlewareStack.add(
    () => async (args) => {
      const { headers, path } = Object(args.request);
      const sending = request(`${cloud.url}${path}`, { method: 'PUT', headers });
      sending.on('error', () => {});
      sending.write(Buffer.alloc(500_000), () => sending.destroy());
      await new Promise((resolve) => sending.once('close', resolve));
      throw new Error('hung up');
    },
    { step: 'deserialize', priority: 'low' },
  );
  await expect(cloud.s3Client.send(command)).rejects.toThrow('hung up');
}

test('a copy has the bytes and the metadata of its source, or its own metadata', async () => {
  await put('source', 'bytes', { Metadata: { a: '1' }, ContentType: 'text/plain' });
  const copy = { Bucket, CopySource: `${Bucket}/source` };
  await cloud.s3Client.send(new CopyObjectCommand({ ...copy, Key: 'copy 1' }));
  expect(await get('copy 1')).toMatchObject({ Metadata: { a: '1' }, ContentType: 'text/plain' });
  const replaced = { ...copy, Key: 'copy 2', MetadataDirective: 'REPLACE' as const, Metadata: { b: '2' } };
  await cloud.s3Client.send(new CopyObjectCommand(replaced));
  expect((await get('copy 2')).Metadata).toEqual({ b: '2' });
  expect(cloud.s3.read(Bucket, 'copy 2').toString()).toBe('bytes');
  const onto = new CopyObjectCommand({ ...copy, Key: 'copy 1', IfNoneMatch: '*' });
  expect((await refusal(cloud.s3Client.send(onto))).code).toBe('PreconditionFailed');
});

test('an S3 made anew over the same folder has everything that was acknowledged', async () => {
  await put('kept', 'still here', { Metadata: { a: '1' } });
  const again = createS3({ household: cloud.household });
  expect(again.buckets.names()).toEqual(cloud.s3.buckets.names());
  expect(again.read(Bucket, 'kept').toString()).toBe('still here');
});

function* chunks(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += 7000) yield bytes.subarray(at, at + 7000);
}
