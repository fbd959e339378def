import type { Catalogue } from './text.ts';
import { plain, text } from './text.ts';
import { counted, showCount } from './units.ts';

/** What `/backup find` says. Times, names and lists come in ready for display. */
export const findTexts = {
  looking: plain('Looking… it only reads.', '尋找中…只會讀取。'),
  title: text<{ environment: string; since: string }>(
    ({ environment, since }) => `*${environment}: when was the data last good?* Looked at everything since ${since}.`,
    ({ environment, since }) => `*${environment}：資料最後正確的時間點？* 檢查範圍：${since} 至今。`,
  ),
  rows: text<{ table: string; where: string }>(
    ({ table, where }) => `Rows of ${table} that match ${where}`,
    ({ table, where }) => `${table} 中符合 ${where} 的列`,
  ),
  unknown: plain(
    '*Unknown:* nothing that pitcrew can read says when.',
    '*不明：* pitcrew 能讀取的資料都沒有指出時間點。',
  ),
  onlyTraces: plain(
    '*No proof.* These may have done it; look before you go back.',
    '*沒有證明。* 以下是可能的原因；回復之前請先確認。',
  ),
  proven: plain('proven', '已證明'),
  likely: plain('likely', '可能'),
  between: plain('between two counts', '介於兩次計數之間'),
  before: text<{ at: string }>(
    ({ at }) => `last second before it: *${at}*`,
    ({ at }) => `之前的最後一秒：*${at}*`,
  ),
  notReached: plain('point-in-time recovery doesn’t reach it', 'point-in-time recovery 無法到達'),
  reachedSoon: plain(
    'RDS’s log hasn’t come so far yet: it follows within about five minutes',
    'RDS 的 log 還沒到這裡：通常五分鐘內會到',
  ),
  maybeReached: plain(
    'whether point-in-time recovery reaches it could not be read',
    '無法讀取 point-in-time recovery 是否可到達',
  ),
  recover: plain('Recover to this moment…', '回復到這個時間點…'),
  more: text<{ count: number }>(
    ({ count }) => `${counted(count, 'older trace')} more: ask with a later \`--since\`.`,
    ({ count }) => `還有 ${count} 筆較早的線索：請用較晚的 \`--since\` 查詢。`,
  ),
  gaps: plain('*What is not known, and what would make it known*', '*不明的部分，以及如何得知*'),
  hint: text<{ command: string }>(
    ({ command }) => `What do the bad rows have in common? ${command}`,
    ({ command }) => `損壞的列有什麼共同特徵？${command}`,
  ),
  /** In the dialog of a point-in-time recovery. */
  inDialog: text<{ environment: string }>(
    ({ environment }, slash) => `Don’t know the moment? \`${slash} find ${environment}\``,
    ({ environment }, slash) => `不知道時間點？\`${slash} find ${environment}\``,
  ),
} as const;

