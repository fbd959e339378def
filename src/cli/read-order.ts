import { parseArgs } from 'node:util';
import { closest } from '../domain/closest.ts';
import { type Locale, localeOf, locales, program } from '../domain/people.ts';
import { type OrderName, type OrderText, type OrderWord, orderNames, orderTexts } from '../messages/cli-commands.ts';
import { orderFaults, orderHelp } from '../messages/cli-help.ts';
import { type OptionText, type OrderOption, orderOptionNames, orderOptions } from '../messages/cli-options.ts';
import { usageFaults } from '../messages/terminal.ts';
import { gates } from './gates.ts';

type Values = Readonly<Partial<Record<OrderOption, string>>>;

/** What somebody wants of an operation, understood. */
export interface Order {
  readonly name: OrderName;
  readonly environment?: string;
  /** An id, as it was typed. */
  readonly operation?: string;
  /** An object in S3. */
  readonly object?: string;
  readonly values: Values;
}
type Words = Pick<Order, 'environment' | 'operation' | 'object'>;

export type Read = { readonly locale: Locale; readonly json: boolean } & (
  | { readonly kind: 'order'; readonly order: Order }
  | { readonly kind: 'help'; readonly text: string }
  | { readonly kind: 'wrong'; readonly why: string }
);

type Variables = Readonly<Record<string, string | undefined>>;

const possible: Readonly<Partial<Record<OrderOption, readonly string[]>>> = {
  language: locales,
  order: ['stop-first', 'restore-first'],
  'if-fails': ['return', 'stay-stopped'],
  gate: gates,
};
const longestReason = 500;

/**
 * Understands a command line whose first word is one of the operations' commands; `undefined` when it is not. Never
 * throws: whatever was typed is an order, or a fault with what to do.
 */
export function readOrder(words: readonly string[], variables: Variables): Read | undefined {
  const { tokens } = parseArgs({
    args: [...words],
    strict: false,
    allowPositionals: true,
    tokens: true,
    options: Object.fromEntries(
      orderOptionNames.map((name) => [
        name,
        {
          type: orderOptions[name].takes ? ('string' as const) : ('boolean' as const),
          ...(name === 'help' ? { short: 'h' } : {}),
        },
      ]),
    ),
  });
  const typed = tokens.flatMap((token) => (token.kind === 'positional' ? [token.value] : []));
  const asksHelp = typed[0] === 'help';
  const [first, ...rest] = asksHelp ? typed.slice(1) : typed;
  const name = orderNames.find((one) => one === first);
  if (!name) return undefined;
  const options = tokens.filter((token) => token.kind === 'option');
  const values = valuesOf(name, options);
  const locale = localeHere(values.language, variables);
  const said = { locale, json: values.json !== undefined };
  const wrong = (why: string): Read => ({ kind: 'wrong', ...said, why });
  const fault = options.map((option) => faultOf(locale, name, option)).find((one) => one !== undefined);
  if (fault) return wrong(fault);
  if (asksHelp || values.help !== undefined) return { kind: 'help', ...said, text: orderHelp(locale, name) };
  const given = wordsOf(name, rest, values);
  const why = misfit(locale, name, rest, given, values);
  if (why) return wrong(why);
  return { kind: 'order', ...said, order: { name, ...given, values } };
}

/** The last one counts, unless it may be given again. */
function valuesOf(
  command: OrderName,
  options: readonly { readonly name: string; readonly value?: string | undefined }[],
): Values {
  const { repeats = [] }: Pick<OrderText, 'usage' | 'repeats'> = orderTexts[command];
  const values = new Map<string, string>();
  for (const { name, value = '' } of options) {
    const before = repeats.some((one) => one === name) ? values.get(name) : undefined;
    values.set(name, before === undefined ? value : `${before}\n${value}`);
  }
  return Object.fromEntries(values);
}

const mayBeLeftOut = (word: OrderWord) => word === 'environment' || word === 'operation?';

/** Too few words leave out the first that may be left out: `adopt KEY` and `adopt ENV KEY` are both right. */
function wordsOf(name: OrderName, typed: readonly string[], { env }: Values): Words {
  const takes = expected(name, env);
  const most = typed.length < takes.length ? takes.filter((word) => !mayBeLeftOut(word)) : takes;
  const taken = most.flatMap((word, at) => (typed[at] === undefined ? [] : [[word.replace('?', ''), typed[at]]]));
  return { ...(env === undefined ? {} : { environment: env }), ...Object.fromEntries(taken) };
}

/** What is typed as words: an environment that `--env` names is not. */
function expected(name: OrderName, env: string | undefined): readonly OrderWord[] {
  const { takes }: { readonly takes: readonly OrderWord[] } = orderTexts[name];
  return env === undefined ? takes : takes.filter((word) => word !== 'environment');
}

function faultOf(
  locale: Locale,
  command: OrderName,
  { name, rawName: given, value }: { name: string; rawName: string; value?: string | undefined },
): string | undefined {
  const known: readonly string[] = orderTexts[command].options;
  const option = orderOptionNames.find((one) => one === name);
  if (!option || !known.includes(option)) {
    const [near] = closest(
      given,
      known.map((one) => `--${one}`),
    );
    return usageFaults.unknownOption(locale, { given: shortened(given), command, ...(near ? { near } : {}) });
  }
  const { takes } = orderOptions[option];
  if (!takes) return value === undefined ? undefined : usageFaults.withValue(locale, { given });
  if (!value || value.startsWith('--')) return usageFaults.withoutValue(locale, { given, takes });
  const allowed = possible[option];
  if (!allowed || allowed.includes(value)) return undefined;
  return usageFaults.wrongValue(locale, { given, value: shortened(value), takes });
}

function misfit(
  locale: Locale,
  name: OrderName,
  typed: readonly string[],
  given: Words,
  values: Values,
): string | undefined {
  const { usage, needs }: { readonly usage: string; readonly needs: readonly OrderOption[] } = orderTexts[name];
  const takes = expected(name, values.env);
  const extra = typed[takes.length];
  if (extra !== undefined) return orderFaults.tooManyWords(locale, { given: shortened(extra), usage });
  const missing = takes.some((word) => !mayBeLeftOut(word) && given[word as keyof Words] === undefined);
  if (missing) return orderFaults.missingWord(locale, { usage, command: name });
  const lacking = needs.find((option) => !values[option]?.trim());
  if (lacking) return missingOption(locale, lacking) ?? orderFaults.missingWord(locale, { usage, command: name });
  return (values.reason?.length ?? 0) > longestReason ? orderFaults.reasonTooLong(locale) : undefined;
}

function missingOption(locale: Locale, option: OrderOption): string | undefined {
  const { missing }: OptionText = orderOptions[option];
  return missing?.(locale);
}

/** As asked for, else as the terminal's own variables say (POSIX, "Internationalization Variables"), in that order. */
function localeHere(asked: string | undefined, { LC_ALL, LC_MESSAGES, LANG }: Variables): Locale {
  const language = localeOf(asked ?? [LC_ALL, LC_MESSAGES, LANG].find((value) => value));
  return { language, command: program };
}

const shortened = (word: string) => {
  const line = word.replace(/\s+/g, ' ');
  return line.length > 60 ? `${line.slice(0, 60)}…` : line;
};
