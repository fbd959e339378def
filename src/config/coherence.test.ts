import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { exampleFile, faultsOf, having } from './file.fixture.ts';
import { describeFault } from './report.ts';

const at = 'environments.production';
type Changes = Readonly<Record<string, unknown>>;
const file = parse(exampleFile) as { environments: { production: Changes & { secret: Changes } } };
const { production } = file.environments;
const staging = (changes: Changes) => ({ 'environments.staging': { ...production, ...changes } });

describe('options that contradict each other are refused, at the one that is wrong', () => {
  it.each<[string, string, string, Changes]>([
    ['approvers that are nobody', 'people.approvers', 'names-nobody', { 'people.approvers': {} }],
    [
      'a person for break-glass who is an approver anyway',
      'people.breakGlass.users[1]',
      'approver-too',
      { 'people.breakGlass.users': ['U0ONCALL', 'U0DBA2'] },
    ],
    [
      'more approvals than there are approvers, since nothing could ever start',
      `${at}.approvals.required`,
      'too-few-approvers',
      { 'people.approvers.groups': [], [`${at}.approvals.required`]: 3 },
    ],
    [
      'more approvals of the cut-over than there are approvers',
      `${at}.approvals.cutOver`,
      'too-few-approvers',
      { 'people.approvers.groups': [], [`${at}.approvals.cutOver`]: 3 },
    ],
    [
      'two environments whose application one secret moves',
      'environments.staging.secret.id',
      'another-environments',
      staging({}),
    ],
    [
      'one key of the secret for two things',
      `${at}.secret.keys.port`,
      'same-as-option',
      { [`${at}.secret.keys.port`]: 'DB_HOST' },
    ],
    [
      'one key for both addresses',
      `${at}.secret.keys.readHost`,
      'same-as-option',
      { [`${at}.secret.keys.readHost`]: 'DB_HOST' },
    ],
    [
      'one login for reading and for barring',
      `${at}.database.fenceRole.secret`,
      'same-as-option',
      { [`${at}.database.fenceRole.secret`]: 'production/pitcrew/verify' },
    ],
    [
      'the application’s own login for reading',
      `${at}.database.verifyRole.secret`,
      'same-as-option',
      { [`${at}.database.verifyRole`]: { secret: 'production/ecommerce/config', keys: { user: 'DB_USERNAME' } } },
    ],
    [
      'a workload twice',
      `${at}.workloads[1]`,
      'same-as-entry',
      {
        [`${at}.workloads`]: [
          { namespace: 'a', deployment: 'b' },
          { namespace: 'a', deployment: 'b', replicas: 2 },
        ],
      },
    ],
    [
      'a table twice',
      `${at}.checks.critical[1]`,
      'same-as-entry',
      { [`${at}.checks.critical`]: ['orders', 'public.orders'] },
    ],
    [
      'a relation twice',
      `${at}.checks.relations[1]`,
      'same-as-entry',
      {
        [`${at}.checks.relations`]: [
          { from: 'a.b', to: 'c.d' },
          { from: 'public.a.b', to: 'c.d' },
        ],
      },
    ],
    [
      'a relation of a column to itself',
      `${at}.checks.relations[0].to`,
      'same-as-option',
      { [`${at}.checks.relations`]: [{ from: 'a.b', to: 'public.a.b' }] },
    ],
    [
      'a channel of stakeholders twice',
      `${at}.channels.stakeholders[1]`,
      'same-as-entry',
      { [`${at}.channels.stakeholders`]: ['C0BIZ', 'C0BIZ'] },
    ],
    [
      'replicas of a CronJob',
      `${at}.workloads[0].replicas`,
      'replicas-of-cron-job',
      { [`${at}.workloads`]: [{ namespace: 'a', cronJob: 'b', replicas: 1 }] },
    ],
    [
      'retention of what is never made',
      `${at}.retention.weekly`,
      'retention-without-schedule',
      { [`${at}.schedules.weekly`]: undefined },
    ],
    [
      'weekly backups kept shorter than daily ones',
      `${at}.retention.weekly`,
      'kept-shorter-than-above',
      { [`${at}.retention.weekly`]: '14d' },
    ],
    [
      'a level that is called before the one above it',
      `${at}.escalation[1].afterMinutes`,
      'earlier-than-before',
      {
        [`${at}.escalation`]: [
          { level: 'L1', group: 'S0A', afterMinutes: 15 },
          { level: 'L2', group: 'S0DBA', afterMinutes: 5 },
        ],
      },
    ],
    [
      'dumps by exec, and no pod to run them in',
      `${at}.dumps.tools`,
      'exec-without-tools',
      { [`${at}.dumps`]: { bucket: 'ecommerce-backups', prefix: 'database/', runner: 'exec' } },
    ],
    [
      'dumps in the ledger’s own part of its bucket',
      `${at}.dumps.prefix`,
      'over-the-ledger',
      { [`${at}.dumps`]: { bucket: 'acme-pitcrew-ledger', prefix: 'prod/dumps/' } },
    ],
  ])('%s', (_, path, code, changes) => {
    const faults = faultsOf(having(changes));
    expect(faults.map((fault) => [fault.path, fault.problem.code])).toEqual([[path, code]]);
    for (const locale of ['en', 'zh-TW'] as const) {
      const line = describeFault(locale, faults[0] as (typeof faults)[number]);
      expect(line).toContain(path);
      expect(line).not.toMatch(/undefined|\[object/);
    }
  });

  it.each<[string, Changes]>([
    ['two environments with a secret each', staging({ secret: { ...production.secret, id: 'staging/config' } })],
    [
      'two databases in one secret, each with keys of its own',
      staging({
        secret: {
          id: 'production/ecommerce/config',
          keys: { host: 'A', port: 'B', database: 'C', user: 'D', password: 'E' },
        },
      }),
    ],
    [
      'one secret that holds the logins of all of pitcrew’s roles under keys of their own',
      { [`${at}.database.fenceRole`]: { secret: 'production/pitcrew/verify', keys: { user: 'fence', password: 'p' } } },
    ],
    ['dumps beside the ledger in one bucket', { [`${at}.dumps`]: { bucket: 'acme-pitcrew-ledger', prefix: 'dumps/' } }],
    ['more approvals than listed people, where a group may have them', { [`${at}.approvals.required`]: 3 }],
    ['a schedule that keeps what it makes for ever', { [`${at}.retention`]: {} }],
  ])('but not %s', (_, changes) => {
    expect(faultsOf(having(changes))).toEqual([]);
  });
});
