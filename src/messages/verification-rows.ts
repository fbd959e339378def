import { type Catalogue, type Recorded, text } from './text.ts';

/** Who had it before: the live database too, or the baseline alone. */
const isLive = ({ where }: Recorded) => where === 'live';

/** What a check of the verification found about rows. */
export const rowFindings: Catalogue = {
  'verification.count-exact': text(
    (p) => `${p.table}: ${p.rows} rows, exactly as many as when the backup was made`,
    (p) => `${p.table}：${p.rows} 筆，與建立 backup 時完全相同`,
  ),
  'verification.count-within': text(
    (p) =>
      `${p.table}: ${p.rows} rows; by what was written while the backup was made it must be ${p.atLeast} to ${p.atMost}`,
    (p) => `${p.table}：${p.rows} 筆；依建立 backup 期間的寫入量，應為 ${p.atLeast} 到 ${p.atMost} 筆`,
  ),
  'verification.count-unexpected': text(
    (p) =>
      p.atLeast === p.atMost
        ? `${p.table}: ${p.rows} rows, but the backup was made of ${p.atLeast}`
        : `${p.table}: ${p.rows} rows, but by what was written while the backup was made it must be ${p.atLeast} to ${p.atMost}`,
    (p) =>
      p.atLeast === p.atMost
        ? `${p.table}：${p.rows} 筆，但建立 backup 時有 ${p.atLeast} 筆`
        : `${p.table}：${p.rows} 筆，但依建立 backup 期間的寫入量，應為 ${p.atLeast} 到 ${p.atMost} 筆`,
  ),
  'verification.count-without-baseline': text(
    (p) => `${p.table}: ${p.rows} rows; not proven, because nothing was counted when this backup was made`,
    (p) => `${p.table}：${p.rows} 筆；未證實，因為建立此 backup 時沒有計數`,
  ),
  'verification.count-not-counted': text(
    (p) =>
      `${p.table}: ${p.rows} rows; not proven, because the table could not be counted in time when this backup was made`,
    (p) => `${p.table}：${p.rows} 筆；未證實，因為建立此 backup 時來不及計數`,
  ),
  'verification.count-no-counters': text(
    (p) =>
      `${p.table}: ${p.rows} rows; not proven, because the server keeps no activity counters that can be relied on (track_counts is off, PostgreSQL is older than 15, or pg_monitor is missing)`,
    (p) =>
      `${p.table}：${p.rows} 筆；未證實，因為server 沒有可靠的 activity counters（track_counts 關閉、PostgreSQL 早於 15，或缺少 pg_monitor）`,
  ),
  'verification.count-counters-reset': text(
    (p) =>
      `${p.table}: ${p.rows} rows; not proven, because the activity counters began anew while this backup was made`,
    (p) => `${p.table}：${p.rows} 筆；未證實，因為建立此 backup 期間 activity counters 重新計算`,
  ),
  'verification.count-rewritten': text(
    (p) =>
      `${p.table}: ${p.rows} rows; not proven, because the table was truncated or rewritten while this backup was made`,
    (p) => `${p.table}：${p.rows} 筆；未證實，因為建立此 backup 期間 table 被 TRUNCATE 或重寫`,
  ),
  'verification.count-sessions-unreported': text(
    (p) =>
      `${p.table}: ${p.rows} rows; not proven, because a session may have written without having reported it while this backup was made`,
    (p) => `${p.table}：${p.rows} 筆；未證實，因為建立此 backup 期間，可能有 session 寫入但尚未回報`,
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
  'verification.no-orphans-at-all': text(
    (p) => `${p.count} foreign keys and relations: no orphaned records`,
    (p) => `${p.count} 個 foreign keys 和 relations：沒有 orphaned records`,
  ),
  'verification.orphans': text(
    (p) => `${p.relation}: ${p.count} orphaned records that were not there before${p.keys ? ` (keys ${p.keys})` : ''}`,
    (p) => `${p.relation}：有 ${p.count} 筆原本沒有的 orphaned records${p.keys ? `（keys ${p.keys}）` : ''}`,
  ),
  'verification.pre-existing-orphans': text(
    (p) =>
      isLive(p)
        ? `${p.relation}: ${p.count} orphaned records, all of which the live database has too`
        : `${p.relation}: ${p.count} orphaned records, all of which were there when the backup was made`,
    (p) =>
      isLive(p)
        ? `${p.relation}：${p.count} 筆 orphaned records，線上的 database 也都有`
        : `${p.relation}：${p.count} 筆 orphaned records，建立 backup 時就已存在`,
  ),
  'verification.relation-unknown': text(
    (p) => `${p.relation}: a table or column of it does not exist`,
    (p) => `${p.relation}：其中的 table 或 column 不存在`,
  ),
  'verification.recent-rows-read': text(
    (p) => `${p.table}: its newest ${p.rows} rows can be read, and what they refer to is there`,
    (p) => `${p.table}：最新的 ${p.rows} 筆可讀取，且參照的資料都存在`,
  ),
  'verification.recent-rows-intact': text(
    (p) => `${p.count} other tables: their newest rows can be read (${p.rows}), and what they refer to is there`,
    (p) => `其他 ${p.count} 個 tables：最新的資料列可讀取（共 ${p.rows} 筆），且參照的資料都存在`,
  ),
  'verification.recent-orphans': text(
    (p) => `${p.table}: of its newest rows, ${p.count} refer to nothing by ${p.relation}`,
    (p) => `${p.table}：最新的資料列中，有 ${p.count} 筆依 ${p.relation} 找不到對應的資料`,
  ),
  'verification.pre-existing-recent-orphans': text(
    (p) =>
      `${p.table}: of its newest rows, ${p.count} refer to nothing by ${p.relation}; there were as many when the backup was made`,
    (p) => `${p.table}：最新的資料列中，有 ${p.count} 筆依 ${p.relation} 找不到對應的資料；建立 backup 時就有這麼多`,
  ),
  'verification.no-duplicates': text(
    (p) => `${p.table}: no duplicate keys`,
    (p) => `${p.table}：沒有重複的 keys`,
  ),
  'verification.no-duplicates-at-all': text(
    (p) => `${p.count} unique keys: no duplicates in the tables themselves`,
    (p) => `${p.count} 個 unique keys：table 本身沒有重複`,
  ),
  'verification.duplicates': text(
    (p) => `${p.table}: ${p.count} primary keys stand there more than once${p.keys ? ` (${p.keys})` : ''}`,
    (p) => `${p.table}：${p.count} 個 primary keys 重複出現${p.keys ? `（${p.keys}）` : ''}`,
  ),
  'verification.duplicates-of-index': text(
    (p) => `${p.table}: ${p.count} keys of the unique index ${p.index} stand there more than once`,
    (p) => `${p.table}：unique index ${p.index} 有 ${p.count} 個 keys 重複出現`,
  ),
  'verification.pre-existing-duplicates': text(
    (p) =>
      isLive(p)
        ? `${p.table}: ${p.count} duplicate keys, all of which the live database has too`
        : `${p.table}: ${p.count} duplicate keys, all of which were there when the backup was made`,
    (p) =>
      isLive(p)
        ? `${p.table}：${p.count} 個重複的 keys，線上的 database 也都有`
        : `${p.table}：${p.count} 個重複的 keys，建立 backup 時就已存在`,
  ),
  'verification.no-primary-key': text(
    (p) => `${p.table} has no primary key, so duplicates can't be told`,
    (p) => `${p.table} 沒有 primary key，因此無法判斷是否重複`,
  ),
};
