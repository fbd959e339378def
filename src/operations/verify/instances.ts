import type { DatabaseInstance } from '../../clients/rds.ts';
import { closest } from '../../domain/closest.ts';
import { userError } from '../../domain/errors.ts';
import type { Environment } from '../../domain/settings.ts';
import type { OperationState } from '../../domain/state.ts';
import {
  type CurrentGone,
  type CurrentInstance,
  currentInstance,
  currentOrGone,
  type Reach,
} from '../../planning/current-instance.ts';
import { lineageOf, tagKeys } from '../../planning/names.ts';
import type { History } from '../../planning/past-operation.ts';

/** The instance that is looked at, and what the environment's secret says. */
export interface Looked {
  readonly instance: DatabaseInstance;
  readonly current: CurrentInstance | CurrentGone;
  /** Whether the application uses it. */
  readonly serves: boolean;
}

type Given = Reach & { readonly history: History };

/**
 * The instance that serves, or another one of its lineage: an old one that a restore kept, one that a failed restore left.
 * @throws PitcrewError `verify.instance-unknown` with the nearest ids, `verify.instance-of-other`, and as `currentInstance`
 */
export async function lookedAt(reach: Given, environment: Environment, named: string | undefined): Promise<Looked> {
  if (named === undefined) {
    const current = await currentInstance(reach, environment);
    return { instance: current.instance, current, serves: true };
  }
  const current = await currentOrGone(reach, environment);
  const instance = await reach.rds.findInstance(named.toLowerCase());
  if (!instance) {
    const known = await knownInstances(reach, environment, current);
    throw userError('verify.instance-unknown', { given: named, closest: closest(named, known), known });
  }
  if (!isOfLineage(instance, current, environment)) {
    const known = await knownInstances(reach, environment, current);
    throw userError('verify.instance-of-other', { instance: instance.id, environment: environment.name, known });
  }
  return { instance, current, serves: instance.resourceId === current.identity.resourceId };
}

/** Of one family: the one descends from the other, or both from a third. What another environment made is its own. */
function isOfLineage(instance: DatabaseInstance, current: CurrentInstance | CurrentGone, { name }: Environment) {
  const made = instance.tags[tagKeys.environment];
  if (made !== undefined && made !== name) return false;
  const family = new Set(lineageOf(current.instance ?? current.gone));
  return lineageOf(instance).some((resourceId) => family.has(resourceId));
}

const namedMost = 8;

/** Those that pitcrew came across in this environment and that still are, the newest first. */
async function knownInstances(
  { rds, history }: Given,
  environment: Environment,
  current: CurrentInstance | CurrentGone,
): Promise<readonly string[]> {
  const past = await history.closed(environment.name);
  const ids = [current.identity.id, ...past.flatMap(instancesIn), environment.database.instance];
  const candidates = [...new Set(ids)].slice(0, namedMost);
  const found = await Promise.all(candidates.map((id) => rds.findInstance(id)));
  return found.flatMap((one) => (one && isOfLineage(one, current, environment) ? [one.id] : []));
}

const naming = ['await-instance', 'prove-old', 'hand-over'];

function instancesIn({ steps }: OperationState): readonly string[] {
  return steps
    .filter(({ step }) => naming.includes(step))
    .flatMap(({ output }) => [output?.id, output?.keptInstance])
    .filter((id) => typeof id === 'string');
}
