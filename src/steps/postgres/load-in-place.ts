import { z } from 'zod';
import { permanent } from '../../domain/errors.ts';
import type { InPlaceOutputs } from '../../domain/in-place.ts';
import { done, nothingToUndo, type Step, type StepContext, undoBy } from '../../domain/step.ts';
import type { DatabaseAccess } from '../../verification/access.ts';
import { loadJobInput } from '../kubernetes/start-load-job.ts';
import { addressInput, inputOf, roleSecretInput } from '../step-input.ts';
import { contentsOf } from './contents.ts';
import { joinOwner, type MasterClients, placeOf } from './create-database.ts';
import { asMaster, masterRoleOf } from './master-of.ts';

export const loadedInput = z.object({ source: addressInput, fenceRole: roleSecretInput });
export type LoadedInput = z.infer<typeof loadedInput>;

const statementTimeoutSeconds = 30;

/**
 * A load over the live database is one transaction, so there are two ends only. Taken back, the Job is removed, and then
 * it is looked which end it was: where nothing was committed, nothing has changed; else the old data is gone from here,
 * and nothing goes back by itself.
 * @throws PitcrewError `load.committed` by its undo
 */
export function loadInPlace(startLoad: Step, { access, rds }: MasterClients): Step {
  const { undo } = startLoad;
  return {
    ...startLoad,
    id: 'load-in-place',
    async run(context) {
      const input = inputOf(loadJobInput, context.input);
      const role = await masterRoleOf(rds(input.region), input.region, input);
      // Who isn't a member of the owner can neither drop nor make what belongs to it.
      await asMaster(access, placeOf(input, context), role, statementTimeoutSeconds, (server) =>
        joinOwner(server, input.task.role),
      );
      return startLoad.run(context);
    },
    undo: undoBy(async (context) => {
      if (undo.kind === 'run') await undo.run(context);
      const { before, now, input } = await bothContents(access, context);
      const { database } = input.source;
      if (before !== now.fingerprint) throw permanent('load.committed', { database });
      return done({ unchanged: true });
    }),
  };
}

/** Hands over: from here on the database holds the dump's data. @throws PitcrewError `load.changed-nothing` */
export function proveLoaded(access: DatabaseAccess): Step {
  return {
    id: 'prove-loaded',
    fence: 'read-only',
    publishes: true,
    async run(context) {
      const { before, now, input } = await bothContents(access, context);
      const { database } = input.source;
      if (before === now.fingerprint) throw permanent('load.changed-nothing', { database });
      return done<InPlaceOutputs['prove-loaded']>({ tables: now.tables });
    },
    undo: nothingToUndo,
  };
}

async function bothContents(access: DatabaseAccess, context: StepContext) {
  const input = inputOf(loadedInput, context.input);
  const { contents: before } = context.output('bar-writers') as InPlaceOutputs['bar-writers'];
  return { before, now: await contentsOf(access, input.source, input.fenceRole), input };
}
