import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { AwsError } from '../error.ts';
import { children, toXml } from '../xml.ts';
import { type Checksum, type ChecksumAlgorithm, isChecksumAlgorithm } from './checksums.ts';
import { type Answer, bucketOf, type Exchange, header, invalidArgument, s3Document } from './exchange.ts';
import { encryptionHeaders, factsOf } from './facts.ts';
import { compareKeys } from './key-order.ts';
import { commonPrefixes, listingQuery } from './listing.ts';
import { paginate } from './paging.ts';
import type { ObjectFacts } from './store.ts';
import { checkKey, hashFile, receiveFile } from './write.ts';

export interface Part {
  readonly number: number;
  readonly path: string;
  readonly size: number;
  /** Hex MD5 of the part; its ETag. */
  readonly md5: string;
  readonly checksum: { readonly algorithm: ChecksumAlgorithm; readonly value: string };
  readonly lastModified: number;
}

/** An upload under way. It lives in memory: a restart of the sandbox's S3 aborts it. */
export interface Upload {
  readonly id: string;
  readonly bucket: string;
  readonly key: string;
  readonly initiatedAt: number;
  readonly facts: ObjectFacts;
  /** What the sender asked for when the upload began; without it S3 computes a CRC-64/NVME. */
  readonly checksum: {
    readonly algorithm: ChecksumAlgorithm;
    readonly type: Checksum['type'];
    readonly asked: boolean;
  };
  readonly parts: Map<number, Part>;
}

export type Uploads = Map<string, Upload>;

export async function createMultipartUpload(exchange: Exchange): Promise<Answer> {
  const bucket = bucketOf(exchange);
  checkKey(exchange.key);
  const id = randomBytes(48).toString('base64url');
  const facts = factsOf(exchange);
  const checksum = wantedChecksum(exchange);
  const upload = { id, bucket: bucket.name, key: exchange.key, initiatedAt: exchange.now(), facts, checksum };
  exchange.uploads.set(id, { ...upload, parts: new Map() });
  return {
    headers: {
      ...encryptionHeaders(facts),
      'x-amz-checksum-algorithm': checksum.asked ? checksum.algorithm.toUpperCase() : undefined,
      'x-amz-checksum-type': checksum.asked ? checksum.type : undefined,
    },
    xml: s3Document(
      'InitiateMultipartUploadResult',
      children({ Bucket: bucket.name, Key: exchange.key, UploadId: id }),
    ),
  };
}

function wantedChecksum(exchange: Exchange): Upload['checksum'] {
  const named = header(exchange, 'x-amz-checksum-algorithm')?.toLowerCase();
  const type = header(exchange, 'x-amz-checksum-type');
  if (named === undefined) return { algorithm: 'crc64nvme', type: 'FULL_OBJECT', asked: false };
  if (!isChecksumAlgorithm(named)) {
    throw new AwsError('InvalidRequest', 400, 'Checksum algorithm provided is unsupported.');
  }
  const algorithm = named;
  const whole = type === 'FULL_OBJECT' || (type === undefined && algorithm === 'crc64nvme');
  const hash = algorithm === 'sha1' || algorithm === 'sha256';
  if ((whole && hash) || (type === 'COMPOSITE' && algorithm === 'crc64nvme')) {
    const message = `The ${type} checksum type cannot be used with the ${algorithm} checksum algorithm.`;
    throw new AwsError('InvalidRequest', 400, message);
  }
  return { algorithm, type: whole ? 'FULL_OBJECT' : 'COMPOSITE', asked: true };
}

