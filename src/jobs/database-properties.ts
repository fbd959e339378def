import type { Database } from '../clients/postgres.ts';
import { PitcrewError, permanent } from '../domain/errors.ts';
import type { DatabaseGrant, DumpNeeds, NeededExtension } from '../domain/load.ts';
import { run } from '../verification/new-database.ts';
import { storeSettings } from '../verification/stored-settings.ts';

/**
 * Extensions, made by the master user before pg_restore comes as somebody who may not make them: in the schema that they
 * had, of the version that they had where the server has it. @throws PitcrewError `load.extension-refused`, `database.*`
 */
export async function makeExtensions(
  inside: Database,
  extensions: readonly NeededExtension[],
  owner: string,
): Promise<void> {
  for (const { name, version, schema } of extensions) {
    await run(inside, 'CREATE SCHEMA IF NOT EXISTS %I AUTHORIZATION %I', schema, owner);
    const { rows } = await inside.query<{ version: string }>(
      'SELECT version FROM pg_catalog.pg_available_extension_versions WHERE name = $1 AND version = $2',
      [name, version],
    );
    const same = rows[0]?.version;
    const command = 'CREATE EXTENSION IF NOT EXISTS %I WITH SCHEMA %I';
    const made =
      same === undefined
        ? run(inside, command, name, schema)
        : run(inside, `${command} VERSION %I`, name, schema, same);
    await made.catch(refused('load.extension-refused', name));
  }
}

/**
 * Of the database itself, what pg_dump leaves out: its settings, and who may connect. @returns the settings that the master
 * user may not set, by name. @throws PitcrewError `database.*`
 */
export async function giveProperties(
  server: Database,
  database: string,
  { settings, grants }: Pick<DumpNeeds, 'settings' | 'grants'>,
): Promise<readonly string[]> {
  const left = await storeSettings(server, settings, database);
  if (grants === null) return left;
  await run(server, 'REVOKE ALL ON DATABASE %I FROM PUBLIC', database);
  for (const grant of grants) await give(server, database, grant);
  return left;
}

async function give(server: Database, database: string, { role, privilege, grantable }: DatabaseGrant): Promise<void> {
  const option = grantable ? ' WITH GRANT OPTION' : '';
  if (role === null) await run(server, `GRANT ${privilege} ON DATABASE %I TO PUBLIC`, database);
  else await run(server, `GRANT ${privilege} ON DATABASE %I TO %I${option}`, database, role);
}

/** What the planner needs after a load, and the visibility map. Catalogues that belong to others are passed by. */
export async function vacuumAnalyze(inside: Database, owner: string): Promise<void> {
  await run(inside, 'SET ROLE %I', owner);
  await inside.query('VACUUM (ANALYZE)');
}

/** Which one it is: what the client says of a refusal names only the database. */
const refused =
  (code: string, name: string) =>
  (error: unknown): never => {
    if (error instanceof PitcrewError && error.kind === 'permanent') throw permanent(code, { name }, error);
    throw error;
  };
