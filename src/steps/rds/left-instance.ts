import type { DatabaseInstance, Rds } from '../../clients/rds.ts';
import { permanent } from '../../domain/errors.ts';
import { isTerminal } from './await-instance.ts';

/**
 * The instance that is to be deleted, by its name and its resource id: a name can be given to another instance, a
 * resource id can't (RDS User Guide, "Renaming a DB instance"). Undefined where nothing has the name.
 * @throws PitcrewError `cleanup.is-another`
 */
export async function leftInstance(
  rds: Pick<Rds, 'findInstance'>,
  { instance: id, resourceId: expected }: { readonly instance: string; readonly resourceId: string },
): Promise<DatabaseInstance | undefined> {
  const found = await rds.findInstance(id);
  if (found && found.resourceId !== expected)
    throw permanent('cleanup.is-another', { instance: id, expected, found: found.resourceId });
  return found;
}

/** RDS takes no snapshot of such an instance, and doesn't bring it back by itself; without one nothing is deleted. */
export const givesNoSnapshot = (status: string) =>
  isTerminal(status) || ['deleting', 'stopped', 'stopping'].includes(status);
