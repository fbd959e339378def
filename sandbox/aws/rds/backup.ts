import { copyFile, mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Household } from '../../household.ts';
import type { Cluster } from './cluster.ts';
import { asPostgres, giveToPostgres, run } from './run.ts';

/** What PostgreSQL's documentation tells a backup of the files to leave out ("Backing Up the Data Directory"). */
const emptied = [
  'pg_wal',
  'pg_replslot',
  'pg_dynshmem',
  'pg_notify',
  'pg_serial',
  'pg_snapshots',
  'pg_stat_tmp',
  'pg_subtrans',
];
const omitted = ['postmaster.pid', 'postmaster.opts', 'pg_internal.init'];

export interface BackupOptions {
  readonly household: Household;
  readonly cluster: Cluster;
  readonly archiveFolder: string;
  /** Becomes a data folder that a server recovers from by itself. */
  readonly target: string;
  readonly now: () => Date;
}

export interface Backup {
  /** The instant of the backup: everything committed before it is in. */
  readonly takenAt: Date;
  /** From here on, by the machine's own clock, recovery can go on to a later point in time. */
  readonly consistentAt: Date;
  /** The oldest WAL segment that it needs. */
  readonly firstSegment: string;
}

/**
 * A physical backup of a running cluster (PostgreSQL's low-level API). It ends with `pg_backup_stop`, which closes the
 * WAL segment, and takes along the segments up to there: recovery ends exactly at that point.
 */
export async function backUp({ household, cluster, archiveFolder, target, now }: BackupOptions): Promise<Backup> {
  await mkdir(join(target, 'pg_wal/archive_status'), { recursive: true, mode: 0o700 });
  for (const name of emptied) await mkdir(join(target, name), { recursive: true, mode: 0o700 });
  await giveToPostgres(target, join(target, 'pg_wal/archive_status'), ...emptied.map((name) => join(target, name)));
  return cluster.asSuperuser('postgres', async (client) => {
    await client.query("SELECT pg_backup_start('snapshot', true)");
    await copyFiles(household, cluster.dataFolder, target);
    const takenAt = now();
    const { rows } = await client.query<{ label: string; map: string; last: string }>(
      'SELECT labelfile AS label, spcmapfile AS map, pg_walfile_name(lsn) AS last FROM pg_backup_stop(false)',
    );
    const consistentAt = new Date(Date.now() + 1); // the clock's millisecond had begun already
    const [stop] = rows;
    const first = /\(file ([0-9A-F]{24})\)/.exec(stop?.label ?? '')?.[1];
    if (!stop || !first) throw new Error('PostgreSQL gave no backup label');
    await writeFile(join(target, 'backup_label'), stop.label, { mode: 0o600 });
    await giveToPostgres(join(target, 'backup_label'));
    await copySegments(archiveFolder, join(target, 'pg_wal'), first, stop.last);
    return { takenAt, consistentAt, firstSegment: first };
  });
}

/** A table that is dropped while the copy runs takes its files away; recovery knows of it. */
const vanished = (line: string) => line.endsWith('No such file or directory');

async function copyFiles(household: Household, from: string, to: string) {
  const entries = (await readdir(from)).filter((name) => !emptied.includes(name) && !omitted.includes(name));
  const sources = entries.map((name) => join(from, name));
  await run(household, 'cp', ['-a', '--reflink=auto', ...sources, to], { ...asPostgres, tolerates: vanished });
}

/** The archive has a segment as soon as the archiver got round to it, which takes a moment. */
const archiverSeconds = 30;

async function copySegments(archive: string, to: string, first: string, last: string) {
  await waitForFile(join(archive, last));
  const segments = (await readdir(archive)).filter((name) => isSegment(name) && name >= first && name <= last);
  for (const name of segments) await copyFile(join(archive, name), join(to, name));
  await giveToPostgres(...segments.map((name) => join(to, name)));
}

/** @throws Error when the segment is not in the archive in time, or the signal is aborted */
export async function waitForFile(path: string, signal?: AbortSignal) {
  for (const deadline = performance.now() + archiverSeconds * 1000; performance.now() < deadline; await sleep(20)) {
    if (await stat(path).catch(() => undefined)) return;
    signal?.throwIfAborted();
  }
  throw new Error(`WAL segment ${path} was not archived within ${archiverSeconds} s`);
}

export const isSegment = (name: string) => /^[0-9A-F]{24}$/.test(name);
