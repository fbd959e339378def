import type { AutomatedBackup, DatabaseSnapshot, Rds, Tags } from '../clients/rds.ts';
import { userError } from '../domain/errors.ts';
import type { Records } from '../domain/records.ts';
import type { Instant } from '../domain/time.ts';
import { hostOf } from './database-address.ts';
import { newestRecord, recordAt, type SettingsRecord } from './settings-record.ts';

/** An instance that is gone, as those remember it who still can. */
export interface GoneInstance {
  readonly id: string;
  readonly resourceId: string;
  readonly tags: Tags;
  readonly createdAt?: Instant;
  readonly record?: SettingsRecord | undefined;
  /** Its automated backups, where they were kept. */
  readonly automated?: AutomatedBackup | undefined;
}

interface Reach {
  readonly rds: Pick<Rds, 'findInstance' | 'listSnapshots' | 'listAutomatedBackups'>;
  readonly records: Records;
}

/**
 * Which instance had this address. RDS's own host names say it; a settings record says it of any address; and where the
 * instance that the config names is gone as well, it was that one.
 * @throws PitcrewError `restore.host-not-instance`: the address isn't known to have been an instance's;
 *   `restore.source-forgotten`: nothing is left that says anything of it
 */
export async function goneInstance(
  reach: Reach,
  { host, port, configured }: { readonly host: string; readonly port: number; readonly configured: string },
): Promise<GoneInstance> {
  const { rds } = reach;
  const noted = await recordAt(reach.records, { host, port });
  const named = hostOf(host);
  const id = noted?.instance.id ?? (named.kind === 'instance' ? named.id : configured);
  // An instance of that name that stands somewhere else is another one, or was moved: not ours to guess.
  const standing = await rds.findInstance(id);
  if (standing && standing.resourceId === (noted?.instance.resourceId ?? standing.resourceId))
    throw userError('restore.host-not-instance', { host, port, instance: id });
  const traces = await tracesOf(rds, id, noted?.instance.resourceId);
  const resourceId = noted?.instance.resourceId ?? traces.automated?.resourceId ?? traces.snapshot?.resourceId;
  if (!resourceId) throw userError('restore.source-forgotten', { host, port, instance: id });
  const record = noted ?? (await newestRecord(reach.records, resourceId));
  const createdAt =
    record?.instance.createdAt ?? traces.automated?.instanceCreatedAt ?? traces.snapshot?.instanceCreatedAt;
  return {
    id,
    resourceId,
    tags: record?.instance.tags ?? traces.automated?.tags ?? traces.snapshot?.tags ?? {},
    ...(createdAt ? { createdAt } : {}),
    record,
    automated: traces.automated,
  };
}

/** Of several instances that had this name one after another, the last. */
async function tracesOf(
  rds: Reach['rds'],
  instanceId: string,
  resourceId: string | undefined,
): Promise<{ readonly automated: AutomatedBackup | undefined; readonly snapshot: DatabaseSnapshot | undefined }> {
  const of = resourceId ? { resourceId } : { instanceId };
  const [backups, snapshots] = await Promise.all([rds.listAutomatedBackups(of), rds.listSnapshots(of)]);
  const automated = newestBy(backups, ({ instanceCreatedAt }) => instanceCreatedAt);
  const same = snapshots.filter((one) => !automated || one.resourceId === automated.resourceId);
  return { automated, snapshot: newestBy(same, ({ at }) => at) };
}

function newestBy<T>(all: readonly T[], at: (one: T) => Instant | undefined): T | undefined {
  return all.toSorted((a, b) => ((at(a) ?? '') > (at(b) ?? '') ? -1 : 1))[0];
}
