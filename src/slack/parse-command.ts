import { closest } from '../domain/closest.ts';
import type { JsonObject } from '../domain/json.ts';
import type { FailurePolicy } from '../domain/plan.ts';
import { type CommandName, commandNames, commandTexts, laterCommands } from '../messages/commands.ts';
import { latest, longestReason } from './views/modals.ts';
import { unescaped, wordsOf } from './words.ts';

/** What was typed, understood. Options that were left out are absent: the modal asks for them. */
export type Command =
  | { readonly name: 'help'; readonly about?: CommandName }
  | { readonly name: 'rollback'; readonly operation?: string; readonly reason?: string }
  | { readonly name: 'list' | 'history'; readonly environment?: string }
  | {
      readonly name: 'verify';
      readonly environment?: string;
      readonly instance?: string;
      readonly deep: boolean;
      readonly reason?: string;
    }
  | { readonly name: 'status' | 'cancel' | 'retry' | 'supersede'; readonly operation?: string }
  | { readonly name: 'snapshot' | 'dump'; readonly environment?: string; readonly reason?: string }
  | { readonly name: 'adopt'; readonly environment?: string; readonly object?: string; readonly reason?: string }
  | {
      readonly name: 'restore';
      readonly environment?: string;
      readonly from?: string;
      readonly incident?: string;
      readonly onFailure?: FailurePolicy;
      readonly reason?: string;
    }
  | {
      readonly name: 'pitr';
      readonly environment?: string;
      /** As typed: what it means is said by the environment's clock. */
      readonly to?: string;
      readonly incident?: string;
      readonly onFailure?: FailurePolicy;
      readonly reason?: string;
    };

export interface CommandFault {
  readonly code: string;
  readonly params: JsonObject;
}
export type Parsed = { readonly command: Command } | { readonly fault: CommandFault };

export interface Surroundings {
  readonly environments: readonly string[];
  /** The environment to which the channel belongs, where it is only one. */
  readonly channelEnvironment?: string;
}

const longestLine = 2_000;
/** An id or an ARN: RDS's ids have at most 255 characters, automated ones begin with `rds:`. */
const snapshotShape = /^[A-Za-z][\w:./-]{0,254}$/;
const options: Readonly<Record<CommandName, readonly string[]>> = {
  restore: ['--from', '--if-fails', '--incident-at', '--order', '--reason'],
  pitr: ['--to', '--if-fails', '--incident-at', '--order', '--reason'],
  rollback: ['--reason'],
  snapshot: ['--reason'],
  dump: ['--reason'],
  adopt: ['--reason'],
  verify: ['--instance', '--deep', '--reason'],
  list: [],
  history: [],
  status: [],
  cancel: [],
  retry: [],
  supersede: [],
  help: [],
};
/** Said or not said: they take nothing. */
const switches: readonly string[] = ['--deep'];
const values: Readonly<Record<string, readonly string[]>> = {
  '--if-fails': ['return', 'stay-stopped'],
  '--order': ['stop-first'],
};

const fault = (code: string, params: JsonObject = {}): { readonly fault: CommandFault } => ({
  fault: { code, params },
});

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
  if (name) return takeApart(name, rest, around);
  if (laterCommands.includes(given)) return fault('command.not-yet', { command: given });
  return fault('command.unknown', {
    given: shortened(first),
    closest: closest(given, [...commandNames, ...laterCommands]),
  });
}

/** What was typed goes back to whoever typed it, but not by the page. */
const shortened = (word: string) => (word.length > 60 ? `${word.slice(0, 60)}…` : word);

function takeApart(name: CommandName, words: readonly string[], around: Surroundings): Parsed {
  const [example = ''] = commandTexts[name].examples.slice(-1);
  const free: string[] = [];
  const taken = new Map<string, string>();
  for (let at = 0; at < words.length; at++) {
    const word = dashes(words[at] ?? '');
    if (!word.startsWith('--')) {
      free.push(word);
      continue;
    }
    const [option = '', ...after] = word.split('=');
    const known = options[name];
    if (!known.includes(option))
      return fault('command.unknown-option', {
        command: name,
        given: shortened(option),
        possible: known,
        closest: closest(option, known),
      });
    if (taken.has(option)) return fault('command.option-twice', { option });
    if (switches.includes(option)) {
      if (word.includes('=')) return fault('command.option-takes-nothing', { option, example });
      taken.set(option, '');
      continue;
    }
    const value = word.includes('=') ? after.join('=') : words[++at];
    if (value === undefined || value === '' || dashes(value).startsWith('--'))
      return fault('command.option-without-value', { option, example });
    const allowed = values[option];
    if (allowed && !allowed.includes(value))
      return fault('request.bad-argument', {
        argument: option,
        given: shortened(value),
        possible: allowed,
        closest: closest(value, allowed),
      });
    taken.set(option, value);
  }
  if (name === 'adopt') return adoption(free, taken, around, example);
  if (free.length > 1) return fault('command.too-many-words', { given: shortened(free[1] ?? ''), example });
  return understood(name, free[0], taken, around);
}

