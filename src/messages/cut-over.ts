import { plain, text } from './text.ts';
import { counted, showCount } from './units.ts';

const english = (count: number) => showCount(count, 'en');
const chinese = (count: number) => showCount(count, 'zh-TW');

/** The card of a restore-first on which people decide about the cut-over, with the comparison that they decide by. */
export const cutOverTexts = {
  title: text<{ what: string }>(
    ({ what }) => `Decision needed: cut-over · ${what}`,
    ({ what }) => `需要決定：cut-over · ${what}`,
  ),
  stands: text<{ environment: string; instance: string }>(
    ({ environment, instance }) =>
      `*${environment} serves as before.* The database from the backup stands beside it on ${instance}, verified; nobody uses it yet.`,
    ({ environment, instance }) =>
      `*${environment} 照常服務。* Restore 出來的 database 在旁邊的 ${instance} 上，已通過驗證；還沒有人使用它。`,
  ),
  standsWithFindings: text<{ environment: string; instance: string }>(
    ({ environment, instance }) =>
      `*${environment} serves as before.* The database from the backup stands beside it on ${instance}; people accepted what its verification found. Nobody uses it yet.`,
    ({ environment, instance }) =>
      `*${environment} 照常服務。* Restore 出來的 database 在旁邊的 ${instance} 上；驗證發現的問題已有人接受。還沒有人使用它。`,
  ),
  until: text<{ until: string }>(
    ({ until }) => `Decide until *${until}*. If nobody does, nothing is touched and the instance is kept beside.`,
    ({ until }) => `請在 *${until}* 之前決定。若無人決定，不會動到任何東西，instance 保留在旁邊。`,
  ),
  compared: text<{ at: string; point: string }>(
    ({ at, point }) =>
      `*Compared at ${at}*, the live database against the one beside it, which is of ${point}. What is entered after the comparison is lost as well.`,
    ({ at, point }) => `*於 ${at} 比對* 線上的 database 與 ${point} 的 restore 結果。之後輸入的資料也會遺失。`,
  ),
  rows: text<{ live: number; beside: number }>(
    ({ live, beside }) => `${english(live)} live, ${english(beside)} beside`,
    ({ live, beside }) => `線上 ${chinese(live)} 筆，旁邊 ${chinese(beside)} 筆`,
  ),
  lost: text<{ lost: number }>(
    ({ lost }) => `*lost: ${english(lost)}*`,
    ({ lost }) => `*遺失：${chinese(lost)}*`,
  ),
  /** `changed` is null where the rows have another shape now, so that it can't be told. */
  back: text<{ returned: number; changed: number | null }>(
    ({ returned, changed }) =>
      `comes back: ${english(returned)} · ${changed === null ? 'changed: can’t be told, its columns did' : `changed: ${english(changed)}`}`,
    ({ returned, changed }) =>
      `找回：${chinese(returned)} · ${changed === null ? '內容不同：欄位已變更，無法判斷' : `內容不同：${chinese(changed)}`}`,
  ),
  newestLive: text<{ at: string }>(
    ({ at }) => `newest live: ${at}`,
    ({ at }) => `線上最新：${at}`,
  ),
  newestBeside: text<{ at: string }>(
    ({ at }) => `newest beside: ${at}`,
    ({ at }) => `旁邊最新：${at}`,
  ),
  none: plain('none', '無'),
  notCompared: text<{ tables: string }>(
    ({ tables }) => `*Not compared* (no comparable key, no right to read, or no time left): ${tables}`,
    ({ tables }) => `*未比對*（沒有可比對的 key、沒有讀取權限，或時間不足）：${tables}`,
  ),
  nothingCompared: plain(
    '*Nothing was compared:* the config names no critical tables (`checks.critical`).',
    '*沒有比對任何資料：* config 沒有列出重要的 tables（`checks.critical`）。',
  ),
  downtime: text<{ length: string; from: number }>(
    ({ length, from }) => `*Downtime:* about ${length}, as of ${counted(from, 'earlier one')} in this order.`,
    ({ length, from }) => `*中斷時間：* 約 ${length}，依此順序先前的 ${from} 次 restore。`,
  ),
  downtimeUnknown: plain(
    '*Downtime:* a stop, a switch and a start. Nobody has measured it here yet.',
    '*中斷時間：* 一次停止、切換與啟動。這裡還沒有實際量測過。',
  ),
  ifApproved: plain(
    '*Cut over:* the application stops, the secret points to the database beside, and it starts on that one.',
    '*切換：* 停止 application，secret 指向旁邊的 database，再於其上啟動。',
  ),
  ifDenied: plain(
    '*Keep beside:* this restore ends here and nothing is touched. The instance stays, and costs, until it is cleaned up. One person’s word is enough.',
    '*保留在旁邊：* 這次 restore 到此結束，不會動到任何東西。Instance 會保留並持續計費，直到清理為止。一個人決定即可。',
  ),
  approve: plain('Approve cut-over', '核准 cut-over'),
  keep: plain('Keep beside', '保留在旁邊'),
  confirmTitle: plain('Are you sure?', '確定嗎？'),
  confirmApprove: text<{ environment: string; lost: number; required: number }>(
    ({ environment, lost, required }) =>
      `${environment} stops for a moment and goes on with the data of the backup: ${counted(lost, 'compared row')} and all that is entered from now on are lost. It begins as soon as ${counted(required, 'person', 'people')} said so.`,
    ({ environment, lost, required }) =>
      `${environment} 會短暫停止，之後使用 restore 的資料：比對出的 ${chinese(lost)} 筆以及從現在起輸入的資料都會遺失。${required} 人同意後就會開始。`,
  ),
  confirmApproveYes: plain('Yes, cut over', '是，切換'),
  confirmKeep: text<{ environment: string }>(
    ({ environment }) => `${environment} is not touched. This restore ends; the instance beside is kept.`,
    ({ environment }) => `${environment} 不會受到影響。這次 restore 會結束；旁邊的 instance 會保留。`,
  ),
  confirmKeepYes: plain('Yes, keep it beside', '是，保留在旁邊'),
  confirmNo: plain('Not yet', '先不要'),
  footer: text<{ operation: string; seconds: string }>(
    ({ operation, seconds }) => `${operation} · counts and times only, no data · the comparison took ${seconds}`,
    ({ operation, seconds }) => `${operation} · 只有筆數與時間，不含資料 · 比對花了 ${seconds}`,
  ),
  approvedTitle: text<{ what: string }>(
    ({ what }) => `Cut-over approved · ${what}`,
    ({ what }) => `已核准 cut-over · ${what}`,
  ),
  approvedLine: text<{ people: string; at: string }>(
    ({ people, at }) => `Approved by ${people} at ${at}. The progress card shows how far it is.`,
    ({ people, at }) => `由 ${people} 於 ${at} 核准。進度請看進度卡片。`,
  ),
  keptTitle: text<{ what: string }>(
    ({ what }) => `Kept beside, not cut over · ${what}`,
    ({ what }) => `保留在旁邊，未切換 · ${what}`,
  ),
  deniedLine: text<{ who: string; at: string }>(
    ({ who, at }) => `${who} decided at ${at} against the cut-over. The service was not touched.`,
    ({ who, at }) => `${who} 於 ${at} 決定不要 cut-over。服務沒有受到影響。`,
  ),
  expiredLine: text<{ votes: number; required: number; until: string }>(
    ({ votes, required, until }) =>
      `${votes} of ${required} had approved the cut-over when the time was over, at ${until}. The service was not touched.`,
    ({ votes, required, until }) =>
      `期限 ${until} 到時，${required} 人中只有 ${votes} 人核准 cut-over。服務沒有受到影響。`,
  ),
  endedLine: plain(
    'The operation was ended before anybody decided; the next card says what stands.',
    '在有人決定之前 operation 已結束；目前狀態請看下一張卡片。',
  ),
  fallback: text<{ environment: string; lost: number }>(
    ({ environment, lost }) =>
      `${environment} serves; the database from the backup stands beside it. Decide on the cut-over: ${counted(lost, 'compared row')} would be lost.`,
    ({ environment, lost }) =>
      `${environment} 照常服務；restore 出來的 database 在旁邊。請決定是否 cut-over：比對出的 ${chinese(lost)} 筆會遺失。`,
  ),
  // Of the answers to a click, and of other cards.
  counted: text<{ votes: number; required: number }>(
    ({ votes, required }) => `Your word counts: ${votes} of ${required} have approved the cut-over.`,
    ({ votes, required }) => `已計入：${required} 人中已有 ${votes} 人核准 cut-over。`,
  ),
  last: plain('Your word was the last one needed: the cut-over begins.', '你的核准是最後一個：開始 cut-over。'),
  kept: plain(
    'Your word counts: nothing is touched, and the instance is kept beside.',
    '已計入：不會動到任何東西，instance 保留在旁邊。',
  ),
  findingsCounted: text<{ votes: number; required: number }>(
    ({ votes, required }) => `Your word counts: ${votes} of ${required} have accepted the findings.`,
    ({ votes, required }) => `已計入：${required} 人中已有 ${votes} 人接受。`,
  ),
  findingsLast: plain(
    'Your word was the last one needed: both databases are compared, then the cut-over is asked for.',
    '你的同意是最後一個：接著比對兩邊的 database，再請求核准 cut-over。',
  ),
  order: text<{ environment: string; required: number; minutes: number }>(
    ({ environment, required, minutes }) =>
      `*Order: restore first.* ${environment} serves while the new instance is made, verified and compared. Then ${counted(required, 'approver')} ${required === 1 ? 'decides' : 'decide'} on the cut-over within ${counted(minutes, 'minute')}; only then does it stop.`,
    ({ environment, required, minutes }) =>
      `*順序：先 restore。* 建立、驗證並比對新的 instance 期間 ${environment} 照常服務。之後由 ${required} 位核准者在 ${minutes} 分鐘內決定 cut-over；到那時才會停止。`,
  ),
  stopFirst: text<{ environment: string }>(
    ({ environment }) => `*Order: stop first.* ${environment} stops as soon as this is approved, until it is back.`,
    ({ environment }) => `*順序：先停止。* 核准後 ${environment} 立即停止，直到恢復為止。`,
  ),
  ifItFails: plain(
    'until the cut-over nothing is touched, and what was made is kept beside; after the stop:',
    'Cut-over 之前不會動到任何東西，已建立的保留在旁邊；停止之後：',
  ),
} as const;

