import { randomUUID } from 'node:crypto';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { type PitcrewError, permanent, retryable } from '../domain/errors.ts';
import { instant } from '../domain/time.ts';
import type { LedgerStore, MarkerStore } from './store.ts';

const conflictTries = 20;

interface Place {
  readonly client: S3Client;
  readonly bucket: string;
  /** Ends without a slash; may be empty. */
  readonly prefix: string;
}

/** The bucket with the client's own time-outs: the ledger retries by its own rules, so the SDK does so only briefly. */
export function openBucket(where: { readonly bucket: string; readonly region: string; readonly prefix: string }): {
  readonly store: LedgerStore;
  readonly markers: MarkerStore;
  close(): void;
} {
  const client = new S3Client({
    region: where.region,
    maxAttempts: 2,
    requestHandler: { connectionTimeout: 2_000, requestTimeout: 8_000 },
  });
  const place = { client, bucket: where.bucket, prefix: where.prefix };
  return { store: s3Store(place), markers: s3Markers(place), close: () => client.destroy() };
}

/** The ledger in S3. Creates are PUTs with `If-None-Match: *` (Amazon S3 user guide, "Conditional writes"). */
export function s3Store(place: Place): LedgerStore {
  const { client, bucket } = place;
  const full = (key: string) => (place.prefix ? `${place.prefix}/${key}` : key);
  return {
    async create(key, bytes) {
      for (let tries = 0; tries < conflictTries; tries++) {
        try {
          await client.send(new PutObjectCommand({ Bucket: bucket, Key: full(key), Body: bytes, IfNoneMatch: '*' }));
          return 'created';
        } catch (error) {
          // Branch on the code: a 409 means that another conditional write is under way, so ask for the same key again.
          const code = codeOf(error);
          if (code === 'PreconditionFailed') return 'exists';
          if (code === 'ConditionalRequestConflict') continue;
          if (isUnanswered(error)) return 'unknown';
          throw translated(error, place);
        }
      }
      return 'unknown';
    },

    async read(key) {
      try {
        const answer = await client.send(new GetObjectCommand({ Bucket: bucket, Key: full(key) }));
        const bytes = await answer.Body?.transformToByteArray();
        if (!bytes || !answer.LastModified) throw retryable('ledger.unreachable');
        return { bytes, at: instant(answer.LastModified) };
      } catch (error) {
        if (codeOf(error) === 'NoSuchKey') return undefined;
        throw translated(error, place);
      }
    },

    async list(prefix) {
      return (await listAll(place, full(prefix))).map(({ key }) => key.slice(full('').length));
    },
  };
}

/** Markers in S3: plain puts and deletes, in a prefix or bucket of their own that allows them. */
export function s3Markers(place: Place): MarkerStore {
  const { client, bucket } = place;
  const full = (key: string) => (place.prefix ? `${place.prefix}/${key}` : key);
  return {
    async put(key, bytes) {
      await client
        .send(new PutObjectCommand({ Bucket: bucket, Key: full(key), Body: bytes }))
        .catch((error: unknown) => Promise.reject(translated(error, place)));
    },

    async remove(key) {
      await client
        .send(new DeleteObjectCommand({ Bucket: bucket, Key: full(key) }))
        .catch((error: unknown) => Promise.reject(translated(error, place)));
    },

    async list(prefix) {
      const found = await listAll(place, full(prefix));
      return found.map(({ key, at }) => ({ key: key.slice(full('').length), at }));
    },
  };
}

async function listAll(place: Place, prefix: string): Promise<{ key: string; at: string }[]> {
  const found: { key: string; at: string }[] = [];
  let token: string | undefined;
  try {
    do {
      const page = await place.client.send(
        new ListObjectsV2Command({ Bucket: place.bucket, Prefix: prefix, ContinuationToken: token }),
      );
      for (const { Key, LastModified } of page.Contents ?? [])
        if (Key && LastModified) found.push({ key: Key, at: instant(LastModified) });
      token = page.NextContinuationToken;
    } while (token);
  } catch (error) {
    throw translated(error, place);
  }
  return found;
}

/**
 * The probe at start: parallel conditional creates of one key, of which exactly one may win. A store that lets two
 * through would let two people's votes, or two workers' claims, overwrite each other. Asked a second time when nobody
 * won: a winner whose answer was lost sees only that the key is there.
 * @throws PitcrewError `ledger.no-conditional-create`
 */
export async function probe(store: LedgerStore): Promise<void> {
  const winners = (await race(store)) || (await race(store));
  if (winners !== 1) throw permanent('ledger.no-conditional-create', { winners });
}

/** How many of 16 writers were told that they created the key; 0 where the key isn't there afterwards. */
async function race(store: LedgerStore): Promise<number> {
  const key = `probe/${randomUUID()}`;
  const writers = Array.from({ length: 16 }, (_, writer) => new TextEncoder().encode(`writer ${writer}`));
  const answers = await Promise.all(writers.map((bytes) => store.create(key, bytes)));
  return (await store.read(key)) ? answers.filter((answer) => answer === 'created').length : 0;
}

function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return '';
  const { name, Code } = error as { name?: unknown; Code?: unknown };
  return String(Code ?? name ?? '');
}

function statusOf(error: unknown): number | undefined {
  return (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
}

/** No status: the connection broke or timed out; 5xx: the server doesn't say whether it did it. */
function isUnanswered(error: unknown): boolean {
  const status = statusOf(error);
  return status === undefined || status >= 500 || status === 429;
}

function translated(error: unknown, { bucket }: Place): PitcrewError {
  const code = codeOf(error);
  if (code === 'AccessDenied' || statusOf(error) === 403) return permanent('ledger.denied', { bucket }, error);
  if (code === 'NoSuchBucket') return permanent('ledger.no-bucket', { bucket }, error);
  return isUnanswered(error)
    ? retryable('ledger.unreachable', { bucket }, error)
    : permanent('ledger.failed', { bucket, code }, error);
}
