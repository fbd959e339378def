import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { backUp } from './backup.ts';
import { findParameterGroup } from './catalogue.ts';
import type { Tag } from './checks.ts';
import { copyData, createCluster, makeFolder } from './cluster.ts';
import type { Configuration } from './configuration.ts';
import { type Instance, newResourceId, type Region, record, type Snapshot, waitFor } from './region.ts';
import { createMaster } from './roles.ts';
import type { Settings } from './settings.ts';
import { type Step, walk } from './walk.ts';

export interface NewInstance {
  readonly id: string;
  readonly settings: Settings;
  readonly tags: readonly Tag[];
  readonly masterUsername: string;
  readonly databaseName: string | undefined;
  readonly port: number | undefined;
}

/** Puts a new instance on the books; nothing of it runs yet. */
export function registerInstance(region: Region, { id, settings, tags, port, ...rest }: NewInstance): Instance {
  const resourceId = newResourceId();
  const folder = join(region.folder, resourceId);
  const instance: Instance = {
    ...rest,
    id,
    resourceId,
    settings,
    tags,
    cluster: createCluster({ household: region.household, name: `rds-${id}`, folder, wantedPort: port }),
    archiveFolder: join(region.folder, 'wal', resourceId),
    status: 'creating',
    pending: { settings: {} },
    parameterStatus: 'in-sync',
    createdAt: undefined,
    connectable: false,
    work: Promise.resolve(),
    walks: 0,
    ending: new AbortController(),
  };
  region.instances.set(id, instance);
  return instance;
}

/** The walk of a new instance: creating, backing-up, available. */
export function bringUp(region: Region, instance: Instance, password: string, firstDatabase: string | undefined): void {
  walk(region, instance, async (step) => {
    await step('creating', 'creating', async () => {
      await openFolders(instance);
      await copyData(region.household, region.template.dataFolder, instance.cluster.dataFolder);
      await startServer(region, instance);
      await createMaster(instance.cluster, { username: instance.masterUsername, password }, firstDatabase);
      welcome(region, instance, 'DB instance created');
    });
    await firstBackup(region, instance, step);
  });
}

/** The walk of a restored instance: creating, backing-up, modifying, available. The server goes through real recovery. */
export function bringBack(region: Region, instance: Instance, snapshot: Snapshot): void {
  walk(region, instance, async (step) => {
    await step('creating', 'restoring', async () => {
      await openFolders(instance);
      const copied = copyData(region.household, snapshot.folder, instance.cluster.dataFolder);
      snapshot.readers.add(copied);
      await copied.finally(() => snapshot.readers.delete(copied));
      await startServer(region, instance);
      welcome(region, instance, `Restored from snapshot ${snapshot.id}`);
    });
    await firstBackup(region, instance, step);
    await step('modifying', 'modifying');
  });
}

async function openFolders(instance: Instance) {
  await makeFolder(instance.cluster.folder);
  await makeFolder(instance.archiveFolder);
}

function welcome(region: Region, instance: Instance, message: string) {
  instance.createdAt = region.now();
  record(region, instance, message, 'creation');
}

/** With automated backups on, RDS takes the first one at once; the instance can be connected to meanwhile. */
async function firstBackup(region: Region, instance: Instance, step: Step) {
  instance.connectable = true;
  if (instance.settings.BackupRetentionPeriod > 0) {
    await step('backing-up', 'backingUp', () => takeAutomatedSnapshot(region, instance));
  }
}

export async function startServer(region: Region, instance: Instance): Promise<void> {
  await instance.cluster.start(configurationOf(region, instance));
  instance.parameterStatus = 'in-sync';
}

function configurationOf(region: Region, { archiveFolder, settings }: Instance): Configuration {
  return {
    archiveFolder,
    archiveTimeoutSeconds: region.paces.archiving,
    certificate: region.certificate,
    parameters: findParameterGroup(settings.DBParameterGroupName).parameters,
  };
}

/** A restart of the server, with the parameters that its group has now. */
export async function restart(region: Region, instance: Instance): Promise<void> {
  await instance.cluster.stop('fast');
  await startServer(region, instance);
  record(region, instance, 'DB instance restarted', 'availability');
}

/** Puts a snapshot on the books, `creating`. */
export function registerSnapshot(
  region: Region,
  instance: Instance,
  id: string,
  type: Snapshot['type'],
  tags: readonly Tag[],
): Snapshot {
  const snapshot: Snapshot = {
    id,
    type,
    tags,
    instanceId: instance.id,
    resourceId: instance.resourceId,
    instanceCreatedAt: instance.createdAt,
    master: { username: instance.masterUsername },
    databaseName: instance.databaseName,
    port: instance.cluster.port,
    settings: instance.settings,
    sourceTags: instance.tags,
    folder: join(region.folder, 'snapshots', newResourceId()),
    status: 'creating',
    takenAt: undefined,
    readers: new Set(),
  };
  region.snapshots.set(id, snapshot);
  record(region, snapshot, `Creating ${type} snapshot`, 'creation');
  return snapshot;
}

/** The physical backup itself. A snapshot that fails says so and stays on the books, as on RDS. */
export async function fillSnapshot(region: Region, instance: Instance, snapshot: Snapshot): Promise<void> {
  const { household, now } = region;
  const { cluster, archiveFolder } = instance;
  record(region, instance, 'Backing up DB instance', 'backup');
  const since = performance.now();
  try {
    const takenAt = await backUp({ household, cluster, archiveFolder, target: snapshot.folder, now });
    snapshot.takenAt = takenAt;
    if (snapshot.type === 'manual') await waitFor(region, 'snapshot', since, region.closing);
    snapshot.status = 'available';
  } catch (error) {
    snapshot.status = 'failed';
    throw error;
  }
  record(region, snapshot, `${snapshot.type === 'manual' ? 'Manual' : 'Automated'} snapshot created`, 'creation');
  record(region, instance, 'Finished DB Instance backup', 'backup');
}

/** A base for point-in-time recovery, named as RDS names it. */
export async function takeAutomatedSnapshot(region: Region, instance: Instance) {
  const minute = region.now().toISOString().slice(0, 16).replace(/[T:]/g, '-');
  const tags = instance.settings.CopyTagsToSnapshot ? instance.tags : [];
  let id = `rds:${instance.id}-${minute}`;
  while (region.snapshots.has(id)) id += '-1';
  const snapshot = registerSnapshot(region, instance, id, 'automated', tags);
  await fillSnapshot(region, instance, snapshot);
}

/** Takes a snapshot off the books and its files away, the latter once nobody copies them any more. */
export async function dropSnapshot(region: Region, snapshot: Snapshot): Promise<void> {
  region.snapshots.delete(snapshot.id);
  record(region, snapshot, `Deleted ${snapshot.type} snapshot`, 'deletion');
  await Promise.allSettled(snapshot.readers);
  await rm(snapshot.folder, { recursive: true, force: true, maxRetries: 5 });
}
