import { open } from 'node:fs/promises';
import { AwsError } from '../error.ts';
import { checkRead } from './conditions.ts';
import { type Answer, bucketOf, type Exchange, header, noSuchKey, versionHeader, versionOf } from './exchange.ts';
import { checksumHeaders, encryptionHeaders } from './facts.ts';
import type { Bucket, ObjectContent, ObjectVersion } from './store.ts';

/** Query parameters of a (presigned) read that replace a header of the answer. */
const overrides = {
  'response-content-type': 'content-type',
  'response-content-language': 'content-language',
  'response-expires': 'expires',
  'response-cache-control': 'cache-control',
  'response-content-disposition': 'content-disposition',
  'response-content-encoding': 'content-encoding',
} as const;

export async function headObject(exchange: Exchange): Promise<Answer> {
  const { status, headers } = describe(exchange, await find(exchange));
  return { status, headers };
}

export async function getObject(exchange: Exchange): Promise<Answer> {
  const found = await find(exchange);
  const { status, headers, start, length } = describe(exchange, found);
  // Opened before anything is answered: a delete that comes now doesn't take the bytes away any more.
  const handle = await open(exchange.store.dataPath(found.bucket, found.version), 'r');
  return { status, headers, file: { handle, start, length } };
}

interface Found {
  readonly bucket: Bucket;
  readonly version: ObjectVersion;
  readonly content: ObjectContent;
}

async function find(exchange: Exchange): Promise<Found> {
  const bucket = bucketOf(exchange);
  if (exchange.query.has('partNumber')) {
    throw new AwsError('NotImplemented', 501, 'The sandbox does not read by part number.');
  }
  const versionId = exchange.query.get('versionId');
  const version = versionId ? versionOf(bucket, exchange.key, versionId) : bucket.objects.get(exchange.key)?.[0];
  if (version?.content) {
    checkRead(exchange, version);
    return { bucket, version, content: version.content };
  }
  // Who may not list a bucket isn't told what is absent from it.
  if (!version) {
    await exchange.needs('ListBucket');
    throw noSuchKey(exchange.key);
  }
  const headers = { 'x-amz-delete-marker': 'true', 'x-amz-version-id': version.versionId };
  if (!versionId) {
    await exchange.needs('ListBucket');
    throw noSuchKey(exchange.key, headers);
  }
  const lastModified = new Date(version.lastModified).toUTCString();
  throw new AwsError('MethodNotAllowed', 405, 'The specified method is not allowed against this resource.', {
    fields: { Method: exchange.request.method ?? 'GET', ResourceType: 'DeleteMarker' },
    headers: { ...headers, allow: 'DELETE', 'last-modified': lastModified },
  });
}

function describe(exchange: Exchange, { bucket, version, content }: Found) {
  const range = rangeOf(header(exchange, 'range'), content.size);
  const { start, length } = range ?? { start: 0, length: content.size };
  const replaced = Object.entries(overrides).map(([query, name]) => [name, exchange.query.get(query)] as const);
  const withChecksum = range === undefined && header(exchange, 'x-amz-checksum-mode')?.toUpperCase() === 'ENABLED';
  const headers: Record<string, string | number | undefined> = {
    ...content.headers,
    ...Object.fromEntries(replaced.filter(([, value]) => value !== undefined)),
    'content-length': length,
    'content-range': range && `bytes ${start}-${start + length - 1}/${content.size}`,
    'accept-ranges': 'bytes',
    etag: `"${content.etag}"`,
    'last-modified': new Date(version.lastModified).toUTCString(),
    ...versionHeader(bucket, version),
    ...encryptionHeaders(content),
    ...(withChecksum ? checksumHeaders(content) : {}),
  };
  for (const [name, value] of Object.entries(content.metadata)) headers[`x-amz-meta-${name}`] = value;
  return { status: range ? 206 : 200, headers, start, length };
}

/** One range of bytes; several, or what isn't a range, are ignored as S3 ignores them. */
function rangeOf(range: string | undefined, size: number): { start: number; length: number } | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(range ?? '');
  if (!match || (match[1] === '' && match[2] === '')) return undefined;
  const [, first = '', last = ''] = match;
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (first !== '' && last !== '' && Number(last) < Number(first)) return undefined;
  if (start >= size || end < start) {
    throw new AwsError('InvalidRange', 416, 'The requested range is not satisfiable', {
      fields: { RangeRequested: range ?? '', ActualObjectSize: String(size) },
      headers: { 'content-range': `bytes */${size}` },
    });
  }
  return { start, length: end - start + 1 };
}
