import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { backUp } from './backup.ts';
import { takeAutomatedSnapshot } from './backups.ts';
import { openFolders, startServer, welcome } from './lifecycle.ts';
import { type Instance, type Region, record } from './region.ts';
import { giveToPostgres } from './run.ts';
import type { Given } from './settings.ts';
import { walk } from './walk.ts';

/** The walk of a read replica: a backup of its source that goes on by streaming replication, and answers queries meanwhile. */
export function bringUpReplica(region: Region, replica: Instance, source: Instance): void {
  replica.replicaOf = source.resourceId;
  const { household, now } = region;
  walk(region, replica, (step) =>
    step('creating', 'restoring', async () => {
      await openFolders(replica);
      const { dataFolder: target } = replica.cluster;
      await backUp({ household, now, target, cluster: source.cluster, archiveFolder: source.archiveFolder });
      const signal = join(target, 'standby.signal');
      await writeFile(signal, '');
      await giveToPostgres(signal);
      await startServer(region, replica);
      welcome(region, replica, `Read replica of ${source.id} created`);
      replica.connectable = true;
    }),
  );
}

/** Makes a replica an instance of its own, with backups of its own if it is to have any. */
export function promote(region: Region, replica: Instance, settings: Given): void {
  walk(region, replica, async (step) => {
    await step('modifying', 'modifying', async () => {
      await endReplication(region, replica);
      replica.settings = { ...replica.settings, ...settings };
    });
    if (replica.settings.BackupRetentionPeriod > 0) {
      await step('backing-up', 'backingUp', () => takeAutomatedSnapshot(region, replica));
    }
  });
}

async function endReplication(region: Region, replica: Instance): Promise<void> {
  await replica.cluster.asSuperuser('postgres', (client) => client.query('SELECT pg_promote()'));
  replica.replicaOf = undefined;
  record(region, replica, 'Promoted read replica to a stand-alone DB instance', 'read replica');
}

export const replicasOf = (region: Region, { resourceId }: Instance): readonly Instance[] =>
  [...region.instances.values()].filter(({ replicaOf }) => replicaOf === resourceId);

/** RDS promotes the replicas of a source that is deleted. */
export async function promoteReplicas(region: Region, source: Instance): Promise<void> {
  await Promise.allSettled(replicasOf(region, source).map((replica) => endReplication(region, replica)));
}
