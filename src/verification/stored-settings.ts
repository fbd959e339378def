import type { Database } from '../clients/postgres.ts';
import { PitcrewError } from '../domain/errors.ts';
import { run } from './new-database.ts';

/** As `pg_db_role_setting` has it, `name=value`: what a role, or where that is null every role, begins its sessions with. */
export interface StoredSetting {
  readonly role: string | null;
  readonly setting: string;
}

/** As people name it, without what it is set to: `search_path`, or `reporting: work_mem`. */
export function settingName({ role, setting }: StoredSetting): string {
  const name = setting.slice(0, setting.indexOf('='));
  return role === null ? name : `${role}: ${name}`;
}

/**
 * Sets them again: `ALTER DATABASE … SET` and `ALTER ROLE … IN DATABASE … SET` where a database is named, else `ALTER ROLE …
 * SET`. No data hangs on them, so what this login may not set, or the server doesn't know, is left. @returns the names of
 * these, for people. @throws PitcrewError `database.*` where a later try may succeed
 */
export async function storeSettings(
  server: Database,
  settings: readonly StoredSetting[],
  database: string | null,
): Promise<readonly string[]> {
  const left: string[] = [];
  for (const one of settings)
    await store(server, one, database).catch((error: unknown) => {
      if (!(error instanceof PitcrewError) || error.kind !== 'permanent') throw error;
      left.push(settingName(one));
    });
  return left;
}

async function store(server: Database, { role, setting }: StoredSetting, database: string | null): Promise<void> {
  const at = setting.indexOf('=');
  const [name, value] = [setting.slice(0, at), setting.slice(at + 1)];
  const values = isListOfNames(name) ? namesIn(value) : [value];
  const within = database === null ? '' : ' IN DATABASE %I';
  const whose = role === null ? 'DATABASE %I' : `ROLE %I${within}`;
  const named = [role, database].filter((one) => one !== null);
  await run(server, `ALTER ${whose} SET %I TO ${values.map(() => '%L').join(', ')}`, ...named, name, ...values);
}

/** Parameters whose value is a list of names (PostgreSQL sources, dumputils.c, `variable_is_guc_list_quote`). */
export const isListOfNames = (name: string) =>
  /^(local_preload_libraries|search_path|session_preload_libraries|shared_preload_libraries|temp_tablespaces|unix_socket_directories)$/i.test(
    name,
  );

/** `"$user", public` as the names that it lists. */
const namesIn = (list: string): readonly string[] =>
  (list.match(/"(?:[^"]|"")*"|[^\s,"]+/g) ?? []).map((name) =>
    name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name,
  );
