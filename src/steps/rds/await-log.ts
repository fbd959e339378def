import { permanent, retryable } from '../../domain/errors.ts';
import type { RestoreOutputs } from '../../domain/restore.ts';
import { type Done, done, number, type Step, type StepContext, text, type Wait, wait } from '../../domain/step.ts';
import { instant, milliseconds, plusMinutes } from '../../domain/time.ts';
import { lookingStep } from './looking-step.ts';
import type { RdsIn } from './rds-in.ts';

/** The stop was told by the cluster's clock and the log is told by RDS's; both follow a time service. */
const clocksApartMs = 10_000;
/**
 * RDS uploads its log about every five minutes (RDS User Guide, "Restoring to a specified time"). The application stands
 * still meanwhile, so what takes six times as long is given up: it can go on with the old database, and nothing is lost.
 */
const longestMinutes = 30;

/**
 * Input: `region`, `resourceId` of the instance whose log it is, `pollSeconds`. Waits until everything that was written
 * before the application was proven stopped can be restored.
 * @throws PitcrewError `pitr.log-late`, `pitr.source-gone`
 */
export function awaitLog({ rds }: { rds: RdsIn<'listAutomatedBackups'> }): Step {
  return lookingStep('await-log', (context) => look(rds, context));
}

async function look(rds: RdsIn<'listAutomatedBackups'>, { input, since, output }: StepContext): Promise<Done | Wait> {
  const at = text(output('prove-stopped'), 'at');
  const resourceId = text(input, 'resourceId');
  const backups = await rds(text(input, 'region')).listAutomatedBackups({ resourceId });
  if (backups.length === 0) throw retryable('pitr.source-gone', { instance: resourceId });
  const restorable = backups.find(({ window }) => window)?.window?.latest;
  if (restorable && milliseconds(restorable) > milliseconds(at) + clocksApartMs)
    return done({ at, restorable } satisfies RestoreOutputs['await-log']);
  if (plusMinutes(since, longestMinutes) < instant(new Date()))
    throw permanent('pitr.log-late', { latest: restorable ?? '', at, minutes: longestMinutes });
  return wait(number(input, 'pollSeconds'), 'wait.log', { latest: restorable ?? '?', at });
}
