import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { locales } from '../domain/people.ts';
import { awsErrors, awsWaits } from './aws.ts';
import { handOverReasons } from './aws-hand-over.ts';
import { notProvenReasons, settingReasons } from './aws-settings.ts';
import { errors, findings, waits } from './index.ts';

const source = fileURLToPath(new URL('..', import.meta.url));
const folders = ['clients', 'steps/rds', 'steps/secrets', 'planning', 'operations'];
const code =
  /['`]((?:aws|pitr|secret|snapshot|setting|not-proven|hand-over)\.[a-z][a-z0-9-]*|(?:restore|wait)\.[a-z][a-z0-9-]*)'/g;

/** Codes of others that stand in these folders too. */
const othersFolders = /steps\/(kubernetes|postgres)|clients\/(kubernetes|postgres)/;

const codes = new Set(
  folders
    .flatMap((folder) =>
      readdirSync(`${source}${folder}`, { recursive: true, encoding: 'utf8' }).map((file) => `${folder}/${file}`),
    )
    .filter((file) => file.endsWith('.ts') && !file.includes('.test') && !othersFolders.test(file))
    .flatMap((file) => [...readFileSync(`${source}${file}`, 'utf8').matchAll(code)].map(([, found = '']) => found)),
);

const texts = { ...awsWaits, ...settingReasons, ...notProvenReasons, ...handOverReasons };

test('codes are found at all', () => {
  expect(codes.size).toBeGreaterThan(60);
});

describe.each(locales)('in %s', (locale) => {
  test.each([...codes].sort())('%s has a text', (found) => {
    const error = errors[found];
    const sentences = error
      ? [error.what(locale, {}), error.hint(locale, {})]
      : [{ ...waits, ...findings }[found]?.(locale, {})];
    for (const sentence of sentences)
      expect(sentence).toMatch(locale === 'zh-TW' ? /\p{Script=Han}/u : /^[^\p{Script=Han}]+$/u);
  });
});

test('no text stands for a code that nothing raises', () => {
  const unused = [...Object.keys(awsErrors), ...Object.keys(texts)].filter((known) => !codes.has(known));
  expect(unused).toEqual([]);
});

test('a difference of settings is told with what was found and what was expected', () => {
  const params = { instance: 'new', differences: [{ setting: 'StorageType', expected: 'gp3', found: 'gp2' }] };
  expect(awsErrors['restore.settings-differ']?.what('en', params)).toContain('StorageType gp2 instead of gp3');
  expect(awsErrors['restore.settings-differ']?.what('zh-TW', params)).toContain('StorageType gp2，應為 gp3');
});

test('a missing right is told with the statement to add, unless an explicit deny would stand above it', () => {
  const hint = (params: object) => awsErrors['aws.denied']?.hint('en', params as never) ?? '';
  const resource = 'arn:aws:rds:eu-west-1:123456789012:db:shop';
  expect(JSON.parse(/`(.*)`/.exec(hint({ action: 'rds:ModifyDBInstance', resource }))?.[1] ?? '')).toEqual({
    Effect: 'Allow',
    Action: 'rds:ModifyDBInstance',
    Resource: resource,
  });
  expect(hint({ action: 'rds:DescribeDBProxies' })).toContain('"Resource":"*"');
  const denied = hint({ action: 'rds:ModifyDBInstance', resource, denies: 'service control policy' });
  expect(denied).toContain('service control policy');
  expect(denied).not.toContain('"Allow"');
});
