import { createHash, randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  type CreateMultipartUploadCommandInput,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { refusal, startTestCloud, type TestCloud } from '../test-cloud.ts';

let cloud: TestCloud;
const Bucket = 'multipart';
beforeAll(async () => {
  cloud = await startTestCloud();
  cloud.s3.buckets.create(Bucket, { versioning: true });
});
afterAll(() => cloud.close());

const whole = randomBytes(5 * 1024 * 1024 + 1000);
const big = whole.subarray(0, 5 * 1024 * 1024);
const rest = whole.subarray(5 * 1024 * 1024);

const begin = async (Key: string, more: Partial<CreateMultipartUploadCommandInput> = {}) => {
  const { UploadId } = await cloud.s3Client.send(new CreateMultipartUploadCommand({ Bucket, Key, ...more }));
  return { Bucket, Key, UploadId };
};
type Upload = Awaited<ReturnType<typeof begin>>;
const part = async (upload: Upload, PartNumber: number, Body: Buffer, more: object = {}): Promise<CompletedPart> => {
  const { ETag, ChecksumCRC32 } = await cloud.s3Client.send(
    new UploadPartCommand({ ...upload, PartNumber, Body, ...more }),
  );
  return { PartNumber, ETag, ChecksumCRC32 };
};
const complete = (upload: Upload, Parts: CompletedPart[], more: object = {}) =>
  cloud.s3Client.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts }, ...more }));
const md5 = (bytes: Buffer) => createHash('md5').update(bytes).digest();

test("parts in any order become one object, whose ETag is the MD5 of the parts' MD5s", async () => {
  const upload = await begin('whole', { Metadata: { op: 'abc' } });
  const second = await part(upload, 2, rest);
  const parts = [await part(upload, 1, big), second];
  const listed = await cloud.s3Client.send(new ListPartsCommand(upload));
  expect(listed.Parts?.map(({ PartNumber, Size }) => [PartNumber, Size])).toEqual([
    [1, big.length],
    [2, rest.length],
  ]);
  const done = await complete(upload, parts);
  expect(done.ETag).toBe(`"${md5(Buffer.concat([md5(big), md5(rest)])).toString('hex')}-2"`);
  const read = await cloud.s3Client.send(new GetObjectCommand({ Bucket, Key: 'whole' }));
  expect(read.Metadata).toEqual({ op: 'abc' });
  expect(Buffer.from((await read.Body?.transformToByteArray()) ?? []).equals(whole)).toBe(true);
  expect((await refusal(complete(upload, parts))).code).toBe('NoSuchUpload');
  expect(readdirSync(join(cloud.household.folder, 's3', 'incoming'))).toEqual([]);
});

test('a part smaller than 5 MiB that is not the last, a wrong ETag and a wrong order are refused', async () => {
  const upload = await begin('refused');
  const small = await part(upload, 1, rest);
  const second = await part(upload, 2, rest);
  expect((await refusal(complete(upload, [small, second]))).code).toBe('EntityTooSmall');
  expect((await refusal(complete(upload, [second, small]))).code).toBe('InvalidPartOrder');
  expect((await refusal(complete(upload, [{ ...small, ETag: '"other"' }]))).code).toBe('InvalidPart');
  expect((await refusal(complete(upload, [{ ...small, PartNumber: 7 }]))).code).toBe('InvalidPart');
  expect((await refusal(part(upload, 10_001, rest))).code).toBe('InvalidArgument');
  await complete(upload, [small]);
  expect(cloud.s3.read(Bucket, 'refused').equals(rest)).toBe(true);
});

test('of two uploads that create one key only one is completed, and the loser can still be aborted', async () => {
  const uploads = [await begin('once'), await begin('once')];
  const parts = await Promise.all(uploads.map((upload) => part(upload, 1, rest)));
  const outcomes = await Promise.allSettled(
    uploads.map((upload, at) => complete(upload, parts.slice(at, at + 1), { IfNoneMatch: '*' })),
  );
  expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  const open = await cloud.s3Client.send(new ListMultipartUploadsCommand({ Bucket, Prefix: 'once' }));
  expect(open.Uploads).toHaveLength(1);
  await cloud.s3Client.send(
    new AbortMultipartUploadCommand({ Bucket, Key: 'once', UploadId: open.Uploads?.[0]?.UploadId }),
  );
  const after = await cloud.s3Client.send(new ListMultipartUploadsCommand({ Bucket, Prefix: 'once' }));
  expect(after.Uploads ?? []).toHaveLength(0);
});

test('composite and whole-object checksums are computed, and verified when they are sent', async () => {
  const composite = await begin('composite', { ChecksumAlgorithm: 'CRC32' });
  const parts = [await part(composite, 1, big), await part(composite, 2, rest)];
  const without = parts.map(({ ChecksumCRC32: _, ...other }) => other);
  expect((await refusal(complete(composite, without))).code).toBe('InvalidRequest');
  expect(await complete(composite, parts)).toMatchObject({
    ChecksumType: 'COMPOSITE',
    ChecksumCRC32: expect.stringMatching(/-2$/),
  });

  const full = await begin('full', { ChecksumAlgorithm: 'CRC32', ChecksumType: 'FULL_OBJECT' });
  const fullParts = [await part(full, 1, big), await part(full, 2, rest)];
  expect((await refusal(complete(full, fullParts, { ChecksumCRC32: 'AAAAAA==' }))).code).toBe('BadDigest');
  await complete(full, fullParts);
  const read = await cloud.s3Client.send(new GetObjectCommand({ Bucket, Key: 'full', ChecksumMode: 'ENABLED' }));
  expect(read.ChecksumType).toBe('FULL_OBJECT');
  expect((await read.Body?.transformToByteArray())?.length).toBe(whole.length); // the client verifies it too
});
