import { randomBytes } from 'node:crypto';

/** RFC 6455, 5.2. */
export const opcodes = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

export interface Frame {
  readonly opcode: number;
  readonly final: boolean;
  readonly payload: Buffer;
}

/** One whole frame as a client sends it: masked (RFC 6455, 5.3). */
export function maskedFrame(opcode: number, payload: Uint8Array, mask: Buffer = randomBytes(4)): Buffer {
  const { length } = payload;
  const size = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const whole = Buffer.alloc(size + 4 + length);
  whole[0] = 0x80 | opcode;
  whole[1] = 0x80 | (length < 126 ? length : length < 65_536 ? 126 : 127);
  if (size === 4) whole.writeUInt16BE(length, 2);
  if (size === 10) whole.writeBigUInt64BE(BigInt(length), 2);
  mask.copy(whole, size);
  for (let at = 0; at < length; at++) whole[size + 4 + at] = (payload[at] ?? 0) ^ (mask[at % 4] ?? 0);
  return whole;
}

/** Longer than the kubelet ever sends (32 KiB at once); more is no answer of a cluster. */
const longestFrame = 16 * 1024 * 1024;

/** Cuts what a server sends into frames. @throws RangeError on a frame that is too long, or masked, which a server's never is */
export function frameReader(): (chunk: Buffer) => readonly Frame[] {
  let pending: Buffer = Buffer.alloc(0);
  return (chunk) => {
    pending = pending.length > 0 ? Buffer.concat([pending, chunk]) : chunk;
    const frames: Frame[] = [];
    for (let next = first(pending); next; next = first(pending)) {
      frames.push(next.frame);
      pending = pending.subarray(next.bytes);
    }
    return frames;
  };
}

function first(bytes: Buffer): { readonly frame: Frame; readonly bytes: number } | undefined {
  if (bytes.length < 2) return undefined;
  if ((bytes.readUInt8(1) & 0x80) !== 0) throw new RangeError('a server masks no frame');
  const short = bytes.readUInt8(1) & 0x7f;
  const start = short === 126 ? 4 : short === 127 ? 10 : 2;
  if (bytes.length < start) return undefined;
  const length = short === 126 ? bytes.readUInt16BE(2) : short === 127 ? Number(bytes.readBigUInt64BE(2)) : short;
  if (length > longestFrame) throw new RangeError(`a frame of ${length} bytes is too long`);
  if (bytes.length < start + length) return undefined;
  const head = bytes.readUInt8(0);
  const payload = bytes.subarray(start, start + length);
  return { frame: { opcode: head & 0x0f, final: (head & 0x80) !== 0, payload }, bytes: start + length };
}
