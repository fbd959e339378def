import type { ServiceState } from '../domain/events.ts';
import type { Locale } from '../domain/people.ts';
import type { LogSeen, SessionNamed } from '../domain/restore.ts';
import type { ChecklistPoint, Outcome } from '../domain/verification.ts';
import { showSession } from './guards.ts';
import { plain, text } from './text.ts';
import { counted, showCount } from './units.ts';

/** What proved that the application is on the new database; an operation of an earlier release knows less of it. */
interface OnNew {
  readonly pods: number;
  readonly sessions: number;
  readonly log?: LogSeen | null;
  readonly smoke?: number | null;
}

/** What stands on the result card. "Restored" is said here and nowhere else, and only of what succeeded. */
export const resultTexts = {
  restoredTitle: text<{ environment: string }>(
    ({ environment }) => `Restored · ${environment}`,
    ({ environment }) => `Restore 成功 · ${environment}`,
  ),
  restoredLine: text<{ environment: string; at: string; since: string; instance: string }>(
    ({ environment, at, since, instance }) =>
      `*${environment}* is in service again since ${since}, with the data of *${at}*, on ${instance}.`,
    ({ environment, at, since, instance }) =>
      `*${environment}* 自 ${since} 起恢復服務，使用 *${at}* 的資料，位於 ${instance}。`,
  ),
  acceptedTitle: text<{ environment: string }>(
    ({ environment }) => `In service, with findings · ${environment}`,
    ({ environment }) => `已恢復服務，但有問題 · ${environment}`,
  ),
  objective: text<{ measured: string; objective: string; met: boolean }>(
    ({ measured, objective, met }) => `*${measured}*, ${met ? 'within' : 'over'} the objective of ${objective}`,
    ({ measured, objective, met }) => `*${measured}*，${met ? '符合' : '超過'}目標 ${objective}`,
  ),
  rto: plain('RTO', 'RTO'),
  rpo: plain('RPO', 'RPO'),
  downtime: plain('Downtime', '服務中斷'),
  rtoFrom: text<{ from: 'incident' | 'request' }>(
    ({ from }) =>
      from === 'incident'
        ? 'from the incident’s start to the first session on the restored database'
        : 'from the request to the first session on the restored database',
    ({ from }) =>
      from === 'incident' ? '從 incident 開始到還原後 database 的第一個連線' : '從請求到還原後 database 的第一個連線',
  ),
  rpoFrom: text<{ until: 'lost' | 'incident' | 'request' }>(
    ({ until }) =>
      ({
        lost: 'from the recovery point to the last write that was lost',
        incident: 'from the recovery point to the incident’s start',
        request: 'from the recovery point to the request: the last lost write is not known',
      })[until],
    ({ until }) =>
      ({
        lost: '從 recovery point 到最後一筆遺失的寫入',
        incident: '從 recovery point 到 incident 開始',
        request: '從 recovery point 到請求：最後一筆遺失的寫入未知',
      })[until],
  ),
  downtimeFrom: plain(
    'from the stop to the first session on the restored database',
    '從停止到還原後 database 的第一個連線',
  ),
  notMeasured: plain('not measured', '未測量'),
  whole: plain('Whole operation', '整個 operation'),
  wholeFrom: text<{ at: string }>(
    ({ at }) => `from the request, at ${at}`,
    ({ at }) => `自請求起（${at}）`,
  ),
  lossTitle: plain('*Lost, as measured*', '*實際遺失*'),
  lossNone: plain('no row of the tables that matter', '重要的 tables 沒有遺失任何資料'),
  lossRow: text<{ table: string; lost: number; returned: number; changed: number | null }>(
    ({ table, lost, returned, changed }) =>
      `${table}: *${counted(lost, 'row')} lost*, ${showCount(returned, 'en')} back again, ${changed === null ? 'changes not counted' : `${showCount(changed, 'en')} changed back`}`,
    ({ table, lost, returned, changed }) =>
      `${table}：*遺失 ${showCount(lost, 'zh-TW')} 筆*，${showCount(returned, 'zh-TW')} 筆回來了，${changed === null ? '變更數未計算' : `${showCount(changed, 'zh-TW')} 筆變回先前的內容`}`,
  ),
  lossNotMeasured: text<{ tables: string }>(
    ({ tables }) => `not measured: ${tables}`,
    ({ tables }) => `未測量：${tables}`,
  ),
  checklist: text<{ passed: number; all: number; notProven: number }>(
    ({ passed, all, notProven }) =>
      `*Verification checklist:* ${passed} of ${all} pass${notProven > 0 ? `, ${notProven} not proven` : ''}`,
    ({ passed, all, notProven }) =>
      `*驗證檢查清單：* ${all} 項中 ${passed} 項通過${notProven > 0 ? `，${notProven} 項未證實` : ''}`,
  ),
  checks: text<{ count: number }>(
    ({ count }) => counted(count, 'check'),
    ({ count }) => `${count} 項檢查`,
  ),
  knownBefore: text<{ count: number }>(
    ({ count }) => `${count} wrong before already`,
    ({ count }) => `${count} 項在 backup 之前就有問題`,
  ),
  noCheck: plain('nothing checks this point here', '這裡沒有檢查這一項'),
  onNew: text<OnNew>(
    ({ pods, sessions, log, smoke }) =>
      [
        `${counted(pods, 'pod')} ready, ${counted(sessions, 'session')} on the new instance, none on the old`,
        ...(log === null ? ['its logs may not be read'] : []),
        ...(log
          ? [
              log.errors > 0
                ? `${log.errors} of ${counted(log.lines, 'log line')} tell of an error, first: ${log.kind}`
                : `no error in ${counted(log.lines, 'log line')}`,
            ]
          : []),
        ...(smoke ? [`its address answers ${smoke}`] : []),
      ].join('; '),
    ({ pods, sessions, log, smoke }) =>
      [
        `${pods} 個 pod 就緒，新 instance 有 ${sessions} 個連線，舊的沒有`,
        ...(log === null ? ['無權讀取 logs'] : []),
        ...(log
          ? [
              log.errors > 0
                ? `log ${log.lines} 行中有 ${log.errors} 行是錯誤，第一個：${log.kind}`
                : `log ${log.lines} 行中沒有錯誤`,
            ]
          : []),
        ...(smoke ? [`它的位址回應 ${smoke}`] : []),
      ].join('；'),
  ),
  moreFindings: text<{ count: number }>(
    ({ count }) => `and ${counted(count, 'more finding')}`,
    ({ count }) => `還有 ${count} 項發現`,
  ),
  accepted: text<{ people: string; count: number }>(
    ({ people, count }) => `*Cut over with ${counted(count, 'finding')}, accepted by ${people}:*`,
    ({ people, count }) => `*接受 ${count} 項問題並切換，由 ${people} 同意：*`,
  ),
  known: plain('*Wrong before the backup already, and still:*', '*Backup 之前就有、目前仍存在的問題：*'),
  deep: text<{ passed: number; all: number; took: string }>(
    ({ passed, all, took }) =>
      `*Checked in depth after the cut-over:* ${passed} of ${counted(all, 'check')} pass, in ${took}`,
    ({ passed, all, took }) => `*切換後的深度檢查：* ${all} 項中 ${passed} 項通過，歷時 ${took}`,
  ),
  rescued: text<{ snapshot: string; instance: string }>(
    ({ snapshot, instance }) =>
      `*Rescue snapshot:* ${snapshot}, of ${instance} as it stood when nothing wrote any more.`,
    ({ snapshot, instance }) => `*Rescue snapshot：* ${snapshot}，為 ${instance} 停止寫入後的狀態。`,
  ),
  notRescued: text<{ because: string }>(
    ({ because }) => `*No rescue snapshot was taken:* ${because} The old instance itself stands untouched.`,
    ({ because }) => `*沒有建立 rescue snapshot：* ${because} 舊的 instance 本身完全沒有變動。`,
  ),
  logins: text<{ names: string }>(
    ({ names }) => `*Passwords brought in step with their secrets:* ${names}`,
    ({ names }) => `*已讓密碼與 secret 一致：* ${names}`,
  ),
  rolesMade: text<{ names: string }>(
    ({ names }) => `*Roles made anew, which the backup did not have:* ${names}`,
    ({ names }) => `*已重新建立 backup 中沒有的 roles：* ${names}`,
  ),
  loginsLeft: text<{ names: string }>(
    ({ names }) => `*Logins that are still refused:* ${names}. The restore did not need them.`,
    ({ names }) => `*仍被拒絕的登入：* ${names}。這次 restore 不需要它們。`,
  ),
  unset: text<{ names: string }>(
    ({ names }) =>
      `*Settings that the master user may not set:* ${names}. They are as PostgreSQL has them by itself; set them in RDS’s parameter group if they matter.`,
    ({ names }) =>
      `*Master user 無權設定的項目：* ${names}。目前是 PostgreSQL 的預設值；如有需要，請在 RDS 的 parameter group 中設定。`,
  ),
  deepUnderWay: plain(
    '*Checked in depth:* still under way, beside the service. This card says what comes of it.',
    '*深度檢查：* 仍在進行中，不影響服務。結果會顯示在這張卡片上。',
  ),
  noWayBack: plain(
    '*There is no way back:* the old instance was gone before this restore.',
    '*無法回復：* 舊的 instance 在這次 restore 之前就已不存在。',
  ),
  notChecked: text<{ names: string }>(
    ({ names }) => `*Not checked, the time budget was used up:* ${names}`,
    ({ names }) => `*時間預算用完而未檢查：* ${names}`,
  ),
  kept: text<{ instance: string }>(
    ({ instance }) => `*Kept:* ${instance}, as it was at the stop; the application can’t write to it.`,
    ({ instance }) => `*保留：* ${instance}，維持停止時的狀態；application 無法寫入。`,
  ),
  wayBack: text<{ operation: string; instance: string; version: string }>(
    ({ operation, instance, version }, slash) =>
      `*Way back:* \`${slash} rollback ${operation}\`; what was written since stays behind on the new instance. By hand, if all else fails: stop the application, let its role log in to ${instance} again (\`ALTER ROLE … LOGIN\`), put the content of secret version ${version} back, start it.`,
    ({ operation, instance, version }, slash) =>
      `*如何回復：* \`${slash} rollback ${operation}\`；此後的寫入會留在新的 instance 上。若一切都行不通，手動：停止 application，讓它的 role 能再登入 ${instance}（\`ALTER ROLE … LOGIN\`），把 secret 還原成 version ${version} 的內容，再啟動。`,
  ),
  barred: plain(
    '*Was still on the old instance, and can’t write there any more.* Point it to the new one:',
    '*仍連線到舊的 instance，已無法再寫入。* 請改為連線到新的 instance：',
  ),
  session: text<SessionNamed>(showSession, showSession),
  handOver: plain('*To do by hand:*', '*需要手動處理：*'),
  witness: text<{ operation: string; hash: string }>(
    ({ operation, hash }) => `${operation} · the ledger’s head, as witness: ${hash}`,
    ({ operation, hash }) => `${operation} · ledger head（作為見證）：${hash}`,
  ),
  allChecks: plain('Every check with its evidence', '每一項檢查與證據'),
  checksInThread: plain('Every check is in the thread.', '每一項檢查都在討論串中。'),
  seconds: text<{ seconds: number }>(
    ({ seconds }) => `${seconds} s`,
    ({ seconds }) => `${seconds} 秒`,
  ),
  snapshotTitle: text<{ environment: string }>(
    ({ environment }) => `Snapshot complete · ${environment}`,
    ({ environment }) => `Snapshot 完成 · ${environment}`,
  ),
  snapshotLine: text<{ snapshot: string; at: string }>(
    ({ snapshot, at }) => `${snapshot} holds the data of *${at}* and can be restored from.`,
    ({ snapshot, at }) => `${snapshot} 包含 *${at}* 的資料，可用於 restore。`,
  ),
  snapshotFacts: text<{ size: string; engine: string; encrypted: boolean; took: string }>(
    ({ size, engine, encrypted, took }) =>
      `${size} · PostgreSQL ${engine} · ${encrypted ? 'encrypted' : 'not encrypted'} · took ${took}`,
    ({ size, engine, encrypted, took }) =>
      `${size} · PostgreSQL ${engine} · ${encrypted ? '已加密' : '未加密'} · 歷時 ${took}`,
  ),
} as const;

