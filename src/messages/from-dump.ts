import type { ServiceState } from '../domain/events.ts';
import type { Locale } from '../domain/people.ts';
import { findingsWhileServingTexts } from './cut-over.ts';
import { findingsTexts } from './findings.ts';
import { plain, text } from './text.ts';
import { counted } from './units.ts';

// What cards of a load over the live database, and of one beside it, say otherwise than those of a restore to an
// instance of its own: there is nothing to cut over to, and nothing is kept on an instance beside.

type ServiceTexts = Readonly<
  Partial<Record<ServiceState, (locale: Locale, params: { environment: string }) => string>>
>;

export const inPlaceServiceTexts: ServiceTexts = {
  'old-database': text(
    ({ environment }) => `*${environment} is in service with the data that it had.* Nothing of the dump was kept.`,
    ({ environment }) => `*${environment} 使用原本的資料提供服務。* 沒有保留 dump 的任何內容。`,
  ),
  'new-database': text(
    ({ environment }) => `*${environment} is in service with the dump’s data.* It may already have been written to.`,
    ({ environment }) => `*${environment} 使用 dump 的資料提供服務。* 可能已經有寫入。`,
  ),
};

export const besideServiceTexts: ServiceTexts = {
  'beside-only': text(
    ({ environment }) => `*${environment} runs as before;* only a database beside the live one was made.`,
    ({ environment }) => `*${environment} 維持原狀；* 只在線上的 database 旁建立了另一個 database。`,
  ),
  'new-database': text(
    ({ environment }) => `*${environment} is on the database from the dump.* It may already have been written to.`,
    ({ environment }) => `*${environment} 使用 dump 的 database。* 可能已經有寫入。`,
  ),
};

/** A swap that was begun and has no answer: it may have committed. */
export const swapNotKnown = text<{ environment: string }>(
  ({ environment }) =>
    `*${environment} runs:* nothing was stopped. Whether the two databases have swapped names is not known; *Try again* looks, and swaps them only if they haven’t.`,
  ({ environment }) =>
    `*${environment} 執行中：* 沒有停止任何東西。兩個 database 是否已交換名稱尚不確定；*重試* 會先查看，還沒交換才會交換。`,
);

/** On the same card after people gave it up: nothing looks any more. */
export const swapNeverKnown = text<{ environment: string }>(
  ({ environment }) =>
    `*${environment} runs:* nothing was stopped. Whether the two databases have swapped names is not known: look before anything else is done.`,
  ({ environment }) =>
    `*${environment} 執行中：* 沒有停止任何東西。兩個 database 是否已交換名稱尚不確定：請先查看再做其他動作。`,
);

/** The load has committed by the time that it is verified: whoever says no leaves it stopped, for people to decide. */
export const inPlaceFindingsTexts: typeof findingsTexts = {
  ...findingsTexts,
  stands: text<{ environment: string; failed: number }>(
    ({ environment, failed }) =>
      `*${environment} is stopped.* The dump’s data is in its database, and ${counted(failed, 'check')} of it failed, so it has not been started.`,
    ({ environment, failed }) =>
      `*${environment} 已停止。* Dump 的資料已在它的 database 中，有 ${failed} 項檢查不通過，因此還沒有啟動。`,
  ),
  known: plain(
    '*Wrong before the backup already: not the restore’s doing, and it blocks nothing*',
    '*Backup 之前就有的問題：並非 restore 造成，也不會阻擋啟動*',
  ),
  ifAccepted: plain(
    '*Start with these findings:* the application starts on the dump’s data. What was found stays as it is until somebody mends it.',
    '*接受這些問題並啟動：* application 會以 dump 的資料啟動。這些問題會一直存在，直到有人修正。',
  ),
  ifStopped: plain(
    '*Stay stopped:* nothing is started, and the data stays the dump’s; people decide how it goes on. The rescue snapshot has what was there before. One person’s word is enough.',
    '*維持停止：* 不會啟動任何東西，資料仍是 dump 的；由人決定接下來怎麼做。先前的資料在救援 snapshot 中。一個人決定即可。',
  ),
  accept: plain('Start with these findings', '接受這些問題並啟動'),
  confirmAccept: text<{ environment: string; failed: number; required: number }>(
    ({ environment, failed, required }) =>
      `${environment} will run on data in which ${counted(failed, 'check')} failed. It starts as soon as ${counted(required, 'person', 'people')} said so; the way back is then the rescue snapshot.`,
    ({ environment, failed, required }) =>
      `${environment} 將使用有 ${failed} 項檢查不通過的資料。${required} 人同意後就會啟動；之後只能以救援 snapshot 回復。`,
  ),
  confirmAcceptYes: plain('Yes, start it', '是，啟動'),
  confirmStay: text<{ environment: string }>(
    ({ environment }) =>
      `${environment} stays stopped, with the dump’s data in its database. This restore then waits for people to decide.`,
    ({ environment }) => `${environment} 維持停止，database 中是 dump 的資料。這次 restore 會等待由人決定。`,
  ),
  acceptedTitle: text<{ what: string }>(
    ({ what }) => `Starting with findings · ${what}`,
    ({ what }) => `接受問題並啟動 · ${what}`,
  ),
  acceptedLine: text<{ people: string; at: string }>(
    ({ people, at }) =>
      `Accepted by ${people} at ${at}. The application starts; the progress card shows how far it is.`,
    ({ people, at }) => `由 ${people} 於 ${at} 接受。Application 將啟動；進度請看進度卡片。`,
  ),
  deniedTitle: text<{ what: string }>(
    ({ what }) => `Not started · ${what}`,
    ({ what }) => `未啟動 · ${what}`,
  ),
  fallback: text<{ environment: string; failed: number }>(
    ({ environment, failed }) =>
      `${environment} is stopped: ${counted(failed, 'check')} failed on the dump’s data. Decide whether it is started.`,
    ({ environment, failed }) => `${environment} 已停止：dump 的資料有 ${failed} 項檢查不通過。請決定是否啟動。`,
  ),
};

