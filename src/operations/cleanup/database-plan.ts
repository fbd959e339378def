import {
  type CleanupDecided,
  type CleanupShown,
  type DatabaseCleanupOutputs,
  databaseCleanupSteps,
} from '../../domain/cleanup.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { PlanRequest } from '../../domain/operation.ts';
import type { Plan } from '../../domain/plan.ts';
import { accountAndRegion } from '../../planning/current-instance.ts';
import type { Swap } from '../../planning/left-database.ts';
import { finalId } from '../../planning/names.ts';
import { inTurn } from '../../planning/step-graph.ts';
import { identifier, psql, quoted } from '../../planning/typed-commands.ts';
import type { DropDatabaseInput, LeftDatabaseInput } from '../../steps/postgres/drop-database.ts';
import { masterSecret } from '../../steps/step-input.ts';
import { type DatabaseFacts, databaseFacts, namedDatabase } from './database-facts.ts';
import { instanceShown, keepingCommands, keepingInputs } from './keeping.ts';
import type { CleanupClients } from './steps.ts';

/** Drops the database that a swap of names left on the instance that serves. Only reads. @throws PitcrewError as `databaseFacts` */
export async function planDrop(clients: CleanupClients, request: PlanRequest, swap: Swap): Promise<Plan> {
  const facts = await databaseFacts(clients, request, swap);
  const { environment, instance, left } = facts;
  return {
    bound: {
      operation: 'cleanup',
      environment: environment.name,
      ...accountAndRegion(instance.arn),
      steps: inTurn(databaseCleanupSteps, inputsOf(facts)),
      // The instance's own lock is left to whoever has to restore it: a snapshot of a large one takes hours.
      resources: [`${instance.arn}/database/${left.oid}`],
      onFailure: 'return',
      decided: decided(facts) satisfies JsonObject,
    },
    shown: shown(facts),
  };
}

function inputsOf(facts: DatabaseFacts): { readonly [Step in keyof DatabaseCleanupOutputs]: JsonObject } {
  const { operation, environment, all, instance, address, left, found } = facts;
  const { region, restore } = environment;
  const { id, resourceId } = instance;
  const which = {
    ...{ region, instance: id, at: address, pollSeconds: restore.pollSeconds },
    masterRole: masterSecret(environment),
    ...{ name: left.name, oid: left.oid, mark: found.mark },
  } satisfies LeftDatabaseInput;
  return {
    'prove-database-unused': which,
    ...keepingInputs(facts),
    'prove-database-still-unused': which,
    'drop-database': {
      ...{ ...which, resourceId, snapshot: finalId(id, operation) },
      environments: all.map(namedDatabase),
    } satisfies DropDatabaseInput,
    'prove-dropped': which,
  };
}

function decided({ operation, current, instance, address, swap, left, found, early }: DatabaseFacts): CleanupDecided {
  const { id, arn, resourceId } = instance;
  return {
    of: swap.operation,
    instance: { id, arn, resourceId, ...address },
    leftAs: left.leftAs,
    since: left.since,
    finalSnapshot: finalId(id, operation),
    isProtected: false,
    early,
    database: { name: left.name, oid: left.oid, mark: found.mark, live: current.database },
  };
}

function shown(facts: DatabaseFacts): CleanupShown {
  const { instance, found, backups } = facts;
  return {
    commands: commands(facts),
    ...instanceShown(facts),
    serves: instance.id,
    rescue: null,
    backups,
    unseen: false,
    databaseBytes: found.bytes,
  };
}

/** The commands for every step, for people to read and, if all else fails, to type. Never executed. */
function commands({ operation, instance, address, left }: DatabaseFacts): CleanupShown['commands'] {
  const server = { host: address.host, port: String(address.port), role: '$MASTER_USER', database: 'postgres' };
  const named = quoted(left.name);
  const look = [
    psql(server, `SELECT usename, application_name, client_addr FROM pg_stat_activity WHERE datname = ${named}`),
    psql(server, `SELECT gid, owner, prepared FROM pg_prepared_xacts WHERE database = ${named}`),
  ];
  const find = `SELECT oid, datname, shobj_description(oid, 'pg_database') FROM pg_database WHERE oid = ${left.oid}`;
  return {
    'prove-database-unused': look,
    ...keepingCommands({ operation, instance }),
    'prove-database-still-unused': look,
    'drop-database': [psql(server, find), psql(server, `DROP DATABASE ${identifier(left.name)}`)],
    'prove-dropped': [psql(server, find)],
  } satisfies Record<keyof DatabaseCleanupOutputs, unknown>;
}
