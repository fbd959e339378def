import type { ServiceState } from '../domain/events.ts';
import type { Locale } from '../domain/people.ts';
import { plain, text } from './text.ts';
import { counted, showCount } from './units.ts';

/** What stands on the cards of a rollback. Times and code come in ready for display. */
export const rollbackTexts = {
  of: text<{ environment: string }>(
    ({ environment }) => `rollback of ${environment}`,
    ({ environment }) => `rollback ${environment}`,
  ),
  asks: text<{ who: string; environment: string; operation: string; instance: string }>(
    ({ who, environment, operation, instance }) =>
      `${who} asks to put *${environment}* back on ${instance}, the database that it had before ${operation}.`,
    ({ who, environment, operation, instance }) =>
      `${who} 請求讓 *${environment}* 回到 ${instance}，也就是 ${operation} 之前的 database。`,
  ),
  left: text<{ length: string; rows: number | null }>(
    ({ length, rows }) =>
      rows === null
        ? `What was written in the *${length}* since the cut-over is left behind; the rows could not be counted.`
        : `What was written in the *${length}* since the cut-over is left behind: *${counted(rows, 'new row')}* so far, by estimate.`,
    ({ length, rows }) =>
      rows === null
        ? `切換後 *${length}*內寫入的資料會留下；無法計算筆數。`
        : `切換後 *${length}*內寫入的資料會留下：目前估計 *${showCount(rows, 'zh-TW')} 筆*新資料。`,
  ),
  goesBackTo: plain('Goes back to', '回到'),
  asOf: text<{ at: string }>(
    ({ at }) => `as the application left it at ${at}`,
    ({ at }) => `application 於 ${at} 離開時的狀態`,
  ),
  isLeft: plain('Stays behind', '會留下'),
  counts: plain(
    'measured row by row once the application stands still, before the switch',
    'application 停止後、切換前會逐筆計算',
  ),
  expectedTotal: text<{ length: string; from: number }>(
    ({ length, from }) => `all of it about ${length}, by ${counted(from, 'earlier rollback')} here`,
    ({ length, from }) => `全程約 ${length}，依據這裡過去 ${from} 次 rollback`,
  ),
  barred: plain(
    '*Was still on the instance that was left, and can’t write there any more.* Point it to the old one:',
    '*仍連線到離開的 instance，已無法再寫入。* 請改為連線到舊的 instance：',
  ),
  opened: text<{ environment: string; lost: string }>(
    ({ environment, lost }) =>
      `*${environment}* will be unavailable for a moment. We are putting it back on the data that it had before the last restore. What was entered since then, about ${lost}, will not be there; it is kept.`,
    ({ environment, lost }) =>
      `*${environment}* 將暫時無法使用。我們正在讓它回到上次 restore 之前的資料。此後約 ${lost}內輸入的資料不會在其中，但會保留。`,
  ),
  back: text<{ environment: string }>(
    ({ environment }) =>
      `*${environment}* is back and can be used, with the data that it had before the last restore. What was entered since then is not in it; it is kept.`,
    ({ environment }) =>
      `*${environment}* 已恢復，可以使用，資料是上次 restore 之前的狀態。此後輸入的資料不在其中，但有保留。`,
  ),
  backLine: text<{ since: string }>(
    ({ since }) => `*In service on the old database since ${since}.* What still runs keeps nobody from working.`,
    ({ since }) => `*自 ${since} 起使用舊的 database 提供服務。* 仍在進行的步驟不影響使用。`,
  ),
  isKept: plain('Is kept', '會保留'),
  keeps: {
    instance: text<{ instance: string }>(
      ({ instance }) => `${instance}, untouched, with all that was written to it; the application is barred from it`,
      ({ instance }) => `${instance}，內容不變，包含寫入的所有資料；application 不能再連線`,
    ),
    'stopped-instance': text<{ instance: string }>(
      ({ instance }) => `${instance} as it stands; no server runs there now, so nobody is barred from it`,
      ({ instance }) => `${instance} 的現況；目前沒有伺服器在執行，因此沒有禁止任何人連線`,
    ),
    nothing: text<{ instance: string }>(
      ({ instance }) => `nothing: ${instance} is gone`,
      ({ instance }) => `無：${instance} 已經不存在`,
    ),
  },
  failReturn: plain('back on the database that serves now', '回到目前提供服務的 database'),
  failStay: plain(
    'the application stays stopped: the database that it is on now must not be served, or doesn’t run',
    'application 維持停止：目前的 database 不可再提供服務，或沒有在執行',
  ),
  title: text<{ environment: string }>(
    ({ environment }) => `Rolled back · ${environment}`,
    ({ environment }) => `Rollback 完成 · ${environment}`,
  ),
  line: text<{ environment: string; since: string; instance: string; operation: string }>(
    ({ environment, since, instance, operation }) =>
      `*${environment}* is on ${instance} again since ${since}, the database that it had before ${operation}.`,
    ({ environment, since, instance, operation }) =>
      `*${environment}* 自 ${since} 起回到 ${instance}，也就是 ${operation} 之前的 database。`,
  ),
  leftTitle: plain('*Left behind, as measured*', '*實際留下的資料*'),
  leftNone: plain('no row of the tables that matter', '重要的 tables 沒有留下任何資料'),
  leftRow: text<{ table: string; lost: number; returned: number; changed: number | null }>(
    ({ table, lost, returned, changed }) =>
      `${table}: *${counted(lost, 'row')} left behind*, ${showCount(returned, 'en')} back again, ${changed === null ? 'changes not counted' : `${showCount(changed, 'en')} with other content`}`,
    ({ table, lost, returned, changed }) =>
      `${table}：*留下 ${showCount(lost, 'zh-TW')} 筆*，${showCount(returned, 'zh-TW')} 筆回來了，${changed === null ? '變更數未計算' : `${showCount(changed, 'zh-TW')} 筆內容不同`}`,
  ),
  kept: text<{ instance: string }>(
    ({ instance }) =>
      `*Kept, untouched:* ${instance} has all that was left behind. Nobody deletes it; the application can’t log in to it.`,
    ({ instance }) => `*保留，內容不變：* ${instance} 有留下的所有資料。不會刪除；application 無法登入。`,
  ),
  forward: text<{ command: string }>(
    ({ command }) => `*The way forward again:* ${command}`,
    ({ command }) => `*要再換回去：* ${command}`,
  ),
  button: plain('Roll back', 'Rollback'),
  buttonNote: text<{ operation: string }>(
    ({ operation }) =>
      `Asks for the application to go back to the database that it had before ${operation}. Nothing begins before people approve.`,
    ({ operation }) => `請求讓 application 回到 ${operation} 之前的 database。在核准之前不會開始任何動作。`,
  ),
} as const;

/** Which of the states the service is in after a rollback that did not reach its goal. */
export const rollbackServiceTexts: Readonly<
  Record<ServiceState, (locale: Locale, params: { environment: string }) => string>
> = {
  unchanged: text(
    ({ environment }) => `*${environment} runs as before:* nothing was touched.`,
    ({ environment }) => `*${environment} 維持原狀：* 沒有動到任何東西。`,
  ),
  'old-database': text(
    ({ environment }) => `*${environment} is on the old database.* It may already have been written to.`,
    ({ environment }) => `*${environment} 使用舊的 database。* 可能已經有寫入。`,
  ),
  'new-database': text(
    ({ environment }) => `*${environment} is in service on the database that it had.* No data was changed.`,
    ({ environment }) => `*${environment} 使用原本的 database 提供服務。* 沒有變更任何資料。`,
  ),
  stopped: text(
    ({ environment }) => `*${environment} is stopped.* Nobody can use it until a person starts it again.`,
    ({ environment }) => `*${environment} 已停止。* 在有人重新啟動之前無法使用。`,
  ),
  'beside-only': text(
    ({ environment }) => `*${environment} runs as before.*`,
    ({ environment }) => `*${environment} 維持原狀。*`,
  ),
};
