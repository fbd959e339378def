import { z } from 'zod';
import type { RollbackOutputs } from '../../domain/rollback.ts';
import { done, type Step, type StepContext, undoBy } from '../../domain/step.ts';
import { type DatabaseAccess, withDatabase } from '../../verification/access.ts';
import { inputOf, roleSecretInput } from '../step-input.ts';
import { endSessions, setLogin } from './fence-old.ts';

export const letInInput = z.object({
  /** The role that the application logs in as. */
  role: z.string().min(1),
  /** Name of the database on the instance that is gone back to, whose address comes from `prove-old`. */
  database: z.string().min(1),
  fenceRole: roleSecretInput,
});
export type LetInInput = z.infer<typeof letInInput>;

const statementTimeoutSeconds = 30;

/**
 * The application's role may log in to the old database again, from which a cut-over barred it. Nothing uses it until
 * the secret points there. Taken back it is barred again: two databases that take writes are what the fence is against.
 */
export function letIn(access: DatabaseAccess): Step {
  const onOld = (context: StepContext) => {
    const { role, database, fenceRole } = inputOf(letInInput, context.input);
    const { host, port } = context.output('prove-old') as RollbackOutputs['prove-old'];
    return { role, address: { host, port, database }, fenceRole };
  };
  return {
    id: 'let-in',
    fence: 'idempotent-sql',
    async run(context) {
      const { role, address, fenceRole } = onOld(context);
      await withDatabase(access, address, fenceRole, statementTimeoutSeconds, (database) =>
        setLogin(database, role, 'LOGIN'),
      );
      return done<RollbackOutputs['let-in']>({ role });
    },
    undo: undoBy(async (context) => {
      const { role, address, fenceRole } = onOld(context);
      await withDatabase(access, address, fenceRole, statementTimeoutSeconds, async (database) => {
        await setLogin(database, role, 'NOLOGIN');
        await endSessions(database, role);
      });
      return done({ role });
    }),
  };
}
