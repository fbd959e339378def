import { parseArgs } from 'node:util';
import { closest } from '../domain/closest.ts';
import { type Locale, localeOf, locales, program } from '../domain/people.ts';
import { orderNames } from '../messages/cli-commands.ts';
import {
  type TerminalCommand,
  type TerminalOption,
  takesOption,
  terminalCommandNames,
  terminalOptionNames,
  terminalOptions,
  usageFaults,
} from '../messages/terminal.ts';
import type { Variables } from './environment.ts';

export const roles = ['start', 'bot', 'worker'] as const;
export type ProcessRole = (typeof roles)[number];

/** What the command line asks for. `wrong` is told in the person's language, with what to do. */
export type Given = { readonly locale: Locale } & (
  | { readonly kind: 'help'; readonly about?: TerminalCommand }
  | { readonly kind: 'version' }
  | { readonly kind: 'run'; readonly role: ProcessRole; readonly config?: string }
  | {
      readonly kind: 'check-config';
      readonly role: ProcessRole;
      readonly config?: string;
      readonly live: boolean;
      readonly json: boolean;
    }
  | { readonly kind: 'wrong'; readonly why: string }
);

type Values = Readonly<Partial<Record<TerminalOption, string>>>;
type Taken = { readonly words: readonly string[]; readonly values: Values; readonly faults: readonly Complaint[] };
type Complaint = (locale: Locale, command: TerminalCommand) => string;

/** Understands a command line. Never throws: whatever was typed is a request, or a fault with what to do. */
export function readArguments(words: readonly string[], variables: Variables): Given {
  const taken = take(words);
  const { values } = taken;
  const locale = localeHere(values.language, variables);
  const wrong = (why: string): Given => ({ kind: 'wrong', locale, why });
  const [typed, ...more] = taken.words[0] === 'help' ? taken.words.slice(1) : taken.words;
  const command = typed === undefined ? 'start' : terminalCommandNames.find((name) => name === typed);
  if (!command) {
    const [near] = closest(typed ?? '', [...terminalCommandNames, ...orderNames, 'help']);
    return wrong(usageFaults.unknownCommand(locale, { given: shortened(typed ?? ''), ...(near ? { near } : {}) }));
  }
  const [complaint] = taken.faults;
  if (complaint) return wrong(complaint(locale, command));
  if (more[0] !== undefined) return wrong(usageFaults.tooManyWords(locale, { given: shortened(more[0]) }));
  if (values.version !== undefined) return { kind: 'version', locale };
  if (values.help !== undefined || taken.words[0] === 'help')
    return { kind: 'help', locale, ...(typed === undefined ? {} : { about: command }) };
  const elsewhere = terminalOptionNames.find((option) => values[option] !== undefined && !takesOption(command, option));
  if (elsewhere) return wrong(usageFaults.unknownOption(locale, { given: `--${elsewhere}`, command }));
  const config = values.config === undefined ? {} : { config: values.config };
  if (command !== 'check-config') return { kind: 'run', locale, role: command, ...config };
  const role = roles.find((one) => one === values.role) ?? 'start';
  return { kind: command, locale, role, ...config, live: values.live !== undefined, json: values.json !== undefined };
}

/** As asked for, else as the terminal's own variables say (POSIX, "Internationalization Variables"), in that order. */
function localeHere(asked: string | undefined, { LC_ALL, LC_MESSAGES, LANG }: Variables): Locale {
  const language = localeOf(asked ?? [LC_ALL, LC_MESSAGES, LANG].find((value) => value));
  return { language, command: program };
}

const possible: Readonly<Partial<Record<TerminalOption, readonly string[]>>> = { language: locales, role: roles };

function take(args: readonly string[]): Taken {
  const { tokens } = parseArgs({
    args: [...args],
    strict: false,
    allowPositionals: true,
    tokens: true,
    options: Object.fromEntries(
      terminalOptionNames.map((name) => [
        name,
        { type: terminalOptions[name].takes ? ('string' as const) : ('boolean' as const), ...shortOf(name) },
      ]),
    ),
  });
  const words = tokens.flatMap((token) => (token.kind === 'positional' ? [token.value] : []));
  const options = tokens.filter((token) => token.kind === 'option');
  const faults = options.flatMap(complaintsAbout);
  const values = Object.fromEntries(options.map(({ name, value }) => [name, value ?? '']));
  return { words, values, faults };
}

const shortOf = (name: TerminalOption) => (name === 'help' || name === 'version' ? { short: name.slice(0, 1) } : {});

function complaintsAbout(token: { name: string; rawName: string; value?: string | undefined }): readonly Complaint[] {
  const { rawName: given, value } = token;
  const name = terminalOptionNames.find((one) => one === token.name);
  if (!name) return [unknown(given)];
  const { takes } = terminalOptions[name];
  if (!takes) return value === undefined ? [] : [(locale) => usageFaults.withValue(locale, { given })];
  if (!value || value.startsWith('--')) return [(locale) => usageFaults.withoutValue(locale, { given, takes })];
  const allowed = possible[name];
  if (!allowed || allowed.includes(value)) return [];
  return [(locale) => usageFaults.wrongValue(locale, { given, value: shortened(value), takes })];
}

function unknown(given: string): Complaint {
  return (locale, command) => {
    const known = terminalOptionNames.filter((option) => takesOption(command, option)).map((option) => `--${option}`);
    const [near] = closest(given, known);
    return usageFaults.unknownOption(locale, { given: shortened(given), command, ...(near ? { near } : {}) });
  };
}

/** What was typed goes back to whoever typed it, but not by the page, and on one line. */
const shortened = (word: string) => {
  const line = word.replace(/\s+/g, ' ');
  return line.length > 60 ? `${line.slice(0, 60)}…` : line;
};
