import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Frame, FrameReader, frame, opcodes } from './frames.ts';

/** A client's frame: masked, as RFC 6455 wants it. */
function masked(opcode: number, payload: Buffer, mask: Uint8Array): Buffer {
  const bytes = frame(opcode, payload);
  const start = bytes.length - payload.length;
  bytes[1] = (bytes[1] ?? 0) | 0x80;
  const hidden = payload.map((byte, index) => byte ^ (mask[index % 4] ?? 0));
  return Buffer.concat([bytes.subarray(0, start), mask, hidden]);
}

const lengths = fc.oneof(fc.nat(300), fc.constantFrom(0, 125, 126, 127, 65_535, 65_536, 70_000));

test('frames come out as they went in, masked or not, wherever the connection cuts them', () => {
  const one = fc.record({
    length: lengths,
    mask: fc.uint8Array({ minLength: 4, maxLength: 4 }),
    hides: fc.boolean(),
    opcode: fc.constantFrom(...Object.values(opcodes)),
  });
  fc.assert(
    fc.property(fc.array(one, { maxLength: 5 }), fc.array(fc.nat(100_000), { maxLength: 8 }), (sent, cuts) => {
      const payloads = sent.map(({ length }, index) => Buffer.alloc(length, index + 1));
      const wire = Buffer.concat(
        sent.map(({ opcode, mask, hides }, index) => {
          const payload = payloads[index] ?? Buffer.alloc(0);
          return hides ? masked(opcode, payload, mask) : frame(opcode, payload);
        }),
      );
      const received: Frame[] = [];
      const reader = new FrameReader(1_000_000, (each) => received.push(each));
      const at = [0, ...cuts.map((cut) => Math.min(cut, wire.length)).sort((a, b) => a - b), wire.length];
      for (let part = 1; part < at.length; part++) reader.push(wire.subarray(at[part - 1], at[part]));
      expect(received.map(({ opcode, payload }) => [opcode, payload.toString('hex')])).toEqual(
        sent.map(({ opcode }, index) => [opcode, payloads[index]?.toString('hex')]),
      );
    }),
    { numRuns: 60 },
  );
});

test('a frame that is longer than allowed is not waited for', () => {
  const reader = new FrameReader(10, () => {});
  expect(() => reader.push(frame(opcodes.binary, Buffer.alloc(11)))).toThrow(RangeError);
});
