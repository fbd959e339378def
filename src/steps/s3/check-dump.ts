import { z } from 'zod';
import type { S3 } from '../../clients/s3.ts';
import { type DumpFacts, manifestKey, manifestOf } from '../../domain/dump.ts';
import { permanent } from '../../domain/errors.ts';
import { done, nothingToUndo, type Step } from '../../domain/step.ts';
import { inputOf } from '../step-input.ts';

export const checkDumpInput = z.object({
  region: z.string().min(1),
  bucket: z.string().min(1),
  key: z.string().min(1),
});
export type CheckDumpInput = z.infer<typeof checkDumpInput>;

interface Dependencies {
  s3(region: string): Pick<S3, 'head' | 'text'>;
}

/** Looks, as whoever restores it will: a manifest of this operation, and the very object that it speaks of. */
export function checkDump(id: 'check-dump' | 'check-adopt', { s3 }: Dependencies): Step {
  return {
    id,
    fence: 'read-only',
    async run({ input, operation }) {
      const { region, bucket, key } = inputOf(checkDumpInput, input);
      const here = s3(region);
      const text = await here.text({ bucket, key: manifestKey(key) });
      const manifest = text === undefined ? undefined : manifestOf(text);
      if (manifest?.operation !== operation) throw permanent('dump.no-manifest', { key });
      const head = await here.head({ bucket, key });
      const { versionId, sizeBytes, sha256, serverVersion, at, counts } = manifest;
      if (head?.sizeBytes !== sizeBytes || head.versionId !== versionId) throw permanent('dump.changed', { key });
      const counted = counts === null ? null : Object.keys(counts).length;
      return done<DumpFacts>({ bucket, key, versionId, sizeBytes, sha256, serverVersion, at, counted });
    },
    undo: nothingToUndo,
  };
}
