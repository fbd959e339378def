import { randomBytes } from 'node:crypto';
import { AwsError } from '../error.ts';
import { type Exchange, header } from './exchange.ts';
import type { ObjectContent, ObjectFacts } from './store.ts';

const keptHeaders = [
  'content-type',
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'expires',
] as const;

/** What a request says of the object that it writes. */
export function factsOf(exchange: Exchange): ObjectFacts {
  const headers: Record<string, string> = {};
  for (const name of keptHeaders) {
    const value = header(exchange, name);
    // aws-chunked is how the body travelled, not what it is
    const kept = name === 'content-encoding' ? value?.replace(/\s*aws-chunked\s*,?/, '') : value;
    if (kept) headers[name] = kept;
  }
  headers['content-type'] ??= 'binary/octet-stream';
  const metadata = Object.fromEntries(
    Object.entries(exchange.request.headers)
      .filter(([name]) => name.startsWith('x-amz-meta-'))
      .map(([name, value]) => [name.slice('x-amz-meta-'.length), String(value)]),
  );
  if (Object.entries(metadata).reduce((sum, [name, value]) => sum + name.length + value.length, 0) > 2048) {
    const message = 'Your metadata headers exceed the maximum allowed metadata size';
    throw new AwsError('MetadataTooLarge', 400, message);
  }
  const keyId = header(exchange, 'x-amz-server-side-encryption-aws-kms-key-id');
  const algorithm = header(exchange, 'x-amz-server-side-encryption') ?? 'AES256';
  return { headers, metadata, encryption: { algorithm, ...(keyId === undefined ? {} : { keyId }) } };
}

export function encryptionHeaders({ encryption }: ObjectFacts): Record<string, string | undefined> {
  return {
    'x-amz-server-side-encryption': encryption.algorithm,
    'x-amz-server-side-encryption-aws-kms-key-id': encryption.keyId,
  };
}

/** Under SSE-KMS an ETag is no hash of the content; whoever takes it for one shall find out here. */
export function etagFor(facts: ObjectFacts, md5: string): string {
  return facts.encryption.algorithm.startsWith('aws:kms') ? randomBytes(16).toString('hex') : md5;
}

export function checksumHeaders({ checksum }: ObjectContent): Record<string, string> {
  return { [`x-amz-checksum-${checksum.algorithm}`]: checksum.value, 'x-amz-checksum-type': checksum.type };
}

/** Element names of a checksum in S3's XML: `ChecksumCRC32`, and so on. */
export function checksumElements({ checksum }: Pick<ObjectContent, 'checksum'>): Record<string, string> {
  return { [`Checksum${checksum.algorithm.toUpperCase()}`]: checksum.value, ChecksumType: checksum.type };
}
