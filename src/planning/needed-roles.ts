import type { DumpManifest } from '../domain/dump.ts';
import type { DumpNeeds } from '../domain/load.ts';
import type { DatabaseRole } from './settings-record.ts';

/** What a master user of RDS may give a role; the rest takes a superuser, whom RDS gives nobody. */
const givable = /^(NOINHERIT|CREATEROLE|CREATEDB|CONNECTION LIMIT \d+)$/;

/** Roles that a new instance needs before a dump can be loaded into it, the groups before their members. */
export interface NeededRoles {
  /** Without those that have a login out of a secret: nobody can say what passwords the others had. */
  readonly roles: readonly DatabaseRole[];
  /** Groups that the roles with a login belong to, by role. */
  readonly memberships: readonly { readonly member: string; readonly group: string }[];
  /** Attributes that can't be given: `name ATTRIBUTE`. */
  readonly lost: readonly string[];
  /** What they begin their sessions with, of all of them. */
  readonly settings: NonNullable<DumpNeeds['roleSettings']>;
}

/**
 * pg_dump carries no roles. Those that own something in the dump, or are granted something, are made as the old instance
 * has them, or as the settings record has; of which nobody knows anything, they are made by their names alone. So are the
 * groups that they belong to, and the groups of these.
 * @param logins names of the roles that pitcrew makes with a password: the application's and its own
 */
export function neededRoles(
  needs: DumpManifest['needs'],
  known: readonly DatabaseRole[] | null,
  logins: readonly string[],
): NeededRoles {
  const byName = new Map((known ?? []).map((role) => [role.name, role]));
  const of = (name: string): DatabaseRole => byName.get(name) ?? { name, attributes: [], memberOf: [] };
  const wanted = new Map<string, DatabaseRole>();
  const want = (name: string, within: readonly string[]): void => {
    if (wanted.has(name) || within.includes(name) || isOfTheServer(name)) return;
    const role = of(name);
    for (const group of role.memberOf) want(group, [...within, name]);
    wanted.set(name, role);
  };
  const named = [needs?.owner, ...(needs?.roles ?? []), ...(needs?.settings ?? []).map(({ role }) => role)];
  for (const name of [...logins, ...named]) if (name) want(name, []);
  const all = [...wanted.values()];
  return {
    roles: all
      .filter(({ name }) => !logins.includes(name))
      .map((role) => ({ ...role, attributes: role.attributes.filter((one) => givable.test(one)) })),
    memberships: all.flatMap(({ name, memberOf }) => memberOf.map((group) => ({ member: name, group }))),
    lost: all.flatMap(({ name, attributes }) =>
      attributes.filter((one) => one !== 'LOGIN' && !givable.test(one)).map((one) => `${name} ${one}`),
    ),
    settings: (needs?.roleSettings ?? []).filter(({ role }) => wanted.has(role)),
  };
}

/** PostgreSQL's own roles and RDS's are on every instance. */
const isOfTheServer = (name: string) => /^(pg_|rds)/.test(name);
