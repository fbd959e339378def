import { AwsError } from '../error.ts';

/** Longest line that names a chunk's size or a trailer; longer is no aws-chunked body. */
const longestLine = 1024;

/**
 * Takes the `aws-chunked` encoding off a body and puts its trailing headers, names in lower case, into `trailers`.
 * A body that ends early is refused with S3's IncompleteBody.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
 */
export async function* decodeChunks(
  source: AsyncIterable<Buffer>,
  trailers: Map<string, string>,
): AsyncGenerator<Buffer, void, undefined> {
  let pending: Buffer = Buffer.alloc(0);
  let state: 'size' | 'data' | 'after-data' | 'trailers' | 'end' = 'size';
  let missing = 0;
  for await (const piece of source) {
    pending = pending.length > 0 ? Buffer.concat([pending, piece]) : piece;
    while (state !== 'end') {
      if (state === 'data') {
        if (pending.length === 0) break;
        const part = pending.subarray(0, missing);
        missing -= part.length;
        pending = pending.subarray(part.length);
        if (missing === 0) state = 'after-data';
        yield part;
        continue;
      }
      const end = pending.indexOf('\r\n');
      if (end < 0) {
        if (pending.length > longestLine) throw malformed();
        break;
      }
      const line = pending.toString('latin1', 0, end);
      pending = pending.subarray(end + 2);
      if (state === 'size') {
        missing = chunkSize(line);
        state = missing === 0 ? 'trailers' : 'data';
      } else if (state === 'after-data') {
        if (line !== '') throw malformed();
        state = 'size';
      } else if (line === '') {
        state = 'end';
      } else {
        const colon = line.indexOf(':');
        if (colon < 1) throw malformed();
        trailers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
      }
    }
  }
  if (state !== 'end') throw incompleteBody();
}

export function incompleteBody(): AwsError {
  const message = 'You did not provide the number of bytes specified by the Content-Length HTTP header';
  return new AwsError('IncompleteBody', 400, message);
}

function chunkSize(line: string): number {
  const size = line.split(';', 1)[0] ?? '';
  if (!/^[0-9a-f]{1,10}$/i.test(size)) throw malformed();
  return Number.parseInt(size, 16);
}

function malformed(): AwsError {
  return new AwsError('MalformedTrailerError', 400, 'The request body is not a well-formed aws-chunked stream.');
}
