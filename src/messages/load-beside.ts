import type { Locale } from '../domain/people.ts';
import { showBytes } from './dump.ts';
import { type Catalogue, type ErrorCatalogue, errorText, plain, type Recorded, text } from './text.ts';
import { word } from './values.ts';

const bytes = (p: Recorded, name: string, locale: Locale) => showBytes(Number(p[name] ?? 0), locale);
const listed = (p: Recorded, name: string) => {
  const given = p[name];
  return Array.isArray(given) ? given.map((one) => `\`${String(one)}\``).join(', ') : word(p, name);
};

/** Why a dump can't be loaded beside the live database: told in the plan. */
export const loadBesideErrors: ErrorCatalogue = {
  'command.long-key-needs-reason': errorText(
    [
      () => 'The key of this dump is too long for a dialog.',
      () => 'Give the reason in the command too: `--reason "…"`. Then only the environment’s name is asked for.',
    ],
    [
      () => '這個 dump 的 key 太長，無法放進對話框。',
      () => '請在指令中一併填寫原因：`--reason "…"`，之後只會要求輸入環境名稱。',
    ],
  ),
  'command.two-modes': errorText(
    [
      () => 'A dump is restored `--beside` or `--in-place`, not both.',
      () => 'Give one of them; without either it is restored on an instance of its own.',
    ],
    [
      () => 'Dump 只能以 `--beside` 或 `--in-place` 其中一種方式還原。',
      () => '請擇一；兩者都省略時會還原到獨立的 instance。',
    ],
  ),
  'load.roles-missing': errorText(
    [
      (p) => `The dump ${word(p, 'key')} needs roles that this server doesn’t have: ${listed(p, 'roles')}.`,
      () => 'Make them (`CREATE ROLE … NOLOGIN` will do for a group), then ask again. Nothing was changed.',
    ],
    [
      (p) => `Dump ${word(p, 'key')} 需要這個 server 沒有的 role：${listed(p, 'roles')}。`,
      () => '請建立它們（群組可用 `CREATE ROLE … NOLOGIN`），然後再提出一次。沒有任何變更。',
    ],
  ),
  'load.extensions-missing': errorText(
    [
      (p) => `The dump ${word(p, 'key')} needs extensions that this server doesn’t offer: ${listed(p, 'extensions')}.`,
      () =>
        'Allow them in the instance’s parameter group (`rds.allowed_extensions`), then ask again. Nothing was changed.',
    ],
    [
      (p) => `Dump ${word(p, 'key')} 需要這個 server 沒有提供的 extension：${listed(p, 'extensions')}。`,
      () => '請在 instance 的 parameter group（`rds.allowed_extensions`）中允許它們，然後再提出一次。沒有任何變更。',
    ],
  ),
  'load.no-createdb': errorText(
    [
      (p) => `The master user ${word(p, 'user')} may not make databases.`,
      (p) => `\`ALTER ROLE ${word(p, 'user')} CREATEDB\`, then ask again.`,
    ],
    [
      (p) => `Master user ${word(p, 'user')} 無權建立 database。`,
      (p) => `請執行 \`ALTER ROLE ${word(p, 'user')} CREATEDB\`，然後再提出一次。`,
    ],
  ),
  'load.not-member': errorText(
    [
      (p) =>
        `The master user ${word(p, 'user')} is no member of ${word(p, 'role')}, so it can’t make or rename what that role owns.`,
      (p) => `\`GRANT ${word(p, 'role')} TO ${word(p, 'user')}\`, then ask again. Nothing was changed.`,
    ],
    [
      (p) => `Master user ${word(p, 'user')} 不是 ${word(p, 'role')} 的成員，無法建立或改名該 role 擁有的 database。`,
      (p) => `請執行 \`GRANT ${word(p, 'role')} TO ${word(p, 'user')}\`，然後再提出一次。沒有任何變更。`,
    ],
  ),
  'load.disk': errorText(
    [
      (p) =>
        `A second database needs about ${bytes(p, 'needed', 'en')}, and ${word(p, 'instance')} has ${bytes(p, 'free', 'en')} to give (disk ${bytes(p, 'allocated', 'en')}, used ${bytes(p, 'used', 'en')}, a tenth stays free).`,
      () =>
        'Restore the dump on an instance of its own (leave `--beside` out), or give the instance more storage first.',
    ],
    [
      (p) =>
        `第二個 database 大約需要 ${bytes(p, 'needed', 'zh-TW')}，而 ${word(p, 'instance')} 只有 ${bytes(p, 'free', 'zh-TW')} 可用（磁碟 ${bytes(p, 'allocated', 'zh-TW')}，已使用 ${bytes(p, 'used', 'zh-TW')}，保留十分之一）。`,
      () => '請還原到獨立的 instance（不要加 `--beside`），或先增加 instance 的儲存空間。',
    ],
  ),
  'load.live-is-postgres': errorText(
    [
      (p) =>
        `The application’s own database is \`${word(p, 'database')}\`, the one that commands about databases need.`,
      () => 'It can’t be renamed from inside. Restore the dump on an instance of its own: leave `--beside` out.',
    ],
    [
      (p) => `Application 使用的 database 就是 \`${word(p, 'database')}\`，而管理 database 的指令需要連到它。`,
      () => '它無法從內部改名。請還原到獨立的 instance：不要加 `--beside`。',
    ],
  ),
};

