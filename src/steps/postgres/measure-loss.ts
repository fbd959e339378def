import { z } from 'zod';
import type { InstanceIdentity, RestoreOutputs } from '../../domain/restore.ts';
import { done, nothingToUndo, type Step } from '../../domain/step.ts';
import type { DatabaseAccess } from '../../verification/access.ts';
import { measureLossOf } from '../../verification/loss.ts';
import { addressInput, inputOf, roleSecretInput } from '../step-input.ts';

export const measureLossInput = z.object({
  /** The database's name on the new instance, whose address comes from `await-instance`. */
  database: z.string().min(1),
  /** The old database; null when it is gone, and then nothing can be measured. */
  source: addressInput.nullable(),
  verifyRole: roleSecretInput,
  /** The critical tables. */
  tables: z.array(z.string().min(1)),
  budgetSeconds: z.number().positive(),
});
export type MeasureLossInput = z.infer<typeof measureLossInput>;

/** What the restore takes away, row by row, while both databases stand still. */
export function measureLoss(access: DatabaseAccess): Step {
  return {
    id: 'measure-loss',
    fence: 'read-only',
    async run(context) {
      const { source, database, ...question } = inputOf(measureLossInput, context.input);
      if (!source)
        return done<RestoreOutputs['measure-loss']>({ tables: [], lastLostAt: null, notMeasured: question.tables });
      const { host, port } = context.output('await-instance') as InstanceIdentity;
      const restored = { host, port, database };
      const loss = await measureLossOf(access, { ...question, old: source, restored, signal: context.signal });
      return done<RestoreOutputs['measure-loss']>(loss);
    },
    undo: nothingToUndo,
  };
}
