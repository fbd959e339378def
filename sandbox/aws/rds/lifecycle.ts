import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { takeAutomatedSnapshot } from './backups.ts';
import type { Tag } from './checks.ts';
import { copyData, createCluster, makeFolder } from './cluster.ts';
import type { Configuration, Recovery } from './configuration.ts';
import { keepBeating } from './heartbeat.ts';
import { findParameterGroup } from './parameter-groups.ts';
import { type Instance, newResourceId, type Region, record, type Snapshot } from './region.ts';
import { createMaster } from './roles.ts';
import { giveToPostgres } from './run.ts';
import type { Settings } from './settings.ts';
import { EndState, type Step, walk } from './walk.ts';

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
    restorableUntil: undefined,
    archiveReaders: new Set(),
    status: 'creating',
    pending: { settings: {} },
    parameterStatus: 'in-sync',
    applied: undefined,
    roles: [],
    replicaOf: undefined,
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

/** What a point-in-time recovery goes on with after its base: the archive of the source, up to a time. */
export interface Replay {
  readonly source: Instance;
  readonly until: Date;
}

/** The walk of a restored instance: creating, backing-up, modifying, available. The server goes through real recovery. */
export function bringBack(region: Region, instance: Instance, snapshot: Snapshot, replay?: Replay): void {
  const release = hold(snapshot.readers, replay?.source.archiveReaders);
  walk(region, instance, async (step) => {
    try {
      await step('creating', 'restoring', async () => {
        await openFolders(instance);
        await rebuild(region, instance, snapshot, replay).finally(release);
        const from = replay
          ? `Restored from ${replay.source.id} to ${replay.until.toISOString()}`
          : `Restored from snapshot ${snapshot.id}`;
        welcome(region, instance, from);
      });
    } finally {
      release(); // a walk that is called off doesn't get to its first step
    }
    await firstBackup(region, instance, step);
    await step('modifying', 'modifying');
  });
}

/** Joins the readers at once, so that nothing is taken away between the answer and the first file. Returns the way out. */
function hold(...sets: readonly (Set<Promise<void>> | undefined)[]): () => void {
  const { promise, resolve } = Promise.withResolvers<void>();
  for (const readers of sets) readers?.add(promise);
  return () => {
    resolve();
    for (const readers of sets) readers?.delete(promise);
  };
}

async function rebuild(region: Region, instance: Instance, snapshot: Snapshot, replay: Replay | undefined) {
  try {
    await copyData(region.household, snapshot.folder, instance.cluster.dataFolder);
    if (replay) await recover(region, instance, replay);
    await startServer(region, instance);
  } catch (error) {
    throw new EndState('incompatible-restore', error);
  }
}

/** PostgreSQL's own archive recovery up to the time. Its settings are gone with the restart that follows. */
async function recover(region: Region, instance: Instance, { source, until }: Replay): Promise<void> {
  const signal = join(instance.cluster.dataFolder, 'recovery.signal');
  await writeFile(signal, '');
  await giveToPostgres(signal);
  const { archiveFolder } = source;
  await instance.cluster.start(configurationOf(region, instance, { archiveFolder, until }));
  await instance.cluster.stop('fast');
}

export async function openFolders(instance: Instance) {
  await makeFolder(instance.cluster.folder);
  await makeFolder(instance.archiveFolder);
}

export function welcome(region: Region, instance: Instance, message: string) {
  instance.createdAt = region.now();
  record(region, instance, message, 'creation');
}

/** With automated backups on, RDS takes the first one at once; the instance can be connected to meanwhile. */
async function firstBackup(region: Region, instance: Instance, step: Step) {
  instance.connectable = true;
  void keepBeating(region, instance);
  if (instance.settings.BackupRetentionPeriod > 0) {
    await step('backing-up', 'backingUp', () => takeAutomatedSnapshot(region, instance));
  }
}

export async function startServer(region: Region, instance: Instance): Promise<void> {
  const configuration = configurationOf(region, instance);
  await instance.cluster.start(configuration);
  instance.applied = { group: instance.settings.DBParameterGroupName, parameters: configuration.parameters };
  instance.parameterStatus = 'in-sync';
}

/** RDS's own; the heartbeat ends segments much earlier here. */
const archiveTimeoutSeconds = 300;

export function configurationOf(region: Region, instance: Instance, recovery?: Recovery): Configuration {
  const source = [...region.instances.values()].find(({ resourceId }) => resourceId === instance.replicaOf);
  return {
    archiveFolder: instance.archiveFolder,
    archiveTimeoutSeconds,
    certificate: region.certificate,
    parameters: findParameterGroup(region, instance.settings.DBParameterGroupName).parameters,
    ...(recovery ? { recovery } : {}),
    ...(source
      ? {
          primary: {
            socketFolder: source.cluster.folder,
            port: source.cluster.port,
            archiveFolder: source.archiveFolder,
          },
        }
      : {}),
  };
}

/** A restart of the server, with the parameters that its group has now; they may be such that it doesn't come up. */
export async function restart(region: Region, instance: Instance): Promise<void> {
  await instance.cluster.stop('fast');
  await startServer(region, instance).catch((error: unknown) => {
    throw new EndState('incompatible-parameters', error);
  });
  record(region, instance, 'DB instance restarted', 'availability');
}
