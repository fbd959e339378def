import { type Catalogue, type Recorded, text } from './text.ts';
import { counted } from './units.ts';

const kindOf = ({ kind }: Recorded) => String(kind);

/** What a check of the verification found. */
export const verificationFindings: Catalogue = {
  'verification.accessible': text(
    (p) => `${p.user} logs in over verified TLS and may write; PostgreSQL ${p.version}`,
    (p) => `${p.user} 可透過已驗證的 TLS 登入並可寫入；PostgreSQL ${p.version}`,
  ),
  'verification.login-refused': text(
    (p) => `The application's role ${p.user} can't log in with the password of its secret`,
    (p) => `Application 的 role ${p.user} 無法以 secret 中的密碼登入`,
  ),
  'verification.database-missing': text(
    () => 'The database does not exist on the restored instance',
    () => 'Restore 出來的 instance 上沒有這個 database',
  ),
  'verification.tls-not-verified': text(
    () => 'The TLS certificate of the restored instance could not be verified',
    () => '無法驗證 restore 出來的 instance 的 TLS 憑證',
  ),
  'verification.in-recovery': text(
    (p) => `The server is still in recovery and takes no writes; PostgreSQL ${p.version}`,
    (p) => `Server 仍在 recovery 中，無法寫入；PostgreSQL ${p.version}`,
  ),
  'verification.not-writable': text(
    (p) => `Transactions of ${p.user} are read-only by default`,
    (p) => `${p.user} 的 transactions 預設為 read-only`,
  ),
  'verification.table-present': text(
    (p) => `Table ${p.table} is there`,
    (p) => `Table ${p.table} 存在`,
  ),
  'verification.table-missing': text(
    (p) => `Critical table ${p.table} is missing`,
    (p) => `缺少關鍵 table ${p.table}`,
  ),
  'verification.structure-not-compared': text(
    () => 'The live database does not answer, so there is nothing to compare the structure with',
    () => '線上的 database 沒有回應，因此無法比對結構',
  ),
  'verification.structure-same': text(
    (p) => `All ${p.count} ${kindOf(p)} are as in the live database`,
    (p) => `全部 ${p.count} 個 ${kindOf(p)} 與線上的 database 相同`,
  ),
  'verification.structure-extra': text(
    (p) => `All ${kindOf(p)} of the live database are there, and ${p.extra} that it does not have: ${p.names}`,
    (p) => `線上 database 的 ${kindOf(p)} 都存在，另有 ${p.extra} 個是它沒有的：${p.names}`,
  ),
  'verification.structure-differs': text(
    (p) => `Against the live database ${p.missing} ${kindOf(p)} are missing and ${p.differing} differ: ${p.names}`,
    (p) => `與線上 database 相比，${kindOf(p)} 缺少 ${p.missing} 個，不同 ${p.differing} 個：${p.names}`,
  ),
  'verification.count-as-expected': text(
    (p) => `${p.table}: ${p.rows} rows, expected ${p.atLeast} to ${p.atMost}`,
    (p) => `${p.table}：${p.rows} 筆，預期 ${p.atLeast} 到 ${p.atMost} 筆`,
  ),
  'verification.count-unexpected': text(
    (p) => `${p.table}: ${p.rows} rows, but ${p.atLeast} to ${p.atMost} were expected`,
    (p) => `${p.table}：${p.rows} 筆，但預期為 ${p.atLeast} 到 ${p.atMost} 筆`,
  ),
  'verification.count-without-baseline': text(
    (p) => `${p.table}: ${p.rows} rows; not proven, because nothing was counted when this backup was made`,
    (p) => `${p.table}：${p.rows} 筆；未證實，因為建立此 backup 時沒有計數`,
  ),
  'verification.table-emptied': text(
    (p) => `${p.table} is empty, and in the live database it is not`,
    (p) => `${p.table} 是空的，但線上的 database 中不是`,
  ),
  'verification.unlogged-exempt': text(
    (p) => `${p.table} is unlogged: it comes back empty from every restore, so it is not checked`,
    (p) => `${p.table} 是 unlogged table：每次 restore 後都是空的，因此不檢查`,
  ),
  'verification.unlogged-tables': text(
    (p) => `${p.count} unlogged tables came back empty, as they always do: ${p.names}`,
    (p) => `${p.count} 個 unlogged tables 一如往常是空的：${p.names}`,
  ),
  'verification.no-orphans': text(
    (p) => `${p.relation}: no orphaned records`,
    (p) => `${p.relation}：沒有 orphaned records`,
  ),
  'verification.orphans': text(
    (p) =>
      `${p.relation}: ${p.count} orphaned records that the live database does not have${p.keys ? ` (keys ${p.keys})` : ''}`,
    (p) => `${p.relation}：有 ${p.count} 筆線上 database 沒有的 orphaned records${p.keys ? `（keys ${p.keys}）` : ''}`,
  ),
  'verification.pre-existing-orphans': text(
    (p) => `${p.relation}: ${p.count} orphaned records, all of which the live database has too`,
    (p) => `${p.relation}：${p.count} 筆 orphaned records，線上的 database 也都有`,
  ),
  'verification.relation-unknown': text(
    (p) => `${p.relation}: a table or column of it does not exist`,
    (p) => `${p.relation}：其中的 table 或 column 不存在`,
  ),
  'verification.no-duplicates': text(
    (p) => `${p.table}: no duplicate primary keys`,
    (p) => `${p.table}：沒有重複的 primary keys`,
  ),
  'verification.duplicates': text(
    (p) => `${p.table}: ${p.count} primary keys stand there more than once (${p.keys})`,
    (p) => `${p.table}：${p.count} 個 primary keys 重複出現（${p.keys}）`,
  ),
  'verification.pre-existing-duplicates': text(
    (p) => `${p.table}: ${p.count} duplicate primary keys, all of which the live database has too`,
    (p) => `${p.table}：${p.count} 個重複的 primary keys，線上的 database 也都有`,
  ),
  'verification.no-primary-key': text(
    (p) => `${p.table} has no primary key, so duplicates can't be told`,
    (p) => `${p.table} 沒有 primary key，因此無法判斷是否重複`,
  ),
  'verification.sequences-ahead': text(
    (p) => `All ${p.count} sequences are at or past the columns that they feed`,
    (p) => `全部 ${p.count} 個 sequences 都不落後於對應的 columns`,
  ),
  'verification.sequences-behind': text(
    (p) => `${p.count} sequences are behind their column, so the next insert would fail: ${p.names}`,
    (p) => `${p.count} 個 sequences 落後於對應的 column，下一次 insert 會失敗：${p.names}`,
  ),
  'verification.pre-existing-sequences': text(
    (p) => `${p.count} sequences are behind their column, in the live database too`,
    (p) => `${p.count} 個 sequences 落後於對應的 column，線上的 database 也是如此`,
  ),
  'verification.indexes-valid': text(
    () => 'All indexes are valid',
    () => '所有 indexes 都有效',
  ),
  'verification.indexes-invalid': text(
    (p) => `${p.count} indexes are invalid: ${p.names}`,
    (p) => `${p.count} 個 indexes 無效：${p.names}`,
  ),
  'verification.pre-existing-indexes': text(
    (p) => `${p.count} indexes are invalid, in the live database too: ${p.names}`,
    (p) => `${p.count} 個 indexes 無效，線上的 database 也是如此：${p.names}`,
  ),
  'verification.constraints-validated': text(
    () => 'All constraints are validated',
    () => '所有 constraints 都已驗證',
  ),
  'verification.constraints-not-validated': text(
    (p) => `${p.count} constraints are not validated: ${p.names}`,
    (p) => `${p.count} 個 constraints 未經驗證：${p.names}`,
  ),
  'verification.pre-existing-constraints': text(
    (p) => `${p.count} constraints are not validated, in the live database neither: ${p.names}`,
    (p) => `${p.count} 個 constraints 未經驗證，線上的 database 也是如此：${p.names}`,
  ),
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
};
