import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { laterCommands } from '../messages/commands.ts';
import { describeError, errors } from '../messages/index.ts';
import { type Parsed, parseCommand } from './parse-command.ts';

const around = { environments: ['production', 'staging'] };
const parse = (typed: string, channelEnvironment?: string): Parsed =>
  parseCommand(typed, { ...around, ...(channelEnvironment ? { channelEnvironment } : {}) });
const codeOf = (parsed: Parsed) => ('fault' in parsed ? parsed.fault.code : 'command');

describe('a typed command', () => {
  it.each<[string, object]>([
    ['', { name: 'help' }],
    ['help restore', { name: 'help', about: 'restore' }],
    ['list', { name: 'list' }],
    ['list staging', { name: 'list', environment: 'staging' }],
    ['history', { name: 'history' }],
    ['history staging', { name: 'history', environment: 'staging' }],
    ['verify production', { name: 'verify', environment: 'production', deep: false }],
    [
      'verify production —deep --instance shop-r1 --reason odd',
      { name: 'verify', environment: 'production', deep: true, instance: 'shop-r1', reason: 'odd' },
    ],
    ['status op-0123456789ab', { name: 'status', operation: 'op-0123456789ab' }],
    [
      'snapshot production --reason "before the migration"',
      { name: 'snapshot', environment: 'production', reason: 'before the migration' },
    ],
    [
      'pitr production --to "yesterday 03:14" --incident-at 「25 分鐘前」',
      { name: 'pitr', environment: 'production', to: 'yesterday 03:14', incident: '25 分鐘前' },
    ],
    ['pitr production --to=latest', { name: 'pitr', environment: 'production', to: 'latest' }],
    ['restore production --incident-at 03:00', { name: 'restore', environment: 'production', incident: '03:00' }],
    ['rescue', { name: 'rescue', tables: [] }],
    [
      'rescue op-0123456789ab --table orders —table "Order Items" --where "id &lt; 5"',
      { name: 'rescue', operation: 'op-0123456789ab', tables: ['orders', 'Order Items'], where: 'id < 5' },
    ],
    ['restore', { name: 'restore' }],
    ['RESTORE Production', { name: 'restore', environment: 'production' }],
    [
      'restore production --from latest --reason "a table is gone"',
      { name: 'restore', environment: 'production', from: 'latest', reason: 'a table is gone' },
    ],
    [
      'restore production —from=latest —reason “a table is gone” --if-fails stay-stopped',
      {
        name: 'restore',
        environment: 'production',
        from: 'latest',
        reason: 'a table is gone',
        onFailure: 'stay-stopped',
      },
    ],
    [
      'restore　production　--reason　「資料表不見了」',
      { name: 'restore', environment: 'production', reason: '資料表不見了' },
    ],
    ["restore production --reason 'it's gone'", { name: 'restore', environment: 'production', reason: "it's gone" }],
    [
      'restore production --reason "a &lt; b &amp;amp; c"',
      { name: 'restore', environment: 'production', reason: 'a < b &amp; c' },
    ],
  ])('%s', (typed, command) => {
    expect(parse(typed)).toEqual({ command });
  });

  it('may leave out the environment where the channel belongs to one', () => {
    expect(parse('restore --from latest', 'staging')).toEqual({
      command: { name: 'restore', environment: 'staging', from: 'latest' },
    });
    expect(parse('restore production', 'staging')).toMatchObject({ command: { environment: 'production' } });
  });

  it.each([
    ['restroe production', 'command.unknown'],
    ['pitr --to latest', 'command.environment-missing'],
    ['pitr production --to yesterday 03:14', 'command.too-many-words'],
    ['pitr production --from latest', 'command.unknown-option'],
    ['escalate production', 'command.not-yet'],
    ['adopt production a b', 'command.too-many-words'],
    ['restore prodution', 'request.unknown-environment'],
    ['restore production staging', 'command.too-many-words'],
    ['restore production --reason a table is gone', 'command.too-many-words'],
    ['restore production --reason "a table', 'command.open-quote'],
    ['restore production --from', 'command.option-without-value'],
    ['restore production --from --reason x', 'command.option-without-value'],
    ['restore production --from a --from b', 'command.option-twice'],
    ['restore production --form latest', 'command.unknown-option'],
    ['restore production --if-fails maybe', 'request.bad-argument'],
    ['restore --from latest', 'command.environment-missing'],
    [`restore ${'x'.repeat(3000)}`, 'command.too-long'],
    ['restore production\u0000', 'command.invisible'],
    ['restore \u202enoitcudorp', 'command.invisible'],
    ['restore pro\u200bduction', 'command.invisible'],
    [`restore production --reason "${'x'.repeat(501)}"`, 'command.reason-too-long'],
    ['restore production --from "a b"', 'request.bad-argument'],
    [`restore production --from ${'x'.repeat(300)}`, 'request.bad-argument'],
    ['restore production --from 03:00', 'request.bad-argument'],
    ['verify production --deep=yes', 'command.option-takes-nothing'],
    ['verify production --deep --deep', 'command.option-twice'],
    ['verify production --instance', 'command.option-without-value'],
    ['verify production --depp', 'command.unknown-option'],
    ['verify --deep', 'command.environment-missing'],
    ['history --all', 'command.unknown-option'],
    ['status op-1 op-2', 'command.too-many-words'],
    ['list --all', 'command.unknown-option'],
  ])('%s is told as %s', (typed, code) => {
    expect(codeOf(parse(typed))).toBe(code);
  });

  it('list shows the environment that the channel belongs to, else all', () => {
    expect(parse('list', 'staging')).toEqual({ command: { name: 'list', environment: 'staging' } });
    expect(parse('list')).toEqual({ command: { name: 'list' } });
  });

  it('takes letters of any script, emoji and tabs, and no less', () => {
    expect(parse('restore production --reason "資料表 👩‍👩‍👧 é\tgone"')).toMatchObject({
      command: { reason: '資料表 👩‍👩‍👧 é\tgone' },
    });
  });

  it('suggests what was probably meant', () => {
    expect(parse('rollbak production')).toMatchObject({ fault: { params: { closest: ['rollback'] } } });
    expect(parse('restroe production')).toMatchObject({ fault: { params: { closest: ['restore'] } } });
    expect(parse('restore prodution')).toMatchObject({ fault: { params: { closest: ['production'] } } });
    expect(parse('restore production --form latest')).toMatchObject({ fault: { params: { closest: ['--from'] } } });
  });

  it('of a later version is told so and never taken for another', () => {
    for (const name of laterCommands) expect(codeOf(parse(`${name} production`))).toBe('command.not-yet');
  });

  it('F45: whatever is typed is a command or a fault that can be told with a hint, never a throw', () => {
    const part = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 30 }),
      fc.constantFrom(
        'restore',
        'snapshot',
        'help',
        'status',
        'production',
        '--from',
        '--reason',
        '--reason=',
        '"',
        '「',
        "'",
        '--',
        '—from',
        'constructor',
        '__proto__',
      ),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), fc.boolean(), (parts, known) => {
        const parsed = parse(parts.join(' '), known ? 'staging' : undefined);
        if ('command' in parsed) return;
        expect(Object.hasOwn(errors, parsed.fault.code)).toBe(true);
        expect(describeError('zh-TW', parsed.fault).hint).not.toBe('');
      }),
      { numRuns: 2000 },
    );
  });
});

