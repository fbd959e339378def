import { recorded } from '../../domain/errors.ts';
import type { SnapshotOutputs } from '../../domain/snapshot.ts';
import { done, nothingToUndo, type Step } from '../../domain/step.ts';
import type { DatabaseAccess } from '../../verification/access.ts';
import { settleCounters } from '../../verification/measure.ts';
import { inputOf } from '../step-input.ts';
import { baselineInput, measuringOf } from './baseline-input.ts';

/** Most sessions have told their counters after three seconds, idle ones after eleven; this is for long transactions. */
const withinSeconds = 60;

type Output = SnapshotOutputs['await-counters'];

/** After the snapshot's instant: waits until the counters have all that was committed before it. */
export function awaitCounters(access: DatabaseAccess): Step {
  return {
    id: 'await-counters',
    fence: 'read-only',
    undo: nothingToUndo,
    async run(context) {
      const { countedAt } = context.output('measure-before') as SnapshotOutputs['measure-before'];
      if (!countedAt) return done({ settled: false, unreported: null } satisfies Output);
      const measuring = measuringOf(inputOf(baselineInput, context.input), context.signal);
      try {
        const unreported = await settleCounters(access, measuring, countedAt, withinSeconds);
        return done({ settled: true, unreported } satisfies Output);
      } catch (error) {
        context.signal.throwIfAborted();
        return done({ settled: false, unreported: null, because: recorded(error).code } satisfies Output);
      }
    },
  };
}
