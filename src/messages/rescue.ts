import type { CommandText } from './command-text.ts';
import { plain, text } from './text.ts';
import { counted } from './units.ts';

/** What stands on the cards of a rescue. Numbers, times and code come in ready for display. */
export const rescueTexts = {
  of: text<{ environment: string }>(
    ({ environment }) => `rescue of rows for ${environment}`,
    ({ environment }) => `救回 ${environment} 的資料列`,
  ),
  asks: text<{ who: string; environment: string; operation: string; beside: string; live: string }>(
    ({ who, environment, operation, beside, live }) =>
      `${who} asks to copy rows back into *${environment}*: from ${beside}, which ${operation} left beside, into ${live}, which serves and runs on.`,
    ({ who, environment, operation, beside, live }) =>
      `${who} 請求將資料列複製回 *${environment}*：從 ${operation} 留下的 ${beside} 複製到提供服務中的 ${live}，服務不會停止。`,
  ),
  copies: text<{ rows: string; tables: number }>(
    ({ rows, tables }) => `*${rows} would be copied*, into ${counted(tables, 'table', 'tables')}.`,
    ({ rows, tables }) => `*會複製 ${rows}*，共 ${tables} 個 table。`,
  ),
  rows: text<{ count: string; one: boolean }>(
    ({ count, one }) => (one ? `${count} row` : `${count} rows`),
    ({ count }) => `${count} 列`,
  ),
  condition: plain('Which rows', '哪些資料列'),
  everyRow: plain('every row of these tables', '這些 table 的所有資料列'),
  ofFirst: text<{ table: string; condition: string }>(
    ({ table, condition }) => `of ${table}: ${condition}`,
    ({ table, condition }) => `${table}：${condition}`,
  ),
  alongside: text<{ tables: string }>(
    ({ tables }) => `of ${tables}: those that belong to them by foreign keys`,
    ({ tables }) => `${tables}：以 foreign key 相關的資料列`,
  ),
  tables: plain('Tables, in the order in which they are copied', 'Table，依複製的順序'),
  tableLine: text<{ table: string; selected: string; missing: string }>(
    ({ table, selected, missing }) => `${table}: ${selected} selected, *${missing} to copy*`,
    ({ table, selected, missing }) => `${table}：選取 ${selected}，*複製 ${missing}*`,
  ),
  equal: text<{ rows: string }>(
    ({ rows }) => `${rows} there already`,
    ({ rows }) => `${rows} 已經存在`,
  ),
  conflicts: text<{ rows: string }>(
    ({ rows }) => `*${rows} there with other content: stay as they are now*`,
    ({ rows }) => `*${rows} 已存在但內容不同：維持現在的內容*`,
  ),
  collisions: text<{ rows: string }>(
    ({ rows }) => `*${rows} stay out: another row has their place by a unique index*`,
    ({ rows }) => `*${rows} 不會複製：另一列已使用相同的 unique 值*`,
  ),
  triggers: text<{ list: string }>(
    ({ list }) =>
      `*Triggers fire for every copied row:* ${list}. If one of them sends mail or charges somebody, deny this.`,
    ({ list }) => `*每複製一列都會觸發 trigger：* ${list}。若其中有寄信或扣款等動作，請拒絕。`,
  ),
  cautions: {
    'rescue.columns-left': text<{ table: string; names: string }>(
      ({ table, names }) => `${table} no longer has the columns ${names}: what they held is not copied.`,
      ({ table, names }) => `${table} 已經沒有欄位 ${names}：其中的內容不會複製。`,
    ),
    'rescue.columns-defaulted': text<{ table: string; names: string }>(
      ({ table, names }) => `${table} has new columns: ${names}. Copied rows take their defaults.`,
      ({ table, names }) => `${table} 有新的欄位：${names}。複製的資料列會使用預設值。`,
    ),
    'rescue.indexes-not-counted': text<{ table: string; names: string }>(
      ({ table, names }) =>
        `Only the live ${table} has the unique indexes ${names}: rows that they keep out are counted only when they are copied.`,
      ({ table, names }) => `只有線上的 ${table} 有 unique index ${names}：因此無法複製的資料列要到複製時才能計算。`,
    ),
  },
  how: plain('How', '方式'),
  howLine: plain(
    'one transaction, with the application’s own rights; it waits at most 5 s for a lock, and a row that breaks a constraint rolls everything back',
    '單一 transaction，使用 application 自己的權限；等待 lock 最多 5 秒，任何一列違反 constraint 都會全部 rollback',
  ),
  kept: plain('Stays as it is', '維持不變'),
  keptLine: plain(
    'every row that is there now; nothing is overwritten or deleted',
    '目前存在的每一列；不會覆寫或刪除任何資料',
  ),
  undo: plain('How it is undone', '如何復原'),
  undoLine: plain(
    'before COMMIT by cancelling. Afterwards by hand: the keys of the copied rows are written down in the ledger’s bucket, but what the application has done with the rows by then only people can judge.',
    'COMMIT 之前可取消。之後需手動處理：複製的資料列的 key 會記錄在 ledger 的 bucket，但 application 之後如何使用這些資料列，只能由人員判斷。',
  ),
  title: text<{ environment: string }>(
    ({ environment }) => `Rows are back · ${environment}`,
    ({ environment }) => `資料列已救回 · ${environment}`,
  ),
  line: text<{ rows: string; environment: string; beside: string }>(
    ({ rows, environment, beside }) =>
      `${rows} copied from ${beside} into *${environment}*, which served all along. Every one is there once, looked up by key.`,
    ({ rows, environment, beside }) =>
      `已從 ${beside} 複製 ${rows} 到 *${environment}*，服務期間未中斷。已逐一以 key 確認每列都存在且只有一份。`,
  ),
  resultLine: text<{ table: string; selected: string; inserted: string }>(
    ({ table, selected, inserted }) => `${table}: ${selected} selected, *${inserted} copied*`,
    ({ table, selected, inserted }) => `${table}：選取 ${selected}，*已複製 ${inserted}*`,
  ),
  there: text<{ rows: string }>(
    ({ rows }) => `${rows} were there`,
    ({ rows }) => `${rows} 原本就存在`,
  ),
  conflicted: text<{ rows: string }>(
    ({ rows }) => `*${rows} have other content now, and keep it*`,
    ({ rows }) => `*${rows} 目前內容不同，維持不變*`,
  ),
  leftOut: text<{ rows: string }>(
    ({ rows }) => `*${rows} left out: another row has their place, or a trigger refused them*`,
    ({ rows }) => `*${rows} 未複製：另一列已使用相同的值，或被 trigger 拒絕*`,
  ),
  keys: text<{ keys: string; transaction: string }>(
    ({ keys, transaction }) => `*Keys of the copied rows:* ${keys} in the ledger’s bucket. Transaction ${transaction}.`,
    ({ keys, transaction }) => `*複製的資料列的 key：* ledger bucket 中的 ${keys}。Transaction ${transaction}。`,
  ),
  found: plain(
    'A worker died around COMMIT; the database said that the transaction had been committed, so nothing was copied again.',
    'Worker 在 COMMIT 前後中斷；database 確認 transaction 已經 commit，因此沒有重複複製。',
  ),
  /** Of one that did not reach its goal. */
  intact: text<{ environment: string }>(
    ({ environment }) => `*${environment} runs as before.* No row was copied.`,
    ({ environment }) => `*${environment} 維持原狀。* 沒有複製任何資料列。`,
  ),
  copied: text<{ environment: string; rows: string; keys: string }>(
    ({ environment, rows, keys }) =>
      `*${environment} runs, and ${rows} were copied into it before this stopped.* They stay; their keys are in ${keys} of the ledger’s bucket.`,
    ({ environment, rows, keys }) =>
      `*${environment} 正常運作，停止之前已複製 ${rows}。* 這些資料列會保留；key 記錄在 ledger bucket 的 ${keys}。`,
  ),
  maybe: text<{ environment: string }>(
    ({ environment }) =>
      `*${environment} runs as before.* Whether the copy was committed isn’t known yet: \`retry\` asks the database.`,
    ({ environment }) => `*${environment} 維持原狀。* 尚不知道複製是否已 commit：\`retry\` 會向 database 查詢。`,
  ),
  neverKnown: text<{ environment: string }>(
    ({ environment }) =>
      `*${environment} runs as before.* Whether the copy was committed is not known: the database gave no answer. Asking for it again copies only rows that aren’t there.`,
    ({ environment }) =>
      `*${environment} 維持原狀。* 無法得知複製是否已 commit：database 沒有回應。重新請求只會複製不存在的資料列。`,
  ),
  button: plain('Rescue rows', '救回資料列'),
  modalNote: plain(
    'Copies rows from the instance that an operation left beside into the database that serves. Nothing that is there is changed, and nothing begins before people approve.',
    '將某次 operation 留下的 instance 中的資料列複製到提供服務的 database。不會變更現有資料，在核准之前不會開始任何動作。',
  ),
  operation: plain('Operation', 'Operation'),
  operationHint: plain(
    (slash) => `A restore, point-in-time recovery or rollback; \`${slash} history\` lists them`,
    (slash) => `Restore、point-in-time recovery 或 rollback；\`${slash} history\` 會列出`,
  ),
  tablesLabel: plain('Tables, one a line', 'Table，一行一個'),
  tablesHint: plain(
    'The condition is about the first; of the others those rows come along that belong to it by foreign keys',
    '條件針對第一個 table；其他 table 則帶入以 foreign key 相關的資料列',
  ),
  whereLabel: plain('Condition in SQL', 'SQL 條件'),
  whereHint: plain(
    'One expression, as after WHERE; empty: every row that is missing',
    '單一運算式，如同 WHERE 之後的內容；留空則為所有缺少的資料列',
  ),
  tablesMissing: plain('Name at least one table.', '請至少填寫一個 table。'),
  operationWrong: plain('An id as cards show it: op- and twelve digits.', '請填寫卡片上的 id：op- 加上十二碼。'),
} as const;

