import fc from 'fast-check';
import { expect, test } from 'vitest';
import { neededRoles } from './needed-roles.ts';

const needs = (roles: readonly string[], owner: string | null = null) =>
  ({
    owner,
    roles,
    settings: [{ role: 'batch', setting: 'work_mem=8MB' }],
    roleSettings: [
      { role: 'app', setting: 'statement_timeout=30s' },
      { role: 'staff', setting: 'work_mem=16MB' },
      { role: 'unrelated', setting: 'work_mem=1GB' },
    ],
  }) as never;
const role = (name: string, memberOf: readonly string[] = [], attributes: readonly string[] = []) => ({
  name,
  attributes,
  memberOf,
});

test('what the dump speaks of is made as the old instance has it, groups before members, without what RDS gives nobody', () => {
  const known = [
    role('app', ['staff'], ['LOGIN']),
    role('reporting', ['staff', 'pg_monitor'], ['LOGIN', 'NOINHERIT', 'REPLICATION']),
    role('staff', ['company']),
    role('company'),
    role('unrelated'),
  ];
  const { roles, memberships, lost, settings } = neededRoles(needs(['reporting', 'stranger'], 'app'), known, ['app']);
  expect(roles.map(({ name }) => name)).toEqual(['company', 'staff', 'reporting', 'stranger', 'batch']);
  expect(roles.find(({ name }) => name === 'reporting')?.attributes).toEqual(['NOINHERIT']);
  expect(memberships).toContainEqual({ member: 'app', group: 'staff' });
  expect(memberships).toContainEqual({ member: 'reporting', group: 'pg_monitor' });
  expect(lost).toEqual(['reporting REPLICATION']);
  expect(settings.map((one) => one.role)).toEqual(['app', 'staff']);
});

test('a dump of which nobody looked what it needs still has its logins’ groups', () => {
  const { roles } = neededRoles(null, [role('app', ['staff'])], ['app', 'pitcrew_verify']);
  expect(roles.map(({ name }) => name)).toEqual(['staff']);
  expect(neededRoles(null, null, ['app']).roles).toEqual([]);
});

test('whatever belongs to what, even in a circle: each role once, and no member before its groups unless they are one circle', () => {
  const names = ['a', 'b', 'c', 'd', 'e'];
  const memberships = fc.array(fc.subarray(names), { minLength: 5, maxLength: 5 });
  fc.assert(
    fc.property(memberships, fc.subarray(names), (groups, wanted) => {
      const known = names.map((name, at) => role(name, groups[at] ?? []));
      const { roles } = neededRoles(needs(wanted), known, []);
      const order = roles.map(({ name }) => name);
      expect(new Set(order).size).toBe(order.length);
      for (const name of wanted) expect(order).toContain(name);
      for (const { name, memberOf } of roles) for (const group of memberOf) expect(order, name).toContain(group);
    }),
  );
});
