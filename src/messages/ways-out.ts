import { plain, text } from './text.ts';
import { counted } from './units.ts';

/** The ways out of an operation: to stop it, to let it go on after it was parked, to give it up. */
export const waysOutTexts = {
  cancel: plain('Cancel…', '取消…'),
  cancelTitle: plain('Cancel the operation', '取消 operation'),
  cancelYes: plain('Cancel it', '確定取消'),
  cancelBefore: plain(
    'It has not begun. Nothing was touched, and nothing will be.',
    '尚未開始。沒有動到任何東西，之後也不會。',
  ),
  cancelPrestaged: plain(
    'It has not begun, and nothing that serves was touched. The instance that is being made meanwhile is deleted.',
    '尚未開始，也沒有動到服務中的任何東西。期間建立的 instance 會被刪除。',
  ),
  cancelRunning: plain(
    'It stops at the next safe point and goes back: what was done is taken back, as its plan says for a failure.',
    '會在下一個安全點停止並回復：已執行的部分會依 plan 中失敗時的處理方式復原。',
  ),
  no: plain('Leave it', '不變更'),
  cancelAsked: plain(
    '*Asked to cancel.* The step that runs now is ended first; then it goes back.',
    '*已要求取消。* 會先結束目前的步驟，然後回復。',
  ),
  cancelled: plain(
    'Your cancel stands. Nothing new begins; its card shows how it ends.',
    '取消已記錄。不會再開始新的步驟；結果請看卡片。',
  ),
  retry: plain('Try again', '重試'),
  retried: plain(
    'It is taken up again from where it failed. The progress card shows how far it is.',
    '已從失敗的地方繼續。進度請看進度卡片。',
  ),
  retryBack: plain(
    '*Try again* takes it up from the step that failed, on its way back. Mend the cause first.',
    '*重試* 會從失敗的步驟繼續回復。請先排除原因。',
  ),
  retryOn: plain(
    '*Try again* takes it up from the step that failed and goes on from there; it does not go back. Mend the cause first.',
    '*重試* 會從失敗的步驟繼續往前，不會回復。請先排除原因。',
  ),
  supersede: plain('Give it up…', '放棄…'),
  supersedeNote: text<{ environment: string }>(
    ({ environment }) =>
      `*Give it up*, with other people’s approval, ends it as it stands and frees ${environment} for the next operation. Nothing is started, resumed or taken back.`,
    ({ environment }) =>
      `*放棄* 需要其他人核准：會以目前狀態結束，讓 ${environment} 可以執行下一個 operation。不會啟動、恢復或復原任何東西。`,
  ),
  supersedeTitle: plain('Give it up', '放棄 operation'),
  supersedeIntro: text<{ environment: string }>(
    ({ environment }) =>
      `It ends as it stands. What it stopped stays stopped, what it paused stays paused, and ${environment} is free for the next operation. Others must approve it; the reason is what they decide by.`,
    ({ environment }) =>
      `會以目前狀態結束。已停止與已暫停的都維持原狀，${environment} 可以執行下一個 operation。需要其他人核准；他們會依原因判斷。`,
  ),
  supersedeAsk: plain('Ask for it', '提出要求'),
  supersedeAsked: plain(
    'Asked. Others decide on its card; until then it stays as it is.',
    '已提出。由其他人在卡片上決定；在那之前維持原狀。',
  ),
  supersedeGate: text<{ who: string; reason: string; until: string }>(
    ({ who, reason, until }) => `*Given up?* ${who} asks for it, to be decided by ${until}. Why: ${reason}`,
    ({ who, reason, until }) => `*是否放棄？* ${who} 提出，請在 ${until} 之前決定。原因：${reason}`,
  ),
  supersedeApprove: plain('Approve giving it up', '核准放棄'),
  supersedeDeny: plain('Keep it parked', '維持暫停'),
  supersedeCounted: text<{ votes: number; required: number }>(
    ({ votes, required }) => `Your word counts: ${votes} of ${required} would give it up.`,
    ({ votes, required }) => `你的決定已計入：${required} 人中 ${votes} 人同意放棄。`,
  ),
  supersedeLast: plain(
    'Your word counts, and it was the last one needed. It is closed now.',
    '你的決定已計入，人數已足夠。現在結束它。',
  ),
  supersedeDenied: plain('You decided against it: it stays parked.', '你決定不放棄：維持暫停。'),
  deniedLine: text<{ who: string }>(
    ({ who }) => `${who} decided against giving it up.`,
    ({ who }) => `${who} 決定不放棄。`,
  ),
  expiredLine: plain('Not enough people approved giving it up in time.', '期限內沒有足夠的人核准放棄。'),
  approvedLine: plain(
    '*It was decided to give it up.* It is closed as soon as it has let go of what it holds.',
    '*已決定放棄。* 釋放它佔用的資源後就會結束。',
  ),
  givenUpTitle: text<{ what: string }>(
    ({ what }) => `Given up · ${what}`,
    ({ what }) => `已放棄 · ${what}`,
  ),
  givenUp: text<{ who: string; people: string; reason: string }>(
    ({ who, people, reason }) => `*Given up:* asked by ${who}, approved by ${people}. Why: ${reason}`,
    ({ who, people, reason }) => `*已放棄：* 由 ${who} 提出，${people} 核准。原因：${reason}`,
  ),
  leftPaused: text<{ names: string }>(
    ({ names }) => `*Left paused, as it was:* ${names}. Nothing resumes it by itself.`,
    ({ names }) => `*維持暫停：* ${names}。不會自動恢復。`,
  ),
  leftStopped: text<{ names: string }>(
    ({ names }) => `*Left stopped, as it was:* ${names}. The next restore starts it again; else a person does.`,
    ({ names }) => `*維持停止：* ${names}。由下一次 restore 重新啟動，否則需由人啟動。`,
  ),
  resumedTitle: text<{ what: string }>(
    ({ what }) => `Taken up again · ${what}`,
    ({ what }) => `已繼續 · ${what}`,
  ),
  resumedLine: text<{ who: string; at: string; times: number }>(
    ({ who, at, times }) =>
      `${who} let it go on at ${at}${times > 1 ? ` (${counted(times, 'time')} in all)` : ''}. The progress card shows what happens now.`,
    ({ who, at, times }) =>
      `${who} 於 ${at} 讓它繼續${times > 1 ? `（共 ${times} 次）` : ''}。目前的進度請看進度卡片。`,
  ),
} as const;
