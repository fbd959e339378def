import type { FileHandle } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { AwsError } from '../error.ts';
import { xmlDocument } from '../xml.ts';
import type { Uploads } from './multipart.ts';
import type { Bucket, ObjectVersion, Store } from './store.ts';

/** One request of S3, taken apart. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly bucketName: string;
  readonly key: string;
  readonly query: ReadonlyMap<string, string>;
  readonly region: string;
  readonly account: string;
  readonly store: Store;
  readonly uploads: Uploads;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Throws AccessDenied if a fault denies this further permission on the bucket. */
  readonly needs: (permission: string) => Promise<void>;
}

/** What goes back. `file` is closed by whoever sends it. */
export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string | number | undefined>>;
  readonly xml?: string;
  readonly file?: { readonly handle: FileHandle; readonly start: number; readonly length: number };
}

export const namespace = 'http://s3.amazonaws.com/doc/2006-03-01/';

export function s3Document(root: string, content: string): string {
  return xmlDocument(root, content, namespace);
}

export function header(exchange: Exchange, name: string): string | undefined {
  const value = exchange.request.headers[name];
  return Array.isArray(value) ? value.join(',') : value;
}

export function bucketOf(exchange: Exchange, name = exchange.bucketName): Bucket {
  const bucket = exchange.store.buckets.get(name);
  if (bucket) return bucket;
  throw new AwsError('NoSuchBucket', 404, 'The specified bucket does not exist', { fields: { BucketName: name } });
}

/** The newest version, unless it is a delete marker. */
export function currentObject(bucket: Bucket, key: string): ObjectVersion | undefined {
  const newest = bucket.objects.get(key)?.[0];
  return newest?.content ? newest : undefined;
}

/** Only a bucket that ever had versioning speaks of version ids. */
export function versionHeader(bucket: Bucket, version: ObjectVersion): { 'x-amz-version-id': string | undefined } {
  return { 'x-amz-version-id': bucket.versioning ? version.versionId : undefined };
}

export function invalidArgument(message: string, name: string, value: string): AwsError {
  return new AwsError('InvalidArgument', 400, message, { fields: { ArgumentName: name, ArgumentValue: value } });
}

export function noSuchKey(key: string, headers: Readonly<Record<string, string>> = {}): AwsError {
  return new AwsError('NoSuchKey', 404, 'The specified key does not exist.', { fields: { Key: key }, headers });
}

export function noSuchVersion(key: string, versionId: string): AwsError {
  const fields = { Key: key, VersionId: versionId };
  return new AwsError('NoSuchVersion', 404, 'The specified version does not exist.', { fields });
}

/** The version that a request's `versionId` names. */
export function versionOf(bucket: Bucket, key: string, versionId: string): ObjectVersion {
  if (versionId !== 'null' && !/^[\w.-]{32}$/.test(versionId)) {
    throw invalidArgument('Invalid version id specified', 'versionId', versionId);
  }
  const version = bucket.objects.get(key)?.find((one) => one.versionId === versionId);
  if (!version) throw noSuchVersion(key, versionId);
  return version;
}

export function malformedXml(): AwsError {
  const message = 'The XML you provided was not well-formed or did not validate against our published schema';
  return new AwsError('MalformedXML', 400, message);
}
