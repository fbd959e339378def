import { written } from './explain.ts';
import { type Fault, type Problem, problem } from './fault.ts';
import type { FileEnvironment, FileSettings } from './schema.ts';
import { daysOf } from './shapes.ts';

type Path = readonly PropertyKey[];
const fault = (path: Path, what: Problem, example = ''): Fault => ({ path: written(path), problem: what, example });
/** The fault, where it is one. */
const when = (isWrong: boolean, path: Path, what: Problem, example = ''): Fault[] =>
  isWrong ? [fault(path, what, example)] : [];

/** What no single option shows: options that can't hold together. Asked once every option is right by itself. */
export function contradictions(file: FileSettings): Fault[] {
  const { people, environments } = file;
  const { approvers, breakGlass } = people;
  const nobody = approvers.users.length + approvers.groups.length === 0;
  return [
    ...when(
      nobody,
      ['people', 'approvers'],
      problem('names-nobody', {}),
      '{ users: [U0DBA1, U0DBA2], groups: [S0DBA] }',
    ),
    ...breakGlass.users.flatMap((user, i) =>
      when(approvers.users.includes(user), ['people', 'breakGlass', 'users', i], problem('approver-too', { user })),
    ),
    ...sharedPrincipals(people.identities),
    ...sharedSecrets(Object.entries(environments)),
    ...Object.entries(environments).flatMap(([name, environment]) => {
      const at = ['environments', name];
      return [
        ...tooFewApprovers(at, environment, approvers),
        ...secretsOf(at, environment),
        ...repeated(at, environment),
        ...sameBothSides(at, environment),
        ...scaledCronJobs(at, environment),
        ...schedulesAndRetention(at, environment),
        ...levels(at, environment),
        ...dumpsOverLedger(at, environment, file.ledger),
        ...execWithoutTools(at, environment),
      ];
    }),
  ];
}

/** Without groups it is known how many people there are: more votes than people would mean that nothing ever starts. */
function tooFewApprovers(at: Path, { approvals }: FileEnvironment, who: FileSettings['people']['approvers']): Fault[] {
  const users = new Set(who.users).size;
  if (who.groups.length > 0 || users === 0) return [];
  return (['required', 'cutOver'] as const).flatMap((option) =>
    when(
      approvals[option] > users,
      [...at, 'approvals', option],
      problem('too-few-approvers', { required: approvals[option], users }),
      String(users),
    ),
  );
}

/** One principal for two people would let one of them be both. */
function sharedPrincipals(identities: FileSettings['people']['identities']): Fault[] {
  const all = Object.entries(identities);
  return all.flatMap(([user, principal], i) => {
    const first = all.findIndex(([, other]) => other === principal);
    const option = `people.identities.${all[first]?.[0]}`;
    return when(first < i, ['people', 'identities', user], problem('same-as-option', { option }));
  });
}

/** Two environments that one key of one secret moves are one environment, written twice. */
function sharedSecrets(environments: readonly (readonly [string, FileEnvironment])[]): Fault[] {
  const pointers = environments.map(([, { region, secret }]) => [region, secret.id, secret.keys.host].join(' '));
  return environments.flatMap(([name], i) => {
    const [first = ''] = environments[pointers.indexOf(pointers[i] ?? '')] ?? [];
    const shared = problem('another-environments', { environment: first });
    return when(first !== name, ['environments', name, 'secret', 'id'], shared, `${name}/ecommerce/config`);
  });
}

/** Each key of the secret holds something else, and each of pitcrew's roles is a login of its own. */
function secretsOf(at: Path, { secret, database }: FileEnvironment): Fault[] {
  const login = ({ secret: id, keys }: { secret: string; keys: { user: string } }) => `${id} ${keys.user}`;
  const { verifyRole, fenceRole, masterRole } = database;
  const roles = {
    secret: login({ secret: secret.id, keys: secret.keys }),
    'database.verifyRole': login(verifyRole),
    'database.fenceRole': login(fenceRole),
    ...(masterRole ? { 'database.masterRole': login(masterRole) } : {}),
  };
  return [...alike([...at, 'secret', 'keys'], secret.keys, ''), ...alike(at, roles, '.secret')];
}

