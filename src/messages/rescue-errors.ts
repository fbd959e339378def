import { type ErrorCatalogue, errorText, type Recorded } from './text.ts';
import { word, words } from './values.ts';

const side = (p: Recorded, [beside, live]: readonly [string, string]) => (word(p, 'where') === 'live' ? live : beside);
const sideEnglish = ['the database beside', 'the live database'] as const;
const sideChinese = ['留下的 database', '線上的 database'] as const;

/** Why rows are not copied. */
export const rescueErrors: ErrorCatalogue = {
  'rescue.nothing-beside': errorText(
    [
      (p) =>
        `Operation ${word(p, 'operation')} (${word(p, 'kind')}) has no instance beside ${word(p, 'live')}, which serves.`,
      (_, slash) =>
        `Take the id of a restore, a point-in-time recovery or a rollback: \`${slash} history\` lists them.`,
    ],
    [
      (p) =>
        `Operation ${word(p, 'operation')}（${word(p, 'kind')}）除了提供服務的 ${word(p, 'live')} 之外沒有其他 instance。`,
      (_, slash) => `請使用 restore、point-in-time recovery 或 rollback 的 id：\`${slash} history\` 會列出。`,
    ],
  ),
  'rescue.database-beside': errorText(
    [
      (p) =>
        `Operation ${word(p, 'operation')} left no instance beside: on the one that serves it swapped two databases, and kept the former one as ${word(p, 'kept')}, which lets nobody in.`,
      (p, slash) =>
        `Its rows are in the instance’s log too: \`${slash} pitr ${word(p, 'environment')} --to ${word(p, 'until')} --order restore-first\`, keep that beside instead of cutting over, and rescue from it. \`${slash} rollback ${word(p, 'operation')}\` puts all of it back.`,
    ],
    [
      (p) =>
        `Operation ${word(p, 'operation')} 沒有留下其他 instance：它在提供服務的 instance 上交換了兩個 database，原本的以 ${word(p, 'kept')} 保留，不接受任何連線。`,
      (p, slash) =>
        `它的資料也在 instance 的 log 裡：\`${slash} pitr ${word(p, 'environment')} --to ${word(p, 'until')} --order restore-first\`，保留在旁邊而不切換，再從它 rescue。要全部換回：\`${slash} rollback ${word(p, 'operation')}\`。`,
    ],
  ),
  'rescue.not-over': errorText(
    [
      (p) => `Operation ${word(p, 'operation')} is still under way: which database it leaves beside isn’t known yet.`,
      () => 'Ask again once it is over. Its card says when.',
    ],
    [
      (p) => `Operation ${word(p, 'operation')} 仍在進行中：還不知道它會留下哪一個 database。`,
      () => '請在它結束之後再提出，它的卡片會顯示。',
    ],
  ),
  'rescue.parked': errorText(
    [
      (p) =>
        `Operation ${word(p, 'operation')} stopped half-way and waits for a person: which database serves in the end isn’t decided.`,
      (p, slash) =>
        `\`${slash} retry ${word(p, 'operation')}\` takes it up again; \`${slash} supersede ${word(p, 'operation')}\` ends it. Then rows can be copied.`,
    ],
    [
      (p) => `Operation ${word(p, 'operation')} 中途停下並等待處理：最後由哪一個 database 提供服務尚未決定。`,
      (p, slash) =>
        `\`${slash} retry ${word(p, 'operation')}\` 會從失敗處繼續；\`${slash} supersede ${word(p, 'operation')}\` 會結束它，之後才能複製資料列。`,
    ],
  ),
  'rescue.instance-gone': errorText(
    [
      (p) => `The instance ${word(p, 'instance')} is gone, or its name belongs to another one by now.`,
      () => 'Restore a snapshot of it first; then rescue from that operation.',
    ],
    [
      (p) => `Instance ${word(p, 'instance')} 已不存在，或名稱已屬於另一個 instance。`,
      () => '請先 restore 它的 snapshot，再從該次 operation 救回。',
    ],
  ),
  'rescue.not-running': errorText(
    [
      (p) => `The instance ${word(p, 'instance')} doesn’t answer: RDS says ${word(p, 'status')}.`,
      () => 'Start it, wait until it is available, and ask again.',
    ],
    [
      (p) => `Instance ${word(p, 'instance')} 沒有回應：RDS 狀態為 ${word(p, 'status')}。`,
      () => '請啟動它，等到可用之後再提出。',
    ],
  ),
  'rescue.no-table': errorText(
    [
      (p) => `There is no table ${word(p, 'table')} in ${side(p, sideEnglish)}.`,
      () => 'Write it as the catalogue has it, with its schema if that isn’t public: `shop.orders`.',
    ],
    [
      (p) => `${side(p, sideChinese)} 中沒有 table ${word(p, 'table')}。`,
      () => '請依 catalogue 的寫法，schema 不是 public 時請一併填寫：`shop.orders`。',
    ],
  ),
  'rescue.system-table': errorText(
    [
      (p) => `${word(p, 'table')} belongs to PostgreSQL itself; rows of it are never copied between servers.`,
      () => 'Name the application’s tables: `orders`, `shop.orders`.',
    ],
    [
      (p) => `${word(p, 'table')} 屬於 PostgreSQL 本身；不會在 server 之間複製它的列。`,
      () => '請指定 application 的 table：`orders`、`shop.orders`。',
    ],
  ),
  'rescue.not-a-table': errorText(
    [
      (p) => `${word(p, 'table')} is no ordinary and no partitioned table in ${side(p, sideEnglish)}.`,
      () => 'Name the tables that it takes its rows from.',
    ],
    [
      (p) => `${word(p, 'table')} 在${side(p, sideChinese)} 中不是一般或 partitioned table。`,
      () => '請填寫資料實際所在的 table。',
    ],
  ),
  'rescue.no-key': errorText(
    [
      (p) =>
        `${word(p, 'table')} has no primary key, or another one than before: which rows are missing can’t be told.`,
      () => 'Copy this table by hand, with somebody who knows its rows.',
    ],
    [
      (p) => `${word(p, 'table')} 沒有 primary key，或與之前不同：無法得知缺少哪些資料列。`,
      () => '請由熟悉資料的人員手動複製這個 table。',
    ],
  ),
  'rescue.deferrable-key': errorText(
    [
      (p) =>
        `The constraint ${word(p, 'constraint')} of ${word(p, 'table')} is checked only at COMMIT: a row that is there can’t be passed over.`,
      () => 'Make it NOT DEFERRABLE, or copy this table by hand.',
    ],
    [
      (p) => `${word(p, 'table')} 的 constraint ${word(p, 'constraint')} 在 COMMIT 時才檢查：無法略過已存在的資料列。`,
      () => '請改為 NOT DEFERRABLE，或手動複製這個 table。',
    ],
  ),
  'rescue.column-type': errorText(
    [
      (p) =>
        `The column ${word(p, 'column')} of ${word(p, 'table')} is ${word(p, 'live')} now and ${word(p, 'beside')} beside.`,
      () => 'Copy this table by hand: what its values become has to be decided.',
    ],
    [
      (p) =>
        `${word(p, 'table')} 的欄位 ${word(p, 'column')} 現在是 ${word(p, 'live')}，留下的是 ${word(p, 'beside')}。`,
      () => '請手動複製這個 table：需要決定值要如何轉換。',
    ],
  ),
  'rescue.column-needed': errorText(
    [
      (p) =>
        `${word(p, 'table')} has a new column, ${word(p, 'column')}, that needs a value, and the old rows have none.`,
      () => 'Give it a default for now, or copy this table by hand.',
    ],
    [
      (p) => `${word(p, 'table')} 有新的必填欄位 ${word(p, 'column')}，舊的資料列沒有這個值。`,
      () => '請暫時設定預設值，或手動複製這個 table。',
    ],
  ),
  'rescue.not-related': errorText(
    [
      (p) =>
        `No foreign key leads from ${word(p, 'table')} to ${word(p, 'of')}: which of its rows belong to the condition can’t be told.`,
      (p) => `Rescue ${word(p, 'table')} by itself, with a condition of its own.`,
    ],
    [
      (p) => `${word(p, 'table')} 與 ${word(p, 'of')} 之間沒有 foreign key：無法得知哪些資料列符合條件。`,
      (p) => `請單獨救回 ${word(p, 'table')}，並使用它自己的條件。`,
    ],
  ),
  'rescue.cycle': errorText(
    [
      (p) =>
        `These tables refer to each other in a circle, and every row needs the other first: ${words(p, 'tables').join(', ')}.`,
      () => 'Make one of their foreign keys DEFERRABLE, and ask again.',
    ],
    [
      (p) => `這些 table 互相參照形成循環，彼此都必須先存在：${words(p, 'tables').join('、')}。`,
      () => '請將其中一個 foreign key 改為 DEFERRABLE 後再提出。',
    ],
  ),
  'rescue.parents-missing': errorText(
    [
      (p) =>
        `${word(p, 'rows')} rows of ${word(p, 'from')} refer to rows of ${word(p, 'to')} that are not in the live database (${word(p, 'name')}).`,
      (p) => `Name that table too: \`--table ${word(p, 'to')}\` brings the rows along that are needed.`,
    ],
    [
      (p) =>
        `${word(p, 'from')} 有 ${word(p, 'rows')} 列參照的 ${word(p, 'to')} 資料列不在線上的 database（${word(p, 'name')}）。`,
      (p) => `請一併加上該 table：\`--table ${word(p, 'to')}\` 會帶入需要的資料列。`,
    ],
  ),
  'rescue.nothing-to-copy': errorText(
    [
      (p) =>
        word(p, 'rows') === '0'
          ? 'No row is selected: there is nothing to copy.'
          : `All ${word(p, 'rows')} selected rows are in the live database, or another row has their place: there is nothing to copy.`,
      (p) => `Look at the condition and the tables: ${words(p, 'tables').join(', ')}.`,
    ],
    [
      (p) =>
        word(p, 'rows') === '0'
          ? '沒有選取任何資料列：沒有需要複製的內容。'
          : `選取的 ${word(p, 'rows')} 列都已在線上的 database，或已有其他列使用相同的值：沒有需要複製的內容。`,
      (p) => `請檢查條件與 table：${words(p, 'tables').join('、')}。`,
    ],
  ),
  'rescue.not-permitted': errorText(
    [
      (p) => `The application’s role ${word(p, 'role')} writes the rows, and lacks: ${words(p, 'grants').join('; ')}.`,
      () => 'Grant it for as long as the rescue takes, and ask again.',
    ],
    [
      (p) => `資料列由 application 的 role ${word(p, 'role')} 寫入，但缺少權限：${words(p, 'grants').join('；')}。`,
      () => '請在救回期間授予權限，再重新提出。',
    ],
  ),
  'rescue.refused-by-constraint': errorText(
    [
      (p) =>
        `${word(p, 'table')} refused a row by its constraint ${word(p, 'constraint')}: everything was rolled back.`,
      () => 'Leave that row out by the condition, or name the table that it refers to as well.',
    ],
    [
      (p) => `${word(p, 'table')} 的 constraint ${word(p, 'constraint')} 拒絕了一列：已全部 rollback。`,
      () => '請以條件排除該列，或一併加上它參照的 table。',
    ],
  ),
  'rescue.not-settled': errorText(
    [
      (p) => `Transaction ${word(p, 'transaction')} of an earlier worker is still open in the live database.`,
      () => 'It ends by itself within a minute; then it is asked again.',
    ],
    [
      (p) => `先前 worker 的 transaction ${word(p, 'transaction')} 在線上的 database 仍未結束。`,
      () => '一分鐘內會自行結束，之後會再查詢。',
    ],
  ),
  'rescue.rows-missing': errorText(
    [
      (p) => `${word(p, 'rows')} rows of ${word(p, 'table')} are not in the live database, though they were copied.`,
      () => 'Somebody deleted them since, or something in the database moves them: look before you ask again.',
    ],
    [
      (p) => `${word(p, 'table')} 有 ${word(p, 'rows')} 列雖已複製，卻不在線上的 database。`,
      () => '可能有人刪除，或 database 中有機制將其移動：請先確認再重新提出。',
    ],
  ),
  'rescue.rows-doubled': errorText(
    [
      (p) =>
        `${word(p, 'rows')} rows of ${word(p, 'table')} stand under a key that another row has too: its primary key is damaged.`,
      (_, slash) => `Call whoever runs the database. \`${slash} verify --deep\` says which index.`,
    ],
    [
      (p) => `${word(p, 'table')} 有 ${word(p, 'rows')} 列的 key 重複：primary key 已損壞。`,
      (_, slash) => `請聯絡 database 負責人。\`${slash} verify --deep\` 會指出是哪個 index。`,
    ],
  ),
  'rescue.sequence-behind': errorText(
    [
      (p) =>
        `The sequence ${word(p, 'sequence')} lies behind ${word(p, 'column')} of ${word(p, 'table')}: the next row would fail.`,
      () => 'Set it past the largest value with setval.',
    ],
    [
      (p) => `Sequence ${word(p, 'sequence')} 落後於 ${word(p, 'table')} 的 ${word(p, 'column')}：下一次新增會失敗。`,
      () => '請以 setval 設為超過最大值。',
    ],
  ),
};
