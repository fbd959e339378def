import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Household } from '../../household.ts';
import { postgresPrograms } from './run.ts';

const shared = '/usr/share/postgresql/15';
const libraries = '/usr/lib/postgresql/15/lib';

/**
 * Extensions that RDS lets its master user create and PostgreSQL only a superuser (RDS for PostgreSQL Release Notes,
 * "Extension versions"), as far as they come with the server.
 */
const creatable: readonly string[] = [
  'amcheck',
  'bloom',
  'dblink',
  'dict_xsyn',
  'earthdistance',
  'intagg',
  'old_snapshot',
  'pg_buffercache',
  'pg_freespacemap',
  'pg_prewarm',
  'pg_stat_statements',
  'pg_visibility',
  'pg_walinspect',
  'pgrowlocks',
  'pgstattuple',
  'postgres_fdw',
  'sslinfo',
];

/** What belongs to the superuser in them and the master user may use, and pass on, on RDS. */
const grants: Readonly<Record<string, string>> = {
  'amcheck--1.2--1.3.sql': `
GRANT EXECUTE ON FUNCTION bt_index_check(regclass), bt_index_check(regclass, boolean),
  bt_index_parent_check(regclass), bt_index_parent_check(regclass, boolean),
  bt_index_parent_check(regclass, boolean, boolean),
  verify_heapam(regclass, boolean, boolean, text, bigint, bigint) TO rds_superuser WITH GRANT OPTION;
`,
  'postgres_fdw--1.0.sql': '\nGRANT USAGE ON FOREIGN DATA WRAPPER postgres_fdw TO rds_superuser WITH GRANT OPTION;\n',
};

const rootOf = ({ folder }: Household) => join(folder, 'postgresql');

/** The server that the clusters of a household run: RDS's where it is made, else the machine's own. */
export function serverProgram(household: Household): string {
  const own = join(rootOf(household), 'lib/postgresql/15/bin/postgres');
  return existsSync(own) ? own : join(postgresPrograms, 'postgres');
}

/**
 * Puts a server together that differs from the machine's only in its list of extensions: RDS's is one that its master
 * user may create from. PostgreSQL finds its files by where its program lies, so a copy of the program with links
 * around it is a server of its own.
 */
export async function installServer(household: Household): Promise<void> {
  const root = rootOf(household);
  const programs = join(root, 'lib/postgresql/15/bin');
  const share = join(root, 'share/postgresql/15');
  if (existsSync(programs)) return;
  const extensions = join(share, 'extension');
  for (const folder of [programs, extensions]) await mkdir(folder, { recursive: true, mode: 0o755 });
  await symlink(libraries, join(root, 'lib/postgresql/15/lib'));
  await linkAll(shared, share, (name) => name !== 'extension');
  await linkAll(join(shared, 'extension'), extensions, (name) => !isOurs(name));
  for (const name of (await readdir(join(shared, 'extension'))).filter(isOurs)) {
    const text = await readFile(join(shared, 'extension', name), 'utf8');
    await writeFile(
      join(extensions, name),
      `${text}${name.endsWith('.control') ? '\ntrusted = true\n' : (grants[name] ?? '')}`,
    );
  }
  await copyFile(join(postgresPrograms, 'postgres'), join(programs, 'postgres'));
}

const isOurs = (name: string) =>
  Object.hasOwn(grants, name) || (name.endsWith('.control') && creatable.includes(basename(name, '.control')));

async function linkAll(from: string, to: string, wanted: (name: string) => boolean): Promise<void> {
  const names = (await readdir(from)).filter(wanted);
  await Promise.all(names.map((name) => symlink(join(from, name), join(to, name))));
}