/** S3 keys have at most 1,024 bytes. */
const longestObject = 1_100;

/** The object comes last; the environment before it may be left out where the channel, or the config, has only one. */
function adoption(
  free: readonly string[],
  taken: ReadonlyMap<string, string>,
  around: Surroundings,
  example: string,
): Parsed {
  const [word, second, third] = free;
  if (third !== undefined) return fault('command.too-many-words', { given: shortened(third), example });
  const object = second ?? word;
  if (object === undefined) return { command: { name: 'adopt' } };
  if (object.length > longestObject) return fault('command.object-missing', { example });
  const where = environmentOf(second === undefined ? undefined : word, around);
  if ('fault' in where) return where;
  const [only, ...more] = around.environments;
  const environment = where.environment ?? (more.length === 0 ? only : undefined);
  if (environment === undefined) return fault('command.environment-missing', { known: around.environments, example });
  const reason = taken.get('--reason');
  if (reason !== undefined && reason.length > longestReason)
    return fault('command.reason-too-long', { most: longestReason, length: reason.length });
  return { command: { name: 'adopt', environment, object, ...(reason === undefined ? {} : { reason }) } };
}

/** Phones turn two hyphens into a dash. */
const dashes = (word: string) => word.replace(/^[—–]/, '--');

function understood(
  name: Exclude<CommandName, 'adopt'>,
  word: string | undefined,
  taken: ReadonlyMap<string, string>,
  around: Surroundings,
): Parsed {
  if (name === 'help') return helpAbout(word);
  if (name === 'rollback') return ofOperation(name, word, taken.get('--reason'));
  if (name === 'status' || name === 'cancel' || name === 'retry' || name === 'supersede')
    return { command: { name, ...(word === undefined ? {} : { operation: word }) } };
  const where = environmentOf(word, around);
  if ('fault' in where) return where;
  const environment = where.environment === undefined ? {} : { environment: where.environment };
  const reason = taken.get('--reason');
  if (reason !== undefined && reason.length > longestReason)
    return fault('command.reason-too-long', { most: longestReason, length: reason.length });
  const why = reason === undefined ? {} : { reason };
  if (name === 'list' || name === 'history') return { command: { name, ...environment } };
  if (taken.size > 0 && where.environment === undefined)
    return fault('command.environment-missing', {
      known: around.environments,
      example: commandTexts[name].examples.at(-1) ?? '',
    });
  if (name === 'verify') {
    const instance = taken.get('--instance');
    const which = instance === undefined ? {} : { instance };
    return { command: { name, ...environment, ...why, ...which, deep: taken.has('--deep') } };
  }
  if (name === 'snapshot' || name === 'dump') return { command: { name, ...environment, ...why } };
  const { '--if-fails': onFailure, '--incident-at': incident, '--to': to, '--from': from } = Object.fromEntries(taken);
  const shared = {
    ...environment,
    ...why,
    ...(onFailure ? { onFailure: onFailure as FailurePolicy } : {}),
    ...(incident ? { incident } : {}),
  };
  if (name === 'pitr') return { command: { name, ...shared, ...(to ? { to } : {}) } };
  if (from !== undefined && !snapshotShape.test(from))
    return fault('request.bad-argument', {
      argument: '--from',
      given: shortened(from),
      possible: [latest, 'SNAPSHOT'],
      closest: closest(from, [latest]),
    });
  return { command: { name, ...shared, ...(from ? { from } : {}) } };
}

/** Of an earlier operation. */
function ofOperation(name: 'rollback', operation: string | undefined, reason: string | undefined): Parsed {
  if (reason !== undefined && reason.length > longestReason)
    return fault('command.reason-too-long', { most: longestReason, length: reason.length });
  return {
    command: { name, ...(operation === undefined ? {} : { operation }), ...(reason === undefined ? {} : { reason }) },
  };
}

function helpAbout(word: string | undefined): Parsed {
  const given = word?.toLowerCase();
  if (given === undefined) return { command: { name: 'help' } };
  const about = commandNames.find((one) => one === given);
  if (about) return { command: { name: 'help', about } };
  if (laterCommands.includes(given)) return fault('command.not-yet', { command: given });
  return fault('command.unknown', { given: shortened(word ?? ''), closest: closest(given, commandNames) });
}

/** As typed, else the one that the channel belongs to. */
function environmentOf(
  word: string | undefined,
  { environments, channelEnvironment }: Surroundings,
): { readonly environment: string | undefined } | { readonly fault: CommandFault } {
  if (word === undefined) return { environment: channelEnvironment };
  const found = environments.find((name) => name.toLowerCase() === word.toLowerCase());
  if (found !== undefined) return { environment: found };
  return fault('request.unknown-environment', {
    given: shortened(word),
    closest: closest(word, environments),
    known: environments,
  });
}
