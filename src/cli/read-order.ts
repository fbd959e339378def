import { parseArgs } from 'node:util';
import { closest } from '../domain/closest.ts';
import { type Locale, localeOf, locales } from '../domain/people.ts';
import {
  type OrderName,
  type OrderOption,
  orderFaults,
  orderHelp,
  orderNames,
  orderOptionNames,
  orderOptions,
  orderTexts,
} from '../messages/cli-commands.ts';
import { usageFaults } from '../messages/terminal.ts';

type Values = Readonly<Partial<Record<OrderOption, string>>>;

/** What somebody wants of an operation, understood. */
export interface Order {
  readonly name: OrderName;
  /** The environment, or the operation's id. */
  readonly word?: string;
  readonly values: Values;
}

export type Read = { readonly locale: Locale; readonly json: boolean } & (
  | { readonly kind: 'order'; readonly order: Order }
  | { readonly kind: 'help'; readonly text: string }
  | { readonly kind: 'wrong'; readonly why: string }
);

type Variables = Readonly<Record<string, string | undefined>>;

const possible: Readonly<Partial<Record<OrderOption, readonly string[]>>> = {
  language: locales,
  'if-fails': ['return', 'stay-stopped'],
  gate: ['start', 'findings'],
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
  const values: Values = Object.fromEntries(options.map((one) => [one.name, one.value ?? '']));
  const locale = languageOf(values.language, variables);
  const said = { locale, json: values.json !== undefined };
  const wrong = (why: string): Read => ({ kind: 'wrong', ...said, why });
  const fault = options.map((option) => faultOf(locale, name, option)).find((one) => one !== undefined);
  if (fault) return wrong(fault);
  if (asksHelp || values.help !== undefined) return { kind: 'help', ...said, text: orderHelp(locale, name) };
  const why = misfit(locale, name, rest, values);
  if (why) return wrong(why);
  const word = rest[0] ?? values.env;
  return { kind: 'order', ...said, order: { name, ...(word === undefined ? {} : { word }), values } };
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

const needsOperation: readonly OrderName[] = ['rollback', 'approve', 'deny', 'cancel', 'retry', 'run'];
const needsReason: readonly OrderName[] = ['restore', 'pitr', 'rollback', 'deny'];

function misfit(locale: Locale, name: OrderName, words: readonly string[], values: Values): string | undefined {
  const { usage } = orderTexts[name];
  const most = values.env === undefined ? 1 : 0;
  const extra = words[most];
  if (extra !== undefined) return orderFaults.tooManyWords(locale, { given: shortened(extra), usage });
  if (needsOperation.includes(name) && words[0] === undefined)
    return orderFaults.missingWord(locale, { usage, command: name });
  if (name === 'pitr' && !values.to?.trim()) return orderFaults.toMissing(locale);
  if (needsReason.includes(name) && !values.reason?.trim()) return orderFaults.reasonMissing(locale);
  return (values.reason?.length ?? 0) > longestReason ? orderFaults.reasonTooLong(locale) : undefined;
}

/** As asked for, else as the terminal's own variables say (POSIX, "Internationalization Variables"), in that order. */
function languageOf(asked: string | undefined, { LC_ALL, LC_MESSAGES, LANG }: Variables): Locale {
  return localeOf(asked ?? [LC_ALL, LC_MESSAGES, LANG].find((value) => value));
}

const shortened = (word: string) => {
  const line = word.replace(/\s+/g, ' ');
  return line.length > 60 ? `${line.slice(0, 60)}…` : line;
};
