import { closest } from '../domain/closest.ts';
import { type CommandName, commandNames, commandTexts, laterCommands } from '../messages/commands.ts';
import {
  type Command,
  type CommandFault,
  fault,
  grammar,
  type Option,
  optionValues,
  type Parsed,
  shortened,
  type Taken,
} from './command-grammar.ts';
import { longestReason } from './views/modals.ts';
import { unescaped, wordsOf } from './words.ts';

export type { Command, CommandFault, Parsed } from './command-grammar.ts';

export interface Surroundings {
  readonly environments: readonly string[];
  /** The environment to which the channel belongs, where it is only one. */
  readonly channelEnvironment?: string;
}

type Faulty = { readonly fault: CommandFault };

const longestLine = 2_000;
/** S3 keys have at most 1,024 bytes. */
const longestObject = 1_100;

/** Understands what follows `/backup`. Never throws: whatever was typed is a command, or a fault with a hint. */
export function parseCommand(typed: string, around: Surroundings): Parsed {
  if (typed.length > longestLine) return fault('command.too-long');
  // What can't be seen can't be meant: it comes from a copy, or from somebody who hides something.
  if (/[^\P{C}\s\u200c\u200d]/u.test(typed)) return fault('command.invisible');
  const split = wordsOf(unescaped(typed));
  if ('open' in split) return fault('command.open-quote', { example: commandTexts.restore.examples[1] ?? '' });
  const [first, ...rest] = split.words;
  if (first === undefined) return { command: { name: 'help' } };
  const given = first.toLowerCase();
  const name = commandNames.find((one) => one === given);
  if (name) return understood(name, rest, around);
  if (laterCommands.includes(given)) return fault('command.not-yet', { command: given });
  return fault('command.unknown', {
    given: shortened(first),
    closest: closest(given, [...commandNames, ...laterCommands]),
  });
}

function understood(name: CommandName, words: readonly string[], around: Surroundings): Parsed {
  const { takes, options, read } = grammar[name];
  const example = exampleOf(name);
  const parts = takeApart(name, words, options);
  if ('fault' in parts) return parts;
  const { free, taken } = parts;
  const extra = free[takes === 'environment object' ? 2 : 1];
  if (extra !== undefined) return fault('command.too-many-words', { given: shortened(extra), example });
  const given = subjectOf(name, free, taken, around);
  if ('fault' in given) return given;
  const reason = taken['--reason'];
  if (reason !== undefined && reason.length > longestReason)
    return fault('command.reason-too-long', { most: longestReason, length: reason.length });
  const meant = read?.(taken) ?? {};
  if (meant.fault) return meant;
  // Each part is of this name's kind, which the types of `grammar` hold; a union can't be built from parts.
  return { command: { name, ...given, ...(reason === undefined ? {} : { reason }), ...meant } as Command };
}

/** The last example is the fullest. */
const exampleOf = (name: CommandName): string => commandTexts[name].examples.at(-1) ?? '';

/** Phones turn two hyphens into a dash. */
const dashes = (word: string) => word.replace(/^[—–]/, '--');

interface Parts {
  readonly free: readonly string[];
  readonly taken: Taken;
}

function takeApart(name: CommandName, words: readonly string[], known: readonly Option[]): Parts | Faulty {
  const free: string[] = [];
  const taken: Partial<Record<Option, string>> = {};
  const example = exampleOf(name);
  const { repeats = [] } = grammar[name];
  for (let at = 0; at < words.length; at++) {
    const word = dashes(words[at] ?? '');
    if (!word.startsWith('--')) {
      free.push(word);
      continue;
    }
    const [typed = '', ...after] = word.split('=');
    const option = known.find((one) => one === typed);
    if (!option)
      return fault('command.unknown-option', {
        command: name,
        given: shortened(typed),
        possible: known,
        closest: closest(typed, known),
      });
    const before = taken[option];
    if (before !== undefined && !repeats.includes(option)) return fault('command.option-twice', { option });
    const allowed: 'anything' | 'nothing' | readonly string[] = optionValues[option];
    if (allowed === 'nothing' && word.includes('=')) return fault('command.option-takes-nothing', { option, example });
    const value = allowed === 'nothing' ? '' : word.includes('=') ? after.join('=') : words[++at];
    const wrong = allowed === 'nothing' ? undefined : wrongValue(option, value, allowed, example);
    if (wrong) return wrong;
    taken[option] = before === undefined ? (value ?? '') : `${before}\n${value ?? ''}`;
  }
  return { free, taken };
}

function wrongValue(
  option: Option,
  value: string | undefined,
  allowed: 'anything' | readonly string[],
  example: string,
): Faulty | undefined {
  if (value === undefined || value.trim() === '' || dashes(value).startsWith('--'))
    return fault('command.option-without-value', { option, example });
  if (allowed === 'anything' || allowed.includes(value)) return undefined;
  const near = closest(value, allowed);
  return fault('request.bad-argument', { argument: option, given: shortened(value), possible: allowed, closest: near });
}

interface Subject {
  readonly environment?: string;
  readonly operation?: string;
  readonly object?: string;
  readonly about?: CommandName;
}

/** What the command is about: the words that are no options. */
function subjectOf(name: CommandName, free: readonly string[], taken: Taken, around: Surroundings): Subject | Faulty {
  const { takes } = grammar[name];
  const [word] = free;
  switch (takes) {
    case 'command':
      return helpAbout(word);
    case 'operation':
      return word === undefined ? {} : { operation: word };
    case 'environment object':
      return objectOf(free, around, exampleOf(name));
    case 'environment': {
      const where = environmentOf(word, around);
      if ('fault' in where || where.environment !== undefined || Object.keys(taken).length === 0) return where;
      // The dialog that asks for the environment asks for the rest too.
      return fault('command.environment-missing', { known: around.environments, example: exampleOf(name) });
    }
    default: {
      const never: never = takes;
      return never;
    }
  }
}

/** The object comes last; the environment before it may be left out where the channel, or the config, has only one. */
function objectOf(free: readonly string[], around: Surroundings, example: string): Subject | Faulty {
  const [word, second] = free;
  const object = second ?? word;
  if (object === undefined) return {};
  if (object.length > longestObject) return fault('command.object-missing', { example });
  const where = environmentOf(second === undefined ? undefined : word, around);
  if ('fault' in where) return where;
  const [only, ...more] = around.environments;
  const environment = where.environment ?? (more.length === 0 ? only : undefined);
  if (environment === undefined) return fault('command.environment-missing', { known: around.environments, example });
  return { environment, object };
}

function helpAbout(word: string | undefined): Subject | Faulty {
  const given = word?.toLowerCase();
  if (given === undefined) return {};
  const about = commandNames.find((one) => one === given);
  if (about) return { about };
  if (laterCommands.includes(given)) return fault('command.not-yet', { command: given });
  return fault('command.unknown', { given: shortened(word ?? ''), closest: closest(given, commandNames) });
}

/** As typed, else the one that the channel belongs to. */
function environmentOf(
  word: string | undefined,
  { environments, channelEnvironment }: Surroundings,
): { readonly environment?: string } | Faulty {
  if (word === undefined) return channelEnvironment === undefined ? {} : { environment: channelEnvironment };
  const found = environments.find((name) => name.toLowerCase() === word.toLowerCase());
  if (found !== undefined) return { environment: found };
  return fault('request.unknown-environment', {
    given: shortened(word),
    closest: closest(word, environments),
    known: environments,
  });
}
