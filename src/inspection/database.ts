import type { Database, DatabaseAddress } from '../clients/postgres.ts';
import { PitcrewError, permanent } from '../domain/errors.ts';
import type { Inspector } from '../domain/inspection.ts';
import type { CheckSettings, Environment, RoleSecret } from '../domain/settings.ts';
import type { CurrentInstance } from '../planning/current-instance.ts';
import { type DatabaseAccess, openAs } from '../verification/access.ts';
import { columnOf, qualifiedName, tableSql } from '../verification/names.ts';

const statementTimeoutSeconds = 20;

/** Whether pitcrew's roles can log in, have the rights that they need, and find what the checks name. */
export async function inspectDatabase(
  inspector: Inspector,
  access: DatabaseAccess,
  environment: Environment,
  { identity: { host, port }, database, role }: CurrentInstance,
): Promise<void> {
  const at = `environments.${environment.name}`;
  const { verifyRole, fenceRole, masterRole } = environment.database;
  const address = { host, port, database };
  const as = (option: string, login: RoleSecret, work: (session: Database) => Promise<void>) =>
    inRole(inspector, access, { path: `${at}.database.${option}`, address, login }, work);
  await Promise.all([
    as('verifyRole', verifyRole, async (session) => {
      await inspector.look(`${at}.database.verifyRole`, 'grants', () => mayReadEverything(session));
      await inspectChecks(inspector, `${at}.checks`, session, environment.checks);
    }),
    as('fenceRole', fenceRole, async (session) => {
      await inspector.look(`${at}.database.fenceRole`, 'grants', () => mayBar(session, role));
    }),
    masterRole && as('masterRole', masterRole, async () => {}),
  ]);
}

interface Login {
  readonly path: string;
  readonly address: DatabaseAddress;
  readonly login: RoleSecret;
}

async function inRole(
  inspector: Inspector,
  access: DatabaseAccess,
  { path, address, login }: Login,
  work: (session: Database) => Promise<void>,
): Promise<void> {
  const session = await inspector.look(path, 'login', () => openAs(access, address, login, statementTimeoutSeconds));
  if (!session) return;
  try {
    await work(session);
  } finally {
    await session.close();
  }
}

/** `pg_has_role` is asked with USAGE: a role that must SET ROLE first has the right only on paper. */
async function mayReadEverything(session: Database): Promise<void> {
  const { rows } = await session.query<{ me: string; grant: string; has: boolean }>(
    `SELECT current_user AS me, wanted AS grant, pg_has_role(current_user, wanted, 'USAGE') AS has
     FROM unnest(ARRAY['pg_read_all_data', 'pg_monitor']) AS wanted`,
  );
  for (const { me, grant } of rows.filter(({ has }) => !has)) throw missing(me, `GRANT ${grant} TO ${me};`);
}

/** From PostgreSQL 16 on, CREATEROLE reaches only roles that one has the ADMIN OPTION on (release notes 16, "Privileges"). */
async function mayBar(session: Database, application: string): Promise<void> {
  const { rows } = await session.query<{
    me: string;
    creates: boolean;
    signals: boolean;
    admin: boolean;
    beyond: boolean;
  }>(
    `SELECT current_user AS me,
       me.rolcreaterole OR me.rolsuper AS creates,
       pg_has_role(current_user, 'pg_signal_backend', 'USAGE') AS signals,
       current_setting('server_version_num')::int < 160000
         OR pg_has_role(current_user, other.oid, 'MEMBER WITH ADMIN OPTION') AS admin,
       other.rolsuper AND NOT me.rolsuper AS beyond
     FROM pg_catalog.pg_roles me LEFT JOIN pg_catalog.pg_roles other ON other.rolname = $1
     WHERE me.rolname = current_user`,
    [application],
  );
  const [found] = rows;
  if (!found) return;
  const { me, creates, signals, admin, beyond } = found;
  if (beyond) throw permanent('inspection.application-is-superuser', { role: application, fence: me });
  const statements = [
    ...(creates ? [] : [`ALTER ROLE ${me} CREATEROLE;`]),
    ...(signals ? [] : [`GRANT pg_signal_backend TO ${me};`]),
    ...(admin === false ? [`GRANT ${application} TO ${me} WITH ADMIN OPTION, INHERIT FALSE, SET FALSE;`] : []),
  ];
  if (statements.length > 0) throw missing(me, statements.join(' '));
}

const missing = (role: string, statement: string) => permanent('inspection.grant-missing', { role, statement });

/** Tables, columns and statements that the config names: none is run, `EXPLAIN` only plans it. */
async function inspectChecks(
  inspector: Inspector,
  at: string,
  session: Database,
  checks: CheckSettings,
): Promise<void> {
  await inspector.look(`${at}.critical`, 'tables', async () => {
    for (const [i, table] of checks.critical.entries())
      if (!(await isTable(session, table)))
        inspector.note(`${at}.critical[${i}]`, permanent('inspection.no-table', { table: qualifiedName(table) }));
    for (const [i, relation] of checks.relations.entries())
      for (const side of ['from', 'to'] as const)
        if (!(await isColumn(session, relation[side])))
          inspector.note(
            `${at}.relations[${i}].${side}`,
            permanent('inspection.no-column', { column: relation[side] }),
          );
  });
  for (const group of ['queries', 'rules'] as const)
    for (const [i, { name, sql }] of checks[group].entries())
      await inspector.look(`${at}.${group}[${i}].sql`, 'statement', () => plans(session, name, sql));
}

async function isTable(session: Database, table: string): Promise<boolean> {
  const { rows } = await session.query<{ there: boolean }>('SELECT to_regclass($1) IS NOT NULL AS there', [
    tableSql(table),
  ]);
  return rows[0]?.there ?? false;
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
