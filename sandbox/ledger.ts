import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { names } from './settings.ts';

/** An event as anybody who may read the bucket sees it: the ledger is plain JSON. */
export interface LedgerEvent {
  readonly seq: number;
  readonly type: string;
  readonly epoch: number | null;
  readonly run: string | null;
  readonly at: Date;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface LedgerReader {
  /** Ids of all operations that the ledger knows. */
  operations(): Promise<readonly string[]>;
  /** The chain of an operation, from its first event on. */
  chain(operation: string): Promise<readonly LedgerEvent[]>;
  close(): void;
}

/** Reads pitcrew's ledger with nothing of pitcrew: an auditor's eyes. */
export function openLedger(env: Readonly<Record<string, string>>): LedgerReader {
  const client = new S3Client({
    endpoint: env.AWS_ENDPOINT_URL ?? '',
    region: names.region,
    credentials: { accessKeyId: env.AWS_ACCESS_KEY_ID ?? '', secretAccessKey: env.AWS_SECRET_ACCESS_KEY ?? '' },
    forcePathStyle: true,
  });
  const Bucket = names.ledgerBucket;
  const list = async (prefix: string) => {
    const found: { key: string; eTag: string }[] = [];
    let token: string | undefined;
    do {
      const page = await client.send(new ListObjectsV2Command({ Bucket, Prefix: prefix, ContinuationToken: token }));
      found.push(...(page.Contents ?? []).map(({ Key = '', ETag = '' }) => ({ key: Key, eTag: ETag })));
      token = page.NextContinuationToken;
    } while (token);
    return found;
  };
  // Whoever waits for something looks at the same events again and again. One that were written over would have another ETag.
  const known = new Map<string, { eTag: string; event: LedgerEvent }>();
  const read = async ({ key, eTag }: { key: string; eTag: string }): Promise<LedgerEvent> => {
    const before = known.get(key);
    if (before?.eTag === eTag) return before.event;
    const { Body, ETag = '', LastModified } = await client.send(new GetObjectCommand({ Bucket, Key: key }));
    const written = JSON.parse((await Body?.transformToString()) ?? '{}') as Omit<LedgerEvent, 'at'>;
    const event = { ...written, at: LastModified ?? new Date(0) };
    known.set(key, { eTag: ETag, event });
    return event;
  };
  return {
    async operations() {
      return [...new Set((await list('sandbox/ops/')).map(({ key }) => key.split('/')[2] ?? ''))];
    },
    async chain(operation) {
      return Promise.all((await list(`sandbox/ops/${operation}/`)).map(read));
    },
    close: () => client.destroy(),
  };
}

/** What a step returned, or undefined while it hasn't. */
export function outputOf(chain: readonly LedgerEvent[], step: string): Readonly<Record<string, unknown>> | undefined {
  const done = chain.find(({ type, data }) => type === 'done' && data.step === step && data.direction === 'do');
  return done?.data.output as Readonly<Record<string, unknown>> | undefined;
}
