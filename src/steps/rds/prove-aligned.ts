import type { DatabaseInstance } from '../../clients/rds.ts';
import { permanent, retryable } from '../../domain/errors.ts';
import type { Json, JsonObject } from '../../domain/json.ts';
import type { RestoreOutputs } from '../../domain/restore.ts';
import {
  type Done,
  done,
  number,
  object,
  type Step,
  type StepContext,
  text,
  type Wait,
  wait,
} from '../../domain/step.ts';
import { isTerminal } from './await-instance.ts';
import { lookingStep } from './looking-step.ts';
import type { RdsIn } from './rds-in.ts';

/** Settings of which more than asked for is no fault: RDS rounds storage and its speed up. */
const atLeast: ReadonlySet<string> = new Set(['AllocatedStorage', 'Iops', 'StorageThroughput']);

interface Difference {
  readonly setting: string;
  readonly expected: string;
  readonly found: string;
}

/**
 * Input: `region`, `instance`, `expected` (settings that a client of the database can feel) and `pollSeconds`.
 * The cut-over waits for this step: a database behind the wrong security group is not restored.
 */
export function proveAligned({ rds }: { rds: RdsIn<'findInstance'> }): Step {
  return lookingStep('prove-aligned', (context) => look(rds, context));
}

async function look(rds: RdsIn<'findInstance'>, { input }: StepContext): Promise<Done | Wait> {
  const id = text(input, 'instance');
  const expected = object(input, 'expected');
  const found = await rds(text(input, 'region')).findInstance(id);
  if (!found) throw retryable('restore.instance-gone', { instance: id });
  if (isTerminal(found.status)) throw permanent('restore.instance-failed', { instance: id, status: found.status });
  const differences = differing(found, expected);
  const settled = found.parameterStatus === 'in-sync';
  if (differences.length === 0 && settled)
    return done({ compared: Object.keys(expected).length } satisfies RestoreOutputs['prove-aligned']);
  if (isChanging(found)) return waiting(found, differences, number(input, 'pollSeconds'));
  if (differences.length === 0 && found.parameterStatus === 'pending-reboot')
    throw permanent('restore.parameters-pending', { instance: id, group: found.settings.DBParameterGroupName ?? '' });
  throw permanent('restore.settings-differ', {
    instance: id,
    parameters: found.parameterStatus,
    differences: differences.map((one) => ({ ...one })),
  });
}

/**
 * True while RDS may still bring the instance to what was asked for. `pending-reboot` is not among it: an instance starts
 * with its group's values, so somebody has changed the group since. Nobody reboots it here: a reboot has no fence, and one
 * by a worker that wakes late would hit the application on its new database.
 */
const isChanging = ({ status, pending, parameterStatus }: DatabaseInstance) =>
  status !== 'available' || pending.length > 0 || parameterStatus === 'applying';

function waiting({ id, status, pending }: DatabaseInstance, differences: readonly Difference[], seconds: number) {
  const settings = [...new Set([...differences.map(({ setting }) => setting), ...pending])].join(', ');
  return wait(seconds, 'wait.rds-settings', { instance: id, status, settings });
}

function differing({ settings }: DatabaseInstance, expected: JsonObject): readonly Difference[] {
  const seen = settings as Readonly<Record<string, Json>>;
  return Object.entries(expected)
    .filter(([name, value]) => !fits(name, seen[name], value))
    .map(([setting, value]) => ({ setting, expected: shown(value), found: shown(seen[setting]) }));
}

function fits(name: string, seen: Json | undefined, wanted: Json | undefined): boolean {
  if (atLeast.has(name) && typeof seen === 'number' && typeof wanted === 'number') return seen >= wanted;
  return JSON.stringify(seen) === JSON.stringify(wanted);
}

function shown(value: Json | undefined): string {
  if (value === undefined) return '-';
  return Array.isArray(value) ? value.join(', ') : String(value);
}
