import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { waitForFile } from './backup.ts';
import type { Instance, Region } from './region.ts';

/** RDS has such a table in its own database; what it writes there every few minutes is what recovery can stop after. */
export const heartbeatTable = 'CREATE TABLE rds_heartbeat2 (id integer PRIMARY KEY, value bigint)';

const write = `INSERT INTO rds_heartbeat2 VALUES (1, extract(epoch FROM clock_timestamp()) * 1000)
  ON CONFLICT (id) DO UPDATE SET value = excluded.value RETURNING value::float8 AS milliseconds`;

/**
 * Commits something, ends the WAL segment, and waits until it is in the archive. From then on the instance can be
 * restored to any time up to there: without a later commit PostgreSQL would not know that it had reached a target time.
 */
export async function beat(instance: Instance, signal?: AbortSignal): Promise<void> {
  const { milliseconds, segment } = await instance.cluster.asSuperuser('rdsadmin', async (client) => {
    const written = await client.query<{ milliseconds: number }>(write);
    const switched = await client.query<{ segment: string }>('SELECT pg_walfile_name(pg_switch_wal()) AS segment');
    return { milliseconds: written.rows[0]?.milliseconds ?? 0, segment: switched.rows[0]?.segment ?? '' };
  });
  await waitForFile(join(instance.archiveFolder, segment), signal);
  // The commit comes after the time that was read, and so after every time that is earlier than it.
  instance.restorableUntil = new Date(milliseconds - 1);
}

/** Beats at the pace `archiving` for as long as the instance is there; a server that is down is tried again. */
export async function keepBeating(region: Region, instance: Instance): Promise<void> {
  const signal = AbortSignal.any([instance.ending.signal, region.closing]);
  let since = performance.now();
  while (!signal.aborted) {
    const { archiving } = region.paces;
    const left = archiving > 0 ? archiving * 1000 - (performance.now() - since) : Number.POSITIVE_INFINITY;
    if (left > 0) {
      await sleep(Math.min(left, 200), undefined, { signal, ref: false }).catch(() => {});
      continue;
    }
    since = performance.now();
    if (instance.settings.BackupRetentionPeriod > 0 && instance.connectable)
      await beat(instance, signal).catch(() => {}); // a server that is down is asked again at the next beat
  }
}
