import { permanent, userError } from '../../domain/errors.ts';
import type { RestoreOutputs } from '../../domain/restore.ts';
import { done, nobodyAsked, nothingToUndo, type Step, wait } from '../../domain/step.ts';

/** Somebody's word wakes the operation; this only finds what a lost wake would leave lying. */
const lookAgainSeconds = 20;

/**
 * The gate of a restore-first: until people have seen the comparison and approved, nothing that anybody uses is touched.
 * A no, or no word in time, is how it ends; the instance is kept beside.
 */
export function approveCutOver(): Step {
  return {
    id: 'approve-cut-over',
    fence: 'read-only',
    polls: true,
    gate: 'cut-over',
    undo: nothingToUndo,
    async run({ gate = nobodyAsked }) {
      switch (gate.decision) {
        case 'open': {
          const said = { approved: gate.approvedBy.length, required: gate.required };
          return wait(Math.min(gate.leftSeconds + 1, lookAgainSeconds), 'wait.cut-over', said);
        }
        case 'approved':
          return done({ by: gate.approvedBy } satisfies RestoreOutputs['approve-cut-over']);
        case 'denied':
          throw userError('cut-over.denied');
        case 'late':
          throw userError('cut-over.late');
        case 'nobody':
          // Missing data denies: without people's word there is no cut-over in this order.
          throw permanent('cut-over.nobody-decides');
        default: {
          const never: never = gate.decision;
          return never;
        }
      }
    },
  };
}
