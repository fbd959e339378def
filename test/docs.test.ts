import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { commandNames } from '../src/messages/commands.ts';
import { parseCommand } from '../src/slack/parse-command.ts';
import { project } from './architecture/sources.ts';

const read = (path: string) => readFileSync(join(project, path), 'utf8');
const pages = globSync(['*.md', '{docs,sandbox,src,test,deploy,bench}/**/*.md'], { cwd: project }).sort();
const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };

describe('the pages', () => {
  it('are all found', () => {
    expect(pages).toContain('README.md');
    expect(pages).toContain('docs/decisions/0001-any-engine-event-may-claim.md');
  });

  // The runbook is shown as its team wrote it, and links to pages that only its team has.
  it.each(pages.filter((page) => !page.startsWith('docs/runbook/')))('%s links only to what is there', (page) => {
    const links = [...read(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target.split('#')[0] ?? '');
    const files = links.filter((target) => target && !/^[a-z]+:/.test(target));
    expect(files.filter((target) => !existsSync(join(project, dirname(page), target)))).toEqual([]);
  });

  it.each(pages)('%s names only npm scripts that there are', (page) => {
    const named = [...read(page).matchAll(/npm run ([a-z][a-z:-]*)/g)].map(([, name = '']) => name);
    expect(named.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
  });
});

/** A newcomer finds every page of docs from the README, in one step or two. */
it('every page of docs is linked from another page', () => {
  const linked = pages.flatMap((page) =>
    [...read(page).matchAll(/\]\(([^)#\s]+)/g)].map(([, target = '']) => join(dirname(page), target)),
  );
  const reached = (page: string) => linked.some((target) => target === page || page.startsWith(`${target}/`));
  const orphans = pages.filter((page) => page.startsWith('docs/') && !reached(page));
  expect(orphans).toEqual([]);
});

describe('README.md', () => {
  const readme = read('README.md');
  const firstScreen = readme.split('\n').slice(0, 40).join('\n');

  it('says on its first screen what this is, gives the two commands, and that nobody has run it for real', () => {
    for (const said of [
      'npm ci && npm run demo',
      'npm ci && npm test',
      'Nobody has run pitcrew against real AWS, Slack and EKS',
    ])
      expect(firstScreen).toContain(said);
  });

  it('names only folders and files that there are', () => {
    const named = [...readme.matchAll(/`((?:src|sandbox|test|docs|\.ci)(?:\/[\w.-]+)*)`/g)].map(
      ([, path = '']) => path,
    );
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((path) => !existsSync(join(project, path)))).toEqual([]);
  });

  it('names only ways to hurt the shop that there are', () => {
    const harms = read('sandbox/shop/hurt.ts');
    const named = [...readme.matchAll(/`(?:npm run sandbox:hurt -- )?((?:drop|corrupt|delete)-[a-z]+)`/g)];
    expect(named.length).toBeGreaterThan(2);
    expect(named.filter(([, name]) => !harms.includes(`'${name}'`))).toEqual([]);
  });
});

it('every npm script that runs a file has that file', () => {
  const files = Object.values(scripts).flatMap((script) =>
    [...script.matchAll(/node ([\w./-]+\.(?:ts|mjs))/g)].map(([, file = '']) => file),
  );
  expect(files).toContain('sandbox/setup.ts');
  expect(files.filter((file) => !existsSync(join(project, file)))).toEqual([]);
});

it('the changelog has a section for what is not released', () => {
  expect(read('CHANGELOG.md')).toMatch(/^## Unreleased$/m);
});

describe('decision records', () => {
  const records = pages.filter((page) => page.startsWith('docs/decisions/'));

  it('are numbered without a gap', () => {
    const numbers = records.map((page) => Number(/(\d{4})-[a-z0-9-]+\.md$/.exec(page)?.[1]));
    expect(numbers).toEqual(records.map((_, i) => i + 1));
  });

  it.each(records)('%s says context, decision and consequences', (page) => {
    expect([...read(page).matchAll(/^## (.+)$/gm)].map(([, title]) => title)).toEqual([
      'Context',
      'Decision',
      'Consequences',
    ]);
  });
});

describe('manifest.yml', () => {
  /** One of the alternatives of a usage hint: `restore <env>`. */
  const firstWord = (alternative: string) =>
    alternative
      .trim()
      .replace(/^\[/, '')
      .split(/[\s<[]/)[0] ?? '';
  const command = () => {
    const manifest = parse(read('manifest.yml')) as {
      features?: { slash_commands?: { command: string; usage_hint?: string }[] };
    };
    return manifest.features?.slash_commands?.[0];
  };

  it('has the slash command that is taken unless the config says another', () => {
    expect(command()?.command).toBe('/backup');
  });

  it('hints at every command that is understood, and at no other', () => {
    const hinted = (command()?.usage_hint ?? '').split('|').map(firstWord);
    expect([...hinted].sort()).toEqual([...commandNames].sort());
    for (const word of hinted) {
      const parsed = parseCommand(word, { environments: [] });
      // Some say what they still need; none is unknown.
      if ('command' in parsed) expect(parsed.command.name).toBe(word);
      else expect(parsed.fault.code).not.toMatch(/^command\.(unknown|not-yet)$/);
    }
  });
});
