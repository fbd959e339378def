import type { Locale } from '../domain/people.ts';
import { ordersUsage } from './cli-help.ts';
import { plain, text } from './text.ts';

type Words = (locale: Locale) => string;

export interface TerminalCommandText {
  /** One line. */
  readonly does: Words;
  readonly detail: Words;
  readonly examples: readonly string[];
}

const runsUntil = plain(
  'It runs until SIGTERM or SIGINT, ends what it is at within 20 s, and exits 0.',
  '會一直執行到收到 SIGTERM 或 SIGINT，在 20 秒內結束手上的工作，以 0 結束。',
);

/** The commands of a terminal, in the order in which help lists them. */
export const terminalCommands = {
  start: {
    does: plain('the bot and a worker in one process (the default)', 'bot 與 worker 在同一個 process（預設）'),
    detail: runsUntil,
    examples: ['pitcrew start', 'pitcrew start --config /etc/pitcrew/pitcrew.yaml'],
  },
  bot: {
    does: plain('only Slack: takes requests and votes, keeps the cards', '只處理 Slack：接收請求與核准，更新卡片'),
    detail: runsUntil,
    examples: ['pitcrew bot'],
  },
  worker: {
    does: plain('only the work: plans, runs, verifies', '只執行工作：規劃、執行、驗證'),
    detail: plain(
      'It needs no Slack token. It runs until SIGTERM or SIGINT, ends what it is at within 20 s, and exits 0.',
      '不需要 Slack token。會一直執行到收到 SIGTERM 或 SIGINT，在 20 秒內結束手上的工作，以 0 結束。',
    ),
    examples: ['pitcrew worker'],
  },
  'check-config': {
    does: plain(
      'reads pitcrew.yaml and the environment, names every fault at once',
      '讀取 pitcrew.yaml 與環境變數，一次列出所有錯誤',
    ),
    detail: plain(
      `By itself it calls nothing: it says what is wrong by its form, with the line and what would be right, and what is not
in force in this release. With --live it also asks the real AWS, Kubernetes, PostgreSQL, Redis and Slack whether all that
the file names is there and may be used, down to what a dump needs. It then writes one small object named probe/… into the ledger's bucket, as
every start does, and changes nothing else.`,
      `只有這個指令時不會呼叫任何服務：它依格式指出錯誤、所在的行與正確的寫法，以及這個版本尚未生效的選項。加上 --live
會再詢問真正的 AWS、Kubernetes、PostgreSQL、Redis 與 Slack：檔案中列出的是否都存在、是否有權限使用，包括 dump 所需的一切。此時會像每次啟動一樣，
在 ledger 的 bucket 寫入一個 probe/… 小 object，除此之外不會更改任何東西。`,
    ),
    examples: ['pitcrew check-config --config pitcrew.yaml', 'pitcrew check-config --live --language zh-TW'],
  },
} as const satisfies Readonly<Record<string, TerminalCommandText>>;

export type TerminalCommand = keyof typeof terminalCommands;
export const terminalCommandNames = Object.keys(terminalCommands) as readonly TerminalCommand[];

/** The options, with what they take and which commands know them. */
export const terminalOptions = {
  config: {
    takes: 'FILE',
    does: plain(
      'the configuration; else PITCREW_CONFIG, else ./pitcrew.yaml',
      '設定檔；否則用 PITCREW_CONFIG，再否則用 ./pitcrew.yaml',
    ),
    of: terminalCommandNames,
  },
  live: {
    takes: '',
    does: plain('asks the real services too; changes nothing', '也詢問真正的服務；不會更改任何東西'),
    of: ['check-config'],
  },
  role: {
    takes: 'start|bot|worker',
    does: plain('for which process the environment must suffice (start)', '環境變數要足夠給哪一種 process（start）'),
    of: ['check-config'],
  },
  json: {
    takes: '',
    does: plain('the report as one JSON object', '以一個 JSON object 輸出報告'),
    of: ['check-config'],
  },
  language: {
    takes: 'en|zh-TW',
    does: plain('of what it says; else LC_ALL, LC_MESSAGES or LANG', '使用的語言；否則依 LC_ALL、LC_MESSAGES 或 LANG'),
    of: terminalCommandNames,
  },
  help: { takes: '', does: plain('this text', '顯示說明'), of: terminalCommandNames },
  version: { takes: '', does: plain('the version', '顯示版本'), of: terminalCommandNames },
} as const satisfies Readonly<
  Record<string, { readonly takes: string; readonly does: Words; readonly of: readonly TerminalCommand[] }>
>;
export type TerminalOption = keyof typeof terminalOptions;
export const terminalOptionNames = Object.keys(terminalOptions) as readonly TerminalOption[];

