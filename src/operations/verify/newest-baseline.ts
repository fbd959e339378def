import type { DatabaseInstance, Rds } from '../../clients/rds.ts';
import { baselineKey, type Records } from '../../domain/records.ts';
import type { RecoveryPoint } from '../../domain/restore.ts';
import type { Instant } from '../../domain/time.ts';
import { tagKeys } from '../../planning/names.ts';
import type { History } from '../../planning/past-operation.ts';
import { snapshotsOf } from '../../planning/recovery-points.ts';
import { baselineFrom } from '../../verification/baseline.ts';

interface Given {
  readonly rds: Pick<Rds, 'listSnapshots'>;
  readonly records: Pick<Records, 'list' | 'read'>;
  readonly history: Pick<History, 'find'>;
}

export interface FoundBaseline {
  readonly key: string;
  readonly at: Instant;
}

/**
 * The newest that was measured on the instance itself, else that of the snapshot which it was restored from. What was
 * measured on the instance before it, after that snapshot, is of data that this one never had.
 */
export async function newestBaseline(
  { rds, records, history }: Given,
  instance: DatabaseInstance,
  database: string,
): Promise<FoundBaseline | undefined> {
  const written = new Set(await records.list(baselineKey('')));
  if (written.size === 0) return undefined;
  const firstOf = async (arns: readonly string[]): Promise<FoundBaseline | undefined> => {
    for (const key of arns.map(baselineKey).filter((one) => written.has(one))) {
      const baseline = baselineFrom(await records.read(key));
      if (baseline?.database === database) return { key, at: baseline.at };
    }
    return undefined;
  };
  const own = (await snapshotsOf(rds, instance)).filter(({ resourceId }) => resourceId === instance.resourceId);
  return (await firstOf(own.map(({ arn }) => arn))) ?? firstOf(await originOf(history, instance));
}

/** The snapshot that an operation made the instance from, as its plan says. */
async function originOf(history: Pick<History, 'find'>, { tags }: DatabaseInstance): Promise<readonly string[]> {
  const operation = tags[tagKeys.operation];
  const plan = operation === undefined ? undefined : (await history.find(operation))?.plan;
  const { recoveryPoint } = (plan?.bound.decided ?? {}) as { readonly recoveryPoint?: RecoveryPoint };
  return recoveryPoint?.kind === 'snapshot' ? [recoveryPoint.arn] : [];
}
