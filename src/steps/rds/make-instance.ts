import type { DatabaseInstance, Rds } from '../../clients/rds.ts';
import { permanent, retryable } from '../../domain/errors.ts';

interface Wanted {
  readonly id: string;
  readonly operation: string;
  /** The key of the tag that says whose an instance is. */
  readonly operationTag: string;
  make(): Promise<DatabaseInstance | 'exists'>;
}

/**
 * RDS takes no client token for a new instance, so the derived name and the tag are the identity of the call: looks first,
 * makes, and where the first try of the call was taken and its answer lost, adopts what that one made.
 * @throws PitcrewError `restore.name-taken` when the instance is not this operation's, and whatever `make` throws
 */
export async function makeInstance(
  here: Pick<Rds, 'findInstance'>,
  wanted: Wanted,
): Promise<{ readonly instanceId: string; readonly adopted: boolean }> {
  const { id } = wanted;
  const before = await here.findInstance(id);
  if (before) return adopted(before, wanted);
  const made = await wanted.make();
  if (made !== 'exists') return { instanceId: made.id, adopted: false };
  const now = await here.findInstance(id);
  if (!now) throw retryable('restore.instance-gone', { instance: id });
  return adopted(now, wanted);
}

function adopted({ id, tags }: DatabaseInstance, { operation, operationTag }: Wanted) {
  const owner = tags[operationTag];
  if (owner !== operation) throw permanent('restore.name-taken', { instance: id, owner: owner ?? null });
  return { instanceId: id, adopted: true };
}
