import type { AutomatedBackup } from '../../clients/rds.ts';
import type { CleanupOutputs } from '../../domain/cleanup.ts';
import { permanent } from '../../domain/errors.ts';
import { done, type Step, text } from '../../domain/step.ts';
import { lookingStep } from './looking-step.ts';
import type { RdsIn } from './rds-in.ts';

/** Input: `region`, `snapshot`, `resourceId`, `pollSeconds`. What there is of the instance now that it is gone. */
export function listKept({ rds }: { rds: RdsIn<'findSnapshot' | 'listAutomatedBackups'> }): Step {
  return lookingStep('list-kept', async ({ input }) => {
    const id = text(input, 'snapshot');
    const here = rds(text(input, 'region'));
    const found = await here.findSnapshot(id);
    if (found?.status !== 'available') throw permanent('snapshot.gone', { snapshot: id });
    const backups = await here.listAutomatedBackups({ resourceId: text(input, 'resourceId') });
    return done({ snapshot: id, backups: keptBackups(backups) } satisfies CleanupOutputs['list-kept']);
  });
}

/**
 * What point-in-time recovery goes on to reach. RDS keeps the backups of a deleted instance for as many days as the
 * instance kept them (RDS User Guide, "Retaining automated backups").
 */
export function keptBackups(all: readonly AutomatedBackup[]): CleanupOutputs['list-kept']['backups'] {
  const backup = all.find(({ window }) => window !== undefined);
  const days = backup?.settings.BackupRetentionPeriod ?? 0;
  return backup?.window && days > 0 ? { ...backup.window, days } : null;
}
