import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { AwsError } from '../error.ts';
import { streamingUnsignedTrailer, unsignedPayload } from '../sigv4.ts';
import {
  type ChecksumAlgorithm,
  checksumAlgorithms,
  checksumBytes,
  createHasher,
  isChecksumAlgorithm,
} from './checksums.ts';
import { decodeChunks, incompleteBody } from './chunked.ts';

export interface Received {
  readonly size: number;
  /** Hex. */
  readonly md5: string;
  /** The checksum that the sender promised and that was found true. */
  readonly checksum: { readonly algorithm: ChecksumAlgorithm; readonly value: string } | undefined;
}

/**
 * Reads a request's body into `sink`, without its aws-chunked encoding, and verifies all that the sender said of it:
 * length, Content-MD5, the signature's payload hash, an `x-amz-checksum-` header or trailer.
 */
export async function receive(
  request: IncomingMessage,
  sink: (chunk: Buffer) => Promise<void> | void,
  { checksumIsOfObject = false } = {},
): Promise<Received> {
  const promise = checksumIsOfObject ? undefined : promisedChecksum(request);
  const payloadHash = String(request.headers['x-amz-content-sha256'] ?? unsignedPayload);
  if (payloadHash.startsWith('STREAMING-') && payloadHash !== streamingUnsignedTrailer) {
    throw new AwsError('NotImplemented', 501, `The sandbox does not read bodies signed as ${payloadHash}.`);
  }
  const trailers = new Map<string, string>();
  const md5 = createHash('md5');
  const sha = /^[0-9a-f]{64}$/.test(payloadHash) ? createHash('sha256') : undefined;
  const hasher = promise && createHasher(promise.algorithm);
  let size = 0;
  const chunked = payloadHash === streamingUnsignedTrailer;
  // A refusal in mid-body must still reach its sender, so the socket isn't torn down with the iteration.
  const bytes: AsyncIterable<Buffer> = request.iterator({ destroyOnReturn: false });
  for await (const chunk of chunked ? decodeChunks(bytes, trailers) : bytes) {
    size += chunk.length;
    md5.update(chunk);
    sha?.update(chunk);
    hasher?.update(chunk);
    await sink(chunk);
  }
  const expectedSize = request.headers[chunked ? 'x-amz-decoded-content-length' : 'content-length'];
  if (expectedSize !== undefined && Number(expectedSize) !== size) throw incompleteBody();
  if (sha && sha.digest('hex') !== payloadHash) throw payloadMismatch();
  const digest = md5.digest();
  checkMd5(request, digest);
  const value = hasher?.digest().toString('base64');
  if (promise && value !== undefined) {
    const expected = promise.value ?? trailers.get(`x-amz-checksum-${promise.algorithm}`);
    checkChecksum(promise.algorithm, expected, value);
  }
  return {
    size,
    md5: digest.toString('hex'),
    checksum: promise && value !== undefined ? { algorithm: promise.algorithm, value } : undefined,
  };
}

/**
 * A small body as text; 2 MiB at most, as for S3's own XML requests. `checksumIsOfObject`: the checksum in the headers
 * speaks of something else than this body.
 */
export async function receiveText(
  request: IncomingMessage,
  options?: { checksumIsOfObject?: boolean },
): Promise<{ text: string } & Received> {
  const chunks: Buffer[] = [];
  let size = 0;
  const sink = (chunk: Buffer) => {
    size += chunk.length;
    if (size > 2 * 1024 * 1024) throw new AwsError('MaxMessageLengthExceeded', 400, 'Your request was too large.');
    chunks.push(chunk);
  };
  const received = await receive(request, sink, options);
  return { text: Buffer.concat(chunks).toString('utf8'), ...received };
}

/** The one checksum that a request carries; its value is undefined where it comes in the trailer. */
function promisedChecksum(
  request: IncomingMessage,
): { algorithm: ChecksumAlgorithm; value: string | undefined } | undefined {
  const named = checksumAlgorithms.filter((algorithm) => request.headers[`x-amz-checksum-${algorithm}`] !== undefined);
  const trailer = String(request.headers['x-amz-trailer'] ?? '').toLowerCase();
  const trailing = checksumAlgorithms.filter((algorithm) => trailer === `x-amz-checksum-${algorithm}`);
  const [algorithm, ...more] = [...named, ...trailing];
  if (more.length > 0) {
    const message = 'Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.';
    throw new AwsError('InvalidRequest', 400, message);
  }
  if (trailer !== '' && trailing.length === 0) {
    throw new AwsError('InvalidRequest', 400, 'The value specified in the x-amz-trailer header is not supported');
  }
  const announced = request.headers['x-amz-sdk-checksum-algorithm'];
  if (algorithm === undefined) {
    if (announced === undefined) return undefined;
    const message =
      'x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.';
    throw new AwsError('InvalidRequest', 400, message);
  }
  if (
    typeof announced === 'string' &&
    !(isChecksumAlgorithm(announced.toLowerCase()) && announced.toLowerCase() === algorithm)
  ) {
    throw new AwsError('InvalidRequest', 400, 'Value for x-amz-sdk-checksum-algorithm header is invalid.');
  }
  const value = named.length > 0 ? String(request.headers[`x-amz-checksum-${algorithm}`]) : undefined;
  return { algorithm, value };
}

function checkChecksum(algorithm: ChecksumAlgorithm, expected: string | undefined, actual: string): void {
  if (expected === undefined || Buffer.from(expected, 'base64').length !== checksumBytes[algorithm]) {
    throw new AwsError('InvalidRequest', 400, `Value for x-amz-checksum-${algorithm} header is invalid.`);
  }
  if (expected !== actual) throw badChecksum(algorithm);
}

export function badChecksum(algorithm: ChecksumAlgorithm): AwsError {
  const message = `The ${algorithm.toUpperCase()} you specified did not match the calculated checksum.`;
  return new AwsError('BadDigest', 400, message);
}

function checkMd5(request: IncomingMessage, actual: Buffer): void {
  const expected = request.headers['content-md5'];
  if (expected === undefined) return;
  const bytes = Buffer.from(String(expected), 'base64');
  if (bytes.length !== 16) throw new AwsError('InvalidDigest', 400, 'The Content-MD5 you specified was invalid.');
  if (!bytes.equals(actual)) {
    throw new AwsError('BadDigest', 400, 'The Content-MD5 you specified did not match what we received.');
  }
}

function payloadMismatch(): AwsError {
  const message = "The provided 'x-amz-content-sha256' header does not match what was computed.";
  return new AwsError('XAmzContentSHA256Mismatch', 400, message);
}
