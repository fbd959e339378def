import type { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { PitcrewError, permanent, retryable } from '../domain/errors.ts';
import { type Instant, instant } from '../domain/time.ts';
import { translated, wireCode } from './aws-errors.ts';

export interface ObjectAddress {
  readonly bucket: string;
  readonly key: string;
}

export interface StoredObject {
  readonly key: string;
  readonly sizeBytes: number;
  readonly at: Instant;
}

export interface ObjectHead extends StoredObject {
  readonly etag: string;
  /** Null in a bucket without versions. */
  readonly versionId: string | null;
}

/** S3 of one region. What isn't there is undefined; everything else that goes wrong throws `aws.*`. */
export interface S3 {
  /** `versionId`: of exactly those bytes; unset: the newest. */
  head(at: ObjectAddress, versionId?: string | null): Promise<ObjectHead | undefined>;
  /** A small object, whole, as text. */
  text(at: ObjectAddress): Promise<string | undefined>;
  put(at: ObjectAddress, text: string): Promise<void>;
  remove(at: ObjectAddress): Promise<void>;
  /** Objects whose keys begin so, in the order of their keys. */
  list(bucket: string, prefix: string): Promise<readonly StoredObject[]>;
  /** Exactly the bytes that `head` named, from first to last, over as many connections as it takes. @throws PitcrewError `aws.*` */
  read(bucket: string, head: ObjectHead): AsyncGenerator<Uint8Array>;
  /**
   * Sends a stream in parts, as fast as S3 takes them: no more than `partsAtOnce` + 1 of them are held. A stream that
   * throws leaves nothing behind, and what it threw is thrown.
   */
  upload(at: ObjectAddress, body: Readable, parts: PartSizes, signal: AbortSignal): Promise<void>;
  /** Uploads of this key that nobody completed. */
  unfinished(at: ObjectAddress): Promise<readonly string[]>;
  /** Ends them and frees their parts. @returns how many there were */
  abortUnfinished(at: ObjectAddress): Promise<number>;
  /** Whether this key may be written in parts: begun and given up at once, so that nothing is left. @throws PitcrewError `aws.*` */
  proveWritable(at: ObjectAddress): Promise<void>;
  /** Whether uploads to this key could be given up: asked with one that never was. @throws PitcrewError `aws.*` */
  proveAbortable(at: ObjectAddress): Promise<void>;
}

export interface PartSizes {
  readonly partBytes: number;
  readonly partsAtOnce: number;
}

/** S3 User Guide, "Amazon S3 multipart upload limits": 10,000 parts of 5 MiB to 5 GiB. */
const mostParts = 10_000;
const mebibyte = 1024 * 1024;
const smallestPart = 5 * mebibyte;
/** What may be held in memory at once. */
const heldBytes = 15 * mebibyte;

/** Parts for a stream of at most so many bytes: as small as the limit allows, as many at once as memory may hold. */
export function partSizes(mostBytes: number): PartSizes {
  const needed = Math.ceil(mostBytes / (mostParts * 0.9) / mebibyte) * mebibyte;
  const partBytes = Math.max(smallestPart, needed);
  return { partBytes, partsAtOnce: Math.max(1, Math.min(3, Math.floor(heldBytes / partBytes))) };
}

const tries = 5;

/** A slow answer is no failure: what counts is that bytes still flow. Milliseconds. */
const patient = { maxAttempts: tries, requestHandler: { connectionTimeout: 5_000, socketTimeout: 120_000 } } as const;

/** The standard variables of the AWS SDK say where and as whom: `AWS_ENDPOINT_URL_S3`, `AWS_PROFILE`, … */
export function s3(region: string): S3 {
  const client = new S3Client({ region, ...patient });
  return { ...objects(client), ...reading(client), ...uploads(client) };
}

const absent = new Set(['NoSuchKey', 'NotFound', 'NoSuchVersion']);

async function asked<T>(action: string, { bucket, key }: ObjectAddress, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw translated(error, { action: `s3:${action}`, on: key === '' ? bucket : `${bucket}/${key}` });
  }
}

/** As `asked`, for what may not be there. */
async function found<T>(action: string, at: ObjectAddress, call: () => Promise<T>): Promise<T | undefined> {
  return asked(action, at, () =>
    call().catch((error: unknown) => {
      if (absent.has(wireCode(error))) return undefined;
      throw error;
    }),
  );
}

type Objects = Pick<S3, 'head' | 'text' | 'put' | 'remove' | 'list'>;

