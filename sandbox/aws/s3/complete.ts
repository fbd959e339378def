import { createHash } from 'node:crypto';
import { open, readFile } from 'node:fs/promises';
import { XMLParser } from 'fast-xml-parser';
import { z } from 'zod';
import { AwsError } from '../error.ts';
import { children } from '../xml.ts';
import { badChecksum, receiveText } from './body.ts';
import { type Checksum, createHasher } from './checksums.ts';
import { checkWrite } from './conditions.ts';
import { type Answer, bucketOf, type Exchange, header, malformedXml, s3Document, versionHeader } from './exchange.ts';
import { checksumElements, encryptionHeaders, etagFor } from './facts.ts';
import { discard, type Part, type Upload, uploadOf } from './multipart.ts';
import { withTemporary } from './write.ts';

const smallestPart = 5 * 1024 * 1024;
const listedPart = z.looseObject({ PartNumber: z.coerce.number().int().min(1).max(10_000), ETag: z.string() });
const listed = z.object({ CompleteMultipartUpload: z.object({ Part: z.array(listedPart).min(1) }) });
type ListedPart = z.infer<typeof listedPart>;
const parser = new XMLParser({ parseTagValue: false, ignoreAttributes: true, isArray: (name) => name === 'Part' });

/**
 * Puts the named parts together, in ascending order, each but the last at least 5 MiB. The conditions of the write are
 * checked when the whole is ready, so a lost race leaves the upload standing, as with S3.
 */
export async function completeMultipartUpload(exchange: Exchange): Promise<Answer> {
  const bucket = bucketOf(exchange);
  const upload = uploadOf(exchange);
  const { text } = await receiveText(exchange.request, { checksumIsOfObject: true });
  const request = listed.safeParse(parser.parse(text));
  if (!request.success) throw malformedXml();
  const named = request.data.CompleteMultipartUpload.Part;
  const parts = chosenParts(upload, named);
  checkPartChecksums(upload, named);
  return withTemporary(exchange, async (path) => {
    const { size, whole } = await concatenate(parts, path, upload);
    const checksum = upload.checksum.type === 'COMPOSITE' ? compositeChecksum(upload, parts) : whole;
    checkPromise(exchange, checksum);
    const md5 = createHash('md5');
    for (const part of parts) md5.update(Buffer.from(part.md5, 'hex'));
    const etag = `${etagFor(upload.facts, md5.digest('hex'))}-${parts.length}`;
    const content = { ...upload.facts, size, etag, checksum, partCount: parts.length };
    uploadOf(exchange); // somebody else may have completed or aborted it meanwhile
    checkWrite(exchange, bucket, exchange.key);
    // A multipart object's time is that of its upload's beginning.
    const version = exchange.store.commit(bucket, exchange.key, content, path, upload.initiatedAt);
    await discard(exchange.uploads, upload);
    const result = {
      Location: `http://${exchange.request.headers.host}/${bucket.name}/${encodeURIComponent(exchange.key)}`,
      Bucket: bucket.name,
      Key: exchange.key,
      ETag: `"${etag}"`,
      ...checksumElements(content),
    };
    return {
      headers: { ...versionHeader(bucket, version), ...encryptionHeaders(content) },
      xml: s3Document('CompleteMultipartUploadResult', children(result)),
    };
  });
}

function chosenParts(upload: Upload, named: readonly ListedPart[]): readonly Part[] {
  if (named.some((wanted, at) => at > 0 && wanted.PartNumber <= (named[at - 1]?.PartNumber ?? 0))) {
    const message =
      'The list of parts was not in ascending order. The parts list must be specified in order by part number.';
    throw new AwsError('InvalidPartOrder', 400, message, { fields: { UploadId: upload.id } });
  }
  return named.map((wanted, at) => {
    const part = upload.parts.get(wanted.PartNumber);
    const etag = wanted.ETag.replaceAll('"', '').trim();
    if (!part || part.md5 !== etag) throw invalidPart(upload, wanted.PartNumber, etag);
    const checksum = wanted[`Checksum${part.checksum.algorithm.toUpperCase()}`];
    if (checksum !== undefined && checksum !== part.checksum.value) throw invalidPart(upload, wanted.PartNumber, etag);
    if (at < named.length - 1 && part.size < smallestPart) {
      throw new AwsError('EntityTooSmall', 400, 'Your proposed upload is smaller than the minimum allowed size', {
        fields: {
          ProposedSize: String(part.size),
          MinSizeAllowed: String(smallestPart),
          PartNumber: String(part.number),
          ETag: part.md5,
        },
      });
    }
    return part;
  });
}

function invalidPart(upload: Upload, number: number, etag: string): AwsError {
  const message =
    "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.";
  const fields = { UploadId: upload.id, PartNumber: String(number), ETag: etag };
  return new AwsError('InvalidPart', 400, message, { fields });
}

/** A composite checksum must be asked for part by part. */
function checkPartChecksums(upload: Upload, named: readonly ListedPart[]): void {
  const { algorithm, type, asked } = upload.checksum;
  if (!asked || type !== 'COMPOSITE') return;
  const missing = named.find((part) => part[`Checksum${algorithm.toUpperCase()}`] === undefined);
  if (!missing) return;
  const message = `The upload was created using a ${algorithm} checksum. The complete request must include the checksum for each part. It was missing for part ${missing.PartNumber} in the request.`;
  throw new AwsError('InvalidRequest', 400, message);
}

async function concatenate(
  parts: readonly Part[],
  path: string,
  upload: Upload,
): Promise<{ size: number; whole: Checksum }> {
  const { algorithm, type } = upload.checksum;
  const hasher = type === 'FULL_OBJECT' ? createHasher(algorithm) : undefined;
  const file = await open(path, 'w');
  let size = 0;
  try {
    for (const part of parts) {
      const bytes = await readFile(part.path).catch(() => {
        throw invalidPart(upload, part.number, part.md5);
      });
      hasher?.update(bytes);
      await file.writeFile(bytes);
      size += bytes.length;
    }
  } finally {
    await file.close();
  }
  const value = hasher?.digest().toString('base64') ?? '';
  return { size, whole: { algorithm, value, type: 'FULL_OBJECT' } };
}

/** The checksum of the parts' checksums, with their number. */
function compositeChecksum(upload: Upload, parts: readonly Part[]): Checksum {
  const hasher = createHasher(upload.checksum.algorithm);
  for (const part of parts) hasher.update(Buffer.from(part.checksum.value, 'base64'));
  const value = `${hasher.digest().toString('base64')}-${parts.length}`;
  return { algorithm: upload.checksum.algorithm, value, type: 'COMPOSITE' };
}

/** A checksum in the request's headers speaks of the object, not of the list of parts. */
function checkPromise(exchange: Exchange, checksum: Checksum): void {
  const promised = header(exchange, `x-amz-checksum-${checksum.algorithm}`);
  if (promised !== undefined && promised.replace(/-\d+$/, '') !== checksum.value.replace(/-\d+$/, '')) {
    throw badChecksum(checksum.algorithm);
  }
}
