import type { DatabaseInstance } from '../../clients/rds.ts';
import { userError } from '../../domain/errors.ts';
import type { PlanRequest } from '../../domain/operation.ts';
import type { Plan, PlannedStep } from '../../domain/plan.ts';
import type { InstanceIdentity } from '../../domain/restore.ts';
import type { VerifyDecided, VerifyOutputs } from '../../domain/verify.ts';
import { accountAndRegion, type EnvironmentReach, reachIn } from '../../planning/current-instance.ts';
import type { History } from '../../planning/past-operation.ts';
import { pinnedChecks } from '../../steps/postgres/verification-input.ts';
import { roleSecret } from '../../steps/step-input.ts';
import type { DatabaseAccess } from '../../verification/access.ts';
import { verifyArguments } from './args.ts';
import { type Looked, lookedAt } from './instances.ts';
import { newestBaseline } from './newest-baseline.ts';
import type { StandingInput } from './steps.ts';

export interface VerifyClients extends EnvironmentReach {
  readonly access: DatabaseAccess;
  readonly history: History;
}

type VerifyStep = PlannedStep & { readonly id: keyof VerifyOutputs };

/** Only reads. @throws PitcrewError `verify.*`, and as `currentInstance` */
export async function planVerify(clients: VerifyClients, request: PlanRequest): Promise<Plan> {
  const environment = clients.environment(request.environment);
  const { instance: named, deep } = verifyArguments(request.args);
  if (deep && environment.checks.deepMinutes === 0)
    throw userError('verify.no-deep-minutes', { environment: environment.name });
  const reach = reachIn(clients, environment.region);
  const looked = await lookedAt(reach, environment, named);
  const { instance, current, serves } = looked;
  const identity = identityOf(looked);
  const { database } = current;
  const baseline = await newestBaseline(reach, instance, database);
  const { verifyRole, timeZone } = environment.database;
  const input: StandingInput = {
    address: { host: identity.host, port: identity.port, database },
    serves,
    role: current.role,
    verifyRole: roleSecret(verifyRole),
    checks: pinnedChecks(environment.checks),
    timeZone,
    baselineKey: baseline?.key ?? null,
  };
  const decided: VerifyDecided = { instance: identity, serves, baselineAt: baseline?.at ?? null, deep };
  const first: VerifyStep = { id: 'check-database', after: [], input };
  const second: VerifyStep = { id: 'check-deeply', after: ['check-database'], input };
  return {
    bound: {
      operation: 'verify',
      environment: environment.name,
      ...accountAndRegion(instance.arn),
      steps: deep ? [first, second] : [first],
      // Nothing is changed, so nothing else has to wait for it; two looks at once would only take each other's time.
      resources: [`${instance.arn}/verify`],
      onFailure: 'return',
      decided,
    },
    shown: { commands: commands(input, deep) },
  };
}

/** As the secret writes the address of the one that serves; RDS's own word for any other. */
function identityOf({ instance, current, serves }: Looked): InstanceIdentity {
  const { id, arn, resourceId, endpoint, status } = instance;
  const runs = serves ? current.runs : isUp(instance);
  if (!runs || !endpoint) throw userError('verify.not-running', { instance: id, status });
  return serves ? current.identity : { id, arn, resourceId, host: endpoint.host, port: endpoint.port };
}

const isUp = ({ status }: DatabaseInstance) => ['available', 'storage-optimization', 'backing-up'].includes(status);

/** As somebody would by hand. */
function commands({ address: { host, port, database }, checks }: StandingInput, deep: boolean) {
  const at = ['-h', host, '-p', String(port), '-d', database];
  const psql = (sql: string) => ['psql', ...at, '-c', sql];
  return {
    'check-database': [
      ...checks.critical.map((table) => psql(`SELECT count(*) FROM ${table}`)),
      ...[...checks.queries, ...checks.rules].map(({ sql }) => psql(sql)),
    ],
    ...(deep ? { 'check-deeply': [['pg_amcheck', '--heapallindexed', ...at]] } : {}),
  };
}
