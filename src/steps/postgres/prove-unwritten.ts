import { z } from 'zod';
import type { Comparison } from '../../domain/comparison.ts';
import { permanent } from '../../domain/errors.ts';
import type { InstanceIdentity, RestoreOutputs } from '../../domain/restore.ts';
import { done, nothingToUndo, type Step } from '../../domain/step.ts';
import { instant } from '../../domain/time.ts';
import type { DatabaseAccess } from '../../verification/access.ts';
import { writersOn, writtenTo } from '../../verification/written.ts';
import { inputOf, roleSecretInput } from '../step-input.ts';

export const proveUnwrittenInput = z.object({
  /** The database's name on the new instance, whose address comes from `await-instance`. */
  database: z.string().min(1),
  /** The role that the application logs in as. */
  role: z.string().min(1),
  verifyRole: roleSecretInput,
});
export type ProveUnwrittenInput = z.infer<typeof proveUnwrittenInput>;

/**
 * That the instance beside is still what was verified and compared, hours ago perhaps: nobody of the application is on it,
 * nobody writes, and its counters stand where they stood. A counter may come late by the seconds that a session keeps it
 * to itself; such a session is seen while it writes.
 */
export function proveUnwritten(access: DatabaseAccess): Step {
  return {
    id: 'prove-unwritten',
    fence: 'read-only',
    async run(context) {
      const { database, role, verifyRole } = inputOf(proveUnwrittenInput, context.input);
      const { id: instance, host, port } = context.output('await-instance') as InstanceIdentity;
      const { written } = context.output('compare') as Comparison;
      const address = { host, port, database };
      const writers = await writersOn(access, address, verifyRole, role);
      const [first] = writers;
      if (first) throw permanent('restore.beside-in-use', { instance, sessions: writers.length, ...first });
      const now = await writtenTo(access, address, verifyRole);
      if (now.since !== written.since || now.rows !== written.rows)
        throw permanent('restore.beside-written', { instance, rows: Math.max(0, now.rows - written.rows) });
      return done<RestoreOutputs['prove-unwritten']>({ at: instant(new Date()) });
    },
    undo: nothingToUndo,
  };
}
