import { z } from 'zod';
import type { InPlaceOutputs } from '../../domain/in-place.ts';
import { done, type Step, undoBy } from '../../domain/step.ts';
import { type DatabaseAccess, withDatabase } from '../../verification/access.ts';
import { addressInput, inputOf, roleSecretInput } from '../step-input.ts';
import { contentsOf } from './contents.ts';
import { endSessions, setLogin } from './fence-old.ts';

export const barWritersInput = z.object({
  /** The role that the application logs in as. */
  role: z.string().min(1),
  /** Roles that only read: they are let in, but a session of theirs would hold locks that the load waits for. */
  readers: z.array(z.string().min(1)),
  /** The live database. */
  source: addressInput,
  fenceRole: roleSecretInput,
});
export type BarWritersInput = z.infer<typeof barWritersInput>;

const statementTimeoutSeconds = 30;

/**
 * Bars the application's role from the live database and ends whoever is connected, before a dump is loaded over it: a
 * forgotten pod must not write between what is dropped and what is made. Notes which tables there are, so that it can be
 * told afterwards whether the load committed.
 */
export function barWriters(access: DatabaseAccess): Step {
  return {
    id: 'bar-writers',
    fence: 'idempotent-sql',
    async run({ input }) {
      const { role, readers, source, fenceRole } = inputOf(barWritersInput, input);
      const ended = await withDatabase(access, source, fenceRole, statementTimeoutSeconds, async (database) => {
        await setLogin(database, role, 'NOLOGIN');
        let sessions = 0;
        for (const one of [role, ...readers]) sessions += (await endSessions(database, one)).length;
        return sessions;
      });
      const { fingerprint: contents } = await contentsOf(access, source, fenceRole);
      return done<InPlaceOutputs['bar-writers']>({ role, endedSessions: ended, contents });
    },
    undo: undoBy(async ({ input }) => {
      const { role, source, fenceRole } = inputOf(barWritersInput, input);
      await withDatabase(access, source, fenceRole, statementTimeoutSeconds, (database) =>
        setLogin(database, role, 'LOGIN'),
      );
      return done({ role });
    }),
  };
}
