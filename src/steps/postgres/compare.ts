import { z } from 'zod';
import type { Comparison } from '../../domain/comparison.ts';
import type { InstanceIdentity } from '../../domain/restore.ts';
import { done, nothingToUndo, type Step } from '../../domain/step.ts';
import { instant } from '../../domain/time.ts';
import type { DatabaseAccess } from '../../verification/access.ts';
import { compareDatabases } from '../../verification/loss.ts';
import { writtenTo } from '../../verification/written.ts';
import { addressInput, inputOf, roleSecretInput } from '../step-input.ts';

export const compareInput = z.object({
  /** The database's name on the new instance, whose address comes from `await-instance`. */
  database: z.string().min(1),
  /** The live database: without one there is nothing to compare with, and no reason to restore first. */
  source: addressInput,
  verifyRole: roleSecretInput,
  /** The critical tables. */
  tables: z.array(z.string().min(1)),
  budgetSeconds: z.number().positive(),
});
export type CompareInput = z.infer<typeof compareInput>;

/**
 * What the cut-over would take away and bring back, while the application serves: it goes on writing, so it is told as of
 * a moment. What was ever written to the instance beside is noted first, for the proof that nobody writes to it after.
 */
export function compare(access: DatabaseAccess): Step {
  return {
    id: 'compare',
    fence: 'read-only',
    async run(context) {
      const { source: old, database, ...question } = inputOf(compareInput, context.input);
      const { host, port } = context.output('await-instance') as InstanceIdentity;
      const restored = { host, port, database };
      const written = await writtenTo(access, restored, question.verifyRole);
      const began = new Date();
      const found = await compareDatabases(access, {
        ...question,
        old,
        restored,
        serves: true,
        signal: context.signal,
      });
      const seconds = Math.round((Date.now() - began.getTime()) / 1000);
      return done<Comparison>({ at: instant(began), seconds, ...found, written });
    },
    undo: nothingToUndo,
  };
}
