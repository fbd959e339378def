import { type Catalogue, text } from './text.ts';
import { counted } from './units.ts';
import { momentFindings } from './verification-moment.ts';
import { rowFindings } from './verification-rows.ts';
import { standingFindings } from './verification-standing.ts';
import { structureFindings } from './verification-structure.ts';

/** What the card of a snapshot says of its baseline. */
export const baselineTexts = {
  recorded: text<{ tables: number; proven: number }>(
    ({ tables, proven }) =>
      proven === tables
        ? `Baseline recorded: a restore of it will be compared with what was there, and the row counts of all ${tables} critical tables will be proven.`
        : `Baseline recorded: a restore of it will be compared with what was there. Row counts will be proven for ${proven} of ${tables} critical tables.`,
    ({ tables, proven }) =>
      proven === tables
        ? `已記錄 baseline：日後 restore 會與當時的內容比對，全部 ${tables} 個關鍵 tables 的資料筆數都可證實。`
        : `已記錄 baseline：日後 restore 會與當時的內容比對。${tables} 個關鍵 tables 中，有 ${proven} 個的資料筆數可證實。`,
  ),
  none: text<{ error: string }>(
    ({ error }) =>
      `No baseline: the database could not be measured (\`${error}\`). The snapshot is good; row counts of a restore from it will be not proven.`,
    ({ error }) =>
      `沒有 baseline：無法量測 database（\`${error}\`）。Snapshot 本身沒有問題；從它 restore 時，資料筆數將無法證實。`,
  ),
} as const;

