import { plain, text } from './text.ts';
import { counted, showCount } from './units.ts';

/** What stands on the approval card. Names of people, times and code come in ready for display. */
export const approvalTexts = {
  title: text<{ what: string }>(
    ({ what }) => `Approval needed · ${what}`,
    ({ what }) => `需要核准 · ${what}`,
  ),
  restoreOf: text<{ environment: string }>(
    ({ environment }) => `restore of ${environment}`,
    ({ environment }) => `restore ${environment}`,
  ),
  snapshotOf: text<{ environment: string }>(
    ({ environment }) => `snapshot of ${environment}`,
    ({ environment }) => `${environment} 的 snapshot`,
  ),
  asksRestore: text<{ who: string; environment: string; to: string; age: string }>(
    ({ who, environment, to, age }) => `${who} asks to take *${environment}* back to *${to}* (${age}).`,
    ({ who, environment, to, age }) => `${who} 請求把 *${environment}* 回復到 *${to}*（${age}）。`,
  ),
  asksOther: text<{ who: string; what: string }>(
    ({ who, what }) => `${who} asks for this: *${what}*.`,
    ({ who, what }) => `${who} 請求執行：*${what}*。`,
  ),
  lossLine: text<{ length: string; rows: number | null }>(
    ({ length, rows }) =>
      rows === null
        ? `Everything written since is lost: *${length}*; the rows could not be counted.`
        : `Everything written since is lost: *${length}*, at least *${counted(rows, 'row')}*.`,
    ({ length, rows }) =>
      rows === null
        ? `此後寫入的資料全部會遺失：*${length}*；無法計算筆數。`
        : `此後寫入的資料全部會遺失：*${length}*，至少 *${showCount(rows, 'zh-TW')} 筆*。`,
  ),
  why: text<{ reason: string }>(
    ({ reason }) => `Why: ${reason}`,
    ({ reason }) => `原因：${reason}`,
  ),
  noReason: plain('no reason given', '未說明原因'),
  goesBackTo: plain('Goes back to', '回復到'),
  pointKind: text<{ type: string; instance: string; size: string; engine: string; encrypted: boolean }>(
    ({ type, instance, size, engine, encrypted }) =>
      `${type} snapshot of ${instance}, ${size}, PostgreSQL ${engine}${encrypted ? ', encrypted' : ', not encrypted'}`,
    ({ type, instance, size, engine, encrypted }) =>
      `${instance} 的 ${type} snapshot，${size}，PostgreSQL ${engine}${encrypted ? '，已加密' : '，未加密'}`,
  ),
  dumpKind: text<{ database: string; size: string; engine: string }>(
    ({ database, size, engine }) => `dump of ${database}, ${size}, PostgreSQL ${engine}`,
    ({ database, size, engine }) => `${database} 的 dump，${size}，PostgreSQL ${engine}`,
  ),
  dumpAdopted: plain('made by somebody else, and read whole by pitcrew', '由其他人產生，pitcrew 已完整讀取'),
  newInstance: text<{ instance: string }>(
    ({ instance }) => `as the new instance ${instance}`,
    ({ instance }) => `建立為新的 instance ${instance}`,
  ),
  isLost: plain('Will be lost', '會遺失'),
  lostTime: text<{ length: string }>(
    ({ length }) => `${length} of writing`,
    ({ length }) => `${length}的寫入`,
  ),
  lostRows: text<{ table: string; rows: number | null }>(
    ({ table, rows }) => (rows === null ? `${table}: rows not known` : `${table}: ${counted(rows, 'row')}`),
    ({ table, rows }) => (rows === null ? `${table}：筆數未知` : `${table}：${showCount(rows, 'zh-TW')} 筆`),
  ),
  liveSilent: plain(
    'rows: not available, the live database does not answer',
    '筆數：無法取得，目前的 database 沒有回應',
  ),
  expected: plain('Expected', '預計'),
  expectedDowntime: text<{ length: string }>(
    ({ length }) => `service down about ${length}`,
    ({ length }) => `服務中斷約 ${length}`,
  ),
  expectedTotal: text<{ length: string; from: number }>(
    ({ length, from }) => `all of it about ${length}, by ${counted(from, 'earlier restore')} here`,
    ({ length, from }) => `全程約 ${length}，依據這裡過去 ${from} 次 restore`,
  ),
  noPast: plain(
    'not known: nothing was restored here in this way before. The service is down from the stop until the switch.',
    '未知：這裡還沒有以這種方式 restore 過。從停止到切換為止，服務都會中斷。',
  ),
  noPastBeside: plain(
    'not known: nothing was restored here in this way before. The swap itself is one short transaction.',
    '未知：這裡還沒有以這種方式 restore 過。交換名稱本身是一個短暫的 transaction。',
  ),
  ifItFails: plain('If it fails', '如果失敗'),
  failReturn: plain('back to the old database, with the old replica count', '回到舊的 database，恢復原本的 replica 數'),
  failStay: plain(
    'the application stays stopped: the old data must not be served',
    'application 維持停止：舊的資料不可以再提供服務',
  ),
  isKept: plain('Kept, and the way back', '保留與回復方式'),
  keptInstance: text<{ instance: string }>(
    ({ instance }, slash) =>
      `${instance} is left untouched. Until the switch pitcrew goes back to it by itself. After it, \`${slash} rollback\`, with the same approvals: what was written since then stays behind on the new instance.`,
    ({ instance }, slash) =>
      `${instance} 完全不動。切換之前，pitcrew 會自動回復到它。切換之後用 \`${slash} rollback\`，需要相同的核准；此後的寫入會留在新的 instance 上。`,
  ),
  sourceGone: plain(
    '*There is no way back:* the old instance is gone, so once approved this can only go forward, or stay stopped.',
    '*無法回復：* 舊的 instance 已不存在，核准後只能繼續往前，或維持停止。',
  ),
  noWayBack: plain('*There is no way back* once it is switched over.', '*切換之後無法回復。*'),
  failNothing: plain(
    'the application stays stopped: there is no old database to go back to',
    'application 維持停止：沒有舊的 database 可以回去',
  ),
  findingsAsked: text<{ minutes: number }>(
    ({ minutes }) =>
      `if only the verification finds something: you are asked for ${counted(minutes, 'minute')} whether to cut over with it`,
    ({ minutes }) => `如果只是驗證發現問題：會在 ${minutes} 分鐘內詢問是否仍要切換`,
  ),
  keptNothing: plain(
    'nothing is there to be kept: the old instance is gone. The snapshot stays.',
    '沒有可保留的 instance：舊的已不存在。Snapshot 會保留。',
  ),
  keptDump: plain(
    'nothing is there to be kept: the old instance is gone. The dump stays.',
    '沒有可保留的 instance：舊的已不存在。Dump 會保留。',
  ),
  snapshotOfGone: text<{ instance: string }>(
    ({ instance }) => `${instance} is gone; its settings come from what was written down`,
    ({ instance }) => `${instance} 已不存在；設定取自先前的記錄`,
  ),
  baseline: text<{ at: string }>(
    ({ at }) => `*Row counts will be compared* with what was counted with this backup, at ${at}.`,
    ({ at }) => `*會比對資料筆數*，依據此 backup 建立時（${at}）的計數。`,
  ),
  noBaseline: plain(
    '*Row counts can’t be proven:* nothing was counted when this backup was made.',
    '*無法證明資料筆數：* 建立此 backup 時沒有計數。',
  ),
  countsOfDump: text<{ at: string }>(
    ({ at }) => `*Row counts must be exactly* what was counted in the dump’s own snapshot, at ${at}.`,
    ({ at }) => `*資料筆數必須完全符合* dump 自己的 snapshot（${at}）中的計數。`,
  ),
  noCountsInDump: plain(
    '*Row counts can’t be proven:* nobody counted when this dump was made.',
    '*無法證明資料筆數：* 建立這個 dump 時沒有計數。',
  ),
  guards: plain('*Could write while the application is stopped:*', '*Application 停止期間可能寫入的來源：*'),
  handOver: plain('*To do by hand afterwards:*', '*之後需要手動處理：*'),
  origins: plain('*Where they come from:*', '*設定來源：*'),
  origin: text<{ count: number; from: string }>(
    ({ count, from }) => `${count}: ${from}`,
    ({ count, from }) => `${count} 項：${from}`,
  ),
  restInThread: text<{ count: number }>(
    ({ count }) => `and ${count} more, in the thread`,
    ({ count }) => `還有 ${count} 項，見討論串`,
  ),
  steps: text<{ steps: number }>(
    ({ steps }) => `${counted(steps, 'step')}; every one with its command is in the thread`,
    ({ steps }) => `${steps} 個步驟；每個步驟的指令見討論串`,
  ),
  replicas: text<{ workload: string; replicas: number | null }>(
    ({ workload, replicas }) =>
      replicas === null ? `${workload}: suspended meanwhile` : `${workload}: ${counted(replicas, 'replica')}`,
    ({ workload, replicas }) =>
      replicas === null ? `${workload}：期間內 suspend` : `${workload}：${replicas} 個 replica`,
  ),
  stopped: plain('Will be stopped', '會停止'),
  settings: text<{ passed: number; afterwards: number; left: number }>(
    ({ passed, afterwards, left }) =>
      `*Settings of the new instance:* ${passed} passed along, ${afterwards} set afterwards, ${left} left out.`,
    ({ passed, afterwards, left }) =>
      `*新 instance 的設定：* ${passed} 項直接帶入，${afterwards} 項建立後設定，${left} 項不帶入。`,
  ),
  notable: plain('*Worth a look:*', '*值得注意：*'),
  moreInThread: plain('All of them are in the thread.', '完整清單在討論串中。'),
  notProven: plain('*Will not be proven:*', '*無法證明：*'),
  unlogged: text<{ tables: string }>(
    ({ tables }) => `*Come back empty,* because they are UNLOGGED: ${tables}`,
    ({ tables }) => `*會變成空的* UNLOGGED tables：${tables}`,
  ),
  quotaNear: text<{ name: string; used: number; max: number }>(
    ({ name, used, max }) => `*Quota nearly used up:* ${name}, ${used} of ${max}`,
    ({ name, used, max }) => `*Quota 快用完：* ${name}，已用 ${used} / ${max}`,
  ),
  whoDecides: text<{ required: number; people: string; requesterCounts: boolean; until: string }>(
    ({ required, people, requesterCounts, until }) =>
      `*Who decides:* ${required} of ${people}${requesterCounts ? '' : ', not the requester'}. Until *${until}*.`,
    ({ required, people, requesterCounts, until }) =>
      `*由誰決定：* ${people} 之中 ${required} 人${requesterCounts ? '' : '（不含請求者）'}。期限 *${until}*。`,
  ),
  nobodyNamed: plain('nobody: the config names no approver', '沒有人：config 沒有列出核准者'),
  approvedSoFar: text<{ people: string; missing: number }>(
    ({ people, missing }) => `*Approved so far:* ${people}. ${missing} more needed.`,
    ({ people, missing }) => `*目前已核准：* ${people}。還需要 ${missing} 人。`,
  ),
  nobodyYet: plain('nobody', '無'),
  approve: plain('Approve', '核准'),
  deny: plain('Deny', '拒絕'),
  footer: text<{ operation: string; digest: string }>(
    ({ operation, digest }) => `${operation} · plan ${digest} · every step with its command: in the thread`,
    ({ operation, digest }) => `${operation} · plan ${digest} · 每個步驟的指令：見討論串`,
  ),
  fallback: text<{ what: string; who: string }>(
    ({ what, who }) => `Approval needed: ${what}, asked by ${who}`,
    ({ what, who }) => `需要核准：${what}，請求者 ${who}`,
  ),
  detailsTitle: plain('Every step with its command', '每個步驟與對應的指令'),
  detailsNote: plain(
    'For reading: pitcrew calls the same APIs itself. `…` stands for what is only known then.',
    '僅供閱讀：pitcrew 會自行呼叫相同的 API。`…` 代表執行時才知道的值。',
  ),
  noCommand: plain(
    'no command: pitcrew only looks or writes into its ledger',
    '沒有指令：pitcrew 只讀取，或寫入自己的 ledger',
  ),
  undoneBy: text<{ undo: string }>(
    ({ undo }) => `taken back: ${undo}`,
    ({ undo }) => `如何復原：${undo}`,
  ),
  settingsTitle: plain('Settings of the new instance, and where each comes from', '新 instance 的設定與來源'),
  how: text<{ how: string }>(
    ({ how }) => ({ passed: 'passed along', 'left-out': 'left out' })[how] ?? 'set afterwards',
    ({ how }) => ({ passed: '直接帶入', 'left-out': '不帶入' })[how] ?? '建立後設定',
  ),
  quotasTitle: plain('Quotas', 'Quotas'),
} as const;
