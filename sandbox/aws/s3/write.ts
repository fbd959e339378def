import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { copyFile, open, rm } from 'node:fs/promises';
import { AwsError } from '../error.ts';
import { decode } from '../sigv4.ts';
import { children } from '../xml.ts';
import { type Received, receive } from './body.ts';
import { type Checksum, type ChecksumAlgorithm, createHasher, isChecksumAlgorithm } from './checksums.ts';
import { checkCopySource, checkWrite } from './conditions.ts';
import {
  type Answer,
  bucketOf,
  currentObject,
  type Exchange,
  header,
  invalidArgument,
  noSuchKey,
  s3Document,
  versionHeader,
  versionOf,
} from './exchange.ts';
import { checksumElements, checksumHeaders, encryptionHeaders, etagFor, factsOf } from './facts.ts';
import type { Bucket, ObjectContent, ObjectVersion } from './store.ts';

export async function putObject(exchange: Exchange): Promise<Answer> {
  const bucket = bucketOf(exchange);
  checkKey(exchange.key);
  const facts = factsOf(exchange);
  return withTemporary(exchange, async (path) => {
    const received = await receiveFile(exchange, path);
    const checksum = await checksumOf(received, path);
    const content = { ...facts, size: received.size, etag: etagFor(facts, received.md5), checksum };
    checkWrite(exchange, bucket, exchange.key);
    const version = exchange.store.commit(bucket, exchange.key, content, path, exchange.now());
    return { headers: writtenHeaders(bucket, version, content) };
  });
}

export async function copyObject(exchange: Exchange): Promise<Answer> {
  const bucket = bucketOf(exchange);
  checkKey(exchange.key);
  const { bucket: sourceBucket, version: source, content: sourceContent } = copySource(exchange);
  checkCopySource(exchange, source);
  const replace = header(exchange, 'x-amz-metadata-directive') === 'REPLACE';
  if (
    !replace &&
    bucket === sourceBucket &&
    exchange.key === source.key &&
    !header(exchange, 'x-amz-server-side-encryption')
  ) {
    const message =
      "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.";
    throw new AwsError('InvalidRequest', 400, message);
  }
  const own = factsOf(exchange);
  const facts = replace ? own : { ...own, headers: sourceContent.headers, metadata: sourceContent.metadata };
  const wanted = header(exchange, 'x-amz-checksum-algorithm')?.toLowerCase();
  const algorithm = wanted !== undefined && isChecksumAlgorithm(wanted) ? wanted : sourceContent.checksum.algorithm;
  return withTemporary(exchange, async (path) => {
    await copyFile(exchange.store.dataPath(sourceBucket, source), path);
    const { md5, checksum } = await hashFile(path, algorithm);
    const content = { ...facts, size: sourceContent.size, etag: etagFor(facts, md5), checksum };
    checkWrite(exchange, bucket, exchange.key);
    const version = exchange.store.commit(bucket, exchange.key, content, path, exchange.now());
    const result = {
      ETag: `"${content.etag}"`,
      LastModified: new Date(version.lastModified).toISOString(),
      ...checksumElements(content),
    };
    return {
      headers: {
        ...versionHeader(bucket, version),
        ...encryptionHeaders(content),
        'x-amz-copy-source-version-id': sourceBucket.versioning ? source.versionId : undefined,
      },
      xml: s3Document('CopyObjectResult', children(result)),
    };
  });
}

function copySource(exchange: Exchange): { bucket: Bucket; version: ObjectVersion; content: ObjectContent } {
  const given = header(exchange, 'x-amz-copy-source') ?? '';
  const [path = '', versionId] = given.split('?versionId=', 2);
  const [, name, key] = /^\/?([^/]+)\/(.+)$/s.exec(decode(path)) ?? [];
  if (!name || !key)
    throw invalidArgument('Copy Source must mention the source bucket and key', 'x-amz-copy-source', given);
  const bucket = bucketOf(exchange, name);
  const version = versionId ? versionOf(bucket, key, versionId) : currentObject(bucket, key);
  if (!version?.content) throw noSuchKey(key);
  return { bucket, version, content: version.content };
}

export function writtenHeaders(
  bucket: Bucket,
  version: ObjectVersion,
  content: ObjectContent,
): Answer['headers'] & object {
  return {
    etag: `"${content.etag}"`,
    ...versionHeader(bucket, version),
    ...encryptionHeaders(content),
    ...checksumHeaders(content),
  };
}

/** S3's limit: 1,024 bytes of UTF-8. */
export function checkKey(key: string): void {
  const bytes = Buffer.byteLength(key);
  if (bytes <= 1024) return;
  const fields = { Size: String(bytes), MaxSizeAllowed: '1024' };
  throw new AwsError('KeyTooLongError', 400, 'Your key is too long', { fields });
}

/** A path for a body under way, which is gone afterwards unless it was committed. */
export async function withTemporary<T>(exchange: Exchange, work: (path: string) => Promise<T>): Promise<T> {
  const path = exchange.store.temporary();
  try {
    return await work(path);
  } finally {
    await rm(path, { force: true });
  }
}

/** Streams the request's verified body into a file. */
export async function receiveFile(exchange: Exchange, path: string): Promise<Received> {
  const file = await open(path, 'w');
  try {
    return await receive(exchange.request, async (chunk) => {
      await file.writeFile(chunk);
    });
  } finally {
    await file.close();
  }
}

/** The sender's checksum, or the CRC-64/NVME that S3 computes of its own where none was sent. */
async function checksumOf(received: Received, path: string): Promise<Checksum> {
  if (received.checksum) return { ...received.checksum, type: 'FULL_OBJECT' };
  return (await hashFile(path, 'crc64nvme')).checksum;
}

export async function hashFile(
  path: string,
  algorithm: ChecksumAlgorithm,
): Promise<{ md5: string; checksum: Checksum }> {
  const md5 = createHash('md5');
  const hasher = createHasher(algorithm);
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 })) {
    md5.update(chunk);
    hasher.update(chunk);
  }
  const value = hasher.digest().toString('base64');
  return { md5: md5.digest('hex'), checksum: { algorithm, value, type: 'FULL_OBJECT' } };
}
