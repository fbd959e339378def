import { type ErrorCatalogue, errorText, type Recorded } from './text.ts';

const place = ({ host, port, database }: Recorded) => `${database} (${host}:${port})`;

/** What went wrong between pitcrew and a PostgreSQL database. */
export const databaseErrors: ErrorCatalogue = {
  'database.login-refused': errorText(
    [
      (p) => `The database ${place(p)} refuses the login of ${p.user}.`,
      () =>
        'A restored instance has the passwords of the time of its snapshot. Align the role with its secret, then ask again.',
    ],
    [
      (p) => `Database ${place(p)} 拒絕 ${p.user} 登入。`,
      () => 'Restore 出來的 instance 使用 snapshot 當時的密碼。請讓該 role 與它的 secret 一致，然後重新提出請求。',
    ],
  ),
  'database.unknown': errorText(
    [
      (p) => `There is no database ${place(p)}.`,
      () => 'Check the name of the database in the config and in the secret.',
    ],
    [(p) => `沒有 database ${place(p)}。`, () => '請檢查設定和 secret 中的 database 名稱。'],
  ),
  'database.denied': errorText(
    [
      (p) => `The role ${p.user} lacks a right on ${place(p)}.`,
      () => "Grant pitcrew's role what the documentation lists for it, then ask again.",
    ],
    [
      (p) => `Role ${p.user} 在 ${place(p)} 上缺少權限。`,
      () => '請授予 pitcrew 的 role 文件所列的權限，然後重新提出請求。',
    ],
  ),
  'database.timeout': errorText(
    [(p) => `A statement took too long${p.host ? ` on ${place(p)}` : ''}.`, () => 'It is tried again.'],
    [(p) => `${p.host ? `${place(p)} 上的` : ''}SQL 執行逾時。`, () => '會自動重試。'],
  ),
  'database.contention': errorText(
    [(p) => `Something else holds a lock on ${place(p)}.`, () => 'It is tried again.'],
    [(p) => `${place(p)} 上有其他程式持有 lock。`, () => '會自動重試。'],
  ),
  'database.tls': errorText(
    [
      (p) => `The TLS certificate of ${place(p)} could not be verified.`,
      () =>
        'Set PGSSLROOTCERT to the file with the certificate authorities of RDS, and check the host name in the secret.',
    ],
    [
      (p) => `無法驗證 ${place(p)} 的 TLS 憑證。`,
      () => '請把 PGSSLROOTCERT 設為含有 RDS certificate authorities 的檔案，並檢查 secret 中的 host。',
    ],
  ),
  'database.ssl-mode': errorText(
    [
      (p) => `PGSSLMODE is "${p.mode}", which pitcrew does not take.`,
      () => 'Use verify-full (the default), verify-ca, require or disable.',
    ],
    [
      (p) => `pitcrew 不接受 PGSSLMODE「${p.mode}」。`,
      () => '請使用 verify-full（預設）、verify-ca、require 或 disable。',
    ],
  ),
  'database.root-certificate': errorText(
    [
      (p) => `The file ${p.file} of PGSSLROOTCERT could not be read.`,
      () => 'Check that it exists and that pitcrew may read it.',
    ],
    [(p) => `無法讀取 PGSSLROOTCERT 的檔案 ${p.file}。`, () => '請確認檔案存在且 pitcrew 有權讀取。'],
  ),
  'database.unreachable': errorText(
    [
      (p) => `The database ${place(p)} does not answer.`,
      () => 'It is tried again. If it goes on, look at the instance, its security groups and its connection limit.',
    ],
    [
      (p) => `Database ${place(p)} 沒有回應。`,
      () => '會自動重試。如果持續發生，請檢查 instance、security groups 和連線數上限。',
    ],
  ),
  'database.query-failed': errorText(
    [(p) => `A statement failed on ${place(p)} (SQLSTATE ${p.sqlState}).`, () => 'See the log under the operation.'],
    [(p) => `${place(p)} 上的 SQL 執行失敗（SQLSTATE ${p.sqlState}）。`, () => '請見該 operation 的 log。'],
  ),
  'database.unexpected': errorText(
    [
      (p) => `The connection to ${place(p)} failed in a way that pitcrew does not know.`,
      () => 'See the log under the operation.',
    ],
    [(p) => `與 ${place(p)} 的連線發生 pitcrew 未知的錯誤。`, () => '請見該 operation 的 log。'],
  ),
  'database.sessions-hidden': errorText(
    [
      (p) =>
        `pitcrew's reading role may not see the sessions of others on ${place(p)}, so nobody can be proven absent.`,
      () => 'GRANT pg_monitor to it, then ask again.',
    ],
    [
      (p) => `pitcrew 的讀取 role 看不到 ${place(p)} 上其他人的 sessions，因此無法證明沒有人連線。`,
      () => '請對它執行 GRANT pg_monitor，然後重新提出請求。',
    ],
  ),
  'database.sessions-stay': errorText(
    [
      (p) => `Sessions of ${p.role} on the old instance do not end. The role is barred from new ones already.`,
      () => 'It is tried again. End them by hand with pg_terminate_backend if they stay.',
    ],
    [
      (p) => `${p.role} 在舊 instance 上的 sessions 沒有結束。該 role 已無法建立新的連線。`,
      () => '會自動重試。如果仍未結束，請手動執行 pg_terminate_backend。',
    ],
  ),
  'restore.same-instance': errorText(
    [
      (p) => `The old and the new database are at the same address (${p.host}:${p.port}), so nothing was barred.`,
      () => 'This is a fault of pitcrew. Report it with the operation.',
    ],
    [
      (p) => `新舊 database 的位址相同（${p.host}:${p.port}），因此沒有阻擋任何連線。`,
      () => '這是 pitcrew 的錯誤。請附上 operation 回報。',
    ],
  ),
};