describe('a restore from a dump', () => {
  const key = 'database/production/op-0123456789ab.dump';

  it('says which dump, and where it goes', () => {
    expect(parse(`restore production --from ${key} --beside`)).toMatchObject({
      command: { name: 'restore', from: key, mode: 'beside' },
    });
    expect(parse(`restore production --from s3://backups/${key} --in-place --reason x`)).toMatchObject({
      command: { from: `s3://backups/${key}`, mode: 'in-place', reason: 'x' },
    });
    const own = parse(`restore production --from ${key}`);
    expect('command' in own && own.command).not.toHaveProperty('mode');
  });

  it.each([
    ['restore production --beside', 'load.mode-without-dump'],
    ['restore production --from latest --in-place', 'load.mode-without-dump'],
    ['restore production --from rds:production-2026-11-20-02-07 --beside', 'load.mode-without-dump'],
    [`restore production --from ${key} --beside --in-place`, 'command.two-modes'],
    [`restore production --from ${key} --beside=yes`, 'command.option-takes-nothing'],
    [`pitr production --to 03:14 --beside`, 'command.unknown-option'],
  ])('%s is refused by name', (typed, code) => {
    const parsed = parse(typed);
    expect(codeOf(parsed)).toBe(code);
    if ('fault' in parsed) expect(describeError('en', parsed.fault).hint).not.toBe('');
  });
});
