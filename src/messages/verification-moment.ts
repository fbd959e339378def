import { type Catalogue, text } from './text.ts';
import { showDuration } from './units.ts';

const ago = (seconds: unknown, locale: 'en' | 'zh-TW') => showDuration(Number(seconds), locale);

/** What a check found about the moment of a point-in-time recovery. */
export const momentFindings: Catalogue = {
  'verification.heartbeat': text(
    (p) =>
      `${p.table}: the last heartbeat is ${ago(p.seconds, 'en')} older than the moment, and there is none after it`,
    (p) => `${p.table}：最後一次 heartbeat 比該時間點早 ${ago(p.seconds, 'zh-TW')}，之後沒有任何 heartbeat`,
  ),
  'verification.heartbeat-after': text(
    (p) =>
      `${p.table}: a heartbeat is ${ago(p.seconds, 'en')} newer than the moment: more came back than was asked for`,
    (p) => `${p.table}：有 heartbeat 比該時間點晚 ${ago(p.seconds, 'zh-TW')}：回復的資料超過要求的時間點`,
  ),
  'verification.heartbeat-lost': text(
    (p) =>
      `${p.table}: the last heartbeat is ${ago(p.seconds, 'en')} older than the moment, and the live database has later ones of before it: something is missing`,
    (p) =>
      `${p.table}：最後一次 heartbeat 比該時間點早 ${ago(p.seconds, 'zh-TW')}，但線上的 database 在該時間點之前還有更晚的：有資料遺漏`,
  ),
  'verification.heartbeat-silent': text(
    (p) =>
      `${p.table}: the last heartbeat is ${ago(p.seconds, 'en')} older than the moment; not proven, because nobody may have written one then`,
    (p) => `${p.table}：最後一次 heartbeat 比該時間點早 ${ago(p.seconds, 'zh-TW')}；未證實，因為當時可能沒有寫入`,
  ),
  'verification.heartbeat-none': text(
    (p) => `${p.table}: not proven, because it has no heartbeat at all`,
    (p) => `${p.table}：未證實，因為沒有任何 heartbeat`,
  ),
  'verification.nothing-after': text(
    (p) => `${p.table}: no row is newer than the moment (${p.columns})`,
    (p) => `${p.table}：沒有比該時間點更新的列（${p.columns}）`,
  ),
  'verification.rows-after': text(
    (p) => `${p.table}: ${p.rows} rows are newer than the moment (${p.columns}): more came back than was asked for`,
    (p) => `${p.table}：有 ${p.rows} 筆比該時間點更新（${p.columns}）：回復的資料超過要求的時間點`,
  ),
  'verification.rows-just-after': text(
    (p) =>
      `${p.table}: ${p.rows} rows say that they are up to 5 s newer than the moment (${p.columns}); not proven, because an application’s clock may differ by so much`,
    (p) =>
      `${p.table}：有 ${p.rows} 筆顯示比該時間點晚 5 秒以內（${p.columns}）；未證實，因為 application 的時鐘可能有這樣的誤差`,
  ),
  'verification.count-around': text(
    (p) =>
      `${p.table}: ${p.rows} rows; by the count of ${p.from} and what was written until ${p.until} it must be ${p.atLeast} to ${p.atMost}`,
    (p) =>
      `${p.table}：${p.rows} 筆；依 ${p.from} 的計數與至 ${p.until} 為止的寫入量，應為 ${p.atLeast} 到 ${p.atMost} 筆`,
  ),
  'verification.count-outside': text(
    (p) =>
      `${p.table}: ${p.rows} rows, but by the count of ${p.from} and what was written until ${p.until} it must be ${p.atLeast} to ${p.atMost}`,
    (p) =>
      `${p.table}：${p.rows} 筆，但依 ${p.from} 的計數與至 ${p.until} 為止的寫入量，應為 ${p.atLeast} 到 ${p.atMost} 筆`,
  ),
  'verification.count-outside-unsure': text(
    (p) =>
      `${p.table}: ${p.rows} rows; by two baselines it should be ${p.atLeast} to ${p.atMost}; not proven, because a session may have kept back what it wrote between them`,
    (p) =>
      `${p.table}：${p.rows} 筆；依前後兩個 baseline 應為 ${p.atLeast} 到 ${p.atMost} 筆；未證實，因為可能有 session 尚未回報期間的寫入`,
  ),
  'verification.count-around-unknown': text(
    (p) =>
      `${p.table}: ${p.rows} rows; not proven, because since ${p.from} it was truncated or rewritten, its counters began anew, or a session may have written unseen`,
    (p) =>
      `${p.table}：${p.rows} 筆；未證實，因為自 ${p.from} 起曾被 TRUNCATE 或重寫、計數器重新開始，或可能有 session 寫入但尚未回報`,
  ),
};
