import { userError } from '../domain/errors.ts';
import type { InstanceIdentity } from '../domain/restore.ts';
import { swapOf } from './left-database.ts';
import { afterOf, type PastOperation, switching } from './past-operation.ts';

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
  const made = afterOf(past.state);
  const switched = steps.some(({ step, status }) => switching.includes(step) && status !== 'undone');
  const candidates = switched ? [source, made] : [made, source];
  const beside = candidates.find((one) => one && one.resourceId !== live.resourceId);
  if (beside) return beside;
  const swap = swapOf(past);
  if (!swap) throw userError('rescue.nothing-beside', { operation, kind: request.operation, live: live.id });
  const { kept, begunAt: until } = swap;
  throw userError('rescue.database-beside', { operation, environment, kept, until });
}
