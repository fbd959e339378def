import { type Catalogue, type Recorded, text } from './text.ts';

const keysOf = ({ keys }: Recorded) => (keys ? ` (keys ${keys})` : '');

/** What a check found of a database as it stands, when nothing was restored. */
export const standingFindings: Catalogue = {
  'verification.answers': text(
    (p) => `The database answers ${p.user} and is no standby; PostgreSQL ${p.version}`,
    (p) => `Database 可由 ${p.user} 連線，且不是 standby；PostgreSQL ${p.version}`,
  ),
  'verification.no-answer': text(
    () => 'The database does not answer pitcrew, so nothing else could be looked at',
    () => 'Database 沒有回應 pitcrew，因此無法檢查其他項目',
  ),
  'verification.no-such-database': text(
    () => 'The database does not exist on this instance, so nothing else could be looked at',
    () => '這個 instance 上沒有這個 database，因此無法檢查其他項目',
  ),
  'verification.application-sessions': text(
    (p) => `The application is connected as ${p.role}: ${p.sessions} sessions`,
    (p) => `Application 以 ${p.role} 連線中：${p.sessions} 個 sessions`,
  ),
  'verification.application-no-sessions': text(
    (p) => `No session of ${p.role} at the moment: the application may be stopped, or has nothing to do`,
    (p) => `目前沒有 ${p.role} 的 session：application 可能已停止，或目前沒有工作`,
  ),
  'verification.application-elsewhere': text(
    (p) => `The application (${p.role}) uses another instance`,
    (p) => `Application（${p.role}）使用的是另一個 instance`,
  ),
  'verification.structure-as-baseline': text(
    (p) => `All ${p.kind} of the baseline are there as they were; ${p.count} now`,
    (p) => `Baseline 中的 ${p.kind} 都存在且沒有改變；目前共 ${p.count} 個`,
  ),
  'verification.structure-without-baseline': text(
    () => 'There is no baseline of this instance, so nothing says what must be there. A snapshot by pitcrew makes one',
    () => '這個 instance 沒有 baseline，因此無法得知應該有哪些結構。由 pitcrew 建立 snapshot 時會產生 baseline',
  ),
  'verification.structure-gone-since': text(
    (p) => `Of the ${p.kind} of the baseline ${p.missing} are gone, and ${p.differing} differ: ${p.names}`,
    (p) => `與 baseline 相比，${p.kind} 少了 ${p.missing} 個，不同 ${p.differing} 個：${p.names}`,
  ),
  'verification.structure-changed-since': text(
    (p) =>
      `Of the ${p.kind} of the baseline ${p.missing} are gone and ${p.differing} differ: ${p.names}. Only people can tell whether that was meant`,
    (p) =>
      `與 baseline 相比，${p.kind} 少了 ${p.missing} 個，不同 ${p.differing} 個：${p.names}。是否刻意變更只有人員能判斷`,
  ),
  'verification.query-too-old-now': text(
    (p) => `"${p.query}" gives a time ${p.minutes} minutes ago, more than ${p.expected}`,
    (p) => `「${p.query}」得到的時間是 ${p.minutes} 分鐘之前，超過 ${p.expected} 分鐘`,
  ),
  'verification.query-age-elsewhere': text(
    (p) => `"${p.query}" gives a time ${p.minutes} minutes ago; nobody writes to this instance, so that says nothing`,
    (p) => `「${p.query}」得到的時間是 ${p.minutes} 分鐘之前；沒有人寫入這個 instance，因此無法判斷`,
  ),
  'verification.rows-now': text(
    (p) => `${p.table}: ${p.rows} rows; it was not counted before, so nothing says how many there must be`,
    (p) => `${p.table}：${p.rows} 筆；先前沒有計數，因此無法得知應有多少筆`,
  ),
  'verification.rows-all-gone': text(
    (p) => `${p.table} is empty; when the baseline was measured it had ${p.had} rows`,
    (p) => `${p.table} 是空的；量測 baseline 時有 ${p.had} 筆`,
  ),
  'verification.rows-at-least': text(
    (p) => `${p.table}: ${p.rows} rows; the baseline had ${p.had}, and no row was deleted since`,
    (p) => `${p.table}：${p.rows} 筆；baseline 有 ${p.had} 筆，之後沒有刪除任何資料`,
  ),
  'verification.rows-deleted-since': text(
    (p) =>
      `${p.table}: ${p.rows} rows; the baseline had ${p.had}, and up to ${p.deleted} were deleted since. Only people can tell whether that was meant`,
    (p) =>
      `${p.table}：${p.rows} 筆；baseline 有 ${p.had} 筆，之後最多刪除了 ${p.deleted} 筆。是否刻意刪除只有人員能判斷`,
  ),
  'verification.rows-without-counters': text(
    (p) =>
      `${p.table}: ${p.rows} rows; the baseline had ${p.had}, and the server's counters don't tell what was deleted since`,
    (p) => `${p.table}：${p.rows} 筆；baseline 有 ${p.had} 筆，server 的 counters 無法說明之後刪除了多少`,
  ),
  'verification.rows-fewer': text(
    (p) => `${p.table}: ${p.rows} rows; the baseline had ${p.had}, although no row was deleted since`,
    (p) => `${p.table}：${p.rows} 筆；baseline 有 ${p.had} 筆，但之後並沒有刪除任何資料`,
  ),
  'verification.orphans-now': text(
    (p) => `${p.relation}: ${p.count} orphaned records${keysOf(p)}`,
    (p) => `${p.relation}：有 ${p.count} 筆 orphaned records${keysOf(p)}`,
  ),
};
