import type { Locale } from '../domain/people.ts';
import { plain, text } from './text.ts';

type Words = (locale: Locale) => string;

export interface CommandText {
  /** As short as it works. */
  readonly short: string;
  readonly usage: string;
  /** One line. */
  readonly does: Words;
  /** What it needs to know that the line doesn't say. */
  readonly detail: Words;
  readonly who: Words;
  readonly examples: readonly string[];
}

const anybody = plain('Any member, in an incident channel.', '任何成員，在 incident channel 中。');

/** The commands of this version, in the order in which help lists them. */
export const commandTexts = {
  restore: {
    short: 'restore ENV',
    usage: 'restore ENV [--from latest|SNAPSHOT] [--if-fails return|stay-stopped] [--reason "…"]',
    does: plain('take an environment back to a snapshot', '把環境回復到某個 snapshot'),
    detail: plain(
      'Bare, it asks in a dialog. The application is stopped, a new instance is made from the snapshot, verified, and only then does the application use it. The old instance is kept.',
      '不加選項時會以對話框詢問。Application 會停止，從 snapshot 建立新的 instance 並驗證，之後 application 才會使用它。舊的 instance 會保留。',
    ),
    who: plain(
      'Any member may ask; the approvers of the config decide, and nobody approves their own request unless the config says so.',
      '任何成員都可以提出；由 config 中的核准者決定，除非 config 允許，否則不能核准自己的請求。',
    ),
    examples: [
      '/backup restore production',
      '/backup restore production --from latest --reason "orders table dropped"',
    ],
  },
  snapshot: {
    short: 'snapshot ENV',
    usage: 'snapshot ENV [--reason "…"]',
    does: plain('make a manual snapshot and check it', '建立手動 snapshot 並檢查'),
    detail: plain(
      'The application runs on meanwhile. A card says when the snapshot is complete.',
      '期間 application 照常運作。完成時卡片會顯示。',
    ),
    who: anybody,
    examples: ['/backup snapshot production', '/backup snapshot production --reason "before the migration"'],
  },
  list: {
    short: 'list [ENV]',
    usage: 'list [ENV]',
    does: plain('what an environment can go back to', '列出環境可以回復的時間點'),
    detail: plain(
      'Newest first, with age, size and kind. Only you see the answer.',
      '由新到舊，包含時間、大小與種類。只有你看得到回覆。',
    ),
    who: anybody,
    examples: ['/backup list', '/backup list production'],
  },
  status: {
    short: 'status [OPERATION]',
    usage: 'status [OPERATION]',
    does: plain('what is under way, and whether every RPO is met', '查看進行中的 operation，以及各環境是否符合 RPO'),
    detail: plain(
      'With an operation’s id: where that one stands. Only you see the answer.',
      '加上 operation id：查看該 operation 的狀態。只有你看得到回覆。',
    ),
    who: anybody,
    examples: ['/backup status', '/backup status op-0123456789ab'],
  },
  help: {
    short: 'help [COMMAND]',
    usage: 'help [COMMAND]',
    does: plain('this, or one command in full', '顯示說明，或單一指令的完整說明'),
    detail: plain('Only you see the answer.', '只有你看得到回覆。'),
    who: anybody,
    examples: ['/backup help', '/backup help restore'],
  },
} as const satisfies Record<string, CommandText>;

export type CommandName = keyof typeof commandTexts;
export const commandNames = Object.keys(commandTexts) as readonly CommandName[];

/** Known by name so that typing them gets a true answer; not listed, because this version doesn't have them. */
export const laterCommands: readonly string[] = [
  'dump',
  'pitr',
  'verify',
  'test',
  'dr',
  'rescue',
  'keep',
  'rollback',
  'cleanup',
  'cancel',
  'retry',
  'adopt',
  'supersede',
  'retention',
  'history',
  'report',
  'escalate',
];

export const helpTexts = {
  intro: plain(
    '*pitcrew* backs up and restores databases. What you can type:',
    '*pitcrew* 負責 database 的 backup 與 restore。可以輸入：',
  ),
  more: plain('One command in full: `/backup help restore`', '單一指令的完整說明：`/backup help restore`'),
  who: text<{ who: string }>(
    ({ who }) => `*Who:* ${who}`,
    ({ who }) => `*誰可以用：* ${who}`,
  ),
  examples: plain('*Examples*', '*範例*'),
  environments: text<{ names: string }>(
    ({ names }) => `*Environments:* ${names}`,
    ({ names }) => `*環境：* ${names}`,
  ),
} as const;
