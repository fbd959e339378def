import type { InPlaceOutputs } from '../../../domain/in-place.ts';
import type { JsonObject } from '../../../domain/json.ts';
import type { PlannedStep } from '../../../domain/plan.ts';
import { lineageOf, tagKeys } from '../../../planning/names.ts';
import { ownTags } from '../../../planning/restore-parameters.ts';
import { type StepGraph, stepsOf } from '../../../planning/step-graph.ts';
import { servingInput, stoppingInputs } from '../../../steps/kubernetes/application-input.ts';
import type { HandOverInput } from '../../../steps/kubernetes/hand-over.ts';
import type { BarWritersInput } from '../../../steps/postgres/bar-writers.ts';
import type { LetInInput } from '../../../steps/postgres/let-in.ts';
import type { LoadedInput } from '../../../steps/postgres/load-in-place.ts';
import { pinnedChecks } from '../../../steps/postgres/verification-input.ts';
import type { VerifyDatabaseInput } from '../../../steps/postgres/verify-database.ts';
import { applicationSecret, roleSecret, workloadRef } from '../../../steps/step-input.ts';
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

function applicationInputs({ environment, current, application, source, masterUser }: InPlaceFacts) {
  const { restore, database } = environment;
  const { role } = current;
  const { pollSeconds } = restore;
  const stopping = { environment, role, source, application, pollSeconds, until: 'judge-verification' };
  const inputs = stoppingInputs(stopping);
  return {
    ...inputs,
    // The load logs in as the master user.
    'watch-stopped': { ...inputs['watch-stopped'], readers: [...database.readers, masterUser] },
    // There is no other database that anybody could still be on.
    'prove-in-place': servingInput({ ...stopping, source: null }, current.database),
    'hand-over': {
      workloads: environment.workloads.map(workloadRef),
      keptInstance: null,
      notes: ['hand-over.downstream'],
    } satisfies HandOverInput,
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
  const { database, checks } = environment;
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
      application: applicationSecret(environment),
    } satisfies VerifyDatabaseInput,
    'verify-deeply': verified,
    'judge-verification': {},
    ...commandInputs(environment, current.database),
  };
}
