import { z } from 'zod';
import { permanent } from '../../domain/errors.ts';
import type { RescueOutputs } from '../../domain/rescue.ts';
import { done, nothingToUndo, type Step } from '../../domain/step.ts';
import type { RdsIn } from '../rds/rds-in.ts';
import { inputOf } from '../step-input.ts';

const instanceInput = z.object({ id: z.string().min(1), resourceId: z.string().min(1) });
export const proveBesideInput = z.object({
  region: z.string().min(1),
  beside: instanceInput,
  live: instanceInput,
});
export type ProveBesideInput = z.infer<typeof proveBesideInput>;

/** Rows are read from and written to the very instances that people approved: a name can be given to another one. */
export function proveBeside({ rds }: { readonly rds: RdsIn<'findInstance'> }): Step {
  return {
    id: 'prove-beside',
    fence: 'read-only',
    async run({ input }) {
      const { region, beside, live } = inputOf(proveBesideInput, input);
      for (const { id, resourceId } of [beside, live]) {
        const found = await rds(region).findInstance(id);
        if (found?.resourceId !== resourceId) throw permanent('rescue.instance-gone', { instance: id });
        if (!answers(found.status)) throw permanent('rescue.not-running', { instance: id, status: found.status });
      }
      return done<RescueOutputs['prove-beside']>({ beside: beside.id, live: live.id });
    },
    undo: nothingToUndo,
  };
}

/** Statuses in which RDS changes something about an instance that goes on answering (RDS User Guide, "DB instance status"). */
const answering = new Set([
  'available',
  'backing-up',
  'storage-optimization',
  'configuring-enhanced-monitoring',
  'configuring-iam-database-auth',
  'configuring-log-exports',
  'modifying',
]);
export const answers = (status: string) => answering.has(status);
