import type { Database } from '../clients/postgres.ts';
import type { NeededExtension } from '../domain/load.ts';

/** What a server has for a second database, as its master user sees it. Only read. */
export interface ServerRoom {
  /** Of the live database. */
  readonly owner: string;
  /** The master user may make databases, and is a member of these roles: what they own, it may rename. */
  readonly createsDatabases: boolean;
  readonly masterUser: string;
  readonly memberOf: readonly string[];
  /** Of those that were asked for, the ones that aren't there. */
  readonly missingRoles: readonly string[];
  /** Of those that were asked for: the version that would be made, null where there is none at all. */
  readonly extensions: readonly (NeededExtension & { readonly would: string | null })[];
  /** All databases, and the write-ahead log where that may be seen; bytes. */
  readonly usedBytes: number;
  /** Of the live database. */
  readonly liveBytes: number;
}

export interface RoomAsked {
  readonly live: string;
  readonly roles: readonly string[];
  readonly extensions: readonly NeededExtension[];
}

/** @throws PitcrewError `database.*` */
export async function serverRoom(server: Database, { live, roles, extensions }: RoomAsked): Promise<ServerRoom> {
  const { rows: about } = await server.query<Omit<ServerRoom, 'missingRoles' | 'extensions' | 'memberOf'>>(
    `SELECT pg_get_userbyid(d.datdba) AS owner, current_user::text AS "masterUser",
       (SELECT rolcreatedb OR rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user) AS "createsDatabases",
       (SELECT sum(pg_database_size(oid)) FROM pg_catalog.pg_database)::float8
         + coalesce((SELECT sum(size) FROM pg_ls_waldir()), 0)::float8 AS "usedBytes",
       pg_database_size(d.oid)::float8 AS "liveBytes"
     FROM pg_catalog.pg_database d WHERE d.datname = $1`,
    [live],
  );
  const { rows: known } = await server.query<{ name: string; member: boolean }>(
    `SELECT rolname::text AS name, pg_has_role(current_user, oid, 'USAGE') AS member FROM pg_catalog.pg_roles`,
  );
  const { rows: available } = await server.query<{ name: string; version: string; would: string }>(
    `SELECT v.name::text AS name, v.version, e.default_version AS would
     FROM pg_catalog.pg_available_extension_versions v JOIN pg_catalog.pg_available_extensions e USING (name)
     WHERE v.name = ANY ($1)`,
    [extensions.map(({ name }) => name)],
  );
  const would = ({ name, version }: NeededExtension) => {
    const versions = available.filter((one) => one.name === name);
    return versions.find((one) => one.version === version)?.version ?? versions[0]?.would ?? null;
  };
  const names = new Set(known.map(({ name }) => name));
  const { owner = '', masterUser = '', createsDatabases = false, usedBytes = 0, liveBytes = 0 } = about[0] ?? {};
  return {
    ...{ owner, masterUser, createsDatabases, usedBytes, liveBytes },
    memberOf: known.filter(({ member }) => member).map(({ name }) => name),
    missingRoles: roles.filter((role) => !names.has(role)),
    extensions: extensions.map((one) => ({ ...one, would: would(one) })),
  };
}
