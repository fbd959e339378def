import { AwsError } from '../error.ts';
import {
  createBucket,
  deleteBucket,
  getBucketLocation,
  getBucketVersioning,
  headBucket,
  listBuckets,
  putBucketVersioning,
} from './buckets.ts';
import { completeMultipartUpload } from './complete.ts';
import { deleteObject, deleteObjects } from './delete.ts';
import type { Answer, Exchange } from './exchange.ts';
import { listObjectsV2, listObjectVersions } from './listing.ts';
import {
  abortMultipartUpload,
  createMultipartUpload,
  listMultipartUploads,
  listParts,
  uploadPart,
} from './multipart.ts';
import { getObject, headObject } from './read.ts';
import { copyObject, putObject } from './write.ts';

export interface Operation {
  /** The API's name for it; what faults are ordered by. */
  readonly name: string;
  /** The IAM action that allows it, without `s3:`. */
  readonly permission: string;
  readonly on: 'service' | 'bucket' | 'object';
  readonly method: string;
  /** A query parameter that must be there (and the value it must have). */
  readonly query?: { readonly name: string; readonly value?: string };
  /** A header that must be there. */
  readonly header?: string;
  readonly run: (exchange: Exchange) => Promise<Answer>;
}

/** Looked through from the top: the more particular ones come first. */
const operations: readonly Operation[] = [
  { name: 'ListBuckets', permission: 'ListAllMyBuckets', on: 'service', method: 'GET', run: listBuckets },
  {
    name: 'PutBucketVersioning',
    permission: 'PutBucketVersioning',
    on: 'bucket',
    method: 'PUT',
    query: { name: 'versioning' },
    run: putBucketVersioning,
  },
  {
    name: 'GetBucketVersioning',
    permission: 'GetBucketVersioning',
    on: 'bucket',
    method: 'GET',
    query: { name: 'versioning' },
    run: getBucketVersioning,
  },
  {
    name: 'GetBucketLocation',
    permission: 'GetBucketLocation',
    on: 'bucket',
    method: 'GET',
    query: { name: 'location' },
    run: getBucketLocation,
  },
  {
    name: 'ListObjectVersions',
    permission: 'ListBucketVersions',
    on: 'bucket',
    method: 'GET',
    query: { name: 'versions' },
    run: listObjectVersions,
  },
  {
    name: 'ListMultipartUploads',
    permission: 'ListBucketMultipartUploads',
    on: 'bucket',
    method: 'GET',
    query: { name: 'uploads' },
    run: listMultipartUploads,
  },
  {
    name: 'ListObjectsV2',
    permission: 'ListBucket',
    on: 'bucket',
    method: 'GET',
    query: { name: 'list-type', value: '2' },
    run: listObjectsV2,
  },
  {
    name: 'DeleteObjects',
    permission: 'DeleteObject',
    on: 'bucket',
    method: 'POST',
    query: { name: 'delete' },
    run: deleteObjects,
  },
  { name: 'CreateBucket', permission: 'CreateBucket', on: 'bucket', method: 'PUT', run: createBucket },
  { name: 'HeadBucket', permission: 'ListBucket', on: 'bucket', method: 'HEAD', run: headBucket },
  { name: 'DeleteBucket', permission: 'DeleteBucket', on: 'bucket', method: 'DELETE', run: deleteBucket },
  {
    name: 'CreateMultipartUpload',
    permission: 'PutObject',
    on: 'object',
    method: 'POST',
    query: { name: 'uploads' },
    run: createMultipartUpload,
  },
  {
    name: 'CompleteMultipartUpload',
    permission: 'PutObject',
    on: 'object',
    method: 'POST',
    query: { name: 'uploadId' },
    run: completeMultipartUpload,
  },
  {
    name: 'UploadPartCopy',
    permission: 'PutObject',
    on: 'object',
    method: 'PUT',
    query: { name: 'uploadId' },
    header: 'x-amz-copy-source',
    run: notImplemented,
  },
  {
    name: 'UploadPart',
    permission: 'PutObject',
    on: 'object',
    method: 'PUT',
    query: { name: 'uploadId' },
    run: uploadPart,
  },
  {
    name: 'ListParts',
    permission: 'ListMultipartUploadParts',
    on: 'object',
    method: 'GET',
    query: { name: 'uploadId' },
    run: listParts,
  },
  {
    name: 'AbortMultipartUpload',
    permission: 'AbortMultipartUpload',
    on: 'object',
    method: 'DELETE',
    query: { name: 'uploadId' },
    run: abortMultipartUpload,
  },
  {
    name: 'CopyObject',
    permission: 'PutObject',
    on: 'object',
    method: 'PUT',
    header: 'x-amz-copy-source',
    run: copyObject,
  },
  { name: 'PutObject', permission: 'PutObject', on: 'object', method: 'PUT', run: putObject },
  { name: 'GetObject', permission: 'GetObject', on: 'object', method: 'GET', run: getObject },
  { name: 'HeadObject', permission: 'GetObject', on: 'object', method: 'HEAD', run: headObject },
  { name: 'DeleteObject', permission: 'DeleteObject', on: 'object', method: 'DELETE', run: deleteObject },
];

/** Subresources that the sandbox leaves out: without this list they would be taken for the bucket or object itself. */
const leftOut = [
  'accelerate',
  'acl',
  'analytics',
  'attributes',
  'cors',
  'encryption',
  'intelligent-tiering',
  'inventory',
  'legal-hold',
  'lifecycle',
  'logging',
  'metrics',
  'notification',
  'object-lock',
  'ownershipControls',
  'policy',
  'policyStatus',
  'publicAccessBlock',
  'replication',
  'requestPayment',
  'restore',
  'retention',
  'select',
  'tagging',
  'torrent',
  'website',
];

/** Which operation a request means, by what it is sent to, method, query and headers. */
export function operationOf(
  on: Operation['on'],
  { method, query, headers }: Pick<Request, 'method' | 'query' | 'headers'>,
): Operation {
  const unknown = leftOut.find((name) => query.has(name));
  const operation =
    unknown === undefined &&
    operations.find(
      (one) =>
        one.on === on &&
        one.method === method &&
        (one.query === undefined || (one.query.value ?? query.get(one.query.name)) === query.get(one.query.name)) &&
        (one.query === undefined || query.has(one.query.name)) &&
        (one.header === undefined || headers[one.header] !== undefined),
    );
  if (!operation) throw notThere(`${method} of ${on === 'object' ? 'an' : 'a'} ${on}${unknown ? `?${unknown}` : ''}`);
  return operation;
}

interface Request {
  readonly method: string;
  readonly query: ReadonlyMap<string, string>;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

async function notImplemented(): Promise<Answer> {
  throw notThere('copying into a part');
}

function notThere(what: string): AwsError {
  return new AwsError('NotImplemented', 501, `The sandbox's S3 does not play this: ${what}.`);
}
