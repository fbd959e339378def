import type { Database } from '../clients/postgres.ts';
import type { DatabaseGrant, DatabaseShape, DumpNeeds, NeededExtension } from '../domain/load.ts';

// What pg_dump leaves out, or takes for granted: asked of the database that is dumped, in the dump's own snapshot.

/** `to_jsonb`: the columns of locales came and went between 15 and 17. */
const aboutDatabase = `SELECT pg_get_userbyid(d.datdba) AS owner, pg_encoding_to_char(d.encoding) AS encoding,
    d.datcollate AS collation, d.datctype AS ctype, to_jsonb(d) ->> 'datlocprovider' AS provider,
    coalesce(to_jsonb(d) ->> 'datlocale', to_jsonb(d) ->> 'daticulocale') AS locale, d.datacl IS NOT NULL AS granted
  FROM pg_catalog.pg_database d WHERE d.datname = current_database()`;

/** Every dependence of this database on a role: PostgreSQL keeps them so that no role is dropped that something needs. */
const aboutRoles = `SELECT r.rolname AS role, (count(*) FILTER (WHERE s.deptype = 'o'))::int AS owns
  FROM pg_catalog.pg_shdepend s
  JOIN pg_catalog.pg_roles r ON r.oid = s.refobjid
  WHERE s.refclassid = 'pg_catalog.pg_authid'::regclass AND r.rolname NOT LIKE 'pg\\_%' AND r.rolname NOT LIKE 'rds%'
    AND (s.dbid = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
      OR (s.dbid = 0 AND s.classid = 'pg_catalog.pg_database'::regclass
        AND s.objid = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())))
  GROUP BY r.rolname ORDER BY r.rolname`;

const aboutExtensions = `SELECT e.extname AS name, e.extversion AS version, n.nspname AS schema
  FROM pg_catalog.pg_extension e JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace
  WHERE e.extname <> 'plpgsql' ORDER BY e.extname`;

const aboutSettings = `SELECT r.rolname AS role, setting
  FROM pg_catalog.pg_db_role_setting s LEFT JOIN pg_catalog.pg_roles r ON r.oid = s.setrole,
    unnest(s.setconfig) AS setting
  WHERE s.setdatabase = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
  ORDER BY r.rolname NULLS FIRST, setting`;

/** Of the roles that this database knows, and of who may act as them: what others' have is no part of it. */
const aboutRoleSettings = `SELECT r.rolname AS role, setting
  FROM pg_catalog.pg_db_role_setting s JOIN pg_catalog.pg_roles r ON r.oid = s.setrole, unnest(s.setconfig) AS setting
  WHERE s.setdatabase = 0 AND NOT r.rolsuper AND r.rolname NOT LIKE 'pg\\_%' AND r.rolname NOT LIKE 'rds%'
    AND EXISTS (SELECT FROM unnest($1::text[]) AS known (role) WHERE pg_has_role(r.oid, known.role::name, 'MEMBER'))
  ORDER BY r.rolname, setting`;

const aboutGrants = `SELECT r.rolname AS role, a.privilege_type AS privilege, a.is_grantable AS grantable
  FROM pg_catalog.pg_database d, aclexplode(d.datacl) a LEFT JOIN pg_catalog.pg_roles r ON r.oid = a.grantee
  WHERE d.datname = current_database() AND a.grantee <> d.datdba AND (a.grantee = 0 OR r.rolname NOT LIKE 'rds%')
  ORDER BY r.rolname NULLS FIRST, a.privilege_type`;

interface About {
  readonly owner: string;
  readonly encoding: string;
  readonly collation: string | null;
  readonly ctype: string | null;
  readonly provider: string | null;
  readonly locale: string | null;
  readonly granted: boolean;
}

/** @throws PitcrewError `database.*` */
export async function readNeeds(database: Database): Promise<DumpNeeds> {
  const [about] = (await database.query<About>(aboutDatabase)).rows;
  const roles = (await database.query<{ role: string; owns: number }>(aboutRoles)).rows;
  const { rows: extensions } = await database.query<NeededExtension>(aboutExtensions);
  const { rows: settings } = await database.query<DumpNeeds['settings'][number]>(aboutSettings);
  const known = [about?.owner, ...roles.map(({ role }) => role), ...settings.map(({ role }) => role)].filter(Boolean);
  const { rows: roleSettings } = await database.query<NonNullable<DumpNeeds['roleSettings']>[number]>(
    aboutRoleSettings,
    [[...new Set(known)]],
  );
  const { rows: grants } = await database.query<DatabaseGrant>(aboutGrants);
  return {
    shape: shapeOf(about),
    owner: about?.owner ?? null,
    owners: Object.fromEntries(roles.filter(({ owns }) => owns > 0).map(({ role, owns }) => [role, owns])),
    roles: roles.map(({ role }) => role),
    extensions,
    settings,
    roleSettings,
    grants: about?.granted ? grants : null,
  };
}

const providers = { i: 'icu', b: 'builtin' } as const;

function shapeOf(about: About | undefined): DatabaseShape {
  const { encoding = null, collation = null, ctype = null, locale = null } = about ?? {};
  const provider = providers[about?.provider as keyof typeof providers] ?? null;
  return { encoding, collation, ctype, provider, locale: provider === null ? null : locale };
}
