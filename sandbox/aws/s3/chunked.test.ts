import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeChunks } from './chunked.ts';

/** A body as the SDK sends it: chunks, the last one empty, a trailer. */
function encode(chunks: readonly Uint8Array[]): Buffer {
  const parts = chunks
    .filter((chunk) => chunk.length > 0)
    .flatMap((chunk) => [`${chunk.length.toString(16)}\r\n`, chunk, '\r\n']);
  return Buffer.concat(
    [...parts, '0\r\n', 'x-amz-checksum-crc32:AAAAAA==\r\n', '\r\n'].map((part) => Buffer.from(part)),
  );
}

async function decode(body: Buffer, pieceSize: number): Promise<{ bytes: Buffer; trailers: Map<string, string> }> {
  const trailers = new Map<string, string>();
  const found: Buffer[] = [];
  for await (const chunk of decodeChunks(pieces(body, pieceSize), trailers)) found.push(chunk);
  return { bytes: Buffer.concat(found), trailers };
}

async function* pieces(body: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < body.length; at += size) yield body.subarray(at, at + size);
}

const chunks = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 6 });
const pieceSize = fc.integer({ min: 1, max: 60 });

describe('an aws-chunked body', () => {
  test('decodes to the same bytes and trailer however the network cuts it up', async () => {
    await fc.assert(
      fc.asyncProperty(chunks, pieceSize, async (sent, size) => {
        const { bytes, trailers } = await decode(encode(sent), size);
        expect(bytes.equals(Buffer.concat(sent))).toBe(true);
        expect([...trailers]).toEqual([['x-amz-checksum-crc32', 'AAAAAA==']]);
      }),
    );
  });

  test('that ends early is refused, wherever it ends', async () => {
    await fc.assert(
      fc.asyncProperty(chunks, pieceSize, fc.nat(), async (sent, size, cut) => {
        const whole = encode(sent);
        await expect(decode(whole.subarray(0, cut % whole.length), size)).rejects.toMatchObject({
          code: 'IncompleteBody',
        });
      }),
    );
  });

  test('that is no such body is refused', async () => {
    for (const body of ['5\r\nabcdefg\r\n0\r\n\r\n', 'xyz\r\n', '0\r\nno colon\r\n\r\n', 'f'.repeat(2000)]) {
      await expect(decode(Buffer.from(body), 100)).rejects.toMatchObject({ code: 'MalformedTrailerError' });
    }
  });
});
