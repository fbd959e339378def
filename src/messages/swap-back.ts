import { plain, text } from './text.ts';
import { counted, showCount } from './units.ts';

const looks = plain('', '');

/** Steps by which two databases get their names back, as an imperative each, and how each is taken back. */
export const swapBackStepTexts = {
  'prove-kept': {
    title: plain('Prove that both databases still are what the swap left', '確認兩個 database 仍是交換之後的狀態'),
    undo: looks,
  },
  'measure-written': {
    title: plain('Count what was written since the swap and is left behind', '計算交換之後寫入、會留下的資料'),
    undo: looks,
  },
  'swap-back': {
    title: plain(
      'Swap the names of the two databases back, in one transaction',
      '在一個 transaction 中把兩個 database 的名稱換回來',
    ),
    undo: plain('the names are swapped once more', '再交換一次名稱'),
  },
  'prove-swapped-back': {
    title: plain('Prove that the application is on the former database', '證明 application 已連上先前的 database'),
    undo: looks,
  },
} as const;

/** What cards of such a rollback say otherwise than those of one that goes back to an instance. */
export const swapBackTexts = {
  asks: text<{ who: string; environment: string; operation: string; database: string; instance: string }>(
    ({ who, environment, operation, database, instance }) =>
      `${who} asks to put *${environment}* back on the database that it had before ${operation}. It is kept on ${instance} as ${database}.`,
    ({ who, environment, operation, database, instance }) =>
      `${who} 請求讓 *${environment}* 回到 ${operation} 之前的 database。它以 ${database} 保留在 ${instance} 上。`,
  ),
  serves: plain(
    'The application is *not stopped*: its connections are ended for a moment, and the two databases swap their names back.',
    'Application *不會停止*：它的連線會中斷片刻，兩個 database 把名稱換回來。',
  ),
  left: text<{ length: string; rows: number | null }>(
    ({ length, rows }) =>
      rows === null
        ? `What was written in the *${length}* since the swap is left behind, in a database that is kept; the rows could not be counted.`
        : `What was written in the *${length}* since the swap is left behind, in a database that is kept: *${counted(rows, 'new row')}* so far, by estimate.`,
    ({ length, rows }) =>
      rows === null
        ? `交換後 *${length}*內寫入的資料會留在保留的 database 中；無法計算筆數。`
        : `交換後 *${length}*內寫入的資料會留在保留的 database 中：目前估計 *${showCount(rows, 'zh-TW')} 筆*新資料。`,
  ),
  goesBackTo: text<{ database: string; oid: number }>(
    ({ database, oid }) => `${database} (id ${oid}), which then has the live name again`,
    ({ database, oid }) => `${database}（id ${oid}），之後再次使用線上的名稱`,
  ),
  counts: plain(
    'new and changed rows are counted right before the swap, while the application writes on',
    '交換前會計算新增與變更的資料列，期間 application 仍持續寫入',
  ),
  isKept: text<{ database: string }>(
    ({ database }) =>
      `the database that serves now, as ${database}, with all that was written to it: nobody can connect to it`,
    ({ database }) => `目前提供服務的 database，改名為 ${database}，包含寫入的所有資料：沒有人可以連線`,
  ),
  noPast: plain(
    'not known: no names were swapped back here before. The swap itself is one short transaction.',
    '未知：這裡還沒有換回過名稱。交換名稱本身是一個短暫的 transaction。',
  ),
  ifItFails: plain(
    'before the swap nothing has changed; the swap itself is one transaction',
    '交換之前沒有任何變更；交換本身是單一 transaction',
  ),
  line: text<{ environment: string; since: string; operation: string; instance: string }>(
    ({ environment, since, operation, instance }) =>
      `*${environment}* has been on the database that it had before ${operation} again since ${since}. The instance is the same: ${instance}.`,
    ({ environment, since, operation, instance }) =>
      `*${environment}* 自 ${since} 起回到 ${operation} 之前的 database。Instance 不變：${instance}。`,
  ),
  swapped: text<{ outage: string; sessions: number }>(
    ({ outage, sessions }) =>
      `The names were swapped back in ${outage}: ${counted(sessions, 'session was', 'sessions were')} ended, and connected again by themselves.`,
    ({ outage, sessions }) => `名稱在 ${outage} 內換回：結束了 ${sessions} 個 session，之後自行重新連線。`,
  ),
  swappedUntold: plain(
    'The names are back. How long that took, and whose sessions were ended, the worker that did it didn’t live to tell.',
    '名稱已換回。執行交換的 worker 未能記錄所花的時間，以及結束了哪些 session。',
  ),
  leftTitle: text<{ at: string }>(
    ({ at }) => `*Left behind, as counted at ${at}, right before the swap*`,
    ({ at }) => `*留下的資料（交換前於 ${at} 計算）*`,
  ),
  leftNone: plain('no row of the tables that matter was written or changed', '重要的 tables 沒有任何新增或變更'),
  leftRow: text<{ table: string; lost: number }>(
    ({ table, lost }) => `${table}: *${counted(lost, 'row')} left behind*, new or changed since the swap`,
    ({ table, lost }) => `${table}：*留下 ${showCount(lost, 'zh-TW')} 筆*交換後新增或變更的資料`,
  ),
  leftUnknown: text<{ table: string; rows: number }>(
    ({ table, rows }) =>
      `${table}: which of its ${counted(rows, 'row')} are new or changed since the swap can’t be told any more; all of them are kept`,
    ({ table, rows }) => `${table}：共 ${showCount(rows, 'zh-TW')} 筆，已無法分辨哪些是交換後新增或變更的；全部保留`,
  ),
  changed: text<{ changed: number }>(
    ({ changed }) => `${showCount(changed, 'en')} that were there at the swap changed or deleted`,
    ({ changed }) => `交換當時已有的資料中，${showCount(changed, 'zh-TW')} 筆被變更或刪除`,
  ),
  returned: text<{ returned: number }>(
    ({ returned }) => `at least ${showCount(returned, 'en')} back again`,
    ({ returned }) => `至少 ${showCount(returned, 'zh-TW')} 筆回來了`,
  ),
  kept: text<{ database: string; instance: string; operation: string }>(
    ({ database, instance, operation }, slash) =>
      `*Kept, untouched:* ${database} on ${instance} has all that was left behind, and nobody can connect to it. It takes its share of the disk: \`${slash} cleanup ${operation}\` drops it once nobody needs it any more.`,
    ({ database, instance, operation }, slash) =>
      `*保留，內容不變：* ${instance} 上的 ${database} 有留下的所有資料，沒有人可以連線。它會佔用磁碟空間：不再需要時，\`${slash} cleanup ${operation}\` 會刪除它。`,
  ),
  opened: text<{ environment: string; lost: string }>(
    ({ environment, lost }) =>
      `*${environment}* goes back now to the data that it had before the last restore. What was entered since then, about ${lost}, will not be there; it is kept. It stays available; what somebody does at this very moment may fail and has to be done again.`,
    ({ environment, lost }) =>
      `*${environment}* 現在會回到上次 restore 之前的資料。此後約 ${lost}內輸入的資料不會在其中，但會保留。服務不會停止；正好在此刻進行的操作可能失敗，需要重做。`,
  ),
} as const;

/** After people gave it up, or while it waits: a swap back that was begun and has no answer. */
export const swappedBackOrNot = {
  unknown: text<{ environment: string }>(
    ({ environment }) =>
      `*${environment} runs:* nothing was stopped. Whether the two databases have their names back is not known; *Try again* looks, and swaps them only if they haven’t.`,
    ({ environment }) =>
      `*${environment} 執行中：* 沒有停止任何東西。兩個 database 的名稱是否已換回尚不確定；*重試* 會先查看，還沒換回才會交換。`,
  ),
  never: text<{ environment: string }>(
    ({ environment }) =>
      `*${environment} runs:* nothing was stopped. Whether the two databases have their names back is not known: look before anything else is done.`,
    ({ environment }) =>
      `*${environment} 執行中：* 沒有停止任何東西。兩個 database 的名稱是否已換回尚不確定：請先查看再做其他動作。`,
  ),
} as const;
