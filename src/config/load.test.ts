import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { ConfigError, describeFault, type Fault } from './fault.ts';
import { load, loadSettings } from './load.ts';
import { notInForce } from './not-yet.ts';

const smallest = `
ledger: { bucket: acme-pitcrew-ledger, region: eu-central-1 }
people: { approvers: { users: [U0DBA1, U0DBA2] } }
environments:
  production:
    region: eu-west-1
    database:
      instance: ecommerce-production
      name: ecommerce_production
      verifyRole: { secret: production/pitcrew/verify }
      fenceRole: { secret: production/pitcrew/fence }
    secret: { id: production/ecommerce/config, keys: { host: DB_HOST, port: DB_PORT, database: DB_NAME, user: DB_USERNAME, password: DB_PASSWORD } }
    workloads: [{ namespace: production, deployment: ecommerce-backend }]
    channels: { incident: C0INC }
    checks: { critical: [customers, orders] }
`;

/** The file with one option changed; `undefined` takes it out. */
function having(path: string, value: unknown, text = stringify(example())): string {
  const file = parse(text) as Record<string, unknown>;
  const parts = path.split('.');
  const parent = parts.slice(0, -1).reduce<Record<string, unknown>>((at, part) => {
    at[part] ??= {};
    return at[part] as Record<string, unknown>;
  }, file);
  if (value === undefined) delete parent[parts.at(-1) ?? ''];
  else parent[parts.at(-1) ?? ''] = value;
  return stringify(file);
}

function example(): Record<string, unknown> {
  return {
    ledger: { bucket: 'acme-pitcrew-ledger', region: 'eu-central-1', prefix: 'prod' },
    slack: { commands: '/backup', incidentChannels: ['inc-*'], language: 'zh-TW' },
    people: { approvers: { users: ['U0DBA1', 'U0DBA2'], groups: ['S0DBA'] } },
    environments: {
      production: {
        region: 'eu-west-1',
        database: {
          instance: 'ecommerce-production',
          name: 'ecommerce_production',
          timeZone: 'UTC',
          verifyRole: { secret: 'production/pitcrew/verify', keys: { user: 'u', password: 'p' } },
          fenceRole: { secret: 'production/pitcrew/fence' },
        },
        secret: {
          id: 'production/ecommerce/config',
          keys: { host: 'DB_HOST', port: 'DB_PORT', database: 'DB_NAME', user: 'DB_USERNAME', password: 'DB_PASSWORD' },
        },
        workloads: [{ cluster: 'prod', namespace: 'production', deployment: 'ecommerce-backend', replicas: 4 }],
        channels: { incident: 'C0INC', stakeholders: ['C0BIZ'], audit: 'C0AUDIT' },
        approvals: { required: 2, requesterCounts: false, approveWithinMinutes: 30, startWithinMinutes: 10 },
        objectives: { rtoMinutes: 60, rpoMinutes: 15 },
        restore: {
          order: 'stop-first',
          onFailure: 'return',
          profile: { subnetGroup: 'prod', securityGroups: ['sg-1'], parameterGroup: 'prod-pg15' },
        },
        checks: {
          gateMinutes: 5,
          critical: ['customers', 'sales.orders'],
          relations: [{ from: 'orders.customer_id', to: 'customers.id' }],
          queries: [{ name: 'newest', sql: 'select max(created_at) from orders', expect: { notOlderThanMinutes: 30 } }],
          rules: [{ name: 'totals', sql: 'select count(*) from orders', expect: { value: 0 } }],
        },
        runbooks: { connection: 'https://wiki.example.com/connection' },
      },
    },
  };
}

/** A fault as a test reads it. */
const said = ({ path, problem, example, line }: Fault) => ({ path, problem: problem.says('en'), example, line });

