import type { Database, DatabaseAddress } from '../clients/postgres.ts';
import { PitcrewError, permanent } from '../domain/errors.ts';
import type { Inspector } from '../domain/inspection.ts';
import type { CheckSettings, Environment, RoleSecret } from '../domain/settings.ts';
import type { CurrentInstance } from '../planning/current-instance.ts';
import { grantsOf } from '../steps/postgres/own-roles.ts';
import { type DatabaseAccess, openAs } from '../verification/access.ts';
import { columnOf, qualifiedName, quoted, tableSql } from '../verification/names.ts';

const statementTimeoutSeconds = 20;

/** Whether pitcrew's roles can log in, have the rights that they need, and find what the checks name. */
export async function inspectDatabase(
  inspector: Inspector,
  access: DatabaseAccess,
  environment: Environment,
  { identity: { host, port }, database, role }: CurrentInstance,
): Promise<void> {
  const at = `environments.${environment.name}`;
  const { verifyRole, fenceRole } = environment.database;
  const address = { host, port, database };
  const as = (option: string, login: RoleSecret, work: (session: Database) => Promise<void>) =>
    inRole(inspector, access, { path: `${at}.database.${option}`, address, login }, work);
  await Promise.all([
    as('verifyRole', verifyRole, async (session) => {
      await inspector.look(`${at}.database.verifyRole`, 'grants', () => maySeeSessions(session));
      await inspectChecks(inspector, `${at}.checks`, session, environment.checks);
    }),
    as('fenceRole', fenceRole, async (session) => {
      await inspector.look(`${at}.database.fenceRole`, 'grants', () => mayBar(session, role));
    }),
  ]);
}

interface Login {
  readonly path: string;
  readonly address: DatabaseAddress;
  readonly login: RoleSecret;
}

/** Logs in, and works with the session; where the login is refused, that is all. */
export async function inRole(
  inspector: Inspector,
  access: DatabaseAccess,
  { path, address, login }: Login,
  work: (session: Database) => Promise<unknown>,
): Promise<void> {
  const session = await inspector.look(path, 'login', () => openAs(access, address, login, statementTimeoutSeconds));
  if (!session) return;
  try {
    await work(session);
  } finally {
    await session.close();
  }
}

/** Sessions of others, without which nobody can be proven absent. USAGE: a role that must SET ROLE first has it on paper only. */
async function maySeeSessions(session: Database): Promise<void> {
  const { rows } = await session.query<{ me: string; sees: boolean }>(
    `SELECT current_user AS me, pg_has_role(current_user, 'pg_read_all_stats', 'USAGE') AS sees`,
  );
  for (const { me } of rows.filter(({ sees }) => !sees)) throw missing(me, [`GRANT pg_monitor TO ${quoted(me)}`]);
}

/** From PostgreSQL 16 on, CREATEROLE reaches only roles that one has the ADMIN OPTION on (release notes 16, "Privileges"). */
async function mayBar(session: Database, application: string): Promise<void> {
  const { rows } = await session.query<{ me: string; version: number; bars: boolean; admin: boolean; beyond: boolean }>(
    `SELECT me.rolname AS me, current_setting('server_version_num')::int AS version,
       (me.rolcreaterole OR me.rolsuper) AND pg_has_role(current_user, 'pg_signal_backend', 'USAGE') AS bars,
       current_setting('server_version_num')::int < 160000
         OR coalesce(pg_has_role(current_user, other.oid, 'MEMBER WITH ADMIN OPTION'), true) AS admin,
       coalesce(other.rolsuper, false) AND NOT me.rolsuper AS beyond
     FROM pg_catalog.pg_roles me LEFT JOIN pg_catalog.pg_roles other ON other.rolname = $1
     WHERE me.rolname = current_user`,
    [application],
  );
  for (const { me, version, bars, admin, beyond } of rows) {
    if (beyond) throw permanent('inspection.application-is-superuser', { role: application, fence: me });
    if (!(bars && admin)) throw missing(me, grantsOf('fenceRole', me, application, version));
  }
}

/** A right that a role lacks, with the statements that give it. */
export const missing = (role: string, statements: readonly string[]) =>
  permanent('inspection.grant-missing', { role, statement: `${statements.join('; ')};` });

/** Tables, columns and statements that the config names: none is run, `EXPLAIN` only plans it. */
async function inspectChecks(
  inspector: Inspector,
  at: string,
  session: Database,
  checks: CheckSettings,
): Promise<void> {
  await inspector.look(`${at}.critical`, 'tables', async () => {
    for (const [i, table] of checks.critical.entries())
      await noting(inspector, `${at}.critical[${i}]`, () => readable(session, table));
    for (const [i, relation] of checks.relations.entries())
      for (const side of ['from', 'to'] as const)
        if (!(await isColumn(session, relation[side])))
          inspector.note(
            `${at}.relations[${i}].${side}`,
            permanent('inspection.no-column', { column: relation[side] }),
          );
  });
  const { heartbeat } = checks;
  if (heartbeat) await inspector.look(`${at}.heartbeat.column`, 'heartbeat', () => beats(session, heartbeat.column));
  for (const group of ['queries', 'rules'] as const)
    for (const [i, { name, sql }] of checks[group].entries())
      await inspector.look(`${at}.${group}[${i}].sql`, 'statement', () => plans(session, name, sql));
}

async function noting(inspector: Inspector, path: string, work: () => Promise<void>): Promise<void> {
  await work().catch((error: unknown) => {
    if (!(error instanceof PitcrewError) || error.kind === 'retryable') throw error;
    inspector.note(path, error);
  });
}

async function readable(session: Database, table: string): Promise<void> {
  const { rows } = await session.query<{ me: string; there: boolean; reads: boolean }>(
    `SELECT current_user AS me, seen IS NOT NULL AS there, coalesce(has_table_privilege(current_user, seen, 'SELECT'), false) AS reads
     FROM to_regclass($1) AS seen`,
    [tableSql(table)],
  );
  for (const { me, there, reads } of rows) {
    if (!there) throw permanent('inspection.no-table', { table: qualifiedName(table) });
    if (!reads) throw missing(me, [`GRANT SELECT ON ${tableSql(table)} TO ${quoted(me)}`]);
  }
}

/** The newest beat can be read, as a time. */
async function beats(session: Database, reference: string): Promise<void> {
  const { table, column } = columnOf(reference);
  await readable(session, table);
  if (!(await isColumn(session, reference))) throw permanent('inspection.no-column', { column: reference });
  await plans(session, reference, `SELECT max(${quoted(column)}::timestamptz) FROM ${tableSql(table)}`);
}

async function isColumn(session: Database, reference: string): Promise<boolean> {
  const { table, column } = columnOf(reference);
  const { count } = await session.query(
    'SELECT FROM pg_catalog.pg_attribute WHERE attrelid = to_regclass($1) AND attname = $2 AND NOT attisdropped',
    [tableSql(table), column],
  );
  return count > 0;
}

async function plans(session: Database, name: string, sql: string): Promise<void> {
  await session.query('BEGIN READ ONLY');
  try {
    await session.query(`EXPLAIN ${sql}`);
  } catch (error) {
    if (!(error instanceof PitcrewError) || error.code !== 'database.query-failed') throw error;
    throw permanent('inspection.statement-fails', { name, sqlState: error.params.sqlState ?? '?' }, error);
  } finally {
    await session.query('ROLLBACK');
  }
}
