import type { JsonObject } from '../../../domain/json.ts';
import type { OwnInstanceOutputs } from '../../../domain/own-instance.ts';
import { awsCommand } from '../../../planning/aws-command.ts';
import type { ResolvedDump } from '../../../planning/dump-point.ts';
import { tagKeys } from '../../../planning/names.ts';
import { identifier, kubectl, psql, type Target } from '../../../planning/typed-commands.ts';
import { loadJobName } from '../../../steps/kubernetes/start-load-job.ts';
import { applicationSecret, roleSecret } from '../../../steps/step-input.ts';
import type { RestoreFacts } from '../facts.ts';
import type { Graph, StepId } from '../orders.ts';
import { jobFor, shapeOf } from './load-job.ts';
import type { LoadFacts } from './new-instance.ts';

// The stretch of a restore that is another one where it starts from a dump: an empty instance, roles, a database, the load.

const chain = ['prove-aligned', 'create-roles', 'create-database', 'start-load-job', 'await-load'] as const;

/** The same graph with the load in it: whatever waited for the settings waits for the data. */
export const loading = (graph: Graph): Graph =>
  graph.flatMap(([id, after]): Graph => {
    if (id === 'restore-instance') return [['create-instance', after]];
    const here = after.map((one): StepId => (one === 'restore-instance' ? 'create-instance' : one));
    if (id !== 'prove-aligned')
      return [[id, here.map((one): StepId => (one === 'prove-aligned' ? 'await-load' : one))]];
    return [[id, here], ...chain.slice(1).map((step, at): Graph[number] => [step, [chain[at] ?? 'prove-aligned']])];
  });

type Inputs = { readonly [Step in keyof OwnInstanceOutputs]: JsonObject };

const none: Inputs = {
  'create-instance': {},
  'create-roles': {},
  'create-database': {},
  'start-load-job': {},
  'await-load': {},
};

/** Of a restore from a snapshot there are none of these. */
export function loadInputs(facts: RestoreFacts): Inputs {
  const { recovery, load, environment, targetId, instancePlan, current } = facts;
  if (recovery.kind !== 'dump' || !load) return none;
  const { region, database, restore } = environment;
  const common = { region, instance: targetId, operationTag: tagKeys.operation };
  const masterRole = load.master.secret === null || !database.masterRole ? null : roleSecret(database.masterRole);
  const job = { ...jobOf(facts, recovery, load), pollSeconds: restore.pollSeconds };
  return {
    'create-instance': {
      region,
      operationTag: tagKeys.operation,
      request: instancePlan.request as unknown as JsonObject,
      masterRole,
    },
    'create-roles': {
      ...common,
      application: applicationSecret(environment),
      verifyRole: roleSecret(database.verifyRole),
      fenceRole: roleSecret(database.fenceRole),
      masterRole,
      roles: load.needed.roles.map(({ name, attributes }) => ({ name, attributes: [...attributes] })),
      memberships: load.needed.memberships.map((one) => ({ ...one })),
    },
    'create-database': {
      region,
      instance: targetId,
      at: null,
      database: current.database,
      owner: ownerOf(facts, recovery),
      shape: shapeOf(recovery),
      masterRole,
    },
    'start-load-job': job,
    'await-load': job,
  };
}

/** Where nobody looked who owned the database, the application does: it worked in it. */
const ownerOf = ({ current }: RestoreFacts, { manifest }: ResolvedDump) => manifest.needs?.owner ?? current.role;

const jobOf = (facts: RestoreFacts, recovery: ResolvedDump, { major, needed }: LoadFacts) =>
  jobFor(facts.environment, recovery, {
    ...{ instance: facts.targetId, at: null, database: facts.current.database, major },
    owner: ownerOf(facts, recovery),
    mode: 'new-database',
    settingsOf: [...new Set(needed.settings.map(({ role }) => role))],
  });

/** For people to read and, if all else fails, to type. */
export function loadCommands(facts: RestoreFacts): {
  readonly [Step in keyof OwnInstanceOutputs]: readonly (readonly string[])[];
} {
  const { recovery, load, instancePlan, current } = facts;
  if (recovery.kind !== 'dump' || !load) return emptyCommands;
  const { bucket, key } = recovery.point;
  const { job: name, cluster, namespace } = { ...jobOf(facts, recovery, load), job: loadJobName(facts.operation) };
  const [host, port, role] = ['$NEW_DB_HOST', '$NEW_DB_PORT', '$MASTER_USER'];
  const master: Target = { host, port, role, database: 'postgres' };
  const owner = ownerOf(facts, recovery);
  return {
    'create-instance': [
      [
        ...awsCommand('rds', 'create-db-instance', { ...instancePlan.request }),
        '--master-user-password',
        '$MASTER_PASSWORD',
      ],
    ],
    'create-roles': load.needed.roles.map((role) => psql(master, `CREATE ROLE ${identifier(role.name)} NOLOGIN`)),
    'create-database': [
      psql(master, `CREATE DATABASE ${identifier(current.database)} OWNER ${identifier(owner)} TEMPLATE template0`),
    ],
    'start-load-job': [
      ['aws', 's3', 'cp', `s3://${bucket}/${key}`, 'backup.dump'],
      [
        'pg_restore',
        '--no-owner',
        '--role',
        owner,
        '--no-tablespaces',
        '-h',
        host,
        '-p',
        port,
        '-U',
        role,
        '-d',
        current.database,
        'backup.dump',
      ],
    ],
    'await-load': [kubectl({ cluster, namespace }, 'logs', `job/${name}`, '--follow')],
  };
}

const emptyCommands = {
  'create-instance': [],
  'create-roles': [],
  'create-database': [],
  'start-load-job': [],
  'await-load': [],
} as const;