/** What speaks for a moment. */
export const evidenceTexts = {
  commit: text<{ table: string; rows: number; matching: number }>(
    ({ table, rows, matching }) =>
      rows === matching
        ? `the commit that wrote ${counted(rows, 'matching row')} of ${table}, all there are`
        : `the first commit of the ${counted(matching, 'matching row')} of ${table}: it wrote ${showCount(rows, 'en')} of them`,
    ({ table, rows, matching }) =>
      rows === matching
        ? `寫入 ${table} 全部 ${showCount(rows, 'zh-TW')} 筆符合列的 commit`
        : `${table} 的 ${showCount(matching, 'zh-TW')} 筆符合列中最早的 commit：寫入了其中 ${showCount(rows, 'zh-TW')} 筆`,
  ),
  ownClock: text<{ table: string; column: string; matching: number }>(
    ({ table, column, matching }) =>
      `the earliest of ${counted(matching, 'matching row')} of ${table} by its own clock (${column}), not by its commit: when it was inserted. If it was spoiled later, the damage is later`,
    ({ table, column, matching }) =>
      `${table} 的 ${showCount(matching, 'zh-TW')} 筆符合列中最早的一筆，依該列自己的時鐘（${column}），不是 commit 時間：即 insert 的時間。若是之後才被改壞，損壞時間會更晚`,
  ),
  deploy: text<{ workload: string; from: string; to: string }>(
    ({ workload, from, to }) => `rollout of ${workload}: ${from} → ${to}`,
    ({ workload, from, to }) => `${workload} 的 rollout：${from} → ${to}`,
  ),
  deploySame: text<{ workload: string; to: string }>(
    ({ workload, to }) => `rollout of ${workload}, with the same image ${to}`,
    ({ workload, to }) => `${workload} 的 rollout，image 不變：${to}`,
  ),
  deployFirst: text<{ workload: string; to: string }>(
    ({ workload, to }) => `rollout of ${workload}: ${to}; nothing says what ran before`,
    ({ workload, to }) => `${workload} 的 rollout：${to}；沒有資料指出之前執行的版本`,
  ),
  cause: text<{ cause: string }>(
    ({ cause }) => `“${cause}”`,
    ({ cause }) => `「${cause}」`,
  ),
  job: text<{ job: string }>(
    ({ job }) => `the Job ${job} began`,
    ({ job }) => `Job ${job} 開始`,
  ),
  cronJob: text<{ job: string; cronJob: string }>(
    ({ job, cronJob }) => `the CronJob ${cronJob} began to run (${job})`,
    ({ job, cronJob }) => `CronJob ${cronJob} 開始執行（${job}）`,
  ),
  migration: text<{ tool: string; name: string }>(
    ({ tool, name }) => `migration ${name}, by the bookkeeping of ${tool}`,
    ({ tool, name }) => `migration ${name}，依 ${tool} 的紀錄`,
  ),
  operation: text<{ name: string; operation: string }>(
    ({ name, operation }) => `pitcrew put the application on another database (${name}, ${operation})`,
    ({ name, operation }) => `pitcrew 將 application 切換到另一個 database（${name}，${operation}）`,
  ),
  deleted: text<{ tables: string; until: string }>(
    ({ tables, until }) => `rows deleted, until ${until}: ${tables}`,
    ({ tables, until }) => `有列被刪除，至 ${until} 為止：${tables}`,
  ),
  deletedFrom: text<{ table: string; rows: number }>(
    ({ table, rows }) => `${table} ${showCount(rows, 'en')}`,
    ({ table, rows }) => `${table} ${showCount(rows, 'zh-TW')}`,
  ),
  rewritten: text<{ tables: string; until: string }>(
    ({ tables, until }) => `emptied or rewritten (TRUNCATE, VACUUM FULL, a migration), until ${until}: ${tables}`,
    ({ tables, until }) => `被清空或重寫（TRUNCATE、VACUUM FULL 或 migration），至 ${until} 為止：${tables}`,
  ),
  gone: text<{ tables: string; until: string }>(
    ({ tables, until }) => `tables gone, until ${until}: ${tables}`,
    ({ tables, until }) => `table 消失，至 ${until} 為止：${tables}`,
  ),
} as const;

