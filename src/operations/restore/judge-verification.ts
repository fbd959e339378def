import { permanent } from '../../domain/errors.ts';
import type { RestoreOutputs } from '../../domain/restore.ts';
import { done, nothingToUndo, type Step } from '../../domain/step.ts';

/** An error goes into the ledger, whose events are bounded: the report itself has all findings. */
const mostFindings = 20;

/**
 * The gate before the cut-over. Only what failed closes it; "not proven" is shown as such and passes, because people
 * approved the plan knowing what it can't prove.
 */
export function judgeVerification(): Step {
  return {
    id: 'judge-verification',
    fence: 'read-only',
    undo: nothingToUndo,
    async run(context) {
      const { report } = context.output('verify-database') as unknown as RestoreOutputs['verify-database'];
      const failures = report.results.filter(({ outcome }) => outcome === 'fail');
      if (report.outcome !== 'fail' && failures.length === 0)
        return done({ outcome: report.outcome } satisfies RestoreOutputs['judge-verification']);
      const findings = failures
        .slice(0, mostFindings)
        .map(({ check, finding, params }) => ({ check, finding, params }));
      throw permanent('restore.verification-failed', { failed: failures.length, findings });
    },
  };
}
