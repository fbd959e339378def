import type { Rds } from '../clients/rds.ts';
import type { SecretDocument, Secrets } from '../clients/secrets.ts';
import { permanent, userError } from '../domain/errors.ts';
import type { Inspector } from '../domain/inspection.ts';
import type { Environment, RoleSecret } from '../domain/settings.ts';
import { type CurrentInstance, currentInstance, type Reach } from '../planning/current-instance.ts';
import { roomForInstance, roomForSnapshot } from '../planning/quotas.ts';
import { recoveryPoints } from '../planning/recovery-points.ts';
import type { DatabaseAccess } from '../verification/access.ts';
import { inspectDatabase } from './database.ts';
import { type DumpLooks, inspectDumps } from './dumps.ts';
import { inspectMaster } from './master.ts';
import { inspectJobs } from './rights.ts';
import { inspectWorkloads } from './workloads.ts';

/** All that an environment's operations will ever ask of the outside, of its region. */
export interface EnvironmentClients extends DumpLooks {
  readonly rds: Rds;
  readonly secrets: Secrets;
  readonly access: DatabaseAccess;
  readonly records: Reach['records'];
  readonly behindAlias: Reach['behindAlias'];
}

/** Whether everything that the config names of an environment is there, and may be used. Only reads. */
export async function inspectEnvironment(
  inspector: Inspector,
  clients: EnvironmentClients,
  environment: Environment,
): Promise<void> {
  const at = `environments.${environment.name}`;
  const [current] = await Promise.all([
    inspectSecret(inspector, clients, environment),
    ...roles(environment).map(({ option, role }) =>
      inspector.look(`${at}.database.${option}.secret`, 'secret', () =>
        clients.secrets.roleCredentials(role.secret, role.keys),
      ),
    ),
    inspectProfile(inspector, clients, environment),
    inspectWorkloads(inspector, clients.cluster, environment),
    inspectJobs(inspector, clients.cluster, environment),
  ]);
  await Promise.all([
    inspectDumps(inspector, clients, environment, current),
    current && inspectBackups(inspector, clients, environment, current),
    current && inspectDatabase(inspector, clients.access, environment, current),
    current && inspectMaster(inspector, clients.access, environment, current),
  ]);
}

function roles({ database }: Environment): readonly { readonly option: string; readonly role: RoleSecret }[] {
  const { verifyRole, fenceRole, masterRole } = database;
  return [
    { option: 'verifyRole', role: verifyRole },
    { option: 'fenceRole', role: fenceRole },
    ...(masterRole ? [{ option: 'masterRole', role: masterRole }] : []),
  ];
}

/** The application's secret with each of its keys, and the instance that it points to. */
async function inspectSecret(
  inspector: Inspector,
  clients: EnvironmentClients,
  environment: Environment,
): Promise<CurrentInstance | undefined> {
  const { id, keys } = environment.secret;
  const at = `environments.${environment.name}.secret`;
  const secret = await inspector.look(`${at}.id`, 'secret', () => clients.secrets.current(id));
  if (!secret) return undefined;
  if (secret.rotationPending) inspector.note(`${at}.id`, userError('restore.rotation-pending', { secret: id }));
  const absent = Object.entries(keys).filter(([, key]) => !isFilled(secret.document, key));
  for (const [option, key] of absent)
    inspector.note(`${at}.keys.${option}`, permanent('secret.no-key', { secret: id, key }));
  // Without them it is known already that the instance can't be found.
  if (absent.some(([option]) => option === 'host' || option === 'user')) return undefined;
  return inspector.look(`${at}.keys.host`, 'instance', () => currentInstance(clients, environment));
}

function isFilled(document: SecretDocument, key: string): boolean {
  const value = Object.hasOwn(document, key) ? document[key] : undefined;
  return typeof value === 'number' || (typeof value === 'string' && value !== '');
}

async function inspectProfile(
  inspector: Inspector,
  { rds }: EnvironmentClients,
  { name, restore: { profile } }: Environment,
): Promise<void> {
  const { parameterGroup, subnetGroup } = profile;
  const at = `environments.${name}.restore.profile`;
  await Promise.all([
    parameterGroup &&
      inspector.look(`${at}.parameterGroup`, 'profile', async () => {
        if (!(await rds.findParameterGroup(parameterGroup)))
          throw userError('restore.parameter-group-gone', { group: parameterGroup });
      }),
    subnetGroup &&
      inspector.look(`${at}.subnetGroup`, 'profile', async () => {
        if (!(await rds.findSubnetGroup(subnetGroup)))
          throw userError('restore.subnet-group-gone', { group: subnetGroup });
      }),
  ]);
}

/** What a restore could go back to, and whether there is room for what it makes. */
async function inspectBackups(
  inspector: Inspector,
  { rds }: EnvironmentClients,
  { name }: Environment,
  { instance }: CurrentInstance,
): Promise<void> {
  const path = `environments.${name}.database.instance`;
  await Promise.all([
    inspector.look(path, 'recovery-points', async () => {
      const points = await recoveryPoints(rds, instance);
      if (points.length === 0) throw userError('inspection.no-recovery-point', { instance: instance.id });
    }),
    inspector.look(path, 'quotas', async () => {
      await roomForInstance(rds, instance.settings.AllocatedStorage ?? 0);
      await roomForSnapshot(rds);
    }),
  ]);
}
