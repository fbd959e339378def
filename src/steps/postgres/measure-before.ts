import { recorded } from '../../domain/errors.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { Records } from '../../domain/records.ts';
import type { SnapshotOutputs } from '../../domain/snapshot.ts';
import { done, keptAsEvidence, type Step, type StepContext } from '../../domain/step.ts';
import type { DatabaseAccess } from '../../verification/access.ts';
import { measurement, measurementKey } from '../../verification/baseline.ts';
import { earlierMeasured, keepMeasured } from '../../verification/earlier.ts';
import { measureBefore as measured } from '../../verification/measure.ts';
import { qualifiedName } from '../../verification/names.ts';
import { inputOf } from '../step-input.ts';
import { type BaselineInput, baselineInput, measuringOf } from './baseline-input.ts';

export interface BaselineClients {
  readonly access: DatabaseAccess;
  readonly records: Records;
}

type Output = SnapshotOutputs['measure-before'];

/**
 * Measures what a restore of the snapshot will be compared with, before the snapshot. A record is too long for an event, so it
 * is written beside the ledger. Its fence is its name, which derives from the operation: the first to write wins, so a late
 * worker changes nothing. A snapshot is worth more than its baseline: what keeps pitcrew from measuring is said, no more.
 */
export function measureBefore(clients: BaselineClients): Step {
  return {
    id: 'measure-before',
    fence: 'derived-name+tag',
    undo: keptAsEvidence,
    async run(context) {
      const input = inputOf(baselineInput, context.input);
      try {
        return done(await measure(clients, input, context));
      } catch (error) {
        context.signal.throwIfAborted();
        const none = { key: null, tables: input.checks.critical.length, counted: 0, because: recorded(error).code };
        return done(none satisfies Output);
      }
    },
  };
}

async function measure(
  { access, records }: BaselineClients,
  input: BaselineInput,
  context: StepContext,
): Promise<Output> {
  const key = measurementKey(input.snapshot);
  const { resourceId, source, checks } = input;
  if (!(await records.read(key))) {
    const earlier = await earlierMeasured(records, resourceId, source.database);
    const found = await measured(access, measuringOf(input, context.signal), context.operation, earlier);
    context.signal.throwIfAborted();
    await records.write(key, found as unknown as JsonObject);
  }
  // Whoever was first: what stands is what counts.
  const stands = measurement.parse(await records.read(key));
  await keepMeasured(records, resourceId, stands);
  const counts = Object.values(stands.tables).filter(({ rows }) => rows !== null);
  const oldest = counts.map(({ countedAt }) => countedAt).sort()[0] ?? stands.at;
  const counted = checks.critical.filter((table) => stands.tables[qualifiedName(table)]?.rows != null).length;
  return { key, tables: checks.critical.length, counted, countedAt: oldest };
}
