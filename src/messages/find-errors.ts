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
};
