import { versionFit } from './domain/application-version.ts';
import type { BackupStanding, LastVerified, Standings } from './domain/backup.ts';
import type { ListedDump } from './domain/dump.ts';
import { dumpAddress } from './domain/records.ts';
import type { SnapshotPoint } from './domain/restore.ts';
import type { Environment } from './domain/settings.ts';
import { instant } from './domain/time.ts';
import type { OperationClients } from './operations/registry.ts';
import type { CurrentGone, CurrentInstance } from './planning/current-instance.ts';
import { lastVerified } from './planning/last-verified.ts';
import { tierOf } from './planning/tiers.ts';
import { readVersion, runningVersion } from './verification/application-version.ts';

/** So many of the newest are told more of: the rest is not shown. */
const most = 15;

/**
 * What pitcrew knows of backups: the tier, when each was last proven, whether the running application fits. Each part that
 * can't be told is left open; the list stands without.
 */
export async function standingsOf(
  clients: OperationClients,
  environment: Environment,
  current: CurrentInstance | CurrentGone,
  { points, dumps }: { readonly points: readonly SnapshotPoint[]; readonly dumps: readonly ListedDump[] },
): Promise<Standings> {
  const [verified, running] = await Promise.all([
    lastVerified(clients.history, environment.name).catch((): ReadonlyMap<string, LastVerified> => new Map()),
    current.runs ? runningHere(clients, environment, current) : undefined,
  ]);
  const standing = async (backup: string, tier: BackupStanding['tier']): Promise<readonly [string, BackupStanding]> => {
    const recorded = await readVersion(clients.records, backup).catch(() => undefined);
    const proof = verified.get(backup);
    return [backup, { tier, ...(proof ? { verified: proof } : {}), fit: versionFit(recorded, running) }];
  };
  const bucket = environment.dumps?.bucket ?? '';
  const all = await Promise.all([
    ...points.slice(0, most).map((point) => standing(point.arn, tierOf(point))),
    ...dumps.slice(0, most).map(({ key }) => standing(dumpAddress({ bucket, key }), 'manual')),
  ]);
  return Object.fromEntries(all);
}

/** The application beside its database, as a list and a plan compare backups with it. */
function runningHere(
  clients: OperationClients,
  { workloads, database }: Environment,
  current: CurrentInstance | CurrentGone,
) {
  const { host, port } = current.identity;
  const address = { host, port, database: current.database };
  return runningVersion(clients, { workloads, address, verifyRole: database.verifyRole, at: instant(new Date()) });
}
