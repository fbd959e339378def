import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const source = new URL('..', import.meta.url).pathname;
const read = (pattern: string) =>
  globSync(pattern, { cwd: source })
    .filter((file) => !file.includes('.test'))
    .map((file) => readFileSync(join(source, file), 'utf8'))
    .join('\n');
const found = (text: string, pattern: RegExp) => new Set([...text.matchAll(pattern)].map(([, one = '']) => one));

test('every action that the AWS clients call is in a read-me’s policy, and no policy asks for one that nobody calls', () => {
  const policies = read('operations/*/README.md');
  const rds = found(read('clients/rds*.ts'), /new (\w+)Command\(/g);
  const secrets = found(read('clients/secrets.ts'), /new (\w+)Command\(/g);
  // RDS wants it for every call that names tags.
  const called = new Set([...rds, 'AddTagsToResource']);
  expect([...found(policies, /rds:([A-Z]\w+)/g)].toSorted()).toEqual([...called].toSorted());
  expect([...found(policies, /secretsmanager:([A-Z]\w+)/g)].toSorted()).toEqual([...secrets].toSorted());
});
