import { RdsError } from './errors.ts';
import { type Instance, type Region, statusOf } from './region.ts';

/** The states in which RDS takes a snapshot, a change or a reboot. */
const workable: readonly string[] = ['available', 'storage-optimization'];

/** @throws RdsError InvalidDBInstanceState */
export function requireAvailable(region: Region, instance: Instance): void {
  if (workable.includes(statusOf(region, instance))) return;
  throw new RdsError('InvalidDBInstanceState', `Instance ${instance.id} is not in available state.`);
}
