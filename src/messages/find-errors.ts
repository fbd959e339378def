import type { ErrorCatalogue } from './text.ts';
import { errorText } from './text.ts';

const example = '`--table orders --where "total = 0"`';
const near = (p: { readonly closest?: unknown }) => (Array.isArray(p.closest) ? p.closest.join(', ') : '');

/** What was asked of the finder and can't be answered so. */
export const findErrors: ErrorCatalogue = {
  'find.no-table': errorText(
    [
      (p) => `There is no table ${String(p.table)} in the database.`,
      (p) =>
        near(p) ? `Do you mean ${near(p)}?` : 'Write it with its schema where that is not public: `shop.orders`.',
    ],
    [
      (p) => `Database 中沒有 table ${String(p.table)}。`,
      (p) => (near(p) ? `是不是 ${near(p)}？` : '若 schema 不是 public，請一併寫出：`shop.orders`。'),
    ],
  ),
  'find.table-and-where': errorText(
    [
      () => '`--table` and `--where` belong together.',
      () => `Name the table, and what its bad rows have in common: ${example}.`,
    ],
    [() => '`--table` 與 `--where` 必須一起使用。', () => `請指定 table，以及損壞的列的共同特徵：${example}。`],
  ),
  'find.bad-table': errorText(
    [
      (p) => `“${String(p.given)}” is no name of a table.`,
      () => 'Write it as the database has it: `orders`, `shop.orders`.',
    ],
    [(p) => `「${String(p.given)}」不是 table 名稱。`, () => '請依 database 中的名稱書寫：`orders`、`shop.orders`。'],
  ),
  'find.where-refused': errorText(
    [
      (p) => `PostgreSQL doesn’t take that as a condition: ${String(p.said)}`,
      () => `Write one expression that is true for a bad row, nothing else: ${example}.`,
    ],
    [(p) => `PostgreSQL 不接受這個條件：${String(p.said)}`, () => `請只寫一個對損壞的列成立的運算式：${example}。`],
  ),
  'find.where-comment': errorText(
    [
      () => 'A condition may hold no comments and no escaped names (`--`, `/*`, `U&"…"`).',
      () => `Leave them out: ${example}.`,
    ],
    [() => '條件中不可有註解或 escape 的名稱（`--`、`/*`、`U&"…"`）。', () => `請移除：${example}。`],
  ),
  'find.where-volatile': errorText(
    [
      (p) => `${String(p.function)}() may do something, or wait: a condition may only look at rows.`,
      () => `Use columns, values, operators and functions that only compute: ${example}.`,
    ],
    [
      (p) => `${String(p.function)}() 可能產生作用或等待：條件只能檢視資料列。`,
      () => `請只用欄位、值、運算子與純計算的函式：${example}。`,
    ],
  ),
  'find.where-system': errorText(
    [
      (p) => `A condition may look at the application’s tables only, not at ${String(p.schema)}.`,
      () => `Write what a bad row has: ${example}.`,
    ],
    [
      (p) => `條件只能檢視 application 的 table，不能檢視 ${String(p.schema)}。`,
      () => `請寫出損壞的列的特徵：${example}。`,
    ],
  ),
};
