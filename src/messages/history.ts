import { plain, text } from './text.ts';

/** What `/backup history` says. */
export const historyTexts = {
  title: text<{ environment: string }>(
    ({ environment }) => `*${environment}: past operations, the newest first*`,
    ({ environment }) => `*${environment}：過去的 operation，由新到舊*`,
  ),
  none: text<{ environment: string }>(
    ({ environment }, slash) =>
      `*${environment}:* no operation has ended yet. \`${slash} status\` shows what is under way.`,
    ({ environment }, slash) =>
      `*${environment}：* 還沒有結束的 operation。\`${slash} status\` 會顯示進行中的 operation。`,
  ),
  unreadable: text<{ environment: string; what: string }>(
    ({ environment, what }) => `*${environment}:* its history can’t be read: ${what}`,
    ({ environment, what }) => `*${environment}：* 無法讀取歷史：${what}`,
  ),
  to: text<{ point: string }>(
    ({ point }) => `to ${point}`,
    ({ point }) => `回復到 ${point}`,
  ),
  most: text<{ count: number }>(
    ({ count }) => `The last ${count}. Older ones stand in the ledger.`,
    ({ count }) => `最近 ${count} 筆。更早的記錄在 ledger 中。`,
  ),
  hint: plain(
    (slash) => `One in full: \`${slash} status OPERATION\``,
    (slash) => `單一 operation 的完整內容：\`${slash} status OPERATION\``,
  ),
} as const;
