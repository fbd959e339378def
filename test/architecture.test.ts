import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  breaksStyle,
  breaksTable,
  cycles,
  isNotInstalled,
  knowsTheBench,
  knowsThePitcrew,
  leavesItsPlace,
  touchesTheProcess,
} from './architecture/rules.ts';
import { type Import, project, readSources, type Source, type Trait } from './architecture/sources.ts';

const sources = readSources();
const { dependencies } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8')) as {
  dependencies: Record<string, string>;
};

describe('the code', () => {
  it('is read whole, by the compiler', () => {
    expect(sources.filter(({ path }) => path.startsWith('src/')).length).toBeGreaterThan(50);
    expect(sources.find(({ path }) => path === 'src/domain/rules.ts')?.imports.length).toBeGreaterThan(1);
  });

  it('keeps to the import table', () => {
    expect(breaksTable(sources)).toEqual([]);
  });

  it('keeps AWS, Kubernetes, PostgreSQL, the queue and Slack each in their one place', () => {
    expect(leavesItsPlace(sources)).toEqual([]);
  });

  it('needs nothing in production that is only installed for development', () => {
    expect(isNotInstalled(sources, Object.keys(dependencies))).toEqual([]);
  });

  it('has no import cycle', () => {
    expect(cycles(sources)).toEqual([]);
  });

  it('reads the environment in config and at the entry, and ends the process in main alone', () => {
    expect(touchesTheProcess(sources)).toEqual([]);
  });

  it('has no any, enum, namespace, default export, and no file too long to read', () => {
    expect(breaksStyle(sources.filter(({ path }) => path !== 'vitest.config.ts'))).toEqual([]);
  });
});

describe('the sandbox', () => {
  it('knows pitcrew only by its public entry', () => {
    expect(knowsThePitcrew(sources)).toEqual([]);
  });
});

describe('the bench', () => {
  it('is known by nobody: it measures what is there', () => {
    expect(knowsTheBench(sources)).toEqual([]);
    expect(knowsTheBench([file('src/a.ts', ['bench/parts.ts']), file('bench/b.ts', ['bench/parts.ts'])])).toHaveLength(
      1,
    );
  });
});

const file = (
  path: string,
  targets: readonly string[] = [],
  more: Partial<Import> = {},
  traits: Trait[] = [],
): Source => ({
  path,
  lines: 1,
  imports: targets.map((target) => ({
    target,
    inside: /^(src|sandbox|test)\//.test(target),
    typeOnly: false,
    line: 1,
    ...more,
  })),
  traits: traits.map((trait) => ({ trait, line: 1 })),
});

describe('the rules', () => {
  it.each([
    ['src/domain/a.ts', 'src/messages/text.ts'],
    ['src/steps/rds/a.ts', 'src/clients/rds.ts'],
    ['src/operations/restore/a.ts', 'src/operations/snapshot/b.ts'],
    ['src/slack/views/a.ts', 'src/slack/app.ts'],
    ['src/slack/a.ts', 'src/ledger/chain.ts'],
    ['src/slack/a.ts', 'src/config/load.ts'],
    ['src/engine/a.ts', 'src/queue/worker.ts'],
    ['src/ledger/a.ts', 'sandbox/household.ts'],
    ['src/ledger/a.ts', 'src/ledger/a.fixture.ts'],
    ['src/elsewhere/a.ts', 'src/domain/time.ts'],
  ])('see that %s imports %s', (path, target) => {
    expect(breaksTable([file(path, [target])])).toHaveLength(1);
  });

  it.each([
    ['src/slack/a.ts', 'src/slack/views/b.ts', false],
    ['src/slack/views/a.ts', 'src/slack/views/b.ts', false],
    ['src/steps/rds/a.ts', 'src/clients/rds.ts', true],
    ['src/operations/registry.ts', 'src/operations/restore/operation.ts', false],
    ['src/requests/a.ts', 'src/operations/registry.ts', false],
    ['src/compose.ts', 'src/config/load.ts', false],
    ['src/compose-bot.ts', 'src/slack/app.ts', false],
    ['src/domain/a.test.ts', 'src/ledger/chain.ts', false],
  ])('let %s import %s', (path, target, typeOnly) => {
    expect(breaksTable([file(path, [target], { typeOnly })])).toEqual([]);
  });

  it('see a package outside its place, by type too, and one that is not installed', () => {
    expect(leavesItsPlace([file('src/steps/a.ts', ['@aws-sdk/client-rds'], { typeOnly: true })])).toHaveLength(1);
    expect(leavesItsPlace([file('src/ledger/chain.ts', ['@aws-sdk/client-s3'])])).toHaveLength(1);
    expect(leavesItsPlace([file('src/ledger/s3-store.ts', ['@aws-sdk/client-s3'])])).toEqual([]);
    expect(isNotInstalled([file('src/a.ts', ['fast-check', '@aws-sdk/x/y', 'node:fs'])], ['@aws-sdk/x'])).toHaveLength(
      1,
    );
  });

  it('see a cycle over three files once, and none where a type closes it', () => {
    const three = [file('src/a.ts', ['src/b.ts']), file('src/b.ts', ['src/c.ts']), file('src/c.ts', ['src/a.ts'])];
    expect(cycles(three)).toEqual(['src/a.ts -> src/b.ts -> src/c.ts -> src/a.ts']);
    expect(cycles([...three.slice(0, 2), file('src/c.ts', ['src/a.ts'], { typeOnly: true })])).toEqual([]);
  });

  it('see process.exit, process.env, any, enum, a long file, and a sandbox that looks inside', () => {
    expect(
      touchesTheProcess([file('src/engine/a.ts', ['node:process'], {}, ['process.exit', 'process.env'])]),
    ).toHaveLength(3);
    expect(touchesTheProcess([file('src/main.ts', [], {}, ['process.exit', 'process.env'])])).toEqual([]);
    expect(breaksStyle([{ ...file('test/a.ts', [], {}, ['any', 'enum', 'default export']), lines: 351 }])).toHaveLength(
      4,
    );
    expect(knowsThePitcrew([file('sandbox/a.ts', ['src/domain/time.ts', 'src/main.ts'])])).toHaveLength(1);
  });
});
