import { userError } from '../domain/errors.ts';
import type { InstanceIdentity } from '../domain/restore.ts';
import { stepState } from '../domain/state.ts';
import { swapOf } from './left-database.ts';
import { firstOf, type PastOperation, swapping } from './past-operation.ts';

/** Steps by which an operation puts the application on another instance, and those that name it. */
const switching = ['switch-secret', 'switch-back'];
const naming = ['await-instance', 'prove-old'];

/**
 * Which instance a past operation left beside the one that serves: the one that it replaced, or, where it never switched
 * or was taken back, the one that it made. Pure; whether the instance still is, RDS says.
 * @throws PitcrewError `cut-over.unknown`, `cut-over.of-other`, `rescue.not-over`, `rescue.parked`,
 *   `rescue.nothing-beside`, `rescue.database-beside`
 */
export function besideOf(
  past: PastOperation | undefined,
  operation: string,
  environment: string,
  live: Pick<InstanceIdentity, 'id' | 'resourceId'>,
): InstanceIdentity {
  const { request, phase, closed, steps = [] } = past?.state ?? {};
  if (!past || !request) throw userError('cut-over.unknown', { operation });
  if (request.environment !== environment)
    throw userError('cut-over.of-other', { operation, environment: request.environment });
  if (!closed) throw userError(phase === 'parked' ? 'rescue.parked' : 'rescue.not-over', { operation });
  const { source = null } = (past.plan?.bound.decided ?? {}) as { readonly source?: InstanceIdentity | null };
  const made = naming.map((step) => stepState(past.state, step)?.output as InstanceIdentity | undefined).find(Boolean);
  const switched = steps.some(({ step, status }) => switching.includes(step) && status !== 'undone');
  const candidates = switched ? [source, made] : [made, source];
  const beside = candidates.find((one) => one && one.resourceId !== live.resourceId);
  const kept = beside ? undefined : swapOf(past)?.kept;
  // Once the names are swapped, they are in what is recovered too.
  const until = firstOf(past.state, swapping)?.intendedAt;
  if (kept && until) throw userError('rescue.database-beside', { operation, environment, kept, until });
  if (!beside) throw userError('rescue.nothing-beside', { operation, kind: request.operation, live: live.id });
  return beside;
}
