import { AwsError } from '../error.ts';
import { children, escapeXml, toXml } from '../xml.ts';
import { receiveText } from './body.ts';
import { type Answer, bucketOf, type Exchange, malformedXml, s3Document } from './exchange.ts';

export async function createBucket(exchange: Exchange): Promise<Answer> {
  const { text } = await receiveText(exchange.request);
  const region = /<LocationConstraint>\s*([\w-]+)\s*</.exec(text)?.[1] ?? 'us-east-1';
  const { bucketName: name } = exchange;
  if (!isBucketName(name)) {
    const fields = { BucketName: name };
    throw new AwsError('InvalidBucketName', 400, 'The specified bucket is not valid.', { fields });
  }
  if (exchange.store.buckets.has(name)) {
    const message = 'Your previous request to create the named bucket succeeded and you already own it.';
    throw new AwsError('BucketAlreadyOwnedByYou', 409, message, { fields: { BucketName: name } });
  }
  exchange.store.createBucket(name, region, exchange.now());
  return { headers: { location: `/${name}` } };
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html, the part that matters here. */
export function isBucketName(name: string): boolean {
  return /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) && !name.includes('..') && !/^[\d.]+$/.test(name);
}

export async function headBucket(exchange: Exchange): Promise<Answer> {
  return { headers: { 'x-amz-bucket-region': bucketOf(exchange).region, 'content-type': 'application/xml' } };
}

export async function deleteBucket(exchange: Exchange): Promise<Answer> {
  const bucket = bucketOf(exchange);
  if (bucket.objects.size > 0) {
    const message = 'The bucket you tried to delete is not empty. You must delete all versions in the bucket.';
    throw new AwsError('BucketNotEmpty', 409, message, { fields: { BucketName: bucket.name } });
  }
  exchange.store.removeBucket(bucket);
  return { status: 204 };
}

export async function listBuckets(exchange: Exchange): Promise<Answer> {
  const buckets = [...exchange.store.buckets.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  const rows = buckets.map(({ name, createdAt, region }) =>
    toXml('Bucket', { Name: name, CreationDate: new Date(createdAt).toISOString(), BucketRegion: region }),
  );
  const owner = toXml('Owner', { ID: exchange.account });
  return { xml: s3Document('ListAllMyBucketsResult', `${owner}<Buckets>${rows.join('')}</Buckets>`) };
}

export async function getBucketLocation(exchange: Exchange): Promise<Answer> {
  const { region } = bucketOf(exchange);
  return { xml: s3Document('LocationConstraint', region === 'us-east-1' ? '' : escapeXml(region)) };
}

export async function getBucketVersioning(exchange: Exchange): Promise<Answer> {
  return { xml: s3Document('VersioningConfiguration', children({ Status: bucketOf(exchange).versioning })) };
}

export async function putBucketVersioning(exchange: Exchange): Promise<Answer> {
  const bucket = bucketOf(exchange);
  const { text } = await receiveText(exchange.request);
  const status = /<Status>\s*(\w+)\s*<\/Status>/.exec(text)?.[1];
  if (status !== 'Enabled' && status !== 'Suspended') throw malformedXml();
  exchange.store.setVersioning(bucket, status);
  return {};
}