/** What people have to know of a load beside, known before anything starts. */
export const loadBesideNotes: Catalogue = {
  'hand-over.dump-needs-unknown': text(
    (p) =>
      `Nobody wrote down what ${word(p, 'key')} needs around it: its roles, extensions and settings are not proven.`,
    (p) => `沒有人記錄 ${word(p, 'key')} 需要的 role、extension 與設定：無法證明。`,
  ),
  'hand-over.dump-of-another': text(
    (p) => `${word(p, 'key')} was dumped from another instance than this one and those that it was restored from.`,
    (p) => `${word(p, 'key')} 來自另一個 instance，不是目前的 instance 或它的來源。`,
  ),
  'hand-over.owner-changes': text(
    (p) => `What \`${word(p, 'from')}\` owned belongs to \`${word(p, 'to')}\` afterwards.`,
    (p) => `原本由 \`${word(p, 'from')}\` 擁有的物件之後屬於 \`${word(p, 'to')}\`。`,
  ),
  'hand-over.extension-version': text(
    (p) => `The extension \`${word(p, 'name')}\` was ${word(p, 'had')}; here it becomes ${word(p, 'has')}.`,
    (p) => `Extension \`${word(p, 'name')}\` 原為 ${word(p, 'had')}；在這裡會是 ${word(p, 'has')}。`,
  ),
  'hand-over.same-disk': text(
    () =>
      'Both databases lie on one disk until somebody drops the kept one. Replication slots, subscriptions and pg_cron jobs of the old one don’t move.',
    () =>
      '在移除保留的 database 之前，兩個 database 共用同一個磁碟。舊 database 的 replication slot、subscription 與 pg_cron job 不會移轉。',
  ),
};

/** Where a dump goes, as a person chooses it. */
export const dumpModeTexts = {
  label: plain('Where to (of a dump)', '還原到哪裡（僅用於 dump）'),
  dump: text<{ at: string; age: string }>(
    ({ at, age }) => `dump · ${at} (${age})`,
    ({ at, age }) => `dump · ${at}（${age}）`,
  ),
  typedDump: plain('the dump that was typed', '已輸入的 dump'),
  'own-instance': plain('On an instance of its own', '獨立的 instance'),
  beside: plain('Beside, then swap names', '在旁邊還原，再交換名稱'),
  'in-place': plain('Over the live database', '覆蓋線上的 database'),
  ownInstanceNote: plain('production is not touched before the switch', '切換之前不會影響 production'),
  besideNote: plain('same instance; the application is not stopped', '同一個 instance；application 不會停止'),
  inPlaceNote: plain(
    'stops; one transaction; after a rescue snapshot',
    '會停止；單一 transaction；先建立 rescue snapshot',
  ),
  typedBeside: text<{ from: string; how: string; reason: string }>(
    ({ from, how, reason }) => `Restore from ${from}. ${how}: the application isn’t stopped. Reason: ${reason}`,
    ({ from, how, reason }) => `從 ${from} 還原。${how}：application 不會停止。原因：${reason}`,
  ),
} as const;

