import type { DatabaseAddress } from '../../../clients/postgres.ts';
import type { DumpPoint } from '../../../domain/restore.ts';
import type { RoleSecret } from '../../../domain/settings.ts';
import { type DatabaseAccess, withDatabase } from '../../../verification/access.ts';

/** The table of contents of a dump, an entry a line without its numbers: `TABLE public orders shop_app`. */
export type ListArchive = (region: string, dump: DumpPoint, program: string) => Promise<readonly string[]>;

/** Something in the live database, by the words that `pg_restore --list` has for it: `TABLE public orders`. */
export interface LiveObject {
  readonly kind: string;
  readonly schema: string;
  readonly name: string;
}

const statementTimeoutSeconds = 30;

/** Sequences that belong to a column come and go with their table; what belongs to an extension, with that. */
const query = `SELECT kind, schema, name FROM (
  SELECT CASE c.relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'f' THEN 'FOREIGN TABLE'
      WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END AS kind,
    n.nspname::text AS schema, c.relname::text AS name, c.oid, 'pg_class'::regclass AS of
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
  UNION ALL
  SELECT CASE p.prokind WHEN 'p' THEN 'PROCEDURE' WHEN 'a' THEN 'AGGREGATE' ELSE 'FUNCTION' END,
    n.nspname::text, p.proname::text, p.oid, 'pg_proc'::regclass
  FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
) AS things
WHERE schema !~ '^pg_' AND schema <> 'information_schema'
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = things.of AND d.objid = things.oid
    AND (d.deptype = 'e' OR (things.kind = 'SEQUENCE' AND d.deptype IN ('a', 'i'))))
ORDER BY 1, 2, 3`;

export const liveObjects = (access: DatabaseAccess, at: DatabaseAddress, role: RoleSecret): Promise<LiveObject[]> =>
  withDatabase(access, at, role, statementTimeoutSeconds, async (database) => [
    ...(await database.query<LiveObject>(query)).rows,
  ]);

/**
 * What is in the live database and not in the dump: `pg_restore --clean` drops only what it makes anew, so these stay.
 * @param entries of the archive's table of contents, without their numbers: `TABLE public orders shop_app`
 */
export function survivors(live: readonly LiveObject[], entries: readonly string[]): readonly string[] {
  const named = ({ kind, schema, name }: LiveObject) => `${kind} ${schema} ${name}`;
  const inDump = (thing: LiveObject) =>
    entries.some((entry) => entry.startsWith(`${named(thing)} `) || entry.startsWith(`${named(thing)}(`));
  const left = live.filter((thing) => !inDump(thing));
  return [...new Set(left.map(({ kind, schema, name }) => `${kind.toLowerCase()} ${schema}.${name}`))];
}
