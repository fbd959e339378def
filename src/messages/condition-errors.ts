import { type ErrorCatalogue, errorText, type Recorded } from './text.ts';
import { word } from './values.ts';

const conditionFaults: Readonly<Record<string, readonly [string, string]>> = {
  empty: ['it is empty.', '條件是空的。'],
  semicolon: ['it has a semicolon.', '條件含有分號。'],
  comment: ['it has a comment.', '條件含有註解。'],
  parentheses: ['its parentheses don’t match.', '括號不成對。'],
  quotes: ['a quote is not closed.', '引號沒有結束。'],
  dollar: ['it has a dollar sign outside of quotes.', '引號之外含有 $ 符號。'],
  'escape-string': ["it has an E'…' string.", "條件含有 E'…' 字串。"],
  'escaped-name': ['it has an escaped name (U&"…").', '條件含有 escape 的名稱（U&"…"）。'],
  'control-character': ['it has a character that can’t be seen.', '條件含有看不見的字元。'],
};
const faultOf = (p: Recorded, language: 0 | 1) => conditionFaults[word(p, 'fault')]?.[language] ?? tooLong(p)[language];
const tooLong = (p: Recorded) =>
  [`it has more than ${word(p, 'most')} characters.`, `條件超過 ${word(p, 'most')} 個字元。`] as const;

const hint = [
  () => 'Write one SQL expression that is true or false of a row, as after WHERE, without comments: `total = 0`.',
  () => '請填寫單一 SQL 運算式，如同 WHERE 之後的內容，對每列為真或假，不含註解：`total = 0`。',
] as const;

/** Why what somebody typed after `--where` is not taken. */
export const conditionErrors: ErrorCatalogue = {
  'condition.malformed': errorText(
    [(p) => `The condition can’t be taken: ${faultOf(p, 0)}`, hint[0]],
    [(p) => `無法使用這個條件：${faultOf(p, 1)}`, hint[1]],
  ),
  'condition.refused': errorText(
    [(p) => `PostgreSQL doesn’t take that as a condition: “${word(p, 'said')}”.`, hint[0]],
    [(p) => `PostgreSQL 不接受這個條件：「${word(p, 'said')}」。`, hint[1]],
  ),
  'condition.volatile': errorText(
    [
      (p) => `${word(p, 'function')}() may do something, or wait: a condition may only look at rows.`,
      () => 'Use columns, values, operators and functions that only compute: `total = 0`.',
    ],
    [
      (p) => `${word(p, 'function')}() 可能產生作用或等待：條件只能檢視資料列。`,
      () => '請只用欄位、值、運算子與純計算的函式：`total = 0`。',
    ],
  ),
  'condition.system': errorText(
    [(p) => `A condition may look at the application’s tables only, not at ${word(p, 'schema')}.`, hint[0]],
    [(p) => `條件只能檢視 application 的 table，不能檢視 ${word(p, 'schema')}。`, hint[1]],
  ),
};
