import type { Plan, PlannedStep } from '../../../domain/plan.ts';
import type { RestoreDecided, RestoreShown } from '../../../domain/restore.ts';
import { type Environment, workloadName } from '../../../domain/settings.ts';
import { accountAndRegion, type CurrentInstance } from '../../../planning/current-instance.ts';
import type { ResolvedDump } from '../../../planning/dump-point.ts';
import { verificationSet } from '../proof.ts';

interface OnLive {
  readonly environment: Environment;
  readonly current: CurrentInstance;
  readonly dump: ResolvedDump;
}

/** The plan of a load on the instance that serves: beside the live database, or over it. */
export function planOnLive(
  { environment, current, dump }: OnLive,
  how: Pick<RestoreDecided, 'mode' | 'order' | 'onFailure'>,
  steps: readonly PlannedStep[],
  shown: RestoreShown,
): Plan {
  const { identity, secret } = current;
  const workloads = environment.workloads.map(workloadName);
  const decided: RestoreDecided = {
    recoveryPoint: dump.point,
    source: identity,
    targetId: identity.id,
    ...how,
    workloads,
    verification: verificationSet(environment.checks),
  };
  return {
    bound: {
      operation: 'restore',
      environment: environment.name,
      ...accountAndRegion(identity.arn),
      steps,
      resources: [identity.arn, secret.arn, ...workloads].sort(),
      onFailure: how.onFailure,
      decided,
    },
    shown,
  };
}
