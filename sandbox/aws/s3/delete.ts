import { XMLParser } from 'fast-xml-parser';
import { z } from 'zod';
import { AwsError } from '../error.ts';
import { toXml } from '../xml.ts';
import { receiveText } from './body.ts';
import { checkWrite } from './conditions.ts';
import {
  type Answer,
  bucketOf,
  type Exchange,
  header,
  malformedXml,
  s3Document,
  versionHeader,
  versionOf,
} from './exchange.ts';
import type { Bucket, ObjectVersion } from './store.ts';

export async function deleteObject(exchange: Exchange): Promise<Answer> {
  const bucket = bucketOf(exchange);
  if (header(exchange, 'if-match') !== undefined) checkWrite(exchange, bucket, exchange.key);
  const touched = erase(exchange, bucket, exchange.key, exchange.query.get('versionId'));
  const marker = touched && touched.content === undefined ? 'true' : undefined;
  return {
    status: 204,
    headers: { ...(touched ? versionHeader(bucket, touched) : {}), 'x-amz-delete-marker': marker },
  };
}

/**
 * Removes a version for good if one is named; else hides the object behind a delete marker, or, where versioning never
 * was on, removes it. Returns the version removed or the marker made; deleting what isn't there succeeds.
 */
function erase(
  exchange: Exchange,
  bucket: Bucket,
  key: string,
  versionId: string | undefined,
): ObjectVersion | undefined {
  const { store } = exchange;
  if (versionId) {
    let version: ObjectVersion;
    try {
      version = versionOf(bucket, key, versionId);
    } catch (error) {
      if (error instanceof AwsError && error.code === 'NoSuchVersion') return undefined;
      throw error;
    }
    store.remove(bucket, version);
    return version;
  }
  if (bucket.versioning) return store.commit(bucket, key, undefined, undefined, exchange.now());
  const current = bucket.objects.get(key)?.[0];
  if (current) store.remove(bucket, current);
  return undefined;
}

const deletion = z.object({
  Delete: z.object({
    Quiet: z.string().optional(),
    Object: z
      .array(z.object({ Key: z.string().min(1), VersionId: z.string().optional() }))
      .min(1)
      .max(1000),
  }),
});
const parser = new XMLParser({
  parseTagValue: false,
  trimValues: false,
  ignoreAttributes: true,
  isArray: (name) => name === 'Object',
});

export async function deleteObjects(exchange: Exchange): Promise<Answer> {
  const bucket = bucketOf(exchange);
  const { text, checksum } = await receiveText(exchange.request);
  if (!checksum && header(exchange, 'content-md5') === undefined) {
    const message = 'Missing required header for this request: Content-MD5 OR x-amz-checksum-*';
    throw new AwsError('InvalidRequest', 400, message);
  }
  const request = deletion.safeParse(parser.parse(text));
  if (!request.success) throw malformedXml();
  const { Quiet, Object: objects } = request.data.Delete;
  const results = objects.map(({ Key, VersionId }) => {
    try {
      const touched = erase(exchange, bucket, Key, VersionId);
      const marker = touched && touched.content === undefined ? touched.versionId : undefined;
      const deleted = { Key, VersionId, DeleteMarker: marker && true, DeleteMarkerVersionId: marker };
      return Quiet === 'true' ? '' : toXml('Deleted', deleted);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      return toXml('Error', { Key, VersionId, Code: error.code, Message: error.message });
    }
  });
  return { xml: s3Document('DeleteResult', results.join('')) };
}
