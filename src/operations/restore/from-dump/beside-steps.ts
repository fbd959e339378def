import type { JsonObject } from '../../../domain/json.ts';
import type { BesideOutputs } from '../../../domain/load.ts';
import type { PlannedStep } from '../../../domain/plan.ts';
import { type StepGraph, stepsOf } from '../../../planning/step-graph.ts';
import type { AwaitLoadInput, LoadJobInput } from '../../../steps/kubernetes/start-load-job.ts';
import type { CreateDatabaseInput } from '../../../steps/postgres/create-database.ts';
import type { MeasureLossInput } from '../../../steps/postgres/measure-loss.ts';
import type { ProveSwappedInput } from '../../../steps/postgres/prove-swapped.ts';
import type { SwapNamesInput } from '../../../steps/postgres/swap-names.ts';
import { pinnedChecks } from '../../../steps/postgres/verification-input.ts';
import type { VerifyDatabaseInput } from '../../../steps/postgres/verify-database.ts';
import type { VerifyDeeplyInput } from '../../../steps/postgres/verify-deeply.ts';
import { applicationSecret, roleSecret } from '../../../steps/step-input.ts';
import { commandInputs } from '../check-command.ts';
import type { BesideFacts } from './beside-facts.ts';
import { jobFor, shapeOf } from './load-job.ts';

type StepId = keyof BesideOutputs;
type Inputs = { readonly [Step in StepId]: JsonObject };

/** The application serves all the while; nothing gets its name before it is loaded whole, verified and compared. */
export const graph: StepGraph<StepId> = [
  ['await-instance', []],
  ['prove-swappable', ['await-instance']],
  ['create-database', ['prove-swappable']],
  ['start-load-job', ['create-database']],
  ['await-load', ['start-load-job']],
  ['verify-database', ['await-load']],
  ['start-check-job', ['await-load']],
  ['await-check-job', ['start-check-job']],
  ['judge-verification', ['verify-database', 'await-check-job']],
  ['measure-loss', ['judge-verification']],
  ['swap-names', ['measure-loss']],
  ['prove-swapped', ['swap-names']],
  ['verify-deeply', ['prove-swapped']],
];

export function besidePlan(facts: BesideFacts): readonly PlannedStep[] {
  const { checks } = facts.environment;
  const left = new Set<StepId>([
    ...(checks.command ? [] : (['start-check-job', 'await-check-job'] as const)),
    ...(checks.deepMinutes > 0 ? [] : (['verify-deeply'] as const)),
  ]);
  const inputs: Inputs = { ...loadInputs(facts), ...verificationInputs(facts) };
  return stepsOf(graph, inputs, left);
}

const seconds = (minutes: number) => minutes * 60;

function loadInputs(facts: BesideFacts) {
  const { environment, current, source, dump, major, owner, names } = facts;
  const { region, database, restore } = environment;
  const { pollSeconds } = restore;
  const at = { host: source.host, port: source.port };
  const instance = current.instance.id;
  const job = jobFor(environment, dump, {
    ...{ instance, at, database: names.restored, major, owner, mode: 'new-database' },
  }) satisfies LoadJobInput;
  const place = { region, instance, at, masterRole: job.masterRole };
  const swap = { ...place, live: source.database, ...names } satisfies SwapNamesInput;
  return {
    'await-instance': { region, instance, pollSeconds },
    'prove-swappable': swap,
    'create-database': {
      ...place,
      ...{ database: names.restored, owner, shape: shapeOf(dump) },
    } satisfies CreateDatabaseInput,
    'start-load-job': job,
    'await-load': { cluster: job.cluster, namespace: job.namespace, pollSeconds } satisfies AwaitLoadInput,
    'swap-names': swap,
    'prove-swapped': {
      ...swap,
      role: current.role,
      verifyRole: roleSecret(database.verifyRole),
      pollSeconds,
      withinSeconds: seconds(restore.startWithinMinutes),
    } satisfies ProveSwappedInput,
  };
}

function verificationInputs(facts: BesideFacts) {
  const { environment, dump, source, names } = facts;
  const { database, checks } = environment;
  const { counts } = dump.manifest;
  const both = { source, verifyRole: roleSecret(database.verifyRole) };
  const verified = {
    ...both,
    database: names.restored,
    checks: pinnedChecks(checks),
    asOf: dump.point.at,
    timeZone: database.timeZone,
    baselineKey: null,
    ...(counts ? { counts: { ...counts } } : {}),
  };
  return {
    'verify-database': {
      ...verified,
      application: applicationSecret(environment),
    } satisfies VerifyDatabaseInput,
    // By then it has the live name, and the other one lets nobody in.
    'verify-deeply': { ...verified, database: source.database, source: null } satisfies VerifyDeeplyInput,
    'judge-verification': {},
    'measure-loss': {
      ...both,
      database: names.restored,
      tables: [...checks.critical],
      budgetSeconds: seconds(checks.gateMinutes),
    } satisfies MeasureLossInput,
    ...commandInputs(environment, names.restored),
  };
}