/** The application serves, and nobody is asked again before the names are swapped; whoever says no has nothing kept. */
export const besideFindingsTexts: typeof findingsWhileServingTexts = {
  ...findingsWhileServingTexts,
  until: text<{ until: string }>(
    ({ until }) => `Decide until *${until}*. If nobody does, nothing is touched and the database beside is dropped.`,
    ({ until }) => `請在 *${until}* 之前決定。若無人決定，不會動到任何東西，旁邊的 database 會被移除。`,
  ),
  ifAccepted: plain(
    '*Swap with these findings:* what is lost is measured, and then the two databases swap names at once. Nobody is asked again.',
    '*接受這些問題並交換：* 會先計算遺失的資料，隨即交換兩個 database 的名稱。不會再詢問。',
  ),
  ifDenied: plain(
    '*Leave it:* this restore ends here, nothing is touched, and the database beside is dropped. One person’s word is enough.',
    '*不要交換：* 這次 restore 到此結束，不會動到任何東西，旁邊的 database 會被移除。一個人決定即可。',
  ),
  accept: plain('Swap with these findings', '接受這些問題並交換'),
  confirmAccept: text<{ failed: number; required: number }>(
    ({ failed, required }) =>
      `${counted(failed, 'check')} failed. As soon as ${counted(required, 'person', 'people')} said so, the database from the dump takes the live one’s name; nobody is asked again.`,
    ({ failed, required }) =>
      `有 ${failed} 項檢查不通過。${required} 人同意後，dump 的 database 會取用線上 database 的名稱；不會再詢問。`,
  ),
  confirmAcceptYes: plain('Yes, swap', '是，交換'),
  acceptedTitle: text<{ what: string }>(
    ({ what }) => `Swapping with findings · ${what}`,
    ({ what }) => `接受問題並交換 · ${what}`,
  ),
  acceptedLine: text<{ people: string; at: string }>(
    ({ people, at }) => `Accepted by ${people} at ${at}. What is lost is measured; then the names are swapped.`,
    ({ people, at }) => `由 ${people} 於 ${at} 接受。接著計算遺失的資料，再交換名稱。`,
  ),
  denied: text<{ who: string; at: string }>(
    ({ who, at }) =>
      `${who} decided at ${at} not to go on. The service was not touched; the database beside is dropped.`,
    ({ who, at }) => `${who} 於 ${at} 決定不要繼續。服務沒有受到影響；旁邊的 database 會被移除。`,
  ),
  expired: text<{ votes: number; required: number; until: string }>(
    ({ votes, required, until }) =>
      `${votes} of ${required} had accepted the findings when the time was over, at ${until}. The service was not touched; the database beside is dropped.`,
    ({ votes, required, until }) =>
      `期限 ${until} 到時，${required} 人中只有 ${votes} 人接受。服務沒有受到影響；旁邊的 database 會被移除。`,
  ),
};

/** The other choice on that card. */
export const leaveTexts = {
  leave: plain('Leave it', '不要交換'),
  confirm: text<{ environment: string }>(
    ({ environment }) => `${environment} is not touched. This restore ends; the database beside is dropped.`,
    ({ environment }) => `${environment} 不會受到影響。這次 restore 會結束；旁邊的 database 會被移除。`,
  ),
  confirmYes: plain('Yes, leave it', '是，不要交換'),
} as const;

/** On the approval card, in the place of whether to cut over. */
export const findingsAskedTexts = {
  inPlace: text<{ minutes: number }>(
    ({ minutes }) =>
      `if only the verification finds something: you are asked for ${counted(minutes, 'minute')} whether to start with it`,
    ({ minutes }) => `如果只是驗證發現問題：會在 ${minutes} 分鐘內詢問是否仍要啟動`,
  ),
  beside: text<{ minutes: number }>(
    ({ minutes }) =>
      `if only the verification finds something: you are asked for ${counted(minutes, 'minute')} whether to swap with it`,
    ({ minutes }) => `如果只是驗證發現問題：會在 ${minutes} 分鐘內詢問是否仍要交換`,
  ),
} as const;

/** On the progress card. */
export const backOnDump = text<{ since: string }>(
  ({ since }) => `*In service with the dump’s data since ${since}.* What still runs keeps nobody from working.`,
  ({ since }) => `*自 ${since} 起使用 dump 的資料提供服務。* 仍在進行的步驟不影響使用。`,
);

/** To the stakeholders, of a swap that did not come or of which nobody knows. */
export const besideEnded = text<{ environment: string }>(
  ({ environment }) =>
    `This did not go to its end. *${environment}* was available all the while; people are on it, and the next word comes from them.`,
  ({ environment }) => `這次沒有完成。*${environment}* 全程都可以使用；相關人員正在處理，後續由他們通知。`,
);