/** What stands on the card of an operation that did not reach its goal. */
export const failureTexts = {
  failedTitle: text<{ what: string }>(
    ({ what }) => `Failed · ${what}`,
    ({ what }) => `失敗 · ${what}`,
  ),
  cancelledTitle: text<{ what: string }>(
    ({ what }) => `Cancelled · ${what}`,
    ({ what }) => `已取消 · ${what}`,
  ),
  parkedTitle: text<{ what: string }>(
    ({ what }) => `A person must decide · ${what}`,
    ({ what }) => `需要由人決定 · ${what}`,
  ),
  failedAt: text<{ step: string; what: string }>(
    ({ step, what }) => `*What failed:* “${step}”. ${what}`,
    ({ step, what }) => `*失敗的步驟：*「${step}」。${what}`,
  ),
  failedBecause: text<{ what: string }>(
    ({ what }) => `*Why:* ${what}`,
    ({ what }) => `*原因：* ${what}`,
  ),
  next: text<{ hint: string }>(
    ({ hint }) => `*What to do:* ${hint}`,
    ({ hint }) => `*該怎麼做：* ${hint}`,
  ),
  found: plain('*What was found*', '*發現的問題*'),
  done: plain('Done:', '已執行：'),
  takenBack: plain('Taken back:', '已復原：'),
  notDone: plain('Not done:', '未執行：'),
  moreSteps: text<{ count: number }>(
    ({ count }) => `and ${count} more`,
    ({ count }) => `還有 ${count} 個`,
  ),
  none: plain('nothing', '無'),
  keptBeside: text<{ instance: string }>(
    ({ instance }) => `*Kept beside, as evidence:* ${instance}. Nothing uses it; delete it once you have looked.`,
    ({ instance }) => `*保留在一旁作為證據：* ${instance}。沒有任何人使用它；查看完畢後請刪除。`,
  ),
  runbooks: text<{ links: string }>(
    ({ links }) => `*Runbooks:* ${links}`,
    ({ links }) => `*Runbooks：* ${links}`,
  ),
  asker: text<{ who: string }>(
    ({ who }) => `Asked by ${who}.`,
    ({ who }) => `請求者 ${who}。`,
  ),
  again: plain('Ask for another restore', '重新請求 restore'),
  againSnapshot: plain('Make another snapshot', '重新建立 snapshot'),
  parkedNext: plain(
    'It does nothing more by itself and keeps its locks. Look at the service, then at the log under the operation’s id.',
    '它不會再自動執行任何動作，並保留鎖定。請先查看服務，再以 operation id 查 log。',
  ),
} as const;