const around = {
  what: plain(
    'pitcrew backs up and restores production databases from Slack.',
    'pitcrew 從 Slack 備份與 restore 正式環境的 database。',
  ),
  usage: plain('usage: pitcrew [command] [options]', '用法：pitcrew [指令] [選項]'),
  options: plain('options:', '選項：'),
  examples: plain('examples:', '範例：'),
  exits: plain(
    'exit codes: 0 well · 1 failed, or faults found · 2 wrong usage',
    '結束代碼：0 正常 · 1 失敗或有錯誤 · 2 用法錯誤',
  ),
  reads: plain(
    `It reads SLACK_BOT_TOKEN, SLACK_APP_TOKEN (or SLACK_SIGNING_SECRET and PORT), REDIS_URL and the standard variables of
the AWS, Kubernetes and PostgreSQL clients.`,
    `它讀取 SLACK_BOT_TOKEN、SLACK_APP_TOKEN（或 SLACK_SIGNING_SECRET 與 PORT）、REDIS_URL，以及 AWS、Kubernetes、
PostgreSQL client 的標準變數。`,
  ),
} as const;

/** What `pitcrew --help` prints. */
export function usageText(locale: Locale): string {
  const commands = terminalCommandNames.map((name) => row(name, terminalCommands[name].does(locale)));
  return [
    around.what(locale),
    '',
    around.usage(locale),
    '',
    ...commands,
    '',
    ...ordersUsage(locale),
    '',
    around.options(locale),
    ...optionRows(locale, terminalOptionNames),
    '',
    around.exits(locale),
    '',
    around.reads(locale),
  ].join('\n');
}

/** What `pitcrew check-config --help` prints. */
export function commandHelp(locale: Locale, name: TerminalCommand): string {
  const { does, detail, examples } = terminalCommands[name];
  const options = terminalOptionNames.filter((option) => takesOption(name, option));
  return [
    `pitcrew ${name}: ${does(locale)}`,
    '',
    detail(locale),
    '',
    around.options(locale),
    ...optionRows(locale, options),
    '',
    around.examples(locale),
    ...examples.map((example) => `  ${example}`),
    '',
    around.exits(locale),
  ].join('\n');
}

export const takesOption = (command: TerminalCommand, option: TerminalOption) =>
  (terminalOptions[option].of as readonly TerminalCommand[]).includes(command);

const row = (name: string, does: string) => `  ${name.padEnd(26)} ${does}`;
const optionRows = (locale: Locale, options: readonly TerminalOption[]) =>
  options.map((option) =>
    row(`--${option} ${terminalOptions[option].takes}`.trim(), terminalOptions[option].does(locale)),
  );

interface Near {
  readonly given: string;
  readonly near?: string;
}

/** What was typed and can't be meant, with what to do. */
export const usageFaults = {
  unknownCommand: text<Near>(
    ({ given, near }) =>
      `pitcrew has no command "${given}".${near ? ` Did you mean ${near}?` : ''} See pitcrew --help.`,
    ({ given, near }) => `pitcrew 沒有指令「${given}」。${near ? `你是不是要打 ${near}？` : ''}請看 pitcrew --help。`,
  ),
  unknownOption: text<Near & { command: string }>(
    ({ given, near, command }) =>
      `pitcrew ${command} has no option ${given}.${near ? ` Did you mean ${near}?` : ''} See pitcrew ${command} --help.`,
    ({ given, near, command }) =>
      `pitcrew ${command} 沒有選項 ${given}。${near ? `你是不是要打 ${near}？` : ''}請看 pitcrew ${command} --help。`,
  ),
  withoutValue: text<{ given: string; takes: string }>(
    ({ given, takes }) => `${given} needs a value: ${given} ${takes}.`,
    ({ given, takes }) => `${given} 需要一個值：${given} ${takes}。`,
  ),
  withValue: text<{ given: string }>(
    ({ given }) => `${given} takes no value. Write it alone.`,
    ({ given }) => `${given} 不需要值。請單獨寫它。`,
  ),
  wrongValue: text<{ given: string; value: string; takes: string }>(
    ({ given, value, takes }) => `${given} can’t be "${value}". Possible: ${given} ${takes}.`,
    ({ given, value, takes }) => `${given} 不能是「${value}」。可用的寫法：${given} ${takes}。`,
  ),
  tooManyWords: text<{ given: string }>(
    ({ given }) => `"${given}" is one word too many. pitcrew takes one command. See pitcrew --help.`,
    ({ given }) => `多了「${given}」。pitcrew 一次只接受一個指令。請看 pitcrew --help。`,
  ),
} as const;