/** What a check of the verification found. */
export const verificationFindings: Catalogue = {
  ...structureFindings,
  ...rowFindings,
  ...momentFindings,
  ...standingFindings,
  'verification.checksums-off': text(
    () => 'Data checksums are off, so there is nothing to read from them',
    () => '未啟用 data checksums，因此沒有可讀的結果',
  ),
  'verification.no-checksum-failures': text(
    () => 'No checksum failure in any block that was read',
    () => '讀過的 blocks 都沒有 checksum 錯誤',
  ),
  'verification.checksum-failures': text(
    (p) => `${p.count} blocks failed their checksum`,
    (p) => `${p.count} 個 blocks 的 checksum 錯誤`,
  ),
  'verification.query-as-expected': text(
    (p) => `"${p.query}" is as expected: ${counted(Number(p.rows), 'row')} in ${p.seconds} s`,
    (p) => `「${p.query}」符合預期：${p.rows} 筆，${p.seconds} 秒`,
  ),
  'verification.query-fails': text(
    (p) => `"${p.query}" does not run (SQLSTATE ${p.sqlState})`,
    (p) => `「${p.query}」無法執行（SQLSTATE ${p.sqlState}）`,
  ),
  'verification.query-rows': text(
    (p) => `"${p.query}" gives ${p.rows} rows instead of ${p.expected}`,
    (p) => `「${p.query}」得到 ${p.rows} 筆，預期為 ${p.expected} 筆`,
  ),
  'verification.query-value': text(
    (p) => `"${p.query}" gives ${p.found} instead of ${p.expected}`,
    (p) => `「${p.query}」得到 ${p.found}，預期為 ${p.expected}`,
  ),
  'verification.query-minimum': text(
    (p) => `"${p.query}" gives ${p.found}, less than ${p.expected}`,
    (p) => `「${p.query}」得到 ${p.found}，低於 ${p.expected}`,
  ),
  'verification.query-no-time': text(
    (p) => `"${p.query}" gives no time`,
    (p) => `「${p.query}」沒有得到時間`,
  ),
  'verification.query-too-old': text(
    (p) => `"${p.query}" gives a time ${p.minutes} minutes before the recovery point, more than ${p.expected}`,
    (p) => `「${p.query}」得到的時間比 recovery point 早 ${p.minutes} 分鐘，超過 ${p.expected} 分鐘`,
  ),
  'verification.query-too-slow': text(
    (p) => `"${p.query}" took ${p.seconds} s, more than ${p.expected}`,
    (p) => `「${p.query}」花了 ${p.seconds} 秒，超過 ${p.expected} 秒`,
  ),
  'verification.not-readable': text(
    (p) => `pitcrew's role could not read what this needs (SQLSTATE ${p.sqlState})`,
    (p) => `pitcrew 的 role 無法讀取此項所需的資料（SQLSTATE ${p.sqlState}）`,
  ),
  'verification.live-not-readable': text(
    () => 'Something was found, and the live database could not be read to tell whether it was there before',
    () => '發現問題，但無法讀取線上的 database 以判斷是否原本就存在',
  ),
  'verification.corrupt': text(
    (p) =>
      `The server found corruption here (SQLSTATE ${p.sqlState}). An index can be rebuilt with REINDEX, a table can't: take another backup`,
    (p) =>
      `Server 在此發現資料損毀（SQLSTATE ${p.sqlState}）。Index 可用 REINDEX 重建，table 則不行：請改用其他 backup`,
  ),
  'verification.index-intact': text(
    (p) => `Index ${p.index} is intact`,
    (p) => `Index ${p.index} 完好`,
  ),
  'verification.indexes-intact': text(
    (p) => `${p.count} indexes are intact`,
    (p) => `${p.count} 個 indexes 完好`,
  ),
  'verification.table-intact': text(
    (p) => `The rows of ${p.table} are intact`,
    (p) => `${p.table} 的資料列完好`,
  ),
  'verification.tables-intact': text(
    (p) => `The rows of ${p.count} tables are intact`,
    (p) => `${p.count} 個 tables 的資料列完好`,
  ),
  'verification.table-corrupt': text(
    (p) => `${p.table}: ${p.count} faults in ${p.blocks} blocks`,
    (p) => `${p.table}：${p.blocks} 個 blocks 中有 ${p.count} 處損毀`,
  ),
  'verification.table-read': text(
    (p) => `${p.table}: all ${p.rows} rows can be read`,
    (p) => `${p.table}：全部 ${p.rows} 筆都可讀取`,
  ),
  'verification.tables-read': text(
    (p) => `${p.count} tables can be read whole: ${p.rows} rows`,
    (p) => `${p.count} 個 tables 可完整讀取：共 ${p.rows} 筆`,
  ),
  'verification.amcheck-missing': text(
    () =>
      'Whether indexes and rows are intact is not proven: amcheck is not there, or not for this role. In production: CREATE EXTENSION amcheck; GRANT EXECUTE ON FUNCTION bt_index_check(regclass, boolean), verify_heapam(regclass, boolean, boolean, text, bigint, bigint) TO <pitcrew’s reading role>',
    () =>
      '無法證實 indexes 與資料列是否完好：沒有 amcheck，或此 role 無權使用。請在 production 執行：CREATE EXTENSION amcheck; GRANT EXECUTE ON FUNCTION bt_index_check(regclass, boolean), verify_heapam(regclass, boolean, boolean, text, bigint, bigint) TO <pitcrew 的讀取 role>',
  ),
  'verification.pre-existing-query': text(
    (p) => `"${p.query}" does not hold, and by no more than when the backup was made`,
    (p) => `「${p.query}」不符合預期，但程度不超過建立 backup 時`,
  ),
  'verification.baseline-unreadable': text(
    () =>
      'The record of what was measured when this backup was made is gone, or this release does not understand it: nothing is compared with it',
    () => '建立此 backup 時的量測紀錄不存在，或這個版本無法解讀：因此不與它比較',
  ),
  'verification.not-done': text(
    (p) => `The deep verification could not be done (\`${String(p.error)}\`): nothing of it is proven`,
    (p) => `無法進行深度驗證（\`${String(p.error)}\`）：其中沒有任何一項得到證實`,
  ),
  'verification.command-passed': text(
    (p) => `Job ${p.namespace}/${p.job} ended with exit code 0 (${p.lines} lines in its log)`,
    (p) => `Job ${p.namespace}/${p.job} 以 exit code 0 結束（log ${p.lines} 行）`,
  ),
  'verification.command-failed': text(
    (p) => `Job ${p.namespace}/${p.job} ended with exit code ${p.exitCode} (${p.lines} lines in its log)`,
    (p) => `Job ${p.namespace}/${p.job} 以 exit code ${p.exitCode} 結束（log ${p.lines} 行）`,
  ),
  'verification.command-too-long': text(
    (p) => `Job ${p.namespace}/${p.job} did not end within ${p.seconds} s`,
    (p) => `Job ${p.namespace}/${p.job} 未在 ${p.seconds} 秒內結束`,
  ),
  'verification.command-not-run': text(
    (p) => `Job ${p.namespace}/${p.job} never came to run${p.reason ? `: ${p.reason}` : ''}`,
    (p) => `Job ${p.namespace}/${p.job} 沒有執行${p.reason ? `：${p.reason}` : ''}`,
  ),
  'verification.command-gone': text(
    (p) => `Job ${p.job} was removed by somebody before it ended`,
    (p) => `Job ${p.job} 在結束前被移除`,
  ),
};
