import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { locales } from '../domain/people.ts';
import { expected as takesTexts } from '../messages/config-expected.ts';
import { optionTexts } from '../messages/config-options.ts';
import { variableTexts } from '../messages/config-variables.ts';
import { exampleFile, faultsOf } from './file.fixture.ts';
import { isValue, jsonSchema, options, referencePage } from './reference.fixture.ts';

const docs = (name: string) => `../../docs/${name}`;
const english = options('en');

describe('the reference', () => {
  it('has a text in both languages for every option, and for no other', () => {
    expect(english.map(({ path }) => path).sort()).toEqual(Object.keys(optionTexts).sort());
    for (const [path, text] of Object.entries(optionTexts)) {
      expect(text('en'), path).toMatch(/^[^\u4e00-\u9fff]+\.$/);
      expect(text('zh-TW'), path).toMatch(/。$/);
    }
  });

  it('says of every option what it takes or holds, with an example, in both languages', () => {
    for (const locale of locales)
      for (const { path, takes, example, isGroup } of options(locale)) {
        expect(isGroup || takes !== takesTexts.options(locale), `${path}: what it takes`).toBe(true);
        expect(example, `${path}: an example`).not.toBe('');
      }
  });

  it.each<[string, keyof (typeof english)[number] & ('example' | 'byDefault')]>([
    ['example', 'example'],
    ['default', 'byDefault'],
  ])('every %s is right where it stands', (_, which) => {
    for (const { path, [which]: written } of english.filter((option) => isValue(option[which]))) {
      const file = parse(exampleFile) as Record<string, unknown>;
      const at = put(file, path, parse(written));
      const wrong = faultsOf(stringify(file)).filter((fault) => fault.path.startsWith(at));
      expect(
        wrong.map(({ problem }) => problem.says('en')),
        `${path}: ${written}`,
      ).toEqual([]);
    }
  });

  it('names every variable that is read, and no other', () => {
    const source = readFileSync(new URL('environment.ts', import.meta.url), 'utf8');
    const endpoints = ['', '_RDS', '_S3', '_SECRETS_MANAGER'].map((service) => `AWS_ENDPOINT_URL${service}`);
    const read = [...source.matchAll(/'([A-Z]{3,}(?:_[A-Z]+)*)'/g)].map(([, name = '']) => name);
    expect([...new Set([...read, ...endpoints])].sort()).toEqual(Object.keys(variableTexts).sort());
  });

  it('stands in docs as the schema has it (npm run docs writes it anew)', async () => {
    await expect(jsonSchema()).toMatchFileSnapshot(docs('pitcrew.schema.json'));
    await expect(referencePage('en')).toMatchFileSnapshot(docs('config.md'));
    await expect(referencePage('zh-TW')).toMatchFileSnapshot(docs('config.zh-TW.md'));
  });
});

/** Lays a value into the file at a path of the reference, and says where: in the first item of a list, in the example's environment. */
function put(file: Record<string, unknown>, path: string, value: unknown): string {
  const parts = path
    .replaceAll('[]', '.0')
    .split('.')
    .map((part) => (part === '*' ? 'production' : part));
  const last = parts.pop() ?? '';
  let at = file;
  for (const [i, part] of parts.entries()) {
    at[part] ??= parts[i + 1] === '0' || (i + 1 === parts.length && last === '0') ? [] : {};
    at = at[part] as Record<string, unknown>;
  }
  at[last] = value;
  // One workload is one thing, and one level has one way to be reached.
  if (/workloads\[\]\.(deployment|statefulSet|cronJob)/.test(path))
    for (const other of ['deployment', 'statefulSet', 'cronJob']) if (other !== last) delete at[other];
  if (path.endsWith('escalation[].link')) delete at.group;
  return path.replace(/^environments\.\*/, 'environments.production').replaceAll('[]', '[0]');
}
