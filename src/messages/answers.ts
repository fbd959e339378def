import { plain, text } from './text.ts';
import { counted } from './units.ts';

/** What one person sees: answers to what they typed or pressed. */
export const answerTexts = {
  recording: plain('Recording your request…', '正在記錄你的請求…'),
  recorded: text<{ operation: string; channel: string }>(
    ({ operation, channel }) =>
      `Recorded as ${operation}. Next: pitcrew only looks and plans, then a card appears in ${channel}.`,
    ({ operation, channel }) => `已記錄為 ${operation}。接下來 pitcrew 只會讀取與規劃，之後卡片會出現在 ${channel}。`,
  ),
  notRecorded: plain('Nothing was started.', '沒有開始任何動作。'),
  voteCounted: text<{ votes: number; required: number }>(
    ({ votes, required }) => `Your approval counts: ${votes} of ${required}.`,
    ({ votes, required }) => `你的核准已計入：${votes} / ${required}。`,
  ),
  voteLast: plain(
    'Your approval counts, and it was the last one needed. It begins now.',
    '你的核准已計入，人數已足夠。現在開始執行。',
  ),
  findingsCounted: text<{ votes: number; required: number }>(
    ({ votes, required }) => `Your word counts: ${votes} of ${required} accept the findings.`,
    ({ votes, required }) => `你的決定已計入：${required} 人中 ${votes} 人接受這些問題。`,
  ),
  findingsLast: plain(
    'Your word counts, and it was the last one needed. It goes on now.',
    '你的決定已計入，人數已足夠。現在繼續。',
  ),
  findingsDenied: plain(
    'You decided against going on. The card says what happens now.',
    '你決定不要繼續。接下來的動作請看卡片。',
  ),
  displaced: text<{ channel: string }>(
    ({ channel }) =>
      `This belongs into ${channel}, but pitcrew can’t write there: the channel is archived, or the bot was taken out of it.`,
    ({ channel }) => `這則訊息原本應該在 ${channel}，但 pitcrew 無法在那裡發文：channel 已封存，或 bot 已被移出。`,
  ),
  denied: plain(
    'You denied it. Nothing was touched; the card says so.',
    '你已拒絕。沒有動到任何東西；卡片會顯示結果。',
  ),
  withdrawn: plain('You took your request back. Nothing was touched.', '你已撤回請求。沒有動到任何東西。'),
  error: text<{ what: string; hint: string }>(
    ({ what, hint }) => `${what}\n${hint}`,
    ({ what, hint }) => `${what}\n${hint}`,
  ),
  listTitle: text<{ environment: string }>(
    ({ environment }) => `*${environment}* can go back to these snapshots, newest first:`,
    ({ environment }) => `*${environment}* 可以回復到下列 snapshots，由新到舊：`,
  ),
  listOf: text<{ instance: string }>(
    ({ instance }) => `of ${instance}`,
    ({ instance }) => `來自 ${instance}`,
  ),
  listEmpty: text<{ environment: string }>(
    ({ environment }, slash) =>
      `*${environment}* has no snapshot that it could go back to. Make one: \`${slash} snapshot ${environment}\``,
    ({ environment }, slash) =>
      `*${environment}* 沒有可以 restore 的 snapshot。請先建立：\`${slash} snapshot ${environment}\``,
  ),
  listNoneReady: text<{ environment: string }>(
    ({ environment }, slash) => `No snapshot of *${environment}* is ready yet. See \`${slash} list ${environment}\``,
    ({ environment }, slash) => `*${environment}* 目前沒有可用的 snapshot。請看 \`${slash} list ${environment}\``,
  ),
  listUnreadable: text<{ environment: string; what: string }>(
    ({ environment, what }) => `*${environment}*: its snapshots can’t be read. ${what}`,
    ({ environment, what }) => `*${environment}*：無法讀取 snapshots。${what}`,
  ),
  listMore: text<{ count: number }>(
    ({ count }) => `and ${counted(count, 'older one')}`,
    ({ count }) => `還有 ${count} 個較舊的`,
  ),
  notUsable: text<{ status: string }>(
    ({ status }) => `not usable now: ${status}`,
    ({ status }) => `目前無法使用：${status}`,
  ),
  notEncrypted: plain('not encrypted', '未加密'),
  listHint: text<{ environment: string }>(
    ({ environment }, slash) => `To go back: \`${slash} restore ${environment}\``,
    ({ environment }, slash) => `要 restore：\`${slash} restore ${environment}\``,
  ),
  statusNone: plain('No operation is under way.', '目前沒有進行中的 operation。'),
  statusOpen: text<{ count: number }>(
    ({ count }) => `*${counted(count, 'operation')} under way*`,
    ({ count }) => `*進行中的 operation：${count} 個*`,
  ),
  statusEnvironments: plain('*Environments*', '*環境*'),
  rpoMet: text<{ environment: string; age: string; objective: string }>(
    ({ environment, age, objective }) =>
      `*${environment}*: the newest snapshot is ${age} old, within the RPO of ${objective}.`,
    ({ environment, age, objective }) => `*${environment}*：最新的 snapshot 已有 ${age}，符合 RPO ${objective}。`,
  ),
  rpoMissed: text<{ environment: string; age: string; objective: string }>(
    ({ environment, age, objective }, slash) =>
      `*${environment}*: the newest snapshot is *${age} old, over the RPO of ${objective}*. \`${slash} snapshot ${environment}\``,
    ({ environment, age, objective }, slash) =>
      `*${environment}*：最新的 snapshot *已有 ${age}，超過 RPO ${objective}*。\`${slash} snapshot ${environment}\``,
  ),
  rpoNone: text<{ environment: string }>(
    ({ environment }, slash) =>
      `*${environment}*: *there is no usable snapshot*, so no RPO is met. \`${slash} snapshot ${environment}\``,
    ({ environment }, slash) =>
      `*${environment}*：*沒有可用的 snapshot*，無法符合 RPO。\`${slash} snapshot ${environment}\``,
  ),
  phases: {
    empty: plain('not recorded yet', '尚未記錄'),
    requested: plain('planning', '規劃中'),
    planned: plain('waiting for approval', '等待核准'),
    approved: plain('approved, about to start', '已核准，即將開始'),
    denied: plain('denied', '已拒絕'),
    running: plain('running', '執行中'),
    undoing: plain('going back', '回復中'),
    parked: plain('waiting for a person', '等待人員處理'),
    closed: plain('over', '已結束'),
  },
} as const;