/** Options of a group, each of which must say something of its own. */
function alike(at: Path, group: Readonly<Record<string, string | undefined>>, below: string): Fault[] {
  const entries = Object.entries(group);
  return entries.flatMap(([name, value], i) => {
    const [first = name] = entries.slice(0, i).find(([, earlier]) => earlier === value) ?? [];
    const path = [...at, ...`${name}${below}`.split('.')];
    return when(first !== name, path, problem('same-as-option', { option: first }));
  });
}

function repeated(at: Path, { workloads, checks, channels, database }: FileEnvironment): Fault[] {
  return [
    ...twice([...at, 'workloads'], workloads, ({ cluster = '', namespace, deployment, statefulSet, cronJob }) =>
      [cluster, namespace, deployment, statefulSet, cronJob].join('/'),
    ),
    ...twice([...at, 'checks', 'critical'], checks.critical, unqualified),
    ...twice(
      [...at, 'checks', 'relations'],
      checks.relations,
      ({ from, to }) => `${unqualified(from)} ${unqualified(to)}`,
    ),
    ...twice([...at, 'checks', 'queries'], checks.queries, ({ name }) => name),
    ...twice([...at, 'checks', 'rules'], checks.rules, ({ name }) => name),
    ...twice([...at, 'channels', 'stakeholders'], channels.stakeholders, (id) => id),
    ...twice([...at, 'database', 'readers'], database.readers, (role) => role),
  ];
}

const unqualified = (table: string) => table.replace(/^public\./, '');

function twice<Item>(path: Path, items: readonly Item[], nameOf: (item: Item) => string): Fault[] {
  const names = items.map(nameOf);
  return names.flatMap((name, i) =>
    when(names.indexOf(name) < i, [...path, i], problem('same-as-entry', { entry: names.indexOf(name) })),
  );
}

function sameBothSides(at: Path, { checks }: FileEnvironment): Fault[] {
  return checks.relations.flatMap(({ from, to }, i) =>
    when(
      unqualified(from) === unqualified(to),
      [...at, 'checks', 'relations', i, 'to'],
      problem('same-as-option', { option: 'from' }),
      'customers.id',
    ),
  );
}

function scaledCronJobs(at: Path, { workloads }: FileEnvironment): Fault[] {
  return workloads.flatMap(({ cronJob, replicas }, i) =>
    when(
      cronJob !== undefined && replicas !== undefined,
      [...at, 'workloads', i, 'replicas'],
      problem('replicas-of-cron-job', {}),
    ),
  );
}

const tiers = ['hourly', 'daily', 'weekly'] as const;

function schedulesAndRetention(at: Path, { schedules, retention }: FileEnvironment): Fault[] {
  const kept = tiers.flatMap((tier) => {
    const written = retention[tier];
    return written === undefined ? [] : [{ tier, days: daysOf(written), written }];
  });
  return kept.flatMap(({ tier, days }, i) => {
    const path = [...at, 'retention', tier];
    const above = kept[i - 1];
    return [
      ...when(schedules[tier] === undefined, path, problem('retention-without-schedule', { tier })),
      ...(above && days < above.days
        ? [fault(path, problem('kept-shorter-than-above', { above: above.tier }), above.written)]
        : []),
    ];
  });
}

/** People are called in the order in which they stand. */
function levels(at: Path, { escalation }: FileEnvironment): Fault[] {
  return escalation.flatMap(({ afterMinutes: minutes }, i) => {
    const before = escalation[i - 1]?.afterMinutes ?? 0;
    const path = [...at, 'escalation', i, 'afterMinutes'];
    return when(minutes < before, path, problem('earlier-than-before', { minutes, before }), String(before));
  });
}

/** In one bucket, neither may lie within the other. */
function dumpsOverLedger(at: Path, { dumps }: FileEnvironment, ledger: FileSettings['ledger']): Fault[] {
  if (dumps?.bucket !== ledger.bucket) return [];
  const own = `${ledger.prefix}/`;
  const overlap = dumps.prefix.startsWith(own) || own.startsWith(dumps.prefix);
  return when(overlap, [...at, 'dumps', 'prefix'], problem('over-the-ledger', { bucket: ledger.bucket }), 'database/');
}

function execWithoutTools(at: Path, { dumps }: FileEnvironment): Fault[] {
  const example = '{ namespace: production, deployment: tools }';
  const lacks = dumps?.runner === 'exec' && dumps.tools === undefined;
  return when(lacks, [...at, 'dumps', 'tools'], problem('exec-without-tools', {}), example);
}