/** Of the card about findings, where the application serves meanwhile. */
export const findingsWhileServingTexts = {
  stands: text<{ environment: string; failed: number }>(
    ({ environment, failed }) =>
      `*${environment} serves as before.* ${counted(failed, 'check')} of the database beside it failed.`,
    ({ environment, failed }) => `*${environment} 照常服務。* 旁邊 restore 出來的 database 有 ${failed} 項檢查不通過。`,
  ),
  until: text<{ until: string }>(
    ({ until }) => `Decide until *${until}*. If nobody does, nothing is touched and the instance is kept beside.`,
    ({ until }) => `請在 *${until}* 之前決定。若無人決定，不會動到任何東西，instance 保留在旁邊。`,
  ),
  ifAccepted: plain(
    '*Go on with these findings:* both databases are compared, and the cut-over is asked for on a card of its own.',
    '*接受這些問題並繼續：* 會比對兩邊的 database，並以另一張卡片請求核准 cut-over。',
  ),
  ifDenied: plain(
    '*Keep beside:* this restore ends here and nothing is touched. One person’s word is enough.',
    '*保留在旁邊：* 這次 restore 到此結束，不會動到任何東西。一個人決定即可。',
  ),
  accept: plain('Go on with these findings', '接受這些問題並繼續'),
  confirmAccept: text<{ failed: number; required: number }>(
    ({ failed, required }) =>
      `${counted(failed, 'check')} failed. As soon as ${counted(required, 'person', 'people')} said so, both databases are compared; nothing stops before the cut-over is approved.`,
    ({ failed, required }) =>
      `有 ${failed} 項檢查不通過。${required} 人同意後會比對兩邊的 database；在核准 cut-over 之前不會停止任何東西。`,
  ),
  confirmAcceptYes: plain('Yes, go on', '是，繼續'),
  acceptedTitle: text<{ what: string }>(
    ({ what }) => `Going on with findings · ${what}`,
    ({ what }) => `接受問題並繼續 · ${what}`,
  ),
  acceptedLine: text<{ people: string; at: string }>(
    ({ people, at }) => `Accepted by ${people} at ${at}. Both databases are compared; then the cut-over is asked for.`,
    ({ people, at }) => `由 ${people} 於 ${at} 接受。接著比對兩邊的 database，再請求核准 cut-over。`,
  ),
  denied: text<{ who: string; at: string }>(
    ({ who, at }) => `${who} decided at ${at} not to go on. The service was not touched; the instance is kept beside.`,
    ({ who, at }) => `${who} 於 ${at} 決定不要繼續。服務沒有受到影響；instance 保留在旁邊。`,
  ),
  expired: text<{ votes: number; required: number; until: string }>(
    ({ votes, required, until }) =>
      `${votes} of ${required} had accepted the findings when the time was over, at ${until}. The service was not touched; the instance is kept beside.`,
    ({ votes, required, until }) =>
      `期限 ${until} 到時，${required} 人中只有 ${votes} 人接受。服務沒有受到影響；instance 保留在旁邊。`,
  ),
  fallback: text<{ environment: string; failed: number }>(
    ({ environment, failed }) =>
      `${environment} serves; ${counted(failed, 'check')} failed on the database beside it. Decide whether to go on.`,
    ({ environment, failed }) =>
      `${environment} 照常服務；旁邊 restore 出來的 database 有 ${failed} 項檢查不通過。請決定是否繼續。`,
  ),
} as const;
