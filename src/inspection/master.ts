import type { Database } from '../clients/postgres.ts';
import type { Inspector } from '../domain/inspection.ts';
import type { Environment } from '../domain/settings.ts';
import type { CurrentInstance } from '../planning/current-instance.ts';
import { masterLoginOf, serverDatabase } from '../steps/postgres/master-of.ts';
import type { DatabaseAccess } from '../verification/access.ts';
import { quoted } from '../verification/names.ts';
import { inRole, missing } from './database.ts';

/**
 * Whether the master user's login is there, and may do what repairs logins and loads dumps: RDS's own managed secret where RDS
 * manages the password, else the one that the config names.
 */
export async function inspectMaster(
  inspector: Inspector,
  access: DatabaseAccess,
  { name, region, dumps, database }: Environment,
  { instance, identity: { host, port } }: CurrentInstance,
): Promise<void> {
  const path = `environments.${name}.database.masterRole`;
  const login = masterLoginOf(instance, region, database.masterRole ?? null);
  const loads = dumps?.runner === 'job';
  if (login)
    await inRole(inspector, access, { path, address: { host, port, database: serverDatabase }, login }, (session) =>
      inspector.look(path, 'master-grants', () => mayMake(session, loads)),
    );
  else if (loads) inspector.remark(path, { code: 'inspection.no-master', params: { instance: instance.id } });
}

/** RDS gives its master user both; somebody may have named another role, or taken one away. */
async function mayMake(session: Database, loads: boolean): Promise<void> {
  const { rows } = await session.query<{ me: string; databases: boolean; roles: boolean }>(
    `SELECT rolname AS me, rolsuper OR rolcreatedb AS databases, rolsuper OR rolcreaterole AS roles
     FROM pg_catalog.pg_roles WHERE rolname = current_user`,
  );
  for (const { me, databases, roles } of rows) {
    const lacks = [...(loads && !databases ? ['CREATEDB'] : []), ...(roles ? [] : ['CREATEROLE'])];
    if (lacks.length > 0) throw missing(me, [`ALTER ROLE ${quoted(me)} ${lacks.join(' ')}`]);
  }
}
