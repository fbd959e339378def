import { plain, text } from './text.ts';

/** Plain sentences for people who don't run databases. */
export const stakeholderTexts = {
  opened: text<{ environment: string; at: string; age: string; lost: string }>(
    ({ environment, at, age, lost }) =>
      `*${environment}* will be unavailable for a while. We are taking its data back to how it was at *${at}* (${age}). What was entered since then, about ${lost}, is lost.`,
    ({ environment, at, age, lost }) =>
      `*${environment}* 將暫時無法使用。我們正在把資料回復到 *${at}*（${age}）的狀態。此後約 ${lost}內輸入的資料會遺失。`,
  ),
  expected: text<{ length: string }>(
    ({ length }) => `We expect it back after about ${length}. We say here when it is.`,
    ({ length }) => `預計約 ${length}後恢復。恢復時會在這裡通知。`,
  ),
  notKnown: plain(
    'We can’t say yet how long it takes. We say here what happens.',
    '目前還無法估計需要多久。有進展會在這裡通知。',
  ),
  overBack: text<{ environment: string; since: string; length: string }>(
    ({ environment, since, length }) => `*${environment}* is back, since ${since}. It was unavailable for ${length}.`,
    ({ environment, since, length }) => `*${environment}* 自 ${since} 起恢復服務。中斷了 ${length}。`,
  ),
  overBackPlain: text<{ environment: string; since: string }>(
    ({ environment, since }) => `*${environment}* is back, since ${since}.`,
    ({ environment, since }) => `*${environment}* 自 ${since} 起恢復服務。`,
  ),
  hasData: text<{ at: string; lost: string }>(
    ({ at, lost }) => `It has the data of ${at}; what was entered in the ${lost} after that has to be entered again.`,
    ({ at, lost }) => `目前是 ${at} 的資料；此後 ${lost}內輸入的資料需要重新輸入。`,
  ),
  stopped: text<{ environment: string; at: string }>(
    ({ environment, at }) => `Since ${at} *${environment}* is stopped: nobody can use it until we say so here.`,
    ({ environment, at }) => `*${environment}* 自 ${at} 起停止：在這裡通知之前都無法使用。`,
  ),
  verified: plain(
    'The data from the backup has been checked and is in order. The application starts next.',
    'Backup 的資料已檢查無誤。接下來會啟動 application。',
  ),
  asked: text<{ environment: string; until: string }>(
    ({ environment, until }) =>
      `The data from the backup has been checked, and something in it is not in order. People decide until ${until} how *${environment}* goes on; it stays stopped meanwhile.`,
    ({ environment, until }) =>
      `Backup 的資料已檢查，其中有些問題。相關人員會在 ${until} 之前決定 *${environment}* 接下來怎麼處理；在那之前維持停止。`,
  ),
  verifiedAccepted: plain(
    'The data from the backup has been checked. Something in it is not in order; people decided to start with it all the same, and mend it afterwards. The application starts next.',
    'Backup 的資料已檢查，其中有些問題。相關人員決定仍先以此啟動，之後再修正。接下來會啟動 application。',
  ),
  verifiedPartly: plain(
    'The data from the backup has been checked: what could be proven is in order. The application starts next.',
    'Backup 的資料已檢查：能夠證明的部分都沒有問題。接下來會啟動 application。',
  ),
  back: text<{ environment: string; at: string; lost: string }>(
    ({ environment, at, lost }) =>
      `*${environment}* is back and can be used. It has the data of ${at}; please enter again what you entered in the ${lost} after that.`,
    ({ environment, at, lost }) =>
      `*${environment}* 已恢復，可以使用。目前是 ${at} 的資料；此後 ${lost}內輸入的資料請重新輸入。`,
  ),
  failedReturning: text<{ environment: string }>(
    ({ environment }) =>
      `This did not work as it should. We are bringing *${environment}* back with the data it had before.`,
    ({ environment }) => `過程不如預期。我們正在讓 *${environment}* 以原本的資料恢復。`,
  ),
  failedStaying: text<{ environment: string }>(
    ({ environment }) => `This did not work as it should. *${environment}* stays stopped while people look into it.`,
    ({ environment }) => `過程不如預期。*${environment}* 維持停止，相關人員正在處理。`,
  ),
  backOnOld: text<{ environment: string; since: string }>(
    ({ environment, since }) =>
      `*${environment}* can be used again since ${since}, with the data it had before. What was wrong before may still be wrong; people are on it.`,
    ({ environment, since }) =>
      `*${environment}* 自 ${since} 起可以使用，資料與之前相同。原本的問題可能仍然存在；相關人員正在處理。`,
  ),
  remainsStopped: text<{ environment: string }>(
    ({ environment }) => `*${environment}* is still stopped. People are on it; the next word comes from them.`,
    ({ environment }) => `*${environment}* 仍然停止。相關人員正在處理，後續由他們通知。`,
  ),
  undecided: text<{ environment: string }>(
    ({ environment }) => `This did not go to its end: people decide now how *${environment}* goes on.`,
    ({ environment }) => `這次沒有完成：目前由相關人員決定 *${environment}* 接下來怎麼處理。`,
  ),
  footer: text<{ operation: string }>(
    ({ operation }) => `${operation} · details in the incident channel`,
    ({ operation }) => `${operation} · 細節請見 incident channel`,
  ),
} as const;
