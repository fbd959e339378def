import type { Locale } from '../domain/people.ts';
import { plain, text } from './text.ts';

/** How an approval ended. */
export const decisionTexts = {
  approvedTitle: text<{ what: string }>(
    ({ what }) => `Approved · ${what}`,
    ({ what }) => `已核准 · ${what}`,
  ),
  approvedLine: text<{ people: string; at: string }>(
    ({ people, at }) => `Approved by ${people} at ${at}. The progress card shows what happens now.`,
    ({ people, at }) => `由 ${people} 於 ${at} 核准。接下來的進度請看進度卡片。`,
  ),
  deniedTitle: text<{ what: string }>(
    ({ what }) => `Denied · ${what}`,
    ({ what }) => `已拒絕 · ${what}`,
  ),
  deniedLine: text<{ who: string; at: string }>(
    ({ who, at }) => `Denied by ${who} at ${at}. Nothing was touched.`,
    ({ who, at }) => `由 ${who} 於 ${at} 拒絕。沒有動到任何東西。`,
  ),
  withdrawnTitle: text<{ what: string }>(
    ({ what }) => `Withdrawn · ${what}`,
    ({ what }) => `已撤回 · ${what}`,
  ),
  withdrawnLine: text<{ who: string; at: string }>(
    ({ who, at }) => `${who}, who asked for it, took it back at ${at}. Nothing was touched.`,
    ({ who, at }) => `請求者 ${who} 於 ${at} 撤回。沒有動到任何東西。`,
  ),
  because: text<{ reason: string }>(
    ({ reason }) => `Reason: ${reason}`,
    ({ reason }) => `原因：${reason}`,
  ),
  expiredTitle: text<{ what: string }>(
    ({ what }) => `Expired · ${what}`,
    ({ what }) => `已逾期 · ${what}`,
  ),
  expiredLine: text<{ votes: number; required: number; until: string }>(
    ({ votes, required, until }) =>
      `${votes} of ${required} had approved when the time was over, at ${until}. Nothing was touched.`,
    ({ votes, required, until }) => `期限 ${until} 到時，${required} 人中只有 ${votes} 人核准。沒有動到任何東西。`,
  ),
  startedTooLate: text<{ until: string }>(
    ({ until }) => `It was approved, but could not begin by ${until}. Nothing was touched.`,
    ({ until }) => `已經核准，但在 ${until} 之前未能開始。沒有動到任何東西。`,
  ),
  askAgain: text<{ command: string }>(
    ({ command }) => `Still needed? Ask again with ${command}: a fresh plan is made.`,
    ({ command }) => `仍然需要？請用 ${command} 重新提出請求：會產生新的 plan。`,
  ),
  voidTitle: text<{ what: string }>(
    ({ what }) => `No longer valid · ${what}`,
    ({ what }) => `已失效 · ${what}`,
  ),
  voidLine: text<{ changed: string }>(
    ({ changed }) => `What was to be approved changed: ${changed}. A newer card asks again; nothing was touched.`,
    ({ changed }) => `要核准的內容已改變：${changed}。較新的卡片會重新請求核准；沒有動到任何東西。`,
  ),
  voidUnknown: plain('the plan was made anew', '重新產生了 plan'),
  cancelledTitle: text<{ what: string }>(
    ({ what }) => `Cancelled · ${what}`,
    ({ what }) => `已取消 · ${what}`,
  ),
  cancelledLine: text<{ who: string }>(
    ({ who }) => `${who} cancelled it before it began. Nothing was touched.`,
    ({ who }) => `${who} 在開始之前取消。沒有動到任何東西。`,
  ),
  refusedTitle: text<{ what: string }>(
    ({ what }) => `Not started · ${what}`,
    ({ what }) => `未開始 · ${what}`,
  ),
  refusedLine: plain('It was not started, and nothing was touched.', '沒有開始，也沒有動到任何東西。'),
  abandonedLine: plain(
    'The request was never recorded whole, so it was dropped. Nothing was touched.',
    '請求沒有完整記錄，因此已捨棄。沒有動到任何東西。',
  ),
  next: text<{ hint: string }>(
    ({ hint }) => `*What to do:* ${hint}`,
    ({ hint }) => `*該怎麼做：* ${hint}`,
  ),
} as const;

/** What of a plan was decided, for saying which of it changed. */
export const decidedNames: Readonly<Record<string, (locale: Locale) => string>> = {
  recoveryPoint: plain('the recovery point', 'recovery point'),
  source: plain('the source instance', '來源 instance'),
  targetId: plain('the name of the new instance', '新 instance 的名稱'),
  order: plain('the order', '執行順序'),
  onFailure: plain('what happens if it fails', '失敗時的處理方式'),
  workloads: plain('the workloads that are stopped', '要停止的 workloads'),
  verification: plain('what is verified', '驗證的內容'),
  steps: plain('the steps or their input', '步驟或其輸入'),
  resources: plain('what is locked', '鎖定的資源'),
  account: plain('the AWS account', 'AWS 帳號'),
  region: plain('the region', 'region'),
};
