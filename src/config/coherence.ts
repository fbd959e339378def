import { written } from './explain.ts';
import type { Fault } from './fault.ts';
import type { FileSettings } from './schema.ts';

type FileEnvironment = FileSettings['environments'][string];

/** What no single option shows: options that can't hold together. Asked once every option is right by itself. */
export function contradictions({ people, environments }: FileSettings): Fault[] {
  const { users, groups } = people.approvers;
  const nobody = users.length + groups.length === 0;
  return [
    ...(nobody ? [fault(['people', 'approvers'], 'names nobody', '{ users: [U0DBA1, U0DBA2], groups: [S0DBA] }')] : []),
    ...Object.entries(environments).flatMap(([name, environment]) => [
      ...(nobody || groups.length > 0 ? [] : tooFewApprovers(name, environment, new Set(users).size)),
      ...twice(
        ['environments', name, 'workloads'],
        environment.workloads,
        ({ cluster = '', namespace, deployment, statefulSet, cronJob }) =>
          [cluster, namespace, deployment, statefulSet, cronJob].join('/'),
      ),
      ...twice(['environments', name, 'checks', 'critical'], environment.checks.critical, unqualified),
      ...twice(['environments', name, 'checks', 'queries'], environment.checks.queries, ({ name }) => name),
      ...twice(['environments', name, 'checks', 'rules'], environment.checks.rules, ({ name }) => name),
    ]),
  ];
}

const fault = (path: readonly PropertyKey[], problem: string, example: string): Fault => ({
  path: written(path),
  problem,
  example,
});

const unqualified = (table: string) => table.replace(/^public\./, '');

/** Without groups it is known how many people there are: more votes than people would mean that nothing ever starts. */
function tooFewApprovers(name: string, { approvals }: FileEnvironment, users: number): Fault[] {
  if (approvals.required <= users) return [];
  const problem = `is ${approvals.required}, and people.approvers names only ${users}: nothing could ever be approved`;
  return [fault(['environments', name, 'approvals', 'required'], problem, String(users))];
}

function twice<Item>(path: readonly PropertyKey[], items: readonly Item[], nameOf: (item: Item) => string): Fault[] {
  const names = items.map(nameOf);
  return names.flatMap((name, i) =>
    names.indexOf(name) < i ? [fault([...path, i], `says the same as entry ${names.indexOf(name)}`, '')] : [],
  );
}
