import type { InPlaceOutputs } from '../../../domain/in-place.ts';
import type { JsonObject } from '../../../domain/json.ts';
import type { PlannedStep } from '../../../domain/plan.ts';
import { lineageOf, tagKeys } from '../../../planning/names.ts';
import { ownTags } from '../../../planning/restore-parameters.ts';
import { type StepGraph, stepsOf } from '../../../planning/step-graph.ts';
import type { HandOverInput } from '../../../steps/kubernetes/hand-over.ts';
import type { ProveOnNewInput } from '../../../steps/kubernetes/prove-on-new.ts';
import type { ProveStoppedInput } from '../../../steps/kubernetes/prove-stopped.ts';
import type { RecordApplicationInput } from '../../../steps/kubernetes/record-application.ts';
import type { StopApplicationInput } from '../../../steps/kubernetes/stop-application.ts';
import type { WatchStoppedInput } from '../../../steps/kubernetes/watch-stopped.ts';
import type { BarWritersInput } from '../../../steps/postgres/bar-writers.ts';
import type { LetInInput } from '../../../steps/postgres/let-in.ts';
import type { LoadedInput } from '../../../steps/postgres/load-in-place.ts';
import { pinnedChecks } from '../../../steps/postgres/verification-input.ts';
import type { VerifyDatabaseInput } from '../../../steps/postgres/verify-database.ts';
import { roleSecret } from '../../../steps/step-input.ts';
import { commandInputs } from '../check-command.ts';
import type { InPlaceFacts } from './in-place-facts.ts';
import { jobFor } from './load-job.ts';

type StepId = keyof InPlaceOutputs;
type Inputs = { readonly [Step in StepId]: JsonObject };

/** In turn: nothing is loaded before the rescue snapshot is whole and everybody barred; nothing starts before it is verified. */
export const graph: StepGraph<StepId> = [
  ['record-application', []],
  ['await-instance', []],
  ['stop-application', ['record-application', 'await-instance']],
  ['prove-stopped', ['stop-application']],
  ['watch-stopped', ['prove-stopped']],
  ['take-rescue', ['prove-stopped']],
  ['await-rescue', ['take-rescue']],
  ['bar-writers', ['await-rescue']],
  ['load-in-place', ['bar-writers']],
  ['await-load', ['load-in-place']],
  ['prove-loaded', ['await-load']],
  ['let-back-in', ['prove-loaded']],
  ['verify-database', ['let-back-in']],
  ['start-check-job', ['let-back-in']],
  ['await-check-job', ['start-check-job']],
  ['judge-verification', ['verify-database', 'await-check-job']],
  ['start-application', ['judge-verification', 'watch-stopped']],
  ['prove-in-place', ['start-application']],
  ['hand-over', ['prove-in-place']],
  ['verify-deeply', ['prove-in-place']],
];

export function inPlacePlan(facts: InPlaceFacts): readonly PlannedStep[] {
  const { checks } = facts.environment;
  const left = new Set<StepId>([
    ...(checks.command ? [] : (['start-check-job', 'await-check-job'] as const)),
    ...(checks.deepMinutes > 0 ? [] : (['verify-deeply'] as const)),
  ]);
  const inputs: Inputs = { ...applicationInputs(facts), ...loadInputs(facts), ...verificationInputs(facts) };
  return stepsOf(graph, inputs, left);
}

const seconds = (minutes: number) => minutes * 60;

function applicationInputs(facts: InPlaceFacts) {
  const { environment, current, application, source, masterUser } = facts;
  const { restore, database, checks } = environment;
  const workloads = environment.workloads.map(({ replicas: _, ...workload }) => workload);
  const common = { workloads, role: current.role, verifyRole: roleSecret(database.verifyRole) };
  const stopped = {
    ...common,
    source,
    pollSeconds: restore.pollSeconds,
    fenceRole: roleSecret(database.fenceRole),
    readers: [...database.readers],
  };
  return {
    'record-application': {
      workloads: environment.workloads.map((workload) => ({ ...workload })),
      pollSeconds: restore.pollSeconds,
      backWithinSeconds: seconds(restore.startWithinMinutes),
    } satisfies RecordApplicationInput,
    'stop-application': { workloads, takesOver: [...application.takesOver] } satisfies StopApplicationInput,
    'prove-stopped': { ...stopped, withinSeconds: seconds(restore.stopWithinMinutes) } satisfies ProveStoppedInput,
    'watch-stopped': {
      ...stopped,
      // The load logs in as the master user.
      readers: [...database.readers, masterUser],
      until: 'judge-verification',
    } satisfies WatchStoppedInput,
    'start-application': { workloads },
    'prove-in-place': {
      ...common,
      // There is no other database that anybody could still be on.
      source: null,
      database: current.database,
      withinSeconds: seconds(restore.startWithinMinutes),
      provenSeconds: restore.provenSeconds,
      pollSeconds: restore.pollSeconds,
      ...(checks.smokeUrl ? { smokeUrl: checks.smokeUrl } : {}),
    } satisfies ProveOnNewInput,
    'hand-over': { workloads, keptInstance: null, notes: ['hand-over.downstream'] } satisfies HandOverInput,
  };
}

function loadInputs(facts: InPlaceFacts) {
  const { environment, current, operation, rescue, source, dump, major, owner } = facts;
  const { region, database, restore } = environment;
  const { instance } = current;
  const fenceRole = roleSecret(database.fenceRole);
  const looked = { source, fenceRole } satisfies LoadedInput;
  const at = { host: source.host, port: source.port };
  const job = {
    ...jobFor(environment, dump, {
      ...{ instance: instance.id, at, database: current.database, major, owner },
      mode: 'in-place',
    }),
    pollSeconds: restore.pollSeconds,
  };
  const snapshot = { region, snapshot: rescue };
  return {
    'await-instance': { region, instance: instance.id, pollSeconds: restore.pollSeconds },
    'take-rescue': {
      ...snapshot,
      instance: instance.id,
      tags: ownTags(operation, environment.name, lineageOf(instance)),
      operationTag: tagKeys.operation,
    },
    'await-rescue': { ...snapshot, pollSeconds: restore.pollSeconds },
    'bar-writers': {
      role: current.role,
      readers: [...database.readers],
      source,
      fenceRole,
    } satisfies BarWritersInput,
    // Both look whether it committed: one when it is taken back, one before anybody relies on it.
    'load-in-place': { ...job, ...looked },
    'await-load': job,
    'prove-loaded': looked,
    'let-back-in': { role: current.role, database: current.database, fenceRole } satisfies LetInInput,
  };
}

function verificationInputs({ environment, current, dump }: InPlaceFacts) {
  const { database, checks, secret, region } = environment;
  const verifyRole = roleSecret(database.verifyRole);
  const verified = {
    // What was live is what was replaced: there is nothing to compare with but the dump's own counts.
    source: null,
    database: current.database,
    verifyRole,
    checks: pinnedChecks(checks),
    asOf: dump.point.at,
    timeZone: database.timeZone,
    baselineKey: null,
    ...(dump.manifest.counts ? { counts: { ...dump.manifest.counts } } : {}),
  };
  return {
    'verify-database': {
      ...verified,
      application: roleSecret({ region, secret: secret.id, keys: secret.keys }),
    } satisfies VerifyDatabaseInput,
    'verify-deeply': verified,
    'judge-verification': {},
    ...commandInputs(environment, current.database),
  };
}
