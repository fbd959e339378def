import { children, toXml } from '../xml.ts';
import { type Answer, bucketOf, currentObject, type Exchange, invalidArgument, s3Document } from './exchange.ts';
import { keysFrom, type Page, paginate } from './paging.ts';
import type { Bucket, ObjectVersion } from './store.ts';

export async function listObjectsV2(exchange: Exchange): Promise<Answer> {
  const bucket = bucketOf(exchange);
  const { query } = exchange;
  const { prefix, delimiter, limit, text } = listingQuery(exchange);
  const token = query.get('continuation-token');
  const startAfter = query.get('start-after');
  const from = token === undefined ? { after: startAfter ?? '' } : readToken(token);
  const page = paginate(currentObjects(bucket, prefix, from.after), {
    prefix,
    delimiter,
    limit,
    ...('skip' in from ? { skipPrefix: from.after } : {}),
  });
  const head = {
    Name: bucket.name,
    Prefix: text(prefix),
    Delimiter: delimiter === '' ? undefined : text(delimiter),
    StartAfter: startAfter === undefined ? undefined : text(startAfter),
    EncodingType: query.get('encoding-type'),
    KeyCount: page.items.length + page.prefixes.length,
    MaxKeys: limit,
    IsTruncated: page.truncated,
    ContinuationToken: token,
    NextContinuationToken: page.truncated ? writeToken(page) : undefined,
  };
  const contents = page.items.map((version) => toXml('Contents', { Key: text(version.key), ...objectRow(version) }));
  return { xml: s3Document('ListBucketResult', children(head) + contents.join('') + commonPrefixes(page, text)) };
}

export async function listObjectVersions(exchange: Exchange): Promise<Answer> {
  const bucket = bucketOf(exchange);
  const { query } = exchange;
  const { prefix, delimiter, limit, text } = listingQuery(exchange);
  const keyMarker = query.get('key-marker') ?? '';
  const versionMarker = query.get('version-id-marker') ?? '';
  const skip = delimiter !== '' && keyMarker.startsWith(prefix) && keyMarker.endsWith(delimiter);
  const page = paginate(allVersions(bucket, prefix, keyMarker, versionMarker), {
    prefix,
    delimiter,
    limit,
    ...(skip && versionMarker === '' ? { skipPrefix: keyMarker } : {}),
  });
  const next = page.truncated ? page.last : undefined;
  const head = {
    Name: bucket.name,
    Prefix: text(prefix),
    KeyMarker: text(keyMarker),
    VersionIdMarker: versionMarker,
    NextKeyMarker: next && text('item' in next ? next.item.key : next.prefix),
    NextVersionIdMarker: next && 'item' in next ? next.item.versionId : undefined,
    MaxKeys: limit,
    Delimiter: delimiter === '' ? undefined : text(delimiter),
    EncodingType: query.get('encoding-type'),
    IsTruncated: page.truncated,
  };
  const entries = page.items.map((version) => {
    const isLatest = bucket.objects.get(version.key)?.[0] === version;
    const identity = { Key: text(version.key), VersionId: version.versionId, IsLatest: isLatest };
    return version.content
      ? toXml('Version', { ...identity, ...objectRow(version), Owner: { ID: exchange.account } })
      : toXml('DeleteMarker', { ...identity, LastModified: iso(version), Owner: { ID: exchange.account } });
  });
  return { xml: s3Document('ListVersionsResult', children(head) + entries.join('') + commonPrefixes(page, text)) };
}

/** The parameters that S3's listings share. `text` writes a key as `encoding-type` asks for it. */
export function listingQuery(exchange: Exchange, limitName = 'max-keys') {
  const { query } = exchange;
  const asked = query.get(limitName) ?? '1000';
  if (!/^\d+$/.test(asked))
    throw invalidArgument(`Provided ${limitName} not an integer or within integer range`, limitName, asked);
  const encoding = query.get('encoding-type');
  if (encoding !== undefined && encoding !== 'url') {
    throw invalidArgument('Invalid Encoding Method specified in Request', 'encoding-type', encoding);
  }
  return {
    prefix: query.get('prefix') ?? '',
    delimiter: query.get('delimiter') ?? '',
    limit: Math.min(1000, Number(asked)),
    text: (key: string) => (encoding === 'url' ? encodeURIComponent(key).replaceAll('%2F', '/') : key),
  };
}

export function commonPrefixes<T>({ prefixes }: Page<T>, text: (key: string) => string): string {
  return prefixes.map((prefix) => toXml('CommonPrefixes', { Prefix: text(prefix) })).join('');
}

function* currentObjects(bucket: Bucket, prefix: string, after: string): Generator<ObjectVersion> {
  for (const key of keysFrom(bucket.keys, prefix, after, true)) {
    const version = currentObject(bucket, key);
    if (version) yield version;
  }
}

/** Key by key, each one's versions newest first, beginning behind the markers. */
function* allVersions(
  bucket: Bucket,
  prefix: string,
  keyMarker: string,
  versionMarker: string,
): Generator<ObjectVersion> {
  for (const key of keysFrom(bucket.keys, prefix, keyMarker, versionMarker === '')) {
    const versions = bucket.objects.get(key) ?? [];
    const marker = key === keyMarker ? versions.findIndex(({ versionId }) => versionId === versionMarker) : -1;
    yield* versions.slice(marker + 1);
  }
}

function objectRow(version: ObjectVersion) {
  const { etag = '', size = 0, checksum } = version.content ?? {};
  return {
    LastModified: iso(version),
    ETag: `"${etag}"`,
    ChecksumAlgorithm: checksum?.algorithm.toUpperCase(),
    ChecksumType: checksum?.type,
    Size: size,
    StorageClass: 'STANDARD',
  };
}

function iso(version: ObjectVersion): string {
  return new Date(version.lastModified).toISOString();
}

function writeToken({ last }: Page<ObjectVersion>): string | undefined {
  if (!last) return undefined;
  const token = 'item' in last ? `k${last.item.key}` : `p${last.prefix}`;
  return Buffer.from(token).toString('base64');
}

function readToken(token: string): { after: string } | { after: string; skip: true } {
  const text = Buffer.from(token, 'base64').toString('utf8');
  if (text.startsWith('k')) return { after: text.slice(1) };
  if (text.startsWith('p')) return { after: text.slice(1), skip: true };
  throw invalidArgument('The continuation token provided is incorrect', 'continuation-token', token);
}