function faultsOf(text: string): readonly Fault[] {
  try {
    loadSettings(text);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
}

describe('loadSettings', () => {
  it('fills in every default of the smallest file', () => {
    const { environments, ...rest } = loadSettings(smallest);
    expect(rest.ledger.prefix).toBe('pitcrew');
    expect(rest.slack).toEqual({ commands: '/backup', incidentChannels: ['inc-*'], language: 'en' });
    expect(environments.production).toMatchObject({
      name: 'production',
      workloads: [{ cluster: '', namespace: 'production', kind: 'deployment', name: 'ecommerce-backend' }],
      database: { timeZone: 'UTC', verifyRole: { keys: { user: 'username', password: 'password' } } },
      channels: { incident: 'C0INC', stakeholders: [], language: 'en' },
      approvals: { required: 2, requesterCounts: false, approveWithinMinutes: 30, startWithinMinutes: 10 },
      objectives: { rtoMinutes: 60, rpoMinutes: 15 },
      restore: { order: 'stop-first', onFailure: 'return', pollSeconds: 15, provenSeconds: 30, profile: {} },
      checks: { gateMinutes: 5, relations: [], queries: [], rules: [] },
      runbooks: {},
    });
  });

  it('takes the whole shape, and a channel speaks the language of the workspace unless it says another', () => {
    const { environments } = loadSettings(stringify(example()));
    expect(environments.production?.channels.language).toBe('zh-TW');
    const other = loadSettings(having('environments.production.channels.language', 'en'));
    expect(other.environments.production?.channels.language).toBe('en');
  });

  it('names every fault at once, each with its path, what was found, an example and the line', () => {
    const text = smallest
      .replace('eu-central-1', 'Frankfurt')
      .replace('critical: [customers, orders]', 'critical: []')
      .replace('incident: C0INC', "incident: '#inc-production'");
    expect(faultsOf(text).map(said)).toEqual([
      {
        path: 'ledger.region',
        problem: 'is "Frankfurt"; it must be an AWS region',
        example: 'eu-west-1',
        line: 2,
      },
      {
        path: 'environments.production.channels.incident',
        problem: 'is "#inc-production"; it must be the id of a Slack channel, not the name',
        example: 'C0INC',
        line: 14,
      },
      {
        path: 'environments.production.checks.critical',
        problem: 'is an empty list; it must be a list of at least one table',
        example: '[customers, orders, order_items]',
        line: 15,
      },
    ]);
  });

  it.each([
    ['ledger.bucket', undefined, 'is missing; it must be the name of an S3 bucket'],
    ['ledger.bucket', '', 'is ""; it must be the name of an S3 bucket'],
    ['ledger.bucket', null, 'is nothing; it must be the name of an S3 bucket'],
    ['people', undefined, 'is missing'],
    ['people.approvers.users', ['@dba'], 'is "@dba"; it must be the id of a Slack user, not the name'],
    ['environments', {}, 'is a group of options; it must be at least one environment'],
    ['environments.production.database.timeZone', 'CET+1', 'is "CET+1"; it must be an IANA time zone'],
    ['environments.production.database.instance', 'Ecommerce', 'is "Ecommerce"; it must be the identifier of an RDS'],
    ['environments.production.objectives.rtoMinutes', 0, 'is 0; it must be a number from 1 to 10080'],
    ['environments.production.approvals.required', 1.5, 'is 1.5; it must be a whole number from 1 to 10'],
    ['environments.production.approvals.required', '2', 'is "2"; it must be a whole number from 1 to 10'],
    ['environments.production.workloads', [], 'is an empty list; it must be a list of at least one workload'],
    ['environments.production.runbooks.connection', 'wiki', 'is "wiki"; it must be a link'],
  ])('%s: %j is refused with what it must be', (path, value, problem) => {
    const [fault, ...more] = faultsOf(having(path, value));
    expect(fault?.problem.says('en').slice(0, problem.length)).toBe(problem);
    expect(fault?.path.startsWith(path)).toBe(true);
    expect(fault?.example).not.toBe('');
    expect(more).toEqual([]);
  });

  it('a misspelt option is refused and the right one named', () => {
    const [fault] = faultsOf(having('environments.production.objectives.rtoMinute', 60));
    expect(fault?.path).toBe('environments.production.objectives.rtoMinute');
    expect(fault?.problem.says('en')).toBe('is no option: did you mean rtoMinutes');
  });

  it('an option like no other is refused with those that there are', () => {
    const [fault] = faultsOf(having('ledger.zzz', 1));
    expect(fault?.problem.says('en')).toBe('is no option: there are bucket, region, prefix');
  });

  it.each([
    ['environments.production.restore.order', 'restore-first', 'stop-first'],
    ['environments.production.restore.prestage', true, 'false'],
  ])('%s: %j would restore otherwise than this release can, so it is refused', (path, value, example) => {
    const [fault, ...more] = faultsOf(having(path, value));
    expect(fault).toMatchObject({ path, problem: { code: 'not-supported' }, example });
    expect(more).toEqual([]);
  });

  it('what does nothing in this release is taken, and each that the file gives is said', () => {
    const given = {
      'people.breakGlass': { users: ['U0ONCALL'] },
      'environments.*.dumps': { bucket: 'ecommerce-backups', prefix: 'database/' },
      'environments.*.approvals.cutOver': 1,
      'environments.*.schedules': { daily: '30 2 * * *' },
      'environments.*.retention': { daily: '30d' },
      'environments.*.escalation': [{ level: 'L1', group: 'S0DEVOPS' }],
    };
    expect(Object.keys(given).sort()).toEqual(Object.keys(notInForce).sort());
    const file = Object.entries(given).reduce(
      (text, [path, value]) => having(path.replace('*', 'production'), value, text),
      stringify(example()),
    );
    const paths = load(file).notices.map(({ path }) => path);
    expect(paths.sort()).toEqual(
      Object.keys(given)
        .map((path) => path.replace('*', 'production'))
        .sort(),
    );
    expect(load(stringify(example())).notices).toEqual([]);
    expect(load(having('environments.production.schedules', {})).notices).toEqual([]);
  });

  it('more required approvals than there are approvers are refused, since nothing could ever start', () => {
    const text = having('environments.production.approvals.required', 3)
      .replace('- S0DBA', '')
      .replace('groups:', 'groups: []');
    expect(faultsOf(text).map(({ path }) => path)).toEqual(['environments.production.approvals.required']);
  });

  it('approvers that are nobody are refused', () => {
    expect(faultsOf(having('people.approvers', { users: [], groups: [] })).map(({ path }) => path)).toEqual([
      'people.approvers',
    ]);
  });

  it('one workload, table or query named twice is refused', () => {
    const path = 'environments.production.checks.critical';
    expect(faultsOf(having(path, ['orders', 'public.orders'])).map(({ path }) => path)).toEqual([`${path}[1]`]);
  });

  it('a query that expects nothing is refused', () => {
    const faults = faultsOf(
      having('environments.production.checks.rules', [{ name: 'n', sql: 'select 1', expect: {} }]),
    );
    expect(faults.map(({ path }) => path)).toEqual(['environments.production.checks.rules[0].expect']);
  });

  it.each(['xoxb-12-34-abc', 'AKIAIOSFODNN7EXAMPLE', 'postgres://u:hunter2@host/db'])(
    'a secret that was put into the file by mistake (%s) is not repeated in the fault',
    (secret) => {
      const [fault] = faultsOf(having('ledger.region', secret));
      expect(fault?.problem.says('en')).not.toContain(secret);
      expect(fault?.problem.says('en')).toContain('looks like a secret');
    },
  );

  it.each([
    ['', 'is empty'],
    ['# only a comment', 'is empty'],
    ['a: [', 'can’t be read as YAML: the indentation doesn’t fit, or a bracket isn’t closed'],
    ['a: "x', 'can’t be read as YAML: a bracket, a quote or a comma is missing'],
    ['a: 1\na: 2', 'can’t be read as YAML: an option stands here twice'],
    ['a: *nobody', 'can’t be read as YAML: an alias leads nowhere'],
    ['a: !Ref x', 'can’t be read as YAML: it has a tag that means nothing here'],
    ['a: 1\n---\nb: 2', 'can’t be read as YAML: it holds more than one document'],
    ['a:\n\tb: 1', 'can’t be read as YAML: a tab stands where spaces must'],
  ])('%j is refused as a file', (text, problem) => {
    const [fault] = faultsOf(text);
    expect(fault?.path).toBe('pitcrew.yaml');
    expect(fault?.problem.says('en')).toBe(problem);
  });

  it('aliases that would fill the memory are refused', () => {
    const levels = Array.from(
      { length: 9 },
      (_, i) => `l${i + 1}: &l${i + 1} [${Array(10).fill(`*l${i}`).join(', ')}]`,
    );
    expect(faultsOf(['l0: &l0 [x]', ...levels].join('\n'))[0]?.path).toBe('pitcrew.yaml');
  });

  it('any text gives settings or faults, never a crash', () => {
    const anything = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.json(),
      fc
        .object({ key: fc.constantFrom('ledger', 'people', 'environments', '__proto__', 'toString', 'x'), maxDepth: 4 })
        .map((value) => stringify(value)),
    );
    fc.assert(
      fc.property(anything, (text) => {
        expect(faultsOf(text).length).toBeGreaterThan(0);
      }),
      { numRuns: 200 },
    );
  });

  it('any one value of the example exchanged for anything gives settings or faults, never a crash', () => {
    const paths = [...pathsOf(example())];
    fc.assert(
      fc.property(fc.constantFrom(...paths), fc.jsonValue({ maxDepth: 2 }), (path, value) => {
        const faults = faultsOf(having(path, value));
        for (const fault of faults) {
          expect(fault.path).toMatch(/^[a-z]/);
          expect(describeFault('en', fault)).not.toMatch(/undefined|[\u4e00-\u9fff]/);
          expect(describeFault('zh-TW', fault)).toMatch(/[\u4e00-\u9fff]/);
        }
      }),
      { numRuns: 200 },
    );
  });
});

function* pathsOf(value: unknown, at: readonly string[] = []): Generator<string> {
  if (at.length > 0) yield at.join('.');
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
  for (const [key, child] of Object.entries(value)) yield* pathsOf(child, [...at, key]);
}
