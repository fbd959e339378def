import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import type { Fault } from './fault.ts';
import { exampleFile, faultsOf, having } from './file.fixture.ts';
import { load, loadSettings } from './load.ts';
import { notInForce } from './not-yet.ts';
import { describeFault } from './report.ts';

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

/** A fault as a test reads it. */
const said = ({ path, problem, example, line }: Fault) => ({ path, problem: problem.says('en'), example, line });

describe('loadSettings', () => {
  it('fills in every default of the smallest file', () => {
    const { environments, ...rest } = loadSettings(smallest);
    expect(rest.ledger.prefix).toBe('pitcrew');
    expect(rest.slack).toEqual({ commands: '/backup', incidentChannels: ['inc-*'], language: 'en' });
    expect(environments.production).toMatchObject({
      name: 'production',
      workloads: [{ cluster: '', namespace: 'production', kind: 'deployment', name: 'ecommerce-backend' }],
      database: { timeZone: 'UTC', readers: [], verifyRole: { keys: { user: 'username', password: 'password' } } },
      channels: { incident: 'C0INC', stakeholders: [], language: 'en' },
      approvals: { required: 2, requesterCounts: false, approveWithinMinutes: 30, startWithinMinutes: 10, cutOver: 1 },
      objectives: { rtoMinutes: 60, rpoMinutes: 15 },
      restore: {
        order: 'stop-first',
        onFailure: 'return',
        prestage: false,
        findingsWithinMinutes: 10,
        cutOverWithinMinutes: 60,
        pollSeconds: 15,
        provenSeconds: 30,
        keepDays: 7,
        profile: {},
      },
      checks: { gateMinutes: 5, deepMinutes: 60, relations: [], queries: [], rules: [] },
      schedules: {},
      retentionDays: {},
      escalation: [],
      runbooks: {},
    });
  });

  it('takes the whole shape, the example of the docs', () => {
    const { people, environments } = loadSettings(exampleFile);
    expect(people.breakGlass).toEqual({ users: ['U0ONCALL'] });
    expect(environments.production).toMatchObject({
      region: 'eu-west-1',
      database: {
        readers: ['analytics'],
        verifyRole: { region: 'eu-west-1', secret: 'production/pitcrew/verify' },
        fenceRole: { region: 'eu-west-1', keys: { user: 'username' } },
      },
      workloads: [
        { cluster: 'prod', namespace: 'production', kind: 'deployment', name: 'ecommerce-backend' },
        { cluster: 'prod', namespace: 'production', kind: 'cron-job', name: 'ecommerce-invoices' },
      ],
      dumps: { bucket: 'ecommerce-backups', prefix: 'database/', runner: 'job' },
      approvals: { required: 2, cutOver: 1 },
      checks: {
        deepMinutes: 60,
        command: {
          image: 'acme/verify:1',
          args: ['./scripts/verify-database-integrity.sh'],
          cluster: 'prod',
          namespace: 'production',
          withinMinutes: 15,
        },
      },
      schedules: { hourly: '0 * * * *', daily: '30 2 * * *', weekly: '0 3 * * 0' },
      retentionDays: { hourly: 7, daily: 30, weekly: 90 },
      escalation: [
        { level: 'L1', group: 'S0DEVOPS', afterMinutes: 0 },
        { level: 'L2', group: 'S0DBA', afterMinutes: 15 },
        { level: 'AWS Support', link: 'https://support.console.aws.amazon.com', afterMinutes: 30 },
      ],
    });
  });

  it('a channel speaks the language of the workspace unless it says another', () => {
    const chinese = { 'slack.language': 'zh-TW' };
    const languageOf = (changes: object) =>
      loadSettings(having({ ...chinese, ...changes })).environments.production?.channels.language;
    expect(languageOf({})).toBe('zh-TW');
    expect(languageOf({ 'environments.production.channels.language': 'en' })).toBe('en');
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
    ['environments.production.schedules.daily', '30 2 * *', 'is "30 2 * *"; it must be a cron expression of five'],
    ['environments.production.schedules.daily', '0 30 2 * * *', 'is "0 30 2 * * *"; it must be a cron expression'],
    ['environments.production.schedules.daily', '0 0 31 2 *', 'is "0 0 31 2 *"; it must be a cron expression'],
    ['environments.production.schedules.daily', 'H 2 * * *', 'is "H 2 * * *"; it must be a cron expression'],
    ['environments.production.schedules.daily', '@daily', 'is "@daily"; it must be a cron expression of five fields'],
    ['environments.production.retention.daily', 30, 'is 30; it must be a number of days with a d, from 1d to 3650d'],
    ['environments.production.retention.weekly', '3651d', 'is "3651d"; it must be a number of days with a d'],
    ['environments.production.retention.daily', '0d', 'is "0d"; it must be a number of days with a d'],
    ['environments.production.dumps.prefix', 'database', 'is "database"; it must be a prefix that ends in a slash'],
    ['environments.production.checks.command.image', 'a b', 'is "a b"; it must be a container image'],
    ['environments.production.database.readers', ['a b'], 'is "a b"; it must be the name of a database role'],
    ['environments.production.escalation', [{ level: 'L1' }], 'is a group of options; it must be a level with exactly'],
    ['environments.production.workloads', [{ namespace: 'a' }], 'is a group of options; it must be one workload: exac'],
    [
      'environments.production.workloads',
      [{ namespace: 'a', deployment: 'b', cronJob: 'b' }],
      'is a group of options; it must be one workload: exactly one of deployment, statefulSet, cronJob',
    ],
  ])('%s: %j is refused with what it must be', (path, value, problem) => {
    const [fault, ...more] = faultsOf(having({ [path]: value }));
    expect(fault?.problem.says('en').slice(0, problem.length)).toBe(problem);
    expect(fault?.path.startsWith(path)).toBe(true);
    expect(fault?.example).not.toBe('');
    expect(more).toEqual([]);
  });

  it('a misspelt option is refused and the right one named', () => {
    const [fault] = faultsOf(having({ 'environments.production.objectives.rtoMinute': 60 }));
    expect(fault?.path).toBe('environments.production.objectives.rtoMinute');
    expect(fault?.problem.says('en')).toBe('is no option: did you mean rtoMinutes');
  });

  it('an option like no other is refused with those that there are', () => {
    const [fault] = faultsOf(having({ 'ledger.zzz': 1 }));
    expect(fault?.problem.says('en')).toBe('is no option: there are bucket, region, prefix');
  });

  it('what does nothing in this release is taken, and each that the file gives is said', () => {
    const everything = Object.keys(notInForce).map((pattern) => pattern.replace('*', 'production'));
    const said = (text: string) => load(text).notices.map(({ path }) => path);
    expect(said(exampleFile).sort()).toEqual([...everything].sort());
    const without = Object.fromEntries(everything.map((path) => [path, undefined]));
    expect(said(having(without))).toEqual([]);
    expect(said(smallest)).toEqual([]);
  });

  it('an empty group of them needs no notice', () => {
    const empty = { 'environments.production.schedules': {}, 'environments.production.retention': {} };
    const paths = load(having(empty)).notices.map(({ path }) => path);
    expect(paths).toContain('people.breakGlass');
    expect(paths).not.toContain('environments.production.schedules');
  });

  it('a query that expects nothing is refused', () => {
    const faults = faultsOf(
      having({ 'environments.production.checks.rules': [{ name: 'n', sql: 'select 1', expect: {} }] }),
    );
    expect(faults.map(({ path }) => path)).toEqual(['environments.production.checks.rules[0].expect']);
  });

  it.each(['xoxb-12-34-abc', 'AKIAIOSFODNN7EXAMPLE', 'postgres://u:hunter2@host/db'])(
    'a secret that was put into the file by mistake (%s) is not repeated in the fault',
    (secret) => {
      const [fault] = faultsOf(having({ 'ledger.region': secret }));
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
    const paths = [...pathsOf(parse(exampleFile))];
    fc.assert(
      fc.property(fc.constantFrom(...paths), fc.jsonValue({ maxDepth: 2 }), (path, value) => {
        const faults = faultsOf(having({ [path]: value }));
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
