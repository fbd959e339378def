import { plain, text } from './text.ts';

/** What a point-in-time recovery says of itself where a restore from a snapshot says something else. Times come in ready for display. */
export const pitrTexts = {
  of: text<{ environment: string }>(
    ({ environment }) => `point-in-time recovery of ${environment}`,
    ({ environment }) => `${environment} 的 point-in-time recovery`,
  ),
  asksLatest: text<{ who: string; environment: string }>(
    ({ who, environment }) => `${who} asks to put *${environment}* on a new instance, as it is at *the latest moment*.`,
    ({ who, environment }) => `${who} 請求把 *${environment}* 以 *最新時間點* 的資料建立在新的 instance 上。`,
  ),
  nothingLost: plain(
    '*Nothing is lost:* the application stops first, and the copy is made once the log has passed the stop.',
    '*不會遺失資料：* application 會先停止，等 log 超過停止的時間點後才建立。',
  ),
  lostNothing: plain('nothing: it goes back to the moment of the stop', '無：回復到停止的那一刻'),
  typedAs: text<{ typed: string; at: string }>(
    ({ typed, at }) => `Typed as ${typed}, read as ${at}.`,
    ({ typed, at }) => `輸入為 ${typed}，解讀為 ${at}。`,
  ),
  latestMoment: plain('the latest moment after the stop', '停止之後的最新時間點'),
  log: text<{ instance: string; size: string; engine: string; encrypted: boolean }>(
    ({ instance, size, engine, encrypted }) =>
      `from the log of ${instance}, ${size}, PostgreSQL ${engine}${encrypted ? ', encrypted' : ', not encrypted'}`,
    ({ instance, size, engine, encrypted }) =>
      `來自 ${instance} 的 log，${size}，PostgreSQL ${engine}${encrypted ? '，已加密' : '，未加密'}`,
  ),
  earlier: text<{ instance: string }>(
    ({ instance }) => `${instance} ran at that time, before the current instance took over`,
    ({ instance }) => `那時使用的是 ${instance}，之後才由目前的 instance 接手`,
  ),
  reaches: text<{ from: string; to: string }>(
    ({ from, to }) => `the log reaches from ${from} to ${to}`,
    ({ from, to }) => `log 的範圍：${from} 到 ${to}`,
  ),
  noCounts: plain(
    '*Row counts can’t be proven:* nobody counted at exactly this moment. The structure is compared with the live database.',
    '*無法證明資料筆數：* 沒有人正好在這一刻計數。Structure 會與目前的 database 比對。',
  ),
  boundedCounts: text<{ at: string }>(
    ({ at }) =>
      `*Row counts will be held between bounds:* tables were counted at ${at}, and their counters say how much was written since. To the row nobody knows them.`,
    ({ at }) => `*資料筆數將以範圍檢查：* table 於 ${at} 計數，計數器記錄之後的寫入量。沒有人知道確切的筆數。`,
  ),
  kept: plain(
    'nothing is there to be kept: the old instance is gone. Its automated backups stay as long as they are retained.',
    '沒有可保留的 instance：舊的已不存在。它的 automated backups 會保留到期限為止。',
  ),
  windows: text<{ environment: string }>(
    ({ environment }) => `*${environment}* can go back to any second of these:`,
    ({ environment }) => `*${environment}* 可以回復到下列範圍中的任何一秒：`,
  ),
  window: text<{ instance: string; from: string; to: string; age: string }>(
    ({ instance, from, to, age }) => `${instance}: ${from} … ${to} (${age})`,
    ({ instance, from, to, age }) => `${instance}：${from} … ${to}（${age}）`,
  ),
  noWindow: text<{ environment: string }>(
    ({ environment }) => `*${environment}* has no point-in-time recovery: automated backups are off, or not begun yet.`,
    ({ environment }) => `*${environment}* 沒有 point-in-time recovery：automated backups 關閉，或尚未開始。`,
  ),
  windowHint: text<{ environment: string }>(
    ({ environment }, slash) => `To a moment: \`${slash} pitr ${environment} --to "yesterday 03:14"\``,
    ({ environment }, slash) => `回復到某一刻：\`${slash} pitr ${environment} --to "昨天 03:14"\``,
  ),
  again: plain('Ask for another point-in-time recovery', '再提出一次 point-in-time recovery'),
  /** For people who don't run databases. */
  opened: text<{ environment: string }>(
    ({ environment }) =>
      `*${environment}* will be unavailable for a while. We are moving its data to a new database. Nothing that was entered is lost.`,
    ({ environment }) => `*${environment}* 將暫時無法使用。我們正在把資料移到新的 database。已輸入的資料不會遺失。`,
  ),
  hasAll: plain('It has all the data that was entered.', '已輸入的資料都在。'),
  back: text<{ environment: string }>(
    ({ environment }) => `*${environment}* is back and can be used. It has all the data that was entered.`,
    ({ environment }) => `*${environment}* 已恢復，可以使用。已輸入的資料都在。`,
  ),
} as const;

/** The dialog. */
export const pitrModalTexts = {
  title: text<{ environment: string }>(
    ({ environment }) => `PITR ${environment}`,
    ({ environment }) => `PITR ${environment}`,
  ),
  to: plain('Go back to which moment', '回復到哪個時間點'),
  toHint: text<{ zone: string }>(
    ({ zone }) =>
      `03:14, yesterday 03:14, 25 minutes ago, 2026-11-20 03:14, on the clock of ${zone}; or latest, which loses nothing.`,
    ({ zone }) => `03:14、昨天 03:14、25 分鐘前、2026-11-20 03:14，依 ${zone} 的時鐘；或 latest，不遺失資料。`,
  ),
  reaches: text<{ windows: string }>(
    ({ windows }) => `What the log reaches:\n${windows}`,
    ({ windows }) => `Log 的範圍：\n${windows}`,
  ),
  notRead: plain('The window could not be read now; the plan checks it.', '目前無法讀取範圍；規劃時會檢查。'),
  incident: plain('When the incident began (may be left out)', '事故開始的時間（可省略）'),
  incidentHint: plain(
    'The RTO counts from it; else from this request. Written as above: yesterday 03:14, 25 minutes ago.',
    'RTO 由此起算；否則由這項請求起算。寫法如：昨天 03:14、25 分鐘前。',
  ),
  typedTo: text<{ to: string }>(
    ({ to }) => `*Go back to:* ${to}`,
    ({ to }) => `*回復到：* ${to}`,
  ),
  /** The same instant three ways. */
  moment: text<{ utc: string; local: string; age: string }>(
    ({ utc, local, age }) => `*${utc}*${local ? `, ${local}` : ''} (${age})`,
    ({ utc, local, age }) => `*${utc}*${local ? `，${local}` : ''}（${age}）`,
  ),
  typedIncident: text<{ at: string }>(
    ({ at }) => `*The incident began:* ${at}`,
    ({ at }) => `*事故開始：* ${at}`,
  ),
} as const;
