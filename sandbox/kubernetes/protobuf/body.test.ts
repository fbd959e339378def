import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ApiError } from '../status.ts';
import { readProtobuf } from './body.ts';

/** What kubectl 1.32 sends for `kubectl create job x --image=busybox -- sleep 5`. */
const job = Buffer.from(
  '6b3873000a0f0a0862617463682f763112034a6f621282010a110a017812001a0022002a00320038004200126332610a100a0012001a0022002a00320038004200124d122a0a0178120762757379626f781a05736c6565701a01352a0042006a007200800100880100900100a201001a054e65766572320042004a0052005800600068008201008a01009a0100c201001a082000280030003a001a002200',
  'hex',
);

test('a Job as kubectl sends it is read as its JSON would be', () => {
  const container = { name: 'x', image: 'busybox', command: ['sleep', '5'] };
  expect(readProtobuf(job)).toEqual({
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'x' },
    spec: { template: { metadata: {}, spec: { restartPolicy: 'Never', containers: [container] } } },
  });
});

test('whatever else comes is refused, never read as something', () => {
  fc.assert(
    fc.property(fc.nat(job.length - 1), fc.uint8Array({ maxLength: 40 }), (length, noise) => {
      const bytes = Buffer.concat([job.subarray(0, length), noise]);
      try {
        expect(readProtobuf(bytes)).toBeTypeOf('object');
      } catch (error) {
        expect(error).toBeInstanceOf(ApiError);
      }
    }),
  );
});
