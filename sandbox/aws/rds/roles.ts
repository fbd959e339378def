import pg from 'pg';
import type { Cluster } from './cluster.ts';

/**
 * What RDS puts into every new cluster: the roles its master user gets its rights from, and its own database. The
 * master user is no superuser (RDS User Guide, "Understanding the rds_superuser role").
 */
export const systemRoles = [
  'CREATE ROLE rds_superuser NOLOGIN',
  'CREATE ROLE rds_password NOLOGIN',
  'CREATE ROLE rds_replication NOLOGIN',
  'CREATE ROLE rds_iam NOLOGIN',
  'GRANT pg_monitor, pg_signal_backend, pg_checkpoint, rds_password, rds_replication TO rds_superuser WITH ADMIN OPTION',
  'CREATE DATABASE rdsadmin',
  'REVOKE ALL ON DATABASE rdsadmin FROM PUBLIC',
] as const;

export interface Master {
  readonly username: string;
  readonly password: string;
}

/** A parameter group may have the server log statements, slow ones or failed ones; these bear a password. */
const unlogged =
  "SET log_statement = 'none'; SET log_min_duration_statement = -1; SET log_min_duration_sample = -1; SET log_duration = off; SET log_min_error_statement = panic";

/** The master user and, where asked for, the first database, which is his. */
export function createMaster(cluster: Cluster, master: Master, database: string | undefined): Promise<void> {
  const role = pg.escapeIdentifier(master.username);
  return cluster.asSuperuser('postgres', async (client) => {
    const password = pg.escapeLiteral(master.password);
    await client.query(unlogged);
    await client.query(
      `CREATE ROLE ${role} LOGIN CREATEROLE CREATEDB PASSWORD ${password} VALID UNTIL 'infinity' IN ROLE rds_superuser`,
    );
    await client.query(`ALTER DATABASE postgres OWNER TO ${role}`);
    if (database && database !== 'postgres') {
      await client.query(`CREATE DATABASE ${pg.escapeIdentifier(database)} OWNER ${role}`);
    }
  });
}

/** ModifyDBInstance with a new password also gives the master user his rights back, should he have lost them. */
export function resetMaster(cluster: Cluster, master: Master): Promise<void> {
  const role = pg.escapeIdentifier(master.username);
  return cluster.asSuperuser('postgres', async (client) => {
    await client.query(unlogged);
    await client.query(`ALTER ROLE ${role} LOGIN CREATEROLE CREATEDB PASSWORD ${pg.escapeLiteral(master.password)}`);
    await client.query(`GRANT rds_superuser TO ${role}`);
  });
}