/** Cards of a restore beside. */
export const besideTexts = {
  serves: plain(
    'The application is *not stopped*: once the dump is loaded and verified, its connections are ended for a moment, and the two databases swap names.',
    'Application *不會停止*：dump 載入並驗證後，它的連線會中斷片刻，兩個 database 交換名稱。',
  ),
  opened: text<{ environment: string; at: string; age: string; lost: string }>(
    ({ environment, at, age, lost }) =>
      `*${environment}* goes back now to its data of *${at}* (${age}). What was entered since then, about ${lost}, is lost. It stays available; what somebody does at this very moment may fail and has to be done again.`,
    ({ environment, at, age, lost }) =>
      `*${environment}* 現在會回復到 *${at}*（${age}）的資料。此後約 ${lost}內輸入的資料會遺失。服務不會停止；正好在此刻進行的操作可能失敗，需要重做。`,
  ),
  into: text<{ instance: string }>(
    ({ instance }) => `a new database on ${instance}, which then takes the live one’s name`,
    ({ instance }) => `${instance} 上的新 database，之後取用線上 database 的名稱`,
  ),
  nothingStops: plain('nothing: it serves all the while', '無：全程照常服務'),
  ifItFails: plain(
    'before the swap nothing has changed, and the new database is dropped; the swap itself is one transaction',
    '交換之前沒有任何變更，新的 database 會被移除；交換本身是單一 transaction',
  ),
  kept: text<{ kept: string }>(
    ({ kept }) => `the live database, as ${kept}: nobody can connect to it, and nothing is written to it`,
    ({ kept }) => `線上的 database，改名為 ${kept}：沒有人可以連線，也不會寫入`,
  ),
  disk: text<{ allocated: string; used: string; needed: string }>(
    ({ allocated, used, needed }) =>
      `*Disk:* ${used} of ${allocated} are used, and a second database takes about ${needed}. (Told by RDS’s size of the disk and the server’s own files; CloudWatch isn’t asked.)`,
    ({ allocated, used, needed }) =>
      `*磁碟：* ${allocated} 中已使用 ${used}，第二個 database 大約需要 ${needed}。（依 RDS 的磁碟大小與 server 自己的檔案計算；未查詢 CloudWatch。）`,
  ),
  downtimeFrom: plain('the swap of the names, by its own clock', '名稱交換所花的時間'),
  onRestored: text<{ sessions: number }>(
    ({ sessions }) =>
      `${sessions} ${sessions === 1 ? 'session' : 'sessions'} of the application on the restored database, none on the kept one`,
    ({ sessions }) => `Application 有 ${sessions} 個 session 在還原後的 database 上，保留的 database 上沒有`,
  ),
  swapped: text<{ outage: string; sessions: number }>(
    ({ outage, sessions }) =>
      `The names were swapped in ${outage}: ${sessions} ${sessions === 1 ? 'session was' : 'sessions were'} ended and came back to the restored database.`,
    ({ outage, sessions }) => `名稱在 ${outage} 內交換：結束了 ${sessions} 個 session，之後連回還原後的 database。`,
  ),
  swappedUntold: plain(
    'The names are swapped. How long that took, and whose sessions were ended, the worker that did it didn’t live to tell.',
    '名稱已交換。執行的 worker 中斷，沒有留下所花的時間與結束了哪些 session 的紀錄。',
  ),
  keptNow: text<{ kept: string; instance: string; operation: string }>(
    ({ kept, instance, operation }, slash) =>
      `The database of before stands on ${instance} as ${kept}; nobody can connect to it. It takes its share of the disk: \`${slash} cleanup ${operation}\` drops it once nobody needs it any more.`,
    ({ kept, instance, operation }, slash) =>
      `先前的 database 以 ${kept} 保留在 ${instance} 上，沒有人可以連線。它會佔用磁碟空間：不再需要時，\`${slash} cleanup ${operation}\` 會刪除它。`,
  ),
  wayBack: text<{ operation: string }>(
    ({ operation }, slash) =>
      `The way back is \`${slash} rollback ${operation}\`: the two databases swap names again, and nothing is stopped. What was written since the swap stays in the database that is left.`,
    ({ operation }, slash) =>
      `要回復：\`${slash} rollback ${operation}\` 會再次交換兩個 database 的名稱，不停止任何東西。交換之後寫入的資料會留在被換下的 database。`,
  ),
} as const;
