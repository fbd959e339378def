import { type VersionFit, versionFit } from '../../domain/application-version.ts';
import { dumpAddress } from '../../domain/records.ts';
import type { Note } from '../../domain/restore.ts';
import type { Environment } from '../../domain/settings.ts';
import { instant } from '../../domain/time.ts';
import type { CurrentGone, CurrentInstance } from '../../planning/current-instance.ts';
import { readVersion, runningVersion } from '../../verification/application-version.ts';
import type { Recovery } from './instance-plan.ts';
import type { RestoreClients } from './steps.ts';

/**
 * What who approves has to know of the version: that the running application is not the one that the backup was made of. Only
 * said where it is known: nobody wrote down what ran at a moment of RDS's log, or beside somebody else's backup.
 */
export async function versionNote(
  clients: Pick<RestoreClients, 'cluster' | 'access' | 'records'>,
  { workloads, database }: Environment,
  current: CurrentInstance | CurrentGone,
  recovery: Recovery,
): Promise<Note | null> {
  const backup = backupOf(recovery);
  const recorded = backup === undefined ? undefined : await readVersion(clients.records, backup);
  if (!recorded || !current.runs) return null;
  const { host, port } = current.identity;
  const address = { host, port, database: current.database };
  const sought = { workloads, address, verifyRole: database.verifyRole, at: instant(new Date()) };
  return noteOf(versionFit(recorded, await runningVersion(clients, sought)));
}

function backupOf({ point }: Recovery): string | undefined {
  if (point.kind === 'snapshot') return point.arn;
  return point.kind === 'dump' ? dumpAddress(point) : undefined;
}

function noteOf(fit: VersionFit): Note | null {
  if (fit.kind === 'newer') return { code: 'version.newer', params: { newest: fit.newest, running: fit.running } };
  if (fit.kind !== 'older') return null;
  const { after, upTo, count } = fit;
  return { code: 'version.older', params: { after, upTo, ...(count === null ? {} : { count }) } };
}
