import type { CreateRequest, PointInTimeRequest, RestoreRequest } from '../../clients/rds.ts';
import { userError } from '../../domain/errors.ts';
import type { PlanRequest } from '../../domain/operation.ts';
import type { Environment } from '../../domain/settings.ts';
import type { CurrentGone, CurrentInstance } from '../../planning/current-instance.ts';
import type { ResolvedDump } from '../../planning/dump-point.ts';
import { lineageOf } from '../../planning/names.ts';
import { type ResolvedInstant, sourceOfRestore } from '../../planning/point-in-time.ts';
import type { ResolvedSnapshot } from '../../planning/recovery-points.ts';
import { ownTags } from '../../planning/restore-parameters.ts';
import { type InstancePlan, planInstance, planInstanceAt } from '../../planning/restore-request.ts';
import type { RestoreGiven } from '../../planning/restore-rules.ts';
import {
  goneSource,
  liveSource,
  refuseUnknown,
  type SourceSettings,
  type Witnesses,
} from '../../planning/source-settings.ts';
import { type LoadFacts, loadFacts, planForDump } from './from-dump/new-instance.ts';
import type { RestoreClients } from './steps.ts';

// The instance that a restore makes: what it is like, and where each of its settings comes from.

type FromBackup = ResolvedSnapshot | ResolvedInstant;
/** Where the database goes back to, as it was found. */
export type Recovery = FromBackup | ResolvedDump;

export interface NewInstance {
  readonly instancePlan: InstancePlan<RestoreRequest | PointInTimeRequest | CreateRequest>;
  /** Of a dump alone: what has to be made before it can be loaded. */
  readonly load: LoadFacts | null;
}

interface Known {
  readonly environment: Environment;
  readonly current: CurrentInstance | CurrentGone;
  readonly recovery: Recovery;
  readonly targetId: string;
  readonly source: SourceSettings;
}

/** What the new instance is to be like: the live one, or what is remembered of it. */
export function sourceOf(current: Known['current'], recovery: Recovery): SourceSettings {
  if (current.instance) return liveSource(current.instance);
  return goneSource({ ...current.gone, ...witnessOf(recovery) });
}

/** What a dump tells of the instance that it was made of: the version of its server. */
function witnessOf(recovery: Recovery): Pick<Witnesses, 'backup' | 'snapshot' | 'silent'> {
  if (recovery.kind === 'snapshot') return { backup: recovery.snapshot, snapshot: recovery.snapshot.id };
  if (recovery.kind === 'point-in-time') return { backup: recovery.backup };
  return { backup: { engineVersion: recovery.point.serverVersion, tags: {}, settings: {} }, silent: true };
}

/** @throws PitcrewError `restore.settings-unknown`, `restore.parameter-group-gone`, `restore.subnet-group-gone`, and as `loadFacts` */
export async function planNew(clients: RestoreClients, request: PlanRequest, known: Known): Promise<NewInstance> {
  const { environment, current, recovery, targetId, source } = known;
  const { profile } = environment.restore;
  const rds = clients.rds(environment.region);
  refuseUnknown(source, profile, current.identity.id);
  const name = profile.parameterGroup ?? source.settings.DBParameterGroupName ?? '';
  const group = await rds.findParameterGroup(name);
  if (!group) throw userError('restore.parameter-group-gone', { group: name });
  const given = {
    source,
    profile,
    targetId,
    tags: ownTags(request.operationId, environment.name, lineageOf(current.instance ?? current.gone)),
    parameterFamily: group.family,
  };
  const made =
    recovery.kind === 'dump'
      ? await forDump(clients, known, recovery, given)
      : { instancePlan: requestFor(recovery, given), load: null };
  const subnets = made.instancePlan.request.DBSubnetGroupName;
  if (subnets && !(await rds.findSubnetGroup(subnets)))
    throw userError('restore.subnet-group-gone', { group: subnets });
  return made;
}

async function forDump(
  clients: RestoreClients,
  { environment, current, source }: Known,
  dump: ResolvedDump,
  given: Omit<RestoreGiven, 'backup'>,
): Promise<NewInstance> {
  const load = await loadFacts(clients, environment, current, source, dump);
  return { instancePlan: planForDump(given, dump, load), load };
}

function requestFor(recovery: FromBackup, given: Omit<RestoreGiven, 'backup'>): NewInstance['instancePlan'] {
  if (recovery.kind === 'snapshot')
    return planInstance({ ...given, backup: recovery.snapshot, snapshot: recovery.snapshot });
  const { point, backup } = recovery;
  return planInstanceAt({ ...given, backup, from: sourceOfRestore(point), to: point.at ?? 'latest' });
}
