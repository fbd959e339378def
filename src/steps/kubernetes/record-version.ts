import { z } from 'zod';
import type { Kubernetes } from '../../clients/kubernetes.ts';
import type { VersionRecorded } from '../../domain/application-version.ts';
import type { Records } from '../../domain/records.ts';
import { done, keptAsEvidence, type Step } from '../../domain/step.ts';
import type { DatabaseAccess } from '../../verification/access.ts';
import { readVersion, runningVersion, writeVersion } from '../../verification/application-version.ts';
import { addressInput, inputOf, roleSecretInput, workloadInput } from '../step-input.ts';

export const recordVersionInput = z.object({
  /** The ARN that the snapshot will have, or the address of the dump: `s3://bucket/key`. */
  backup: z.string().min(1),
  workloads: z.array(workloadInput),
  source: addressInput,
  verifyRole: roleSecretInput,
});
export type RecordVersionInput = z.infer<typeof recordVersionInput>;

interface Dependencies {
  readonly cluster: Pick<Kubernetes, 'find'>;
  readonly access: DatabaseAccess;
  readonly records: Records;
}

/**
 * Writes down which version of the application runs while the backup is made: images, and the newest migration. Whoever goes
 * back to it is told whether the version that runs then fits. What can't be read is left out; no backup fails for it.
 */
export function recordVersion({ cluster, access, records }: Dependencies): Step {
  return {
    id: 'record-version',
    fence: 'derived-name+tag',
    undo: keptAsEvidence,
    async run({ input, operation, since, signal }) {
      const { backup, workloads, source, verifyRole } = inputOf(recordVersionInput, input);
      if (!(await readVersion(records, backup))) {
        const asked = { workloads, address: source, verifyRole, at: since };
        const running = await runningVersion({ cluster, access }, asked);
        signal.throwIfAborted();
        await writeVersion(records, backup, operation, running);
      }
      // Whoever was first: what stands is what counts.
      const stands = await readVersion(records, backup);
      return done<VersionRecorded>({
        workloads: stands?.images.length ?? 0,
        migration: stands?.migrations?.newest ?? null,
      });
    },
  };
}
