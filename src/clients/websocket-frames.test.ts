import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FrameReader, frame } from '../../sandbox/kubernetes/exec/frames.ts';
import { type Frame, frameReader, maskedFrame } from './websocket-frames.ts';

const opcode = fc.constantFrom(1, 2, 8, 9, 10);
const frames = fc.array(fc.tuple(opcode, fc.uint8Array({ maxLength: 70_000 })), { maxLength: 6 });

/** A stream, cut where it happens to be cut. */
function pieces(whole: Buffer, cuts: readonly number[]): readonly Buffer[] {
  const at = [0, ...cuts.map((cut) => cut % (whole.length + 1)).sort((a, b) => a - b), whole.length];
  return at.slice(1).map((end, index) => whole.subarray(at[index], end));
}

describe('frames of a WebSocket', () => {
  it('as a server sends them are read whole and in order, wherever the stream is cut', () => {
    fc.assert(
      fc.property(frames, fc.array(fc.nat(), { maxLength: 8 }), (sent, cuts) => {
        const whole = Buffer.concat(sent.map(([code, payload]) => frame(code, Buffer.from(payload))));
        const read = frameReader();
        const got: Frame[] = pieces(whole, cuts).flatMap((piece) => read(piece));
        expect(got.map(({ opcode: code, payload }) => [code, Buffer.from(payload)])).toEqual(
          sent.map(([code, payload]) => [code, Buffer.from(payload)]),
        );
      }),
      { numRuns: 60 },
    );
  });

  it('as they are sent are what a server reads, masked', () => {
    fc.assert(
      fc.property(opcode, fc.uint8Array({ minLength: 8, maxLength: 70_000 }), (code, payload) => {
        const sent = maskedFrame(code, payload, Buffer.from([1, 2, 3, 4]));
        expect((sent[1] ?? 0) & 0x80).toBe(0x80);
        expect(sent.subarray(-payload.length).equals(Buffer.from(payload))).toBe(false);
        const got: { opcode: number; payload: Buffer }[] = [];
        new FrameReader(100_000, (one) => void got.push(one)).push(sent);
        expect(got).toMatchObject([{ opcode: code, payload: Buffer.from(payload) }]);
      }),
      { numRuns: 60 },
    );
  });

  it('that no server sends end it: masked, or endless', () => {
    expect(() => frameReader()(maskedFrame(2, Buffer.from('x')))).toThrow(RangeError);
    const endless = Buffer.from([0x82, 127, 0, 0, 0, 1, 0, 0, 0, 0]);
    expect(() => frameReader()(endless)).toThrow(RangeError);
  });
});
