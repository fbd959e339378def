import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commandHelp, terminalCommandNames, terminalOptionNames, usageText } from '../messages/terminal.ts';
import { readArguments } from './arguments.ts';

const english = { language: 'en', command: 'pitcrew' } as const;
const chinese = { language: 'zh-TW', command: 'pitcrew' } as const;

const read = (line: string, variables = {}) => readArguments(line.split(' ').filter(Boolean), variables);

describe('a command line', () => {
  it.each<[string, object]>([
    ['', { kind: 'run', role: 'start' }],
    ['worker', { kind: 'run', role: 'worker' }],
    ['bot --config /etc/pitcrew.yaml', { kind: 'run', role: 'bot', config: '/etc/pitcrew.yaml' }],
    ['--config=x start', { kind: 'run', role: 'start', config: 'x' }],
    ['check-config', { kind: 'check-config', role: 'start', live: false, json: false }],
    ['check-config --live --json --role worker', { kind: 'check-config', role: 'worker', live: true, json: true }],
    ['--version', { kind: 'version' }],
    ['-v', { kind: 'version' }],
    ['--help', { kind: 'help' }],
    ['help', { kind: 'help' }],
    ['help check-config', { kind: 'help', about: 'check-config' }],
    ['check-config -h', { kind: 'help', about: 'check-config' }],
  ])('%j is understood', (line, given) => {
    expect(read(line)).toEqual({ locale: english, ...given });
  });

  it.each([
    ['chek-config', 'pitcrew has no command "chek-config". Did you mean check-config? See pitcrew --help.'],
    ['resotre', 'pitcrew has no command "resotre". Did you mean restore? See pitcrew --help.'],
    ['backup', 'pitcrew has no command "backup". See pitcrew --help.'],
    ['help wroker', 'pitcrew has no command "wroker". Did you mean worker? See pitcrew --help.'],
    ['start now', '"now" is one word too many. pitcrew takes one command. See pitcrew --help.'],
    [
      'check-config --lvie',
      'pitcrew check-config has no option --lvie. Did you mean --live? See pitcrew check-config --help.',
    ],
    ['start --live', 'pitcrew start has no option --live. See pitcrew start --help.'],
    ['start --config', '--config needs a value: --config FILE.'],
    ['check-config --config --json', '--config needs a value: --config FILE.'],
    ['check-config --live=yes', '--live takes no value. Write it alone.'],
    ['check-config --role boss', '--role can’t be "boss". Possible: --role start|bot|worker.'],
    ['--language fr', '--language can’t be "fr". Possible: --language en|zh-TW.'],
  ])('%j is refused with what to do', (line, why) => {
    expect(read(line)).toEqual({ kind: 'wrong', locale: english, why });
  });

  it('speaks the language that is asked for, else the terminal’s', () => {
    expect(read('', { LANG: 'zh_TW.UTF-8' }).locale).toEqual(chinese);
    expect(read('', { LC_ALL: 'C', LANG: 'zh_TW.UTF-8' }).locale).toEqual(english);
    expect(read('', { LC_ALL: '', LC_MESSAGES: 'zh_TW', LANG: 'C' }).locale).toEqual(chinese);
    expect(read('--language zh-TW', { LC_ALL: 'C' }).locale).toEqual(chinese);
    expect(read('wroker', { LANG: 'zh_TW' })).toMatchObject({ why: expect.stringContaining('你是不是要打 worker') });
  });

  it('F45: whatever is typed is understood or refused in one line, never a throw', () => {
    const word = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 80 }),
      fc.constantFrom(
        ...terminalCommandNames,
        'help',
        '--',
        '-',
        '-hv',
        '--__proto__',
        '--config',
        '--json=',
        '--no-live',
      ),
      fc.constantFrom(...terminalOptionNames.map((name) => `--${name}`)),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 6 }), (words) => {
        const given = readArguments(words, {});
        if (given.kind === 'wrong') expect(given.why).toMatch(/^.{10,300}$/u);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('help', () => {
  it('names every command and option, in both languages', () => {
    for (const locale of ['en', 'zh-TW'] as const)
      for (const name of [...terminalCommandNames, ...terminalOptionNames.map((option) => `--${option}`)])
        expect(usageText(locale)).toContain(`  ${name}`);
  });

  it('of a command names only its own options, with an example', () => {
    expect(commandHelp('en', 'worker')).not.toContain('--live');
    expect(commandHelp('zh-TW', 'check-config')).toContain('--live');
    for (const name of terminalCommandNames) expect(commandHelp('en', name)).toContain(`pitcrew ${name}`);
  });
});
