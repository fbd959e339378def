import type { Locale } from '../domain/people.ts';
import { plain } from './text.ts';

type Words = (locale: Locale) => string;

export interface OptionText {
  readonly takes: string;
  readonly does: Words;
  /** Said where an order needs it and it is not there. */
  readonly missing?: Words;
}

/** What the operations take, beside what every command takes. */
export const orderOptions = {
  env: { takes: 'ENV', does: plain('the environment; may be left out where there is one', '環境；只有一個時可省略') },
  from: {
    takes: 'latest|SNAPSHOT|DUMP',
    does: plain(
      'which snapshot (latest), or which dump by its key in S3',
      '哪一個 snapshot（預設 latest），或以 S3 的 key 指定 dump',
    ),
  },
  to: {
    takes: 'TIME|latest',
    does: plain('the moment to go back to, as people write it', '要回復到的時間點，依一般寫法'),
    missing: plain('To when? --to TIME, or --to latest.', '回復到什麼時候？--to TIME 或 --to latest。'),
  },
  since: {
    takes: 'TIME',
    does: plain('from when on it looks, as people write it (a day)', '從何時開始尋找，依一般寫法（預設一天）'),
  },
  table: {
    takes: 'TABLE',
    does: plain('the table with the rows that are meant', '所指資料列的 table'),
    missing: plain('Which table? --table TABLE.', '哪個 table？--table TABLE。'),
  },
  where: {
    takes: 'EXPRESSION',
    does: plain('one condition in SQL that is true for the rows that are meant', '一個對所指資料列成立的 SQL 條件'),
  },
  'incident-at': {
    takes: 'TIME',
    does: plain('when the incident began: the RTO counts from then', '事件開始的時間：RTO 由此起算'),
  },
  order: {
    takes: 'stop-first|restore-first',
    does: plain(
      'stop at once, or serve until the cut-over is approved; else as the config says',
      '立即停止，或照常服務直到 cut-over 經核准；否則依 config',
    ),
  },
  beside: {
    takes: '',
    does: plain(
      'of a dump: into a new database on the same instance, whose name is then swapped with the live one',
      '用於 dump：還原到同一個 instance 的新 database，再與線上的 database 交換名稱',
    ),
  },
  'in-place': {
    takes: '',
    does: plain(
      'of a dump: over the live database, in one transaction, after a rescue snapshot',
      '用於 dump：在 rescue snapshot 之後，以單一 transaction 覆蓋線上的 database',
    ),
  },
  'if-fails': {
    takes: 'return|stay-stopped',
    does: plain(
      'before the switch: back to the old database, or stopped; else as the config says',
      '切換之前失敗時：回到舊的 database 或維持停止；否則依 config',
    ),
  },
  reason: {
    takes: 'TEXT',
    does: plain('why; it stays in the ledger', '原因；會留在 ledger 中'),
    missing: plain(
      'Say why: --reason "…". The approvers decide by it.',
      '請說明原因：--reason "…"。核准者會依此判斷。',
    ),
  },
  out: {
    takes: 'FOLDER',
    does: plain('where the document and the picture are written to', '寫入文件與圖片的資料夾'),
  },
  now: {
    takes: '',
    does: plain('before restore.keepDays are over; the plan says so', '在 restore.keepDays 天數之前；plan 會註明'),
  },
  yes: { takes: '', does: plain('asks nothing: the command line is meant', '不詢問：直接依指令執行') },
  'no-wait': { takes: '', does: plain('only records the request', '只記錄請求，不等待') },
  gate: {
    takes: 'start|findings|cut-over|supersede',
    does: plain(
      'what is decided: that it starts (the default), goes on with what the verification found, is cut over, or is given up',
      '要決定的是：開始（預設）、帶著驗證發現的問題繼續、切換，或放棄',
    ),
  },
  deep: {
    takes: '',
    does: plain(
      'every table, key and index as well, within checks.deepMinutes',
      '另外檢查每個 table、key 與 index，時間不超過 checks.deepMinutes',
    ),
  },
  instance: {
    takes: 'INSTANCE',
    does: plain(
      'another instance of the same lineage than the one that serves',
      '同一 lineage 中的其他 instance，而非提供服務的 instance',
    ),
  },
  digest: {
    takes: 'DIGITS',
    does: plain('the first 12 digits or more of what is decided on', '要決定的 plan 或問題的 digest，至少前 12 碼'),
  },
  json: { takes: '', does: plain('JSON documents, one a line, and nothing else', '只輸出 JSON，一行一個') },
  config: { takes: 'FILE', does: plain('the configuration', '設定檔') },
  language: { takes: 'en|zh-TW', does: plain('of what it says', '使用的語言') },
  help: { takes: '', does: plain('this text', '顯示說明') },
} as const satisfies Readonly<Record<string, OptionText>>;
export type OrderOption = keyof typeof orderOptions;
export const orderOptionNames = Object.keys(orderOptions) as readonly OrderOption[];
/** What every order takes. */
export const always = ['json', 'config', 'language', 'help'] as const;
