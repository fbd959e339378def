/** RFC 6455, 5.2. */
export const opcodes = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

export interface Frame {
  readonly opcode: number;
  readonly final: boolean;
  readonly payload: Buffer;
}

/** One unmasked frame, as a server sends it. */
export function frame(opcode: number, payload: Buffer): Buffer {
  const { length } = payload;
  const header = Buffer.alloc(length < 126 ? 2 : length < 65_536 ? 4 : 10);
  header[0] = 0x80 | opcode;
  header[1] = length < 126 ? length : length < 65_536 ? 126 : 127;
  if (header.length === 4) header.writeUInt16BE(length, 2);
  if (header.length === 10) header.writeBigUInt64BE(BigInt(length), 2);
  return Buffer.concat([header, payload]);
}

/** Cuts a stream of bytes into frames, unmasked. `push` throws on a frame that is longer than allowed. */
export class FrameReader {
  #pending: Buffer = Buffer.alloc(0);
  readonly #longest: number;
  readonly #received: (frame: Frame) => void;

  constructor(longest: number, received: (frame: Frame) => void) {
    this.#longest = longest;
    this.#received = received;
  }

  push(chunk: Buffer): void {
    this.#pending = this.#pending.length > 0 ? Buffer.concat([this.#pending, chunk]) : chunk;
    for (let next = this.#next(); next; next = this.#next()) this.#received(next);
  }

  #next(): Frame | undefined {
    const bytes = this.#pending;
    if (bytes.length < 2) return undefined;
    const short = bytes.readUInt8(1) & 0x7f;
    const start = short === 126 ? 4 : short === 127 ? 10 : 2;
    const masked = (bytes.readUInt8(1) & 0x80) !== 0;
    const at = start + (masked ? 4 : 0);
    if (bytes.length < at) return undefined;
    const length = short === 126 ? bytes.readUInt16BE(2) : short === 127 ? Number(bytes.readBigUInt64BE(2)) : short;
    if (length > this.#longest) throw new RangeError(`a frame of ${length} bytes is too long`);
    if (bytes.length < at + length) return undefined;
    const payload = Buffer.from(bytes.subarray(at, at + length));
    if (masked)
      for (let index = 0; index < length; index++)
        payload[index] = (payload[index] ?? 0) ^ (bytes[start + (index % 4)] ?? 0);
    this.#pending = bytes.subarray(at + length);
    return { opcode: bytes.readUInt8(0) & 0x0f, final: (bytes.readUInt8(0) & 0x80) !== 0, payload };
  }
}