export async function uploadPart(exchange: Exchange): Promise<Answer> {
  const upload = uploadOf(exchange);
  const number = Number(exchange.query.get('partNumber'));
  if (!Number.isInteger(number) || number < 1 || number > 10_000) {
    const message = 'Part number must be an integer between 1 and 10000, inclusive';
    throw invalidArgument(message, 'partNumber', exchange.query.get('partNumber') ?? '');
  }
  const path = exchange.store.temporary();
  try {
    const received = await receiveFile(exchange, path);
    const { algorithm, asked } = upload.checksum;
    if (asked && received.checksum && received.checksum.algorithm !== algorithm) {
      const message = `Checksum Type mismatch occurred, expected checksum Type: ${algorithm}, actual checksum Type: ${received.checksum.algorithm}`;
      throw new AwsError('InvalidRequest', 400, message);
    }
    const sent = received.checksum?.algorithm === algorithm ? received.checksum : undefined;
    const checksum = sent ?? (await hashFile(path, algorithm)).checksum;
    uploadOf(exchange); // it may have been aborted or completed while the part was arriving
    const replaced = upload.parts.get(number);
    const { size, md5 } = received;
    upload.parts.set(number, { number, path, size, md5, checksum, lastModified: exchange.now() });
    if (replaced) await rm(replaced.path, { force: true });
    const told = received.checksum ?? checksum;
    return {
      headers: {
        etag: `"${md5}"`,
        ...encryptionHeaders(upload.facts),
        [`x-amz-checksum-${told.algorithm}`]: told.value,
      },
    };
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
}

export async function abortMultipartUpload(exchange: Exchange): Promise<Answer> {
  await discard(exchange.uploads, uploadOf(exchange));
  return { status: 204 };
}

/** Forgets an upload and its parts' files. */
export async function discard(uploads: Uploads, upload: Upload): Promise<void> {
  uploads.delete(upload.id);
  await Promise.all([...upload.parts.values()].map(({ path }) => rm(path, { force: true })));
}

export async function listParts(exchange: Exchange): Promise<Answer> {
  const upload = uploadOf(exchange);
  const { limit } = listingQuery(exchange, 'max-parts');
  const marker = Number(exchange.query.get('part-number-marker') ?? 0);
  const all = [...upload.parts.values()].sort((a, b) => a.number - b.number).filter(({ number }) => number > marker);
  const shown = all.slice(0, limit);
  const head = {
    Bucket: upload.bucket,
    Key: upload.key,
    UploadId: upload.id,
    PartNumberMarker: marker,
    NextPartNumberMarker: shown.at(-1)?.number ?? 0,
    MaxParts: limit,
    IsTruncated: all.length > shown.length,
    ChecksumAlgorithm: upload.checksum.asked ? upload.checksum.algorithm.toUpperCase() : undefined,
    ChecksumType: upload.checksum.asked ? upload.checksum.type : undefined,
    StorageClass: 'STANDARD',
    Part: shown.map(({ number, md5, size, lastModified, checksum }) => ({
      PartNumber: number,
      LastModified: wholeSeconds(lastModified),
      ETag: `"${md5}"`,
      Size: size,
      [`Checksum${checksum.algorithm.toUpperCase()}`]: checksum.value,
    })),
  };
  return { xml: s3Document('ListPartsResult', children(head)) };
}

export async function listMultipartUploads(exchange: Exchange): Promise<Answer> {
  const bucket = bucketOf(exchange);
  const { prefix, delimiter, limit, text } = listingQuery(exchange, 'max-uploads');
  const keyMarker = exchange.query.get('key-marker') ?? '';
  const idMarker = exchange.query.get('upload-id-marker') ?? '';
  const behind = (upload: Upload) => {
    const order = keyMarker === '' ? 1 : compareKeys(upload.key, keyMarker);
    return order > 0 || (order === 0 && idMarker !== '' && upload.id > idMarker);
  };
  const all = [...exchange.uploads.values()]
    .filter((upload) => upload.bucket === bucket.name && behind(upload))
    .sort((a, b) => compareKeys(a.key, b.key) || (a.id < b.id ? -1 : 1));
  const page = paginate(all, { prefix, delimiter, limit });
  const next = page.truncated ? page.last : undefined;
  const head = {
    Bucket: bucket.name,
    KeyMarker: text(keyMarker),
    UploadIdMarker: idMarker,
    NextKeyMarker: next && text('item' in next ? next.item.key : next.prefix),
    NextUploadIdMarker: next && 'item' in next ? next.item.id : undefined,
    Prefix: text(prefix),
    Delimiter: delimiter === '' ? undefined : text(delimiter),
    EncodingType: exchange.query.get('encoding-type'),
    MaxUploads: limit,
    IsTruncated: page.truncated,
  };
  const rows = page.items.map(({ key, id, initiatedAt }) =>
    toXml('Upload', { Key: text(key), UploadId: id, StorageClass: 'STANDARD', Initiated: wholeSeconds(initiatedAt) }),
  );
  return {
    xml: s3Document('ListMultipartUploadsResult', children(head) + rows.join('') + commonPrefixes(page, text)),
  };
}

export function uploadOf(exchange: Exchange): Upload {
  const bucket = bucketOf(exchange);
  const id = exchange.query.get('uploadId') ?? '';
  const upload = exchange.uploads.get(id);
  if (upload?.bucket === bucket.name && upload.key === exchange.key) return upload;
  const message =
    'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.';
  throw new AwsError('NoSuchUpload', 404, message, { fields: { UploadId: id } });
}

function wholeSeconds(milliseconds: number): string {
  return new Date(Math.floor(milliseconds / 1000) * 1000).toISOString();
}
