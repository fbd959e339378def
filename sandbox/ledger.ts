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
  const keys = async (prefix: string) => {
    const found: string[] = [];
    let token: string | undefined;
    do {
      const page = await client.send(new ListObjectsV2Command({ Bucket, Prefix: prefix, ContinuationToken: token }));
      found.push(...(page.Contents ?? []).map(({ Key }) => Key ?? ''));
      token = page.NextContinuationToken;
    } while (token);
    return found;
  };
  return {
    async operations() {
      return [...new Set((await keys('sandbox/ops/')).map((key) => key.split('/')[2] ?? ''))];
    },
    async chain(operation) {
      return Promise.all(
        (await keys(`sandbox/ops/${operation}/`)).map(async (Key) => {
          const { Body, LastModified } = await client.send(new GetObjectCommand({ Bucket, Key }));
          const event = JSON.parse((await Body?.transformToString()) ?? '{}') as Omit<LedgerEvent, 'at'>;
          return { ...event, at: LastModified ?? new Date(0) };
        }),
      );
    },
    close: () => client.destroy(),
  };
}

/** What a step returned, or undefined while it hasn't. */
export function outputOf(chain: readonly LedgerEvent[], step: string): Readonly<Record<string, unknown>> | undefined {
  const done = chain.find(({ type, data }) => type === 'done' && data.step === step && data.direction === 'do');
  return done?.data.output as Readonly<Record<string, unknown>> | undefined;
}
