import type { Locale } from '../domain/people.ts';
import { showBytes } from './dump.ts';
import { type Catalogue, type ErrorCatalogue, errorText, type Recorded, text } from './text.ts';
import { word } from './values.ts';

/** What loading a dump into a database raises. */
export const loadErrors: ErrorCatalogue = {
  'load.no-manifest': errorText(
    [
      (p) => `${word(p, 'key')} has no manifest: nobody has read it whole, so it counts as no backup.`,
      (p, slash) => `Take it in first: \`${slash} adopt ${word(p, 'key')}\`. Then ask again.`,
    ],
    [
      (p) => `${word(p, 'key')} 沒有 manifest：沒有人完整讀取過它，不算 backup。`,
      (p, slash) => `請先納入：\`${slash} adopt ${word(p, 'key')}\`，然後再提出一次。`,
    ],
  ),
  'load.replaced': errorText(
    [
      (p) =>
        `${word(p, 'key')} is not the object that its manifest speaks of: ${word(p, 'expected')} bytes were checked, ${word(p, 'found')} lie there.`,
      () => 'Somebody replaced or cut it. Restore another dump, or bring the checked version of the object back.',
    ],
    [
      (p) =>
        `${word(p, 'key')} 不是其 manifest 所描述的 object：檢查過的是 ${word(p, 'expected')} bytes，現在是 ${word(p, 'found')} bytes。`,
      () => '有人更換或截斷了它。請改用另一個 dump，或還原該 object 檢查過的版本。',
    ],
  ),
  'load.of-other-environment': errorText(
    [
      (p) => `${word(p, 'key')} is a dump of ${word(p, 'of')}, not of ${word(p, 'environment')}.`,
      (p, slash) => `\`${slash} list ${word(p, 'environment')}\` shows what this environment can be restored from.`,
    ],
    [
      (p) => `${word(p, 'key')} 是 ${word(p, 'of')} 的 dump，不是 ${word(p, 'environment')} 的。`,
      (p, slash) => `\`${slash} list ${word(p, 'environment')}\` 會列出這個環境可以使用的 backup。`,
    ],
  ),
  'load.server-older': errorText(
    [
      (p) =>
        `${word(p, 'key')} was made with PostgreSQL ${word(p, 'archive')}, and the server is ${word(p, 'server')}: an older one can’t load it.`,
      (p) => `Restore a dump of version ${word(p, 'server')} or older.`,
    ],
    [
      (p) =>
        `${word(p, 'key')} 由 PostgreSQL ${word(p, 'archive')} 產生，而 server 是 ${word(p, 'server')}：較舊的版本無法載入。`,
      (p) => `請使用 ${word(p, 'server')} 版或更舊的 dump。`,
    ],
  ),
  'load.unreadable': errorText(
    [
      () => 'The server’s pg_restore can’t read the archive’s table of contents.',
      () => 'It is no archive that can be loaded here. Nothing was changed; take another dump.',
    ],
    [
      () => 'Server 版本的 pg_restore 無法讀取 archive 的目錄。',
      () => '這個 archive 無法在這裡載入。沒有任何變更；請改用另一個 dump。',
    ],
  ),
  'load.differs': errorText(
    [
      (p) => `The bytes of ${word(p, 'key')} are not those that its manifest was written for.`,
      () => 'Somebody replaced it, or it is damaged. What was loaded of it is never served. Take another dump.',
    ],
    [
      (p) => `${word(p, 'key')} 的內容與它的 manifest 不符。`,
      () => '有人更換了它，或它已損壞。載入的部分不會提供服務。請改用另一個 dump。',
    ],
  ),
  'load.failed': errorText(
    [
      (p) => `pg_restore stopped at ${entryOf(p, 'an entry of the archive')}: ${word(p, 'because')}.`,
      () => 'Nothing of it is served, and production’s data was not changed. Mend that, then ask again.',
    ],
    [
      (p) => `pg_restore 停在 ${entryOf(p, 'archive 的一個項目')}：${word(p, 'because')}。`,
      () => '載入的部分不會提供服務，production 的資料沒有變更。請排除原因後再提出一次。',
    ],
  ),
  'load.failed-silently': errorText(
    [
      (p) => `pg_restore stopped at ${entryOf(p, 'an entry of the archive')} (exit ${word(p, 'exit')}).`,
      () =>
        'What it said may quote rows, so it isn’t repeated here. The server’s own log says why. Production was not touched.',
    ],
    [
      (p) => `pg_restore 停在 ${entryOf(p, 'archive 的一個項目')}（exit ${word(p, 'exit')}）。`,
      () => '它的訊息可能包含資料列內容，因此不在此重複。原因在 server 的 log 中。Production 沒有受到影響。',
    ],
  ),
  'load.job-failed': errorText(
    [
      (p) => `The Job ${word(p, 'job')} failed (${word(p, 'reason')}), and the last of its pods didn’t say why.`,
      () => 'Nothing of it serves. `kubectl describe job` and the cluster’s events say more; then ask again.',
    ],
    [
      (p) => `Job ${word(p, 'job')} 失敗（${word(p, 'reason')}），最後一個 pod 沒有說明原因。`,
      () => '它載入的內容不會提供服務。`kubectl describe job` 與叢集的 event 有更多資訊；之後請再提出一次。',
    ],
  ),
  'load.job-gone': errorText(
    [
      (p) => `The Job ${word(p, 'job')} is gone before it said that all is loaded.`,
      () => 'Somebody removed it. Nothing of it serves; ask again.',
    ],
    [
      (p) => `Job ${word(p, 'job')} 在回報載入完成之前就不存在了。`,
      () => '有人移除了它。它載入的內容不會提供服務；請再提出一次。',
    ],
  ),
  'load.sessions-unendable': errorText(
    [
      (p) =>
        `${word(p, 'sessions')} session(s) on ${word(p, 'database')} can’t be ended by the master user; the first is of ${word(p, 'role')} (${word(p, 'application')}, ${word(p, 'address')}).`,
      () =>
        'The names were not swapped, and the live database serves as before. Let whoever it is disconnect, then ask again.',
    ],
    [
      (p) =>
        `Master user 無法結束 ${word(p, 'database')} 上的 ${word(p, 'sessions')} 個 session；第一個屬於 ${word(p, 'role')}（${word(p, 'application')}，${word(p, 'address')}）。`,
      () => '名稱沒有交換，線上的 database 照常服務。請讓對方中斷連線，然後再提出一次。',
    ],
  ),
  'load.sessions-hidden': errorText(
    [
      (p) => `The master user may not see who is connected to ${word(p, 'database')}.`,
      () => 'Grant it `pg_monitor`, which RDS’s master user has by itself. Nothing was changed.',
    ],
    [
      (p) => `Master user 無權查看 ${word(p, 'database')} 的連線。`,
      () => '請授予 `pg_monitor`（RDS 的 master user 本來就有）。沒有任何變更。',
    ],
  ),
  'load.prepared-transactions': errorText(
    [
      (p) => `${word(p, 'count')} prepared transaction(s) hold on to ${word(p, 'database')}, so it can’t be renamed.`,
      () =>
        'Commit or roll them back (`pg_prepared_xacts` lists them), then ask again. The live database serves as before.',
    ],
    [
      (p) => `${word(p, 'count')} 個 prepared transaction 仍持有 ${word(p, 'database')}，因此無法改名。`,
      () => '請將它們 commit 或 rollback（可在 `pg_prepared_xacts` 查詢），然後再提出一次。線上的 database 照常服務。',
    ],
  ),
  'load.sessions-stay': errorText(
    [
      (p) =>
        `${word(p, 'sessions')} session(s) did not leave in time (${word(p, 'role')}), so the names were not swapped.`,
      () => 'Both databases are as they were; it is tried again.',
    ],
    [
      (p) => `${word(p, 'sessions')} 個 session 沒有及時離開（${word(p, 'role')}），因此沒有交換名稱。`,
      () => '兩個 database 都維持原狀；會再試一次。',
    ],
  ),
  'load.names-changed': errorText(
    [
      (p) =>
        `The databases ${word(p, 'live')}, ${word(p, 'restored')} and ${word(p, 'kept')} are not named as this operation left them.`,
      () => 'Somebody renamed or dropped one. Nothing was swapped; look at them before anything else.',
    ],
    [
      (p) =>
        `Database ${word(p, 'live')}、${word(p, 'restored')} 與 ${word(p, 'kept')} 的名稱與這個 operation 留下的不同。`,
      () => '有人改名或移除了其中之一。沒有交換名稱；請先查看它們。',
    ],
  ),
  'load.nobody-came': errorText(
    [
      (p) =>
        `The names are swapped, but ${word(p, 'role')} has no session on ${word(p, 'database')}, or ${word(p, 'stale')} are still on the kept one.`,
      () =>
        'Look at the application: its pool should have connected again by itself. The kept database can be swapped back.',
    ],
    [
      (p) =>
        `名稱已交換，但 ${word(p, 'role')} 在 ${word(p, 'database')} 上沒有 session，或仍有 ${word(p, 'stale')} 個在保留的 database 上。`,
      () => '請查看 application：它的 connection pool 應該會自行重新連線。保留的 database 可以交換回來。',
    ],
  ),
  'load.extension-refused': errorText(
    [
      (p) => `The extension ${word(p, 'name')} can’t be made on this server.`,
      () => 'Allow it in the parameter group (`rds.allowed_extensions`), then ask again.',
    ],
    [
      (p) => `無法在這個 server 上建立 extension ${word(p, 'name')}。`,
      () => '請在 parameter group（`rds.allowed_extensions`）中允許它，然後再提出一次。',
    ],
  ),
  'load.interrupted': errorText(
    [
      (p) => `The connection to the server broke while pg_restore was at ${entryOf(p, 'the archive')}.`,
      () => 'The Job begins anew, with an empty database.',
    ],
    [
      (p) => `pg_restore 處理 ${entryOf(p, 'archive')} 時，與 server 的連線中斷。`,
      () => 'Job 會以空的 database 重新開始。',
    ],
  ),
  'load.name-taken': errorText(
    [
      (p) => `There is already a database ${word(p, 'database')}, and this operation did not make it.`,
      () => 'It was not touched. Rename or drop it if nobody needs it, then ask again.',
    ],
    [
      (p) => `已有 database ${word(p, 'database')}，而且不是這個 operation 建立的。`,
      () => '沒有變更它。如果沒有人需要，請改名或移除它，然後再提出一次。',
    ],
  ),
  'load.no-master': errorText(
    [
      (p) => `Nobody may create a database on ${word(p, 'instance')}: pitcrew knows no login of its master user.`,
      () => 'Give `database.masterRole` the master user’s secret, or let RDS manage its password.',
    ],
    [
      (p) => `沒有人可以在 ${word(p, 'instance')} 上建立 database：pitcrew 不知道 master user 的登入資訊。`,
      () => '請在 `database.masterRole` 填入 master user 的 secret，或讓 RDS 管理它的密碼。',
    ],
  ),
};

const entryOf = (p: Parameters<typeof word>[0], otherwise: string) => (p.entry ? `\`${word(p, 'entry')}\`` : otherwise);

const bytesOf = (p: Recorded, locale: Locale) => showBytes(Number(p.bytes ?? 0), locale);

export const loadWaits: Catalogue = {
  'wait.load-fetches': text(
    (p) => `Fetching the archive from S3: ${bytesOf(p, 'en')}.`,
    (p) => `正在從 S3 取得 archive：${bytesOf(p, 'zh-TW')}。`,
  ),
  'wait.load-loads': text(
    (p) => `Loading: ${word(p, 'tables')} of ${word(p, 'ofTables')} tables begun.`,
    (p) => `正在載入：已開始 ${word(p, 'ofTables')} 個 table 中的 ${word(p, 'tables')} 個。`,
  ),
  'wait.load-sessions': text(
    (p) => `Waiting for ${word(p, 'role')} to connect again, to the database that has the live name now.`,
    (p) => `等待 ${word(p, 'role')} 重新連上目前使用線上名稱的 database。`,
  ),
  'wait.load-analyzes': text(
    () => 'All is loaded; VACUUM ANALYZE is running.',
    () => '已全部載入；正在執行 VACUUM ANALYZE。',
  ),
};
