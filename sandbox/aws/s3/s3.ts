import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Household } from '../../household.ts';
import { type AwsContext, type AwsService, losesAnswer } from '../service.ts';
import { decode, parseQuery } from '../sigv4.ts';
import { isBucketName } from './buckets.ts';
import type { Answer, Exchange } from './exchange.ts';
import type { Uploads } from './multipart.ts';
import { operationOf } from './operations.ts';
import { openStore } from './store.ts';
import { createTampering, type Tampering } from './tamper.ts';

export interface S3 extends AwsService, Tampering {
  readonly buckets: {
    /** Makes a bucket without a request; throws if the name is taken or not allowed. */
    create(name: string, options?: { readonly versioning?: boolean; readonly region?: string }): void;
    names(): readonly string[];
  };
}

/** S3 over a folder of the household: path-style addresses only, one process. It survives being created anew. */
export function createS3({ household, now = () => new Date() }: { household: Household; now?: () => Date }): S3 {
  const store = openStore(join(household.folder, 's3'));
  const uploads: Uploads = new Map();
  const clock = () => now().getTime();
  return {
    name: 's3',
    handle: (request, response, context) => handle(request, response, context, { store, uploads, now: clock }),
    buckets: {
      create(name, { versioning = false, region = 'us-east-1' } = {}) {
        if (!isBucketName(name)) throw new Error(`"${name}" is no name for a bucket`);
        if (store.buckets.has(name)) throw new Error(`the bucket "${name}" exists already`);
        const bucket = store.createBucket(name, region, clock());
        if (versioning) store.setVersioning(bucket, 'Enabled');
      },
      names: () => [...store.buckets.keys()].sort(),
    },
    ...createTampering(store),
  };
}

async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  context: AwsContext,
  world: Pick<Exchange, 'store' | 'uploads' | 'now'>,
): Promise<void> {
  const { bucketName, key } = address(request.url ?? '/');
  const query = new Map(parseQuery(request.url ?? '/'));
  const on = bucketName === '' ? 'service' : key === '' ? 'bucket' : 'object';
  const operation = operationOf(on, { method: request.method ?? 'GET', query, headers: request.headers });
  const bucketArn = `arn:aws:s3:::${bucketName}`;
  const resource = on === 'service' ? '*' : on === 'bucket' ? bucketArn : `${bucketArn}/${key}`;
  const fault = await context.fault(operation.name, { permission: operation.permission, resource });
  const answer = await operation.run({
    ...world,
    request,
    bucketName,
    key,
    query,
    region: context.region,
    account: context.account,
    needs: async (permission) => {
      await context.fault(permission, { resource: bucketArn, further: true });
    },
  });
  if (fault && losesAnswer(fault) && !(fault.kind === 'cut-answer' && answer.file)) {
    await answer.file?.handle.close();
    response.destroy();
    return;
  }
  await send(response, answer, fault?.kind === 'cut-answer');
}

/** Bucket and key of a path-style address. A key may hold anything, doubled slashes and dots too. */
function address(url: string): { bucketName: string; key: string } {
  const [path = '/'] = url.split('?', 1);
  const [, bucketName = '', key = ''] = /^\/([^/]*)\/?(.*)$/s.exec(path) ?? [];
  return { bucketName: decode(bucketName), key: decode(key) };
}

/** With `cut`, half of the bytes are sent. */
async function send(
  response: ServerResponse,
  { status = 200, headers = {}, xml, file }: Answer,
  cut: boolean,
): Promise<void> {
  response.statusCode = status;
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) response.setHeader(name, value);
  }
  if (xml !== undefined) response.setHeader('content-type', 'application/xml');
  if (!file || file.length === 0) {
    await file?.handle.close();
    response.end(xml);
    return;
  }
  const { handle, start, length } = file;
  try {
    const sent = cut ? Math.ceil(length / 2) : length;
    const bytes = handle.createReadStream({ start, end: start + sent - 1, highWaterMark: 256 * 1024 });
    await pipeline(bytes, response, { end: !cut });
    if (cut) response.socket?.destroySoon();
  } catch {
    response.destroy(); // the reader went away, or the bytes did: either way the answer can't be finished
  }
}