const looks = plain('', '');

/** Steps of a rescue, as an imperative each, and how each is taken back. */
export const rescueStepTexts = {
  'prove-beside': {
    title: plain('Prove that both instances are the ones that were approved', '確認兩個 instance 與核准的相同'),
    undo: looks,
  },
  'copy-rows': {
    title: plain('Copy the rows in one transaction', '以單一 transaction 複製資料列'),
    undo: plain('kept: their keys are written down', '保留：key 已記錄'),
  },
  'verify-rows': {
    title: plain('Look up every row by its key', '以 key 逐一確認每一列'),
    undo: looks,
  },
} as const;

/** What help says of the command; who may use it is said as of every operation that people approve. */
export const rescueCommand = ({
  who,
  reason,
}: {
  readonly who: CommandText['who'];
  readonly reason: CommandText['takes'][number];
}) =>
  ({
    short: 'rescue OPERATION',
    usage: 'rescue OPERATION --table TABLE [--table TABLE …] [--where "EXPRESSION"] [--reason "…"]',
    does: plain(
      'copy rows back from the instance that an operation left beside',
      '從某次 operation 留下的 instance 複製資料列回來',
    ),
    detail: plain(
      'Bare, it asks in a dialog. The service runs on, and only rows that are missing are copied, parents first, in one transaction: what is there now is never changed. The card shows how many rows of each table, which triggers would fire, and what has other content now.',
      '不加選項時會以對話框詢問。服務不會停止，只在單一 transaction 中依 foreign key 順序複製缺少的資料列，不會變更現有資料。卡片會顯示各 table 的列數、會觸發的 trigger，以及目前內容不同的資料列。',
    ),
    who,
    takes: [
      {
        name: 'OPERATION',
        means: plain(
          'the id at the foot of the cards of a restore, `op-…`: rows come from the instance that it replaced, or made and nobody uses',
          'Restore 卡片底部的 id，`op-…`：資料列來自它取代的 instance，或它建立但沒有人使用的 instance',
        ),
      },
      {
        name: '--table TABLE',
        means: plain(
          'once for each table; all but the first bring the rows along that belong to the first by foreign keys',
          '每個 table 一次；第一個以外的 table 會帶入以 foreign key 與第一個相關的資料列',
        ),
      },
      {
        name: '--where "EXPRESSION"',
        means: plain(
          'one condition in SQL on the first table; without it, every row that is missing',
          '針對第一個 table 的 SQL 條件；省略時為所有缺少的資料列',
        ),
      },
      reason,
    ],
    examples: [
      'rescue op-0123456789ab',
      `rescue op-0123456789ab --table orders --table order_items --where "created_at >= '2026-11-20'" --reason "deleted by a script"`,
    ],
  }) as const satisfies CommandText;
