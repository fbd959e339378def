import { plain, text } from './text.ts';

/** What stands around the commands where help lists them. */
export const helpTexts = {
  intro: plain(
    '*pitcrew* backs up and restores databases. What you can type:',
    '*pitcrew* 負責 database 的 backup 與 restore。可以輸入：',
  ),
  more: plain(
    (slash) => `One command in full: \`${slash} help restore\``,
    (slash) => `單一指令的完整說明：\`${slash} help restore\``,
  ),
  who: text<{ who: string }>(
    ({ who }) => `*Who:* ${who}`,
    ({ who }) => `*誰可以用：* ${who}`,
  ),
  takes: plain('*What it takes*', '*可用的參數*'),
  later: text<{ names: string }>(
    ({ names }) => `Not in this version yet: ${names}`,
    ({ names }) => `這個版本還沒有：${names}`,
  ),
  examples: plain('*Examples*', '*範例*'),
  environments: text<{ names: string }>(
    ({ names }) => `*Environments:* ${names}`,
    ({ names }) => `*環境：* ${names}`,
  ),
} as const;
