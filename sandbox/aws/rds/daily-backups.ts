import { expire, takeAutomatedSnapshot } from './backups.ts';
import type { Region } from './region.ts';
import { requireAvailable } from './states.ts';
import { walk } from './walk.ts';

/** What RDS does once a day to every instance with automated backups, and to those that deleted instances have left. */
export async function takeDailyBackups(region: Region): Promise<void> {
  const live = [...region.instances.values()].filter(({ settings }) => settings.BackupRetentionPeriod > 0);
  for (const instance of live) requireAvailable(region, instance);
  for (const instance of live) {
    walk(region, instance, (step) => step('backing-up', 'backingUp', () => takeAutomatedSnapshot(region, instance)));
  }
  await Promise.all(live.map(({ work }) => work));
  for (const instance of [...live, ...region.retained.values()]) await expire(region, instance);
}
