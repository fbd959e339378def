import type { LastVerified } from '../domain/backup.ts';
import { dumpAddress } from '../domain/records.ts';
import type { RecoveryPoint } from '../domain/restore.ts';
import { type OperationState, type StepState, stepState } from '../domain/state.ts';
import type { VerificationReport } from '../domain/verification.ts';
import type { History, PastOperation } from './past-operation.ts';

/**
 * Which backups were proven, each by the newest closed operation that did: a restore of it verified the database that came
 * out, a dump was read back whole. A verification of the database that serves proves no backup.
 */
export async function lastVerified(history: History, environment: string): Promise<ReadonlyMap<string, LastVerified>> {
  const closed = (await history.closed(environment)).toSorted(newestFirst);
  const past = await Promise.all(closed.filter(mayProve).map(({ id }) => history.find(id).catch(() => undefined)));
  const proven = new Map<string, LastVerified>();
  for (const one of past) {
    const found = one && provenBy(one);
    if (found && !proven.has(found.backup)) proven.set(found.backup, found.verified);
  }
  return proven;
}

const newestFirst = (a: OperationState, b: OperationState) => ((a.closed?.at ?? '') < (b.closed?.at ?? '') ? 1 : -1);

const checked = 'verify-database';
/** The steps that read an archive whole, or see that it was. */
const readBack = ['check-dump', 'check-adopt'];

const firstDone = (state: OperationState, steps: readonly string[]): StepState | undefined =>
  steps.map((id) => stepState(state, id)).find((step) => step?.output !== undefined);

const mayProve = (state: OperationState) => firstDone(state, [checked, ...readBack]) !== undefined;

/** What an operation proved of which backup; undefined where it proved none. Pure. */
export function provenBy({ state, plan }: PastOperation): { backup: string; verified: LastVerified } | undefined {
  const read = firstDone(state, readBack);
  if (read?.output) {
    const { bucket, key } = read.output as unknown as { readonly bucket: string; readonly key: string };
    const at = read.endedAt ?? read.intendedAt;
    return { backup: dumpAddress({ bucket, key }), verified: { operation: state.id, by: 'read', at, outcome: 'pass' } };
  }
  const step = stepState(state, checked);
  const { recoveryPoint } = (plan?.bound.decided ?? {}) as { readonly recoveryPoint?: RecoveryPoint };
  const backup = recoveryPoint && backupOf(recoveryPoint);
  if (!step?.output || backup === undefined) return undefined;
  const { report } = step.output as unknown as { readonly report: VerificationReport };
  const at = step.endedAt ?? step.intendedAt;
  return { backup, verified: { operation: state.id, by: 'restore', at, outcome: report.outcome } };
}

/** A moment in RDS's log is no backup that lies somewhere. */
function backupOf(point: RecoveryPoint): string | undefined {
  if (point.kind === 'snapshot') return point.arn;
  return point.kind === 'dump' ? dumpAddress(point) : undefined;
}