export const modalTexts = {
  restoreTitle: text<{ environment: string }>(
    ({ environment }) => `Restore ${environment}`,
    ({ environment }) => `Restore ${environment}`,
  ),
  snapshotTitle: plain('Make a snapshot', '建立 snapshot'),
  denyTitle: plain('Deny', '拒絕'),
  chooseTitle: plain('Restore', 'Restore'),
  waitTitle: plain('One moment', '請稍候'),
  errorTitle: plain('Not possible', '無法執行'),
  cancel: plain('Cancel', '取消'),
  close: plain('Close', '關閉'),
  ask: plain('Ask for approval', '請求核准'),
  next: plain('Next', '下一步'),
  make: plain('Make it', '建立'),
  restoreIntro: text<{ required: number; environment: string }>(
    ({ required, environment }) =>
      `Nothing starts yet: pitcrew plans, then *${counted(required, 'person', 'people')}* must approve. Until then ${environment} runs on.`,
    ({ required, environment }) =>
      `還不會開始：pitcrew 會先規劃，再由 *${required} 人* 核准。在那之前 ${environment} 照常運作。`,
  ),
  loading: text<{ environment: string }>(
    ({ environment }) => `Reading the snapshots of *${environment}*…`,
    ({ environment }) => `正在讀取 *${environment}* 的 snapshots…`,
  ),
  reading: plain('Reading…', '讀取中…'),
  from: plain('Go back to', '回復到'),
  latest: text<{ at: string; age: string }>(
    ({ at, age }) => `Newest: ${at} (${age})`,
    ({ at, age }) => `最新：${at}（${age}）`,
  ),
  typedSnapshot: plain('the snapshot that was typed', '已輸入的 snapshot'),
  point: text<{ at: string; age: string }>(
    ({ at, age }) => `${at} (${age})`,
    ({ at, age }) => `${at}（${age}）`,
  ),
  fromHint: plain(
    'Everything written after this moment is lost. The card shows how much, before anybody approves.',
    '這個時間點之後寫入的資料都會遺失。核准之前，卡片會顯示遺失多少。',
  ),
  order: plain('Order', '執行順序'),
  stopFirst: plain('Stop first', '先停止'),
  restoreFirst: plain('Restore first', '先 restore'),
  restoreFirstNote: plain(
    'It serves until the cut-over is approved on a second card',
    '照常服務，直到第二張卡片核准 cut-over',
  ),
  stopFirstNote: plain('The application stops while the instance is made', '建立 instance 期間 application 停止'),
  onFailure: plain('If it fails', '如果失敗'),
  onFailureReturn: plain('Go back to the old database', '回到舊的 database'),
  onFailureReturnNote: plain('Service with the data as it is now', '以目前的資料提供服務'),
  onFailureStay: plain('Stay stopped', '維持停止'),
  onFailureStayNote: plain('The old data must not be served', '舊的資料不可以再提供服務'),
  reason: plain('Why', '原因'),
  reasonHint: plain(
    'The approvers decide by it, and it stays in the ledger. No personal data.',
    '核准者會依此判斷，並會留在 ledger 中。請勿填寫個人資料。',
  ),
  reasonPlaceholder: plain('What happened?', '發生了什麼事？'),
  confirm: text<{ environment: string }>(
    ({ environment }) => `Type ${environment} to confirm`,
    ({ environment }) => `輸入 ${environment} 以確認`,
  ),
  confirmWrong: text<{ environment: string }>(
    ({ environment }) => `This is not ${environment}. Type exactly that, or cancel.`,
    ({ environment }) => `這不是 ${environment}。請輸入完全相同的名稱，或取消。`,
  ),
  reasonMissing: plain('Say why: the approvers decide by it.', '請說明原因：核准者會依此判斷。'),
  typed: text<{ from: string; order: string; onFailure: string; reason: string }>(
    ({ from, order, onFailure, reason }) =>
      `*Go back to:* ${from}\n*Order:* ${order}\n*If it fails:* ${onFailure}\n*Why:* ${reason}`,
    ({ from, order, onFailure, reason }) =>
      `*回復到：* ${from}\n*順序：* ${order}\n*如果失敗：* ${onFailure}\n*原因：* ${reason}`,
  ),
  newestThen: plain('the newest snapshot there is then', '屆時最新的 snapshot'),
  environment: plain('Environment', '環境'),
  snapshotNote: plain(
    'A snapshot harms nobody: the application runs on.',
    'Snapshot 不影響任何人：application 照常運作。',
  ),
  snapshotReason: plain('Why (may be left out)', '原因（可省略）'),
  denyIntro: plain(
    'It ends the request for everybody. Nothing is touched.',
    '這會結束所有人的這項請求。不會動到任何東西。',
  ),
  denyReason: plain('Why not', '拒絕的原因'),
} as const;
