import { permanent } from '../../domain/errors.ts';
import type { RestoreOutputs } from '../../domain/restore.ts';
import { done, nobodyAsked, nothingToUndo, type Step, type StepContext, wait } from '../../domain/step.ts';
import type { CheckResult, Outcome, VerificationReport } from '../../domain/verification.ts';

/** An error goes into the ledger, whose events are bounded: the report itself has all findings. */
const mostFindings = 20;
/** Somebody's word wakes the operation; this only finds what a lost wake would leave lying, while the service is down. */
const lookAgainSeconds = 20;

/**
 * Input: `serves` where the application serves meanwhile. The gate before the cut-over. Only what failed closes it; "not proven" is shown as such and passes, because people
 * approved the plan knowing what it can't prove. People may open it again, for as long as the policy lets them.
 */
export function judgeVerification(): Step {
  return {
    id: 'judge-verification',
    fence: 'read-only',
    polls: true,
    gate: 'findings',
    undo: nothingToUndo,
    async run(context) {
      const { outcome, failures } = found(context);
      if (outcome !== 'fail') return done({ outcome } satisfies RestoreOutputs['judge-verification']);
      const { gate = nobodyAsked } = context;
      const count = failures.length;
      switch (gate.decision) {
        case 'open':
          return wait(Math.min(gate.leftSeconds + 1, lookAgainSeconds), 'wait.findings', {
            findings: count,
            required: gate.required,
            ...(context.input.serves === true ? { serves: 'yes' } : {}),
          });
        case 'approved':
          return done({
            outcome: 'accepted',
            by: gate.approvedBy,
            findings: count,
          } satisfies RestoreOutputs['judge-verification']);
        case 'nobody':
        case 'denied':
        case 'late':
          throw permanent('restore.verification-failed', {
            failed: count,
            asked: gate.decision,
            findings: failures.slice(0, mostFindings).map(({ check, finding, params }) => ({ check, finding, params })),
          });
        default: {
          const never: never = gate.decision;
          return never;
        }
      }
    },
  };
}

interface Found {
  readonly outcome: Outcome;
  /** What speaks against the cut-over: not what was wrong before the backup was made. */
  readonly failures: readonly CheckResult[];
}

function found(context: StepContext): Found {
  const { report } = context.output('verify-database') as unknown as { readonly report: VerificationReport };
  const job = context.isDone('await-check-job')
    ? [(context.output('await-check-job') as unknown as { readonly result: CheckResult }).result]
    : [];
  const failures = [...report.results, ...job].filter(blocks);
  const failed = report.outcome === 'fail' || failures.length > 0;
  const unproven = [report, ...job].some(({ outcome }) => outcome === 'not-proven');
  return { outcome: failed ? 'fail' : unproven ? 'not-proven' : 'pass', failures };
}

const blocks = ({ outcome }: CheckResult) => outcome === 'fail';