function objects(client: S3Client): Objects {
  return {
    async head(at, versionId) {
      const one = { Bucket: at.bucket, Key: at.key, ...(versionId ? { VersionId: versionId } : {}) };
      const head = await found('GetObject', at, () => client.send(new HeadObjectCommand(one)));
      if (!head) return undefined;
      return {
        key: at.key,
        sizeBytes: head.ContentLength ?? 0,
        at: instant(head.LastModified ?? 0),
        etag: head.ETag ?? '',
        versionId: head.VersionId && head.VersionId !== 'null' ? head.VersionId : null,
      };
    },

    async text(at) {
      const one = { Bucket: at.bucket, Key: at.key };
      return found('GetObject', at, async () =>
        (await client.send(new GetObjectCommand(one))).Body?.transformToString('utf-8'),
      );
    },

    async put(at, text) {
      const object = { Bucket: at.bucket, Key: at.key, Body: text, ContentType: 'application/json' };
      await asked('PutObject', at, () => client.send(new PutObjectCommand(object)));
    },

    async remove(at) {
      await asked('DeleteObject', at, () => client.send(new DeleteObjectCommand({ Bucket: at.bucket, Key: at.key })));
    },

    async list(bucket, prefix) {
      const all: StoredObject[] = [];
      let next: string | undefined;
      do {
        const page = await asked('ListBucket', { bucket, key: '' }, () =>
          client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ContinuationToken: next })),
        );
        for (const { Key: key, Size: sizeBytes = 0, LastModified } of page.Contents ?? [])
          if (key && LastModified) all.push({ key, sizeBytes, at: instant(LastModified) });
        next = page.NextContinuationToken;
      } while (next);
      return all;
    },
  };
}

function reading(client: S3Client): Pick<S3, 'read'> {
  return {
    async *read(bucket, head) {
      const at = { bucket, key: head.key };
      let offset = 0;
      for (let failed = 0; offset < head.sizeBytes; ) {
        try {
          for await (const chunk of await from(client, bucket, head, offset)) {
            offset += chunk.length;
            failed = 0;
            yield chunk;
          }
          // A connection that ends too early and says nothing is one that broke.
          if (offset < head.sizeBytes && ++failed === tries) throw retryable('aws.unreachable', unread(at));
        } catch (error) {
          const why = translated(error, { action: 's3:GetObject', on: `${bucket}/${head.key}` });
          if (why.kind !== 'retryable' || ++failed >= tries) throw why;
        }
      }
    },
  };
}

const unread = ({ bucket, key }: ObjectAddress) => ({ action: 's3:GetObject', code: '', on: `${bucket}/${key}` });

/** The rest of exactly these bytes: of this version, or as long as the ETag is the same. */
async function from(
  client: S3Client,
  bucket: string,
  { key, etag, versionId }: ObjectHead,
  offset: number,
): Promise<AsyncIterable<Uint8Array>> {
  const { Body } = await client.send(
    new GetObjectCommand({
      Bucket: bucket,
      Key: key,
      ...(versionId ? { VersionId: versionId } : { IfMatch: etag }),
      ...(offset > 0 ? { Range: `bytes=${offset}-` } : {}),
    }),
  );
  return Body as AsyncIterable<Uint8Array>;
}

const noUpload = 'none-of-this-id';

type Uploads = Pick<S3, 'upload' | 'unfinished' | 'abortUnfinished' | 'proveWritable' | 'proveAbortable'>;

function uploads(client: S3Client): Uploads {
  const unfinished: S3['unfinished'] = async (at) => {
    const query = { Bucket: at.bucket, Prefix: at.key };
    const { Uploads = [] } = await asked('ListBucketMultipartUploads', at, () =>
      client.send(new ListMultipartUploadsCommand(query)),
    );
    return Uploads.flatMap(({ Key, UploadId }) => (Key === at.key && UploadId ? [UploadId] : []));
  };
  const abort = (at: ObjectAddress, id: string) =>
    asked('AbortMultipartUpload', at, () =>
      client
        .send(new AbortMultipartUploadCommand({ Bucket: at.bucket, Key: at.key, UploadId: id }))
        .catch((error: unknown) => {
          if (wireCode(error) !== 'NoSuchUpload') throw error;
        }),
    );
  const abortUnfinished: S3['abortUnfinished'] = async (at) => {
    const all = await unfinished(at);
    for (const id of all) await abort(at, id);
    return all.length;
  };
  return {
    unfinished,
    abortUnfinished,

    async upload(at, body, { partBytes, partsAtOnce }, signal) {
      const stop = () => body.destroy(new Error('told to stop'));
      signal.addEventListener('abort', stop, { once: true });
      try {
        signal.throwIfAborted();
        const params = { Bucket: at.bucket, Key: at.key, Body: body, ContentType: 'application/octet-stream' };
        await new Upload({ client, params, partSize: partBytes, queueSize: partsAtOnce }).done();
      } catch (error) {
        body.destroy();
        // Parts that were under way when it was given up may have arrived after that.
        await abortUnfinished(at).catch(() => {});
        throw error instanceof PitcrewError ? error : uploadFailure(error, at);
      } finally {
        signal.removeEventListener('abort', stop);
      }
    },

    async proveWritable(at) {
      const { UploadId } = await asked('PutObject', at, () =>
        client.send(new CreateMultipartUploadCommand({ Bucket: at.bucket, Key: at.key })),
      );
      if (UploadId) await abort(at, UploadId);
    },

    async proveAbortable(at) {
      // S3 says whether it is allowed before it says that there is no such upload.
      await abort(at, noUpload);
    },
  };
}

/** What the upload itself raised, as opposed to the stream that it was fed with. */
function uploadFailure(error: unknown, { bucket, key }: ObjectAddress): PitcrewError {
  const on = `${bucket}/${key}`;
  // Somebody else, a newer attempt of the same Job most likely, has given this upload up.
  if (wireCode(error) === 'NoSuchUpload') return permanent('dump.upload-gone', { on }, error);
  return translated(error, { action: 's3:PutObject', on });
}
