import { type Catalogue, type Recorded, text } from './text.ts';

const kindOf = ({ kind }: Recorded) => String(kind);
/** Who had it before: the live database too, or the baseline alone. */
const isLive = ({ where }: Recorded) => where === 'live';

/** What a check of the verification found about access and structure. */
export const structureFindings: Catalogue = {
  'verification.accessible': text(
    (p) => `${p.user} logs in over verified TLS and may write; PostgreSQL ${p.version}`,
    (p) => `${p.user} 可透過已驗證的 TLS 登入並可寫入；PostgreSQL ${p.version}`,
  ),
  'verification.without-tls': text(
    (p) =>
      `${p.user} logs in and may write, but the certificate of the server was not verified: PGSSLMODE asks for less; PostgreSQL ${p.version}`,
    (p) => `${p.user} 可登入並寫入，但沒有驗證 server 的憑證：PGSSLMODE 的要求較低；PostgreSQL ${p.version}`,
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
    () =>
      'There is no baseline of this backup and the live database does not answer, so there is nothing to compare the structure with',
    () => '此 backup 沒有 baseline，線上的 database 也沒有回應，因此無法比對結構',
  ),
  'verification.structure-as-backed-up': text(
    (p) => `All ${p.count} ${kindOf(p)} are as they were when the backup was made`,
    (p) => `全部 ${p.count} 個 ${kindOf(p)} 與建立 backup 時相同`,
  ),
  'verification.structure-came-after': text(
    (p) =>
      `All ${kindOf(p)} are as they were when the backup was made; ${p.later} of the live database came after it and are not in it: ${p.names}`,
    (p) => `${kindOf(p)} 與建立 backup 時相同；線上 database 有 ${p.later} 個是之後才有的，不在 backup 中：${p.names}`,
  ),
  'verification.structure-lost': text(
    (p) =>
      `Of the ${kindOf(p)} that were there when the backup was made, ${p.missing} are missing and ${p.differing} differ: ${p.names}`,
    (p) => `與建立 backup 時相比，${kindOf(p)} 缺少 ${p.missing} 個，不同 ${p.differing} 個：${p.names}`,
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
    (p) =>
      `Against the live database ${p.missing} ${kindOf(p)} are missing and ${p.differing} differ: ${p.names}. Without a baseline nobody knows whether they came after the backup`,
    (p) =>
      `與線上 database 相比，${kindOf(p)} 缺少 ${p.missing} 個，不同 ${p.differing} 個：${p.names}。沒有 baseline，無法得知它們是否在 backup 之後才出現`,
  ),
  'verification.extensions-load': text(
    () => 'The libraries of all extensions load',
    () => '所有 extensions 的 library 都可載入',
  ),
  'verification.extensions-broken': text(
    (p) =>
      `${p.count} extensions do not work, because their library does not load or the server does not have them: ${p.names}`,
    (p) => `${p.count} 個 extensions 無法使用，因為無法載入 library 或 server 上沒有：${p.names}`,
  ),
  'verification.pre-existing-extensions': text(
    (p) =>
      isLive(p)
        ? `${p.count} extensions do not work, in the live database neither: ${p.names}`
        : `${p.count} extensions do not work, and did not when the backup was made: ${p.names}`,
    (p) =>
      isLive(p)
        ? `${p.count} 個 extensions 無法使用，線上的 database 也是如此：${p.names}`
        : `${p.count} 個 extensions 無法使用，建立 backup 時就是如此：${p.names}`,
  ),
  'verification.views-valid': text(
    () => 'All views can be queried',
    () => '所有 views 都可查詢',
  ),
  'verification.views-broken': text(
    (p) => `${p.count} views can not be queried: ${p.names}`,
    (p) => `${p.count} 個 views 無法查詢：${p.names}`,
  ),
  'verification.pre-existing-views': text(
    (p) =>
      isLive(p)
        ? `${p.count} views can not be queried, in the live database neither: ${p.names}`
        : `${p.count} views can not be queried, and could not when the backup was made: ${p.names}`,
    (p) =>
      isLive(p)
        ? `${p.count} 個 views 無法查詢，線上的 database 也是如此：${p.names}`
        : `${p.count} 個 views 無法查詢，建立 backup 時就是如此：${p.names}`,
  ),
  'verification.functions-valid': text(
    () => 'All functions in SQL and PL/pgSQL are valid',
    () => '所有以 SQL 和 PL/pgSQL 撰寫的 functions 都有效',
  ),
  'verification.functions-broken': text(
    (p) => `${p.count} functions are not valid any more: ${p.names}`,
    (p) => `${p.count} 個 functions 不再有效：${p.names}`,
  ),
  'verification.functions-unsure': text(
    (p) => `${p.count} functions read as not valid, and nothing says whether they ever did: ${p.names}`,
    (p) => `${p.count} 個 functions 看似無效，但無從得知原本是否如此：${p.names}`,
  ),
  'verification.pre-existing-functions': text(
    (p) =>
      isLive(p)
        ? `${p.count} functions are not valid, in the live database neither: ${p.names}`
        : `${p.count} functions are not valid, and were not when the backup was made: ${p.names}`,
    (p) =>
      isLive(p)
        ? `${p.count} 個 functions 無效，線上的 database 也是如此：${p.names}`
        : `${p.count} 個 functions 無效，建立 backup 時就是如此：${p.names}`,
  ),
  'verification.materialised-views-filled': text(
    () => 'All materialised views are filled',
    () => '所有 materialised views 都有資料',
  ),
  'verification.materialised-views-empty': text(
    (p) => `${p.count} materialised views were never filled, so a query of them fails: ${p.names}`,
    (p) => `${p.count} 個 materialised views 沒有資料，查詢會失敗：${p.names}`,
  ),
  'verification.pre-existing-materialised-views': text(
    (p) =>
      isLive(p)
        ? `${p.count} materialised views were never filled, in the live database neither: ${p.names}`
        : `${p.count} materialised views were never filled, and were not when the backup was made: ${p.names}`,
    (p) =>
      isLive(p)
        ? `${p.count} 個 materialised views 沒有資料，線上的 database 也是如此：${p.names}`
        : `${p.count} 個 materialised views 沒有資料，建立 backup 時就是如此：${p.names}`,
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
    (p) =>
      isLive(p)
        ? `${p.count} indexes are invalid, in the live database too: ${p.names}`
        : `${p.count} indexes are invalid, and were when the backup was made: ${p.names}`,
    (p) =>
      isLive(p)
        ? `${p.count} 個 indexes 無效，線上的 database 也是如此：${p.names}`
        : `${p.count} 個 indexes 無效，建立 backup 時就是如此：${p.names}`,
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
    (p) =>
      isLive(p)
        ? `${p.count} constraints are not validated, in the live database neither: ${p.names}`
        : `${p.count} constraints are not validated, and were not when the backup was made: ${p.names}`,
    (p) =>
      isLive(p)
        ? `${p.count} 個 constraints 未經驗證，線上的 database 也是如此：${p.names}`
        : `${p.count} 個 constraints 未經驗證，建立 backup 時就是如此：${p.names}`,
  ),
  'verification.sequences-ahead': text(
    () => 'All sequences are at or past the columns that they feed',
    () => '所有 sequences 都不落後於對應的 columns',
  ),
  'verification.sequences-behind': text(
    (p) => `Sequences behind their column (${p.count}), so that the next insert would fail: ${p.names}`,
    (p) => `${p.count} 個 sequences 落後於對應的 column，下一次 insert 會失敗：${p.names}`,
  ),
  'verification.pre-existing-sequences': text(
    (p) =>
      isLive(p)
        ? `Sequences behind their column (${p.count}), in the live database too: ${p.names}`
        : `Sequences behind their column (${p.count}), as when the backup was made: ${p.names}`,
    (p) =>
      isLive(p)
        ? `${p.count} 個 sequences 落後於對應的 column，線上的 database 也是如此：${p.names}`
        : `${p.count} 個 sequences 落後於對應的 column，建立 backup 時就是如此：${p.names}`,
  ),
};
