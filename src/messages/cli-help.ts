import type { Locale } from '../domain/people.ts';
import { type OrderName, orderNames, orderTexts } from './cli-commands.ts';
import { orderOptions } from './cli-options.ts';
import { plain, text } from './text.ts';

const around = {
  title: plain('operations, from this terminal:', '從終端機執行的 operation：'),
  options: plain('options:', '選項：'),
  examples: plain('examples:', '範例：'),
  exits: plain(
    'exit codes: 0 succeeded · 1 failed or refused · 2 wrong usage · 3 still waiting, or not approved in time · 130 Ctrl-C',
    '結束代碼：0 成功 · 1 失敗或被拒 · 2 用法錯誤 · 3 仍在等待，或未在期限內核准 · 130 Ctrl-C',
  ),
} as const;

const row = (name: string, does: string, width = 32) => `  ${name.padEnd(width)} ${does}`;

/** For `pitcrew --help`. */
export const ordersUsage = (locale: Locale): readonly string[] => [
  around.title(locale),
  ...orderNames.map((name) => row(name, orderTexts[name].does(locale), 26)),
];

/** What `pitcrew restore --help` prints. */
export function orderHelp(locale: Locale, name: OrderName): string {
  const { usage, does, detail, options, examples } = orderTexts[name];
  return [
    `pitcrew ${usage}`,
    does(locale),
    '',
    detail(locale),
    '',
    around.options(locale),
    ...options.map((option) =>
      row(`--${option} ${orderOptions[option].takes}`.trim(), orderOptions[option].does(locale)),
    ),
    '',
    around.examples(locale),
    ...examples.map((example) => `  ${example}`),
    '',
    around.exits(locale),
  ].join('\n');
}

/** What was typed and can't be meant. */
export const orderFaults = {
  missingWord: text<{ usage: string; command: string }>(
    ({ usage, command }) => `It needs more: pitcrew ${usage}. See pitcrew ${command} --help.`,
    ({ usage, command }) => `還缺少參數：pitcrew ${usage}。請看 pitcrew ${command} --help。`,
  ),
  tooManyWords: text<{ given: string; usage: string }>(
    ({ given, usage }) => `"${given}" is one word too many: pitcrew ${usage}.`,
    ({ given, usage }) => `多了「${given}」：pitcrew ${usage}。`,
  ),
  reasonTooLong: plain('The reason may have 500 characters at most.', '原因最多 500 個字元。'),
  confirmMissing: plain(
    'Nobody is there to be asked: give --yes if it is meant.',
    '這裡無法詢問：確定要執行請加上 --yes。',
  ),
  digestMissing: plain(
    'Nobody is there to be asked: give --digest with the first 12 digits of what you decide on.',
    '這裡無法詢問：請用 --digest 加上要決定內容的 digest 前 12 碼。',
  ),
  environmentMissing: text<{ known: string }>(
    ({ known }) => `Which environment? ${known}`,
    ({ known }) => `哪一個環境？${known}`,
  ),
} as const;