/** What could not be read, and what would make it known. */
export const findGaps: Catalogue = {
  'find.commit-times-off': plain(
    'The database doesn’t keep the time of commits. With track_commit_timestamp = on in its parameter group (it takes a reboot) rows written from then on can be dated.',
    'Database 未保存 commit 的時間。在 parameter group 設定 track_commit_timestamp = on（需要重新啟動）之後，新寫入的列就能得知時間。',
  ),
  'find.commit-times-missing': text(
    (p) =>
      `${counted(Number(p.rows), 'row')} of the ${showCount(Number(p.matching), 'en')} that match in ${String(p.table)} are older than the commit times that the database has: the first is not known. A narrower --where may leave them out.`,
    (p) =>
      `${String(p.table)} 中符合的 ${showCount(Number(p.matching), 'zh-TW')} 筆裡有 ${showCount(Number(p.rows), 'zh-TW')} 筆早於 database 保存的 commit 時間：無法得知最早的一筆。可用更精確的 --where 排除。`,
  ),
  'find.no-bad-row': text(
    (p) => `No row of ${String(p.table)} matches now. Rows that were deleted leave no trace in the table.`,
    (p) => `${String(p.table)} 目前沒有符合的列。被刪除的列不會在 table 中留下痕跡。`,
  ),
  'find.rows-not-read': text(
    (p) =>
      `${String(p.table)} could not be read in time, or is locked: its rows were not looked at. A condition on an indexed column is faster.`,
    (p) => `${String(p.table)} 無法在時間內讀取，或被鎖定：未檢視其資料列。以有 index 的欄位作為條件會較快。`,
  ),
  'find.no-own-clock': text(
    (p) =>
      p.columns
        ? `${String(p.table)} has more than one column that is filled with the time of an insert (${String(p.columns)}): none of them says when the row went bad.`
        : `${String(p.table)} has no column that is filled with the time of an insert.`,
    (p) =>
      p.columns
        ? `${String(p.table)} 有多個以 insert 時間填入的欄位（${String(p.columns)}）：都無法說明資料何時損壞。`
        : `${String(p.table)} 沒有以 insert 時間填入的欄位。`,
  ),
  'find.own-clock-empty': text(
    (p) => `${String(p.column)} of ${String(p.table)} is empty in rows that match: the earliest is not known.`,
    (p) => `${String(p.table)} 的 ${String(p.column)} 在符合的列中有空值：無法得知最早的一筆。`,
  ),
  'find.no-baseline': plain(
    'No baseline of this instance: nothing was counted, so deleted rows can’t be noticed. Snapshots by pitcrew leave one each: made hourly, they tell the hour.',
    '這個 instance 沒有 baseline：沒有計數，無法察覺被刪除的列。pitcrew 的每個 snapshot 都會留下 baseline：每小時建立一次，即可得知在哪一小時。',
  ),
  'find.counters-reset': text(
    (p) =>
      `Between ${String(p.from)} and ${String(p.until)} counters began anew (a restart, a reset): deletions in between are not known.`,
    (p) => `${String(p.from)} 到 ${String(p.until)} 之間計數器重新開始（重新啟動或 reset）：期間的刪除不明。`,
  ),
  'find.migrations-untimed': text(
    (p) =>
      `Migrations of ${String(p.tool)} (${String(p.table)}) don’t say when they ran; a version says when it was written.`,
    (p) => `${String(p.tool)} 的 migration（${String(p.table)}）沒有記錄執行時間；版本號只代表撰寫時間。`,
  ),
  'find.rolled-back': text(
    (p) =>
      `${String(p.workload)} runs a revision that came back (kubectl rollout undo): the cluster doesn’t say since when.`,
    (p) => `${String(p.workload)} 執行的是還原的 revision（kubectl rollout undo）：cluster 沒有記錄時間。`,
  ),
  'find.cluster-unreadable': text(
    (p) =>
      `The namespace ${String(p.namespace)} could not be asked for ${String(p.what)}s: rollouts and Jobs may be missing. pitcrew’s Role needs "list" on them.`,
    (p) =>
      `無法查詢 namespace ${String(p.namespace)} 的 ${String(p.what)}：可能缺少 rollout 與 Job。pitcrew 的 Role 需要「list」權限。`,
  ),
  'find.database-unreadable': plain(
    'The database doesn’t answer: rows, migrations and counters could not be read.',
    'Database 沒有回應：無法讀取資料列、migration 與計數器。',
  ),
  'find.window-unreadable': plain(
    'RDS could not be asked how far back its log reaches.',
    '無法向 RDS 查詢 log 的範圍。',
  ),
};
