import type { ErrorCatalogue } from './text.ts';
import { errorText } from './text.ts';

/** A time that was written and can't be taken for one instant. */
export const timeErrors: ErrorCatalogue = {
  'time.unreadable': errorText(
    [
      (p) => `“${String(p.given)}” is not a time that can be understood.`,
      (p) => `Write \`${String(p.example)}\`, \`03:14\` for today, \`yesterday 03:14\` or \`25 minutes ago\`.`,
    ],
    [
      (p) => `看不懂「${String(p.given)}」這個時間。`,
      (p) => `請寫成 \`${String(p.example)}\`、\`03:14\`（今天）、\`昨天 03:14\` 或 \`25 分鐘前\`。`,
    ],
  ),
  'time.ambiguous': errorText(
    [
      (p) => `“${String(p.given)}” could mean two times: ${String(p.first)} or ${String(p.second)}.`,
      (p) => `Write the one that you mean in full, with hours, minutes and offset: \`${String(p.example)}\`.`,
    ],
    [
      (p) => `「${String(p.given)}」可能指兩個時間：${String(p.first)} 或 ${String(p.second)}。`,
      (p) => `請完整寫出你要的時間，含時、分與時區 offset：\`${String(p.example)}\`。`,
    ],
  ),
  'time.date-order': errorText(
    [
      (p) => `“${String(p.given)}” is a date with slashes: some read the day first, others the month.`,
      (p) => `Write year, month and day: \`${String(p.example)}\`.`,
    ],
    [
      (p) => `「${String(p.given)}」是以斜線書寫的日期：有人先讀日，有人先讀月。`,
      (p) => `請依年、月、日書寫：\`${String(p.example)}\`。`,
    ],
  ),
  'time.zone-name': errorText(
    [
      (p) => `“${String(p.zone)}” is the abbreviation of more than one time zone.`,
      (p) => `Write the offset instead: \`${String(p.example)}\`.`,
    ],
    [(p) => `「${String(p.zone)}」是不只一個時區的縮寫。`, (p) => `請改寫 offset：\`${String(p.example)}\`。`],
  ),
  'time.skipped': errorText(
    [
      (p) => `“${String(p.given)}” never was: the clocks of ${String(p.zone)} were put forward over it.`,
      (p) => `Write the time with its offset: \`${String(p.example)}\`.`,
    ],
    [
      (p) => `「${String(p.given)}」不存在：${String(p.zone)} 的時鐘在那時撥快，跳過了它。`,
      (p) => `請寫出含 offset 的時間：\`${String(p.example)}\`。`,
    ],
  ),
  'time.in-future': errorText(
    [
      (p) => `“${String(p.given)}” lies in the future: that is ${String(p.at)}.`,
      () => 'Give a time that has passed; `03:14` means today, `yesterday 03:14` the day before.',
    ],
    [
      (p) => `「${String(p.given)}」在未來：那是 ${String(p.at)}。`,
      () => '請給一個已經過去的時間；`03:14` 指今天，`昨天 03:14` 指前一天。',
    ],
  ),
};
