import type { JsonObject } from '../../domain/json.ts';
import type { PlannedStep } from '../../domain/plan.ts';
import type { RollbackOutputs } from '../../domain/rollback.ts';
import { tagKeys } from '../../planning/names.ts';
import { type StepGraph, stepsOf } from '../../planning/step-graph.ts';
import { servingInput, stoppingInputs } from '../../steps/kubernetes/application-input.ts';
import type { HandOverInput } from '../../steps/kubernetes/hand-over.ts';
import type { AlignLoginInput } from '../../steps/postgres/align-login.ts';
import type { FenceOldInput } from '../../steps/postgres/fence-old.ts';
import type { LetInInput } from '../../steps/postgres/let-in.ts';
import type { MeasureLossInput } from '../../steps/postgres/measure-loss.ts';
import { addressKeys, applicationSecret, masterSecret, roleSecret, workloadRef } from '../../steps/step-input.ts';
import type { RollbackFacts } from './facts.ts';

type StepId = keyof RollbackOutputs;
type Inputs = { readonly [Step in StepId]: JsonObject };

/** Which step waits for which. The old database lets nobody in before nothing writes to the other one any more. */
export const graph: StepGraph<StepId> = [
  ['record-application', []],
  ['prove-old', []],
  ['stop-application', ['record-application', 'prove-old']],
  ['prove-stopped', ['stop-application']],
  ['watch-stopped', ['prove-stopped']],
  ['let-in', ['prove-stopped']],
  ['try-login', ['let-in']],
  ['measure-left', ['try-login']],
  ['switch-back', ['measure-left', 'watch-stopped']],
  ['start-application', ['switch-back']],
  ['prove-back', ['start-application']],
  ['bar-left', ['prove-back']],
  ['hand-over', ['bar-left']],
];

/** The plan's steps, each with what was decided for it. Where the database that is left doesn't run, nobody is barred from it. */
export function plannedSteps(facts: RollbackFacts): readonly PlannedStep[] {
  const inputs: Inputs = { ...applicationInputs(facts), ...databaseInputs(facts) };
  return stepsOf(graph, inputs, new Set(facts.current.runs ? [] : (['bar-left'] as const)));
}

const seconds = (minutes: number) => minutes * 60;

function applicationInputs({ environment, current, application }: RollbackFacts) {
  const { pollSeconds } = environment.restore;
  const { role, database } = current;
  const stopping = { environment, role, source: leftOf(current), application, pollSeconds, until: 'measure-left' };
  return {
    ...stoppingInputs(stopping),
    'prove-back': servingInput(stopping, database),
    'hand-over': {
      workloads: environment.workloads.map(workloadRef),
      keptInstance: current.instance?.id ?? null,
      notes: ['rollback.attachments'],
    } satisfies HandOverInput,
  };
}

function databaseInputs({ environment, current, target }: RollbackFacts) {
  const { region, database, checks, secret } = environment;
  const { host, port } = current.identity;
  const fenceRole = roleSecret(database.fenceRole);
  const verifyRole = roleSecret(database.verifyRole);
  const source = leftOf(current);
  return {
    'prove-old': {
      region,
      instance: target.id,
      resourceId: target.resourceId,
      pollSeconds: environment.restore.pollSeconds,
      ...(target.readHost ? { readHost: target.readHost } : {}),
    },
    'let-in': { role: current.role, database: current.database, fenceRole } satisfies LetInInput,
    'try-login': {
      region,
      instance: target.id,
      // No operation of pitcrew's made this instance for this end: the master's own password is left alone.
      operationTag: tagKeys.operation,
      database: current.database,
      application: applicationSecret(environment),
      verifyRole,
      fenceRole,
      masterRole: masterSecret(environment),
    } satisfies AlignLoginInput,
    'measure-left': {
      database: current.database,
      source,
      verifyRole,
      tables: [...checks.critical],
      budgetSeconds: seconds(checks.gateMinutes),
    } satisfies MeasureLossInput,
    'switch-back': {
      region,
      secret: secret.id,
      keys: addressKeys(secret),
      fromVersion: current.secret.versionId,
      source: { host, port, ...(current.readHost ? { readHost: current.readHost } : {}) },
    },
    'bar-left': { role: current.role, source, fenceRole } satisfies FenceOldInput,
  };
}

/** The database that is left, where one can speak to it. */
const leftOf = ({ runs, identity: { host, port }, database }: RollbackFacts['current']) =>
  runs ? { host, port, database } : null;
