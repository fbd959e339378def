import { plain, text } from './text.ts';
import { counted } from './units.ts';

/** The card on which people decide whether the service is cut over with what the verification found. */
export const findingsTexts = {
  title: text<{ what: string }>(
    ({ what }) => `Decision needed: findings · ${what}`,
    ({ what }) => `需要決定：驗證發現問題 · ${what}`,
  ),
  stands: text<{ environment: string; failed: number }>(
    ({ environment, failed }) =>
      `*${environment} is stopped.* ${counted(failed, 'check')} of the restored database failed, so it has not been switched over.`,
    ({ environment, failed }) =>
      `*${environment} 已停止。* Restore 出來的 database 有 ${failed} 項檢查不通過，因此還沒有切換。`,
  ),
  until: text<{ until: string; policy: 'return' | 'stay-stopped' }>(
    ({ until, policy }) =>
      policy === 'return'
        ? `Decide until *${until}*. If nobody does, it goes back to the old database by itself.`
        : `Decide until *${until}*. If nobody does, the application stays stopped.`,
    ({ until, policy }) =>
      policy === 'return'
        ? `請在 *${until}* 之前決定。若無人決定，會自動回到舊的 database。`
        : `請在 *${until}* 之前決定。若無人決定，application 維持停止。`,
  ),
  found: plain('*Wrong now, and not before the backup*', '*Restore 後才出現的問題*'),
  known: plain(
    '*Wrong before the backup already: not the restore’s doing, and it blocks nothing*',
    '*Backup 之前就有的問題：並非 restore 造成，也不會阻擋切換*',
  ),
  moreInThread: text<{ count: number }>(
    ({ count }) => `and ${counted(count, 'more finding')}; all of them are in the thread`,
    ({ count }) => `還有 ${count} 項發現；完整清單在討論串中`,
  ),
  ifAccepted: plain(
    '*Cut over with these findings:* the application starts on the restored database. What was found stays as it is until somebody mends it.',
    '*接受這些問題並切換：* application 會在 restore 出來的 database 上啟動。這些問題會一直存在，直到有人修正。',
  ),
  ifReturned: plain(
    '*Go back now:* the application starts on the old database, with the data as it was. One person’s word is enough.',
    '*立即回復：* application 會在舊的 database 上以原本的資料啟動。一個人決定即可。',
  ),
  ifStopped: plain(
    '*Stay stopped:* nothing is started, because the old data must not be served. One person’s word is enough.',
    '*維持停止：* 不會啟動任何東西，因為舊的資料不可以再提供服務。一個人決定即可。',
  ),
  accept: plain('Cut over with these findings', '接受這些問題並切換'),
  goBack: plain('Go back now', '立即回復'),
  stay: plain('Stay stopped', '維持停止'),
  confirmTitle: plain('Are you sure?', '確定嗎？'),
  confirmAccept: text<{ environment: string; failed: number; required: number }>(
    ({ environment, failed, required }) =>
      `${environment} will run on data in which ${counted(failed, 'check')} failed. It begins as soon as ${counted(required, 'person', 'people')} said so; going back is then done by hand.`,
    ({ environment, failed, required }) =>
      `${environment} 將使用有 ${failed} 項檢查不通過的資料。${required} 人同意後就會開始；之後只能手動回復。`,
  ),
  confirmAcceptYes: plain('Yes, cut over', '是，切換'),
  confirmReturn: text<{ environment: string }>(
    ({ environment }) =>
      `${environment} starts on the old database again. This restore ends; it can be asked for anew.`,
    ({ environment }) => `${environment} 會在舊的 database 上重新啟動。這次 restore 會結束；之後可以重新提出。`,
  ),
  confirmReturnYes: plain('Yes, go back', '是，回復'),
  confirmStay: text<{ environment: string }>(
    ({ environment }) => `${environment} stays stopped. This restore ends; it can be asked for anew.`,
    ({ environment }) => `${environment} 維持停止。這次 restore 會結束；之後可以重新提出。`,
  ),
  confirmStayYes: plain('Yes, stay stopped', '是，維持停止'),
  confirmNo: plain('Not yet', '先不要'),
  footer: text<{ operation: string }>(
    ({ operation }) => `${operation} · every check with its evidence: in the thread`,
    ({ operation }) => `${operation} · 每一項檢查與證據：見討論串`,
  ),
  acceptedTitle: text<{ what: string }>(
    ({ what }) => `Cut over with findings · ${what}`,
    ({ what }) => `接受問題並切換 · ${what}`,
  ),
  acceptedLine: text<{ people: string; at: string }>(
    ({ people, at }) => `Accepted by ${people} at ${at}. The cut-over goes on; the progress card shows how far it is.`,
    ({ people, at }) => `由 ${people} 於 ${at} 接受。繼續切換；進度請看進度卡片。`,
  ),
  deniedTitle: text<{ what: string }>(
    ({ what }) => `Not cut over · ${what}`,
    ({ what }) => `未切換 · ${what}`,
  ),
  deniedReturn: text<{ who: string; at: string }>(
    ({ who, at }) => `${who} decided at ${at} to go back to the old database. The findings were not accepted.`,
    ({ who, at }) => `${who} 於 ${at} 決定回到舊的 database。沒有接受這些問題。`,
  ),
  deniedStay: text<{ who: string; at: string }>(
    ({ who, at }) => `${who} decided at ${at} that the application stays stopped. The findings were not accepted.`,
    ({ who, at }) => `${who} 於 ${at} 決定 application 維持停止。沒有接受這些問題。`,
  ),
  expiredLine: text<{ votes: number; required: number; until: string; policy: 'return' | 'stay-stopped' }>(
    ({ votes, required, until, policy }) =>
      `${votes} of ${required} had accepted the findings when the time was over, at ${until}. ${policy === 'return' ? 'It goes back to the old database.' : 'The application stays stopped.'}`,
    ({ votes, required, until, policy }) =>
      `期限 ${until} 到時，${required} 人中只有 ${votes} 人接受。${policy === 'return' ? '將回到舊的 database。' : 'Application 維持停止。'}`,
  ),
  endedLine: plain(
    'The operation was ended before anybody decided; the next card says what stands.',
    '在有人決定之前 operation 已結束；目前狀態請看下一張卡片。',
  ),
  fallback: text<{ environment: string; failed: number }>(
    ({ environment, failed }) =>
      `${environment} is stopped: ${counted(failed, 'check')} failed on the restored database. Decide whether it is cut over.`,
    ({ environment, failed }) =>
      `${environment} 已停止：restore 出來的 database 有 ${failed} 項檢查不通過。請決定是否切換。`,
  ),
} as const;
