import { describe, expect, it } from 'vitest';
import { checkConfiguration } from './check.ts';
import { exampleFile, having } from './file.fixture.ts';
import { describeReport, type Report, reportObject } from './report.ts';

const needs = { slack: true, redis: true } as const;
const variables = { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xapp-1', REDIS_URL: 'redis://127.0.0.1:6379' };
const check = (text: string | undefined, more: Readonly<Record<string, string>> = {}) =>
  checkConfiguration({ ...variables, ...more }, needs, () => {
    if (text === undefined) throw new Error('ENOENT');
    return text;
  });
const report = (checked: ReturnType<typeof check>): Report => ({
  file: checked.file,
  faults: checked.faults,
  notices: checked.notices,
  environments: Object.keys(checked.usable?.settings.environments ?? {}),
});

describe('check-config', () => {
  it('finds no fault in the example of the docs, and says what of it is not in force', () => {
    const checked = check(exampleFile);
    expect(checked.faults).toEqual([]);
    expect(checked.usable?.environment.redisUrl.reveal()).toBe('redis://127.0.0.1:6379');
    const said = describeReport('en', report(checked));
    expect(said).toContain('no fault. Environments: production.');
    expect(said).toContain('Not in force in this release: schedules (environments.production.schedules).');
  });

  it('names the faults of the environment and of the file in one report', () => {
    const text = having({ 'ledger.region': 'Frankfurt', 'environments.production.schedules.daily': 'at noon' });
    const checked = check(text, { SLACK_BOT_TOKEN: 'xapp-swapped', AWS_ACCESS_KEY_ID: 'AKIA', PGSSLMODE: 'maybe' });
    expect(checked.faults.map(({ path }) => path)).toEqual([
      'SLACK_BOT_TOKEN',
      'AWS_SECRET_ACCESS_KEY',
      'PGSSLMODE',
      'ledger.region',
      'environments.production.schedules.daily',
    ]);
    expect(checked.usable).toBeUndefined();
    const said = describeReport('en', report(checked));
    expect(said).toMatch(/^\.\/pitcrew\.yaml and the environment: 5 faults\.\n\nSLACK_BOT_TOKEN is not a bot token/);
    expect(said).toMatch(
      /ledger\.region \(line \d+\) is "Frankfurt"; it must be an AWS region\.\n {2}Right would be: eu/,
    );
    expect(said).not.toContain('swapped');
    const chinese = describeReport('zh-TW', report(checked));
    expect(chinese).toContain('目前是 "Frankfurt"；必須是 AWS region。\n  正確的寫法：eu-west-1');
  });

  it('tells the environment’s faults also where the file can’t be read, and the other way round', () => {
    const checked = check(undefined, { REDIS_URL: '', PITCREW_CONFIG: '/etc/pitcrew.yaml' });
    expect(checked.faults.map(({ path, problem }) => [path, problem.code])).toEqual([
      ['REDIS_URL', 'set-to-nothing'],
      ['/etc/pitcrew.yaml', 'unreadable-file'],
    ]);
  });

  it('gives a program the same, with codes', () => {
    const { faults, ...rest } = reportObject('en', report(check(having({ people: undefined })))) as {
      faults: { path: string; code: string; what: string }[];
    };
    expect(rest).toMatchObject({ ok: false, file: './pitcrew.yaml' });
    expect(faults).toMatchObject([
      { path: 'people', code: 'config.missing', what: expect.stringContaining('is missing') },
    ]);
  });
});
