import { AwsError } from '../error.ts';
import { currentObject, type Exchange, header, noSuchKey } from './exchange.ts';
import type { Bucket, ObjectVersion } from './store.ts';

/**
 * `If-None-Match: *` and `If-Match` of a write, against what stands at this very moment: call it in the same turn of
 * the event loop as the commit. A delete marker counts as nothing.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
export function checkWrite(exchange: Exchange, bucket: Bucket, key: string): void {
  const current = currentObject(bucket, key);
  const absent = header(exchange, 'if-none-match');
  if (absent !== undefined && absent !== '*') {
    throw new AwsError('NotImplemented', 501, 'A header you provided implies functionality that is not implemented', {
      fields: { Header: 'If-None-Match' },
    });
  }
  if (absent !== undefined && current) throw failed('If-None-Match');
  const expected = header(exchange, 'if-match');
  if (expected === undefined) return;
  if (!current) throw noSuchKey(key);
  if (!matches(expected, current)) throw failed('If-Match');
}

/** The conditions of a read: RFC 9110, 13.2.2, as GetObject and HeadObject follow it. */
export function checkRead(exchange: Exchange, version: ObjectVersion): void {
  const match = header(exchange, 'if-match');
  const noneMatch = header(exchange, 'if-none-match');
  const unmodifiedSince = Date.parse(header(exchange, 'if-unmodified-since') ?? '');
  const modifiedSince = Date.parse(header(exchange, 'if-modified-since') ?? '');
  if (match !== undefined && !matches(match, version)) throw failed('If-Match');
  if (match === undefined && version.lastModified > unmodifiedSince) throw failed('If-Unmodified-Since');
  const unchanged = noneMatch === undefined ? version.lastModified <= modifiedSince : matches(noneMatch, version);
  if (unchanged) {
    const headers = {
      etag: `"${version.content?.etag}"`,
      'last-modified': new Date(version.lastModified).toUTCString(),
    };
    throw new AwsError('NotModified', 304, 'Not Modified', { headers });
  }
}

/** `x-amz-copy-source-if-match` and `-if-none-match`. */
export function checkCopySource(exchange: Exchange, source: ObjectVersion): void {
  const match = header(exchange, 'x-amz-copy-source-if-match');
  const noneMatch = header(exchange, 'x-amz-copy-source-if-none-match');
  if (match !== undefined && !matches(match, source)) throw failed('x-amz-copy-source-If-Match');
  if (noneMatch !== undefined && matches(noneMatch, source)) throw failed('x-amz-copy-source-If-None-Match');
}

function matches(header: string, version: ObjectVersion): boolean {
  return header.split(',').some((tag) => {
    const bare = tag.trim().replace(/^"(.*)"$/, '$1');
    return bare === '*' || bare === version.content?.etag;
  });
}

function failed(condition: string): AwsError {
  return new AwsError('PreconditionFailed', 412, 'At least one of the pre-conditions you specified did not hold', {
    fields: { Condition: condition },
  });
}
