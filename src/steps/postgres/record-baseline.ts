import { recorded } from '../../domain/errors.ts';
import type { JsonObject } from '../../domain/json.ts';
import { baselineKey } from '../../domain/records.ts';
import type { SnapshotOutputs } from '../../domain/snapshot.ts';
import { done, keptAsEvidence, type Step, type StepContext } from '../../domain/step.ts';
import type { Instant } from '../../domain/time.ts';
import { baselineFrom, boundsOf, measurement } from '../../verification/baseline.ts';
import { measureAfter } from '../../verification/measure.ts';
import { inputOf } from '../step-input.ts';
import { type BaselineInput, baselineInput, measuringOf } from './baseline-input.ts';
import type { BaselineClients } from './measure-before.ts';

type Output = SnapshotOutputs['record-baseline'];

/** Reads the counters once more and writes the snapshot's baseline, once. Its fence is that of `measure-before`. */
export function recordBaseline(clients: BaselineClients): Step {
  return {
    id: 'record-baseline',
    fence: 'derived-name+tag',
    undo: keptAsEvidence,
    async run(context) {
      const { key, tables, because } = context.output('measure-before') as SnapshotOutputs['measure-before'];
      const settled = context.output('await-counters') as SnapshotOutputs['await-counters'];
      const none = (code?: string) =>
        done({ key: null, tables, proven: 0, ...(code ? { because: code } : {}) } satisfies Output);
      if (key === null || !settled.settled) return none(because ?? settled.because);
      try {
        const input = inputOf(baselineInput, context.input);
        return done(await record(clients, input, context, { key, unreported: settled.unreported }));
      } catch (error) {
        context.signal.throwIfAborted();
        return none(recorded(error).code);
      }
    },
  };
}

async function record(
  { access, records }: BaselineClients,
  input: BaselineInput,
  context: StepContext,
  { key, unreported }: { readonly key: string; readonly unreported: Instant | null },
): Promise<Output> {
  const snapshot = context.output('await-snapshot') as SnapshotOutputs['await-snapshot'];
  const name = baselineKey(snapshot.arn);
  if (!(await records.read(name))) {
    const before = measurement.parse(await records.read(key));
    const of = { snapshot: snapshot.arn, snapshotAt: snapshot.at, unreported };
    const baseline = await measureAfter(access, measuringOf(input, context.signal), before, of);
    context.signal.throwIfAborted();
    await records.write(name, baseline as unknown as JsonObject);
  }
  const stands = baselineFrom(await records.read(name));
  const { critical } = input.checks;
  const proven = critical.filter((table) => stands && boundsOf(stands, table).kind === 'bounds').length;
  return { key: name, tables: critical.length, proven };
}