/** Which of the states the service is in: the first thing that anybody wants to know. */
export const serviceTexts: Readonly<Record<ServiceState, (locale: Locale, params: { environment: string }) => string>> =
  {
    unchanged: text(
      ({ environment }) => `*${environment} runs as before:* nothing was touched.`,
      ({ environment }) => `*${environment} 維持原狀：* 沒有動到任何東西。`,
    ),
    'old-database': text(
      ({ environment }) => `*${environment} is in service on the old database.* No data was changed.`,
      ({ environment }) => `*${environment} 使用舊的 database 提供服務。* 沒有變更任何資料。`,
    ),
    'new-database': text(
      ({ environment }) => `*${environment} is on the new database.* It may already have been written to.`,
      ({ environment }) => `*${environment} 使用新的 database。* 可能已經有寫入。`,
    ),
    stopped: text(
      ({ environment }) => `*${environment} is stopped.* Nobody can use it until a person starts it again.`,
      ({ environment }) => `*${environment} 已停止。* 在有人重新啟動之前無法使用。`,
    ),
    'beside-only': text(
      ({ environment }) => `*${environment} runs as before;* only an instance beside it was made.`,
      ({ environment }) => `*${environment} 維持原狀；* 只在一旁建立了 instance。`,
    ),
  };

/** The runbook's "Verification Checklist", word for word in each language. */
export const checklistTexts: Readonly<Record<ChecklistPoint, (locale: Locale) => string>> = {
  accessible: plain('Database is accessible', 'Database 可存取'),
  'tables-present': plain('All tables present', '所有 tables 都存在'),
  'row-counts': plain('Row counts match expectations', 'Row 計數符合預期'),
  'foreign-keys': plain('Foreign key constraints intact', 'Foreign key constraints 完整'),
  'application-connects': plain('Application can connect', 'Application 可以連線'),
  'critical-queries': plain('Critical queries execute successfully', '關鍵 queries 成功執行'),
  'business-logic': plain('Business logic functions correctly', '業務邏輯正常運作'),
  'no-corruption': plain('No data corruption detected', '未偵測到資料損毀'),
};

export const outcomeTexts: Readonly<Record<Outcome, (locale: Locale) => string>> = {
  pass: plain('pass', '通過'),
  fail: plain('fail', '不通過'),
  'not-proven': plain('not proven', '未證實'),
};
