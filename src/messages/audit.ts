import type { Closing, ServiceState } from '../domain/events.ts';
import { plain, text } from './text.ts';

/** One line an event in the audit channel: when, what, by whom. */
export const auditTexts = {
  line: text<{ at: string; said: string; operation: string }>(
    ({ at, said, operation }) => `${at} · ${operation} · ${said}`,
    ({ at, said, operation }) => `${at} · ${operation} · ${said}`,
  ),
  requested: text<{ what: string; who: string; reason: string }>(
    ({ what, who, reason }) => `*requested:* ${what}, by ${who}. Why: ${reason}`,
    ({ what, who, reason }) => `*已提出：* ${what}，請求者 ${who}。原因：${reason}`,
  ),
  approved: text<{ what: string; people: string; plan: string }>(
    ({ what, people, plan }) => `*approved:* ${what}, by ${people}, plan ${plan}`,
    ({ what, people, plan }) => `*已核准：* ${what}，核准者 ${people}，plan ${plan}`,
  ),
  denied: text<{ what: string; who: string; reason: string }>(
    ({ what, who, reason }) => `*denied:* ${what}, by ${who}. Why: ${reason}`,
    ({ what, who, reason }) => `*已拒絕：* ${what}，由 ${who}。原因：${reason}`,
  ),
  started: text<{ what: string }>(
    ({ what }) => `*started:* ${what}`,
    ({ what }) => `*已開始：* ${what}`,
  ),
  findingsAccepted: text<{ what: string; people: string; failed: number }>(
    ({ what, people, failed }) => `*findings accepted:* ${what}, ${failed} failed checks, by ${people}`,
    ({ what, people, failed }) => `*已接受驗證問題：* ${what}，${failed} 項檢查不通過，由 ${people}`,
  ),
  findingsDenied: text<{ what: string; who: string; failed: number }>(
    ({ what, who, failed }) => `*findings not accepted:* ${what}, ${failed} failed checks, by ${who}`,
    ({ what, who, failed }) => `*未接受驗證問題：* ${what}，${failed} 項檢查不通過，由 ${who}`,
  ),
  cutOverApproved: text<{ what: string; people: string }>(
    ({ what, people }) => `*cut-over approved:* ${what}, by ${people}`,
    ({ what, people }) => `*已核准 cut-over：* ${what}，由 ${people}`,
  ),
  cutOverDenied: text<{ what: string; who: string }>(
    ({ what, who }) => `*cut-over denied:* ${what}, by ${who}`,
    ({ what, who }) => `*已拒絕 cut-over：* ${what}，由 ${who}`,
  ),
  published: text<{ what: string; instance: string }>(
    ({ what, instance }) => `*switched over:* ${what}, to ${instance}`,
    ({ what, instance }) => `*已切換：* ${what}，切換到 ${instance}`,
  ),
  turnedBack: text<{ what: string; why: string }>(
    ({ what, why }) => `*going back:* ${what}. ${why}`,
    ({ what, why }) => `*開始回復：* ${what}。${why}`,
  ),
  parked: text<{ what: string; why: string }>(
    ({ what, why }) => `*waits for a person:* ${what}. ${why}`,
    ({ what, why }) => `*等待人員處理：* ${what}。${why}`,
  ),
  closed: text<{ what: string; outcome: string; service: string; hash: string }>(
    ({ what, outcome, service, hash }) => `*closed, ${outcome}:* ${what}. Service: ${service}. Ledger’s head: ${hash}`,
    ({ what, outcome, service, hash }) =>
      `*已結束（${outcome}）：* ${what}。服務狀態：${service}。Ledger head：${hash}`,
  ),
  outcomes: {
    succeeded: plain('succeeded', '成功'),
    failed: plain('failed', '失敗'),
    denied: plain('denied', '已拒絕'),
    expired: plain('expired', '已逾期'),
    refused: plain('not started', '未開始'),
    cancelled: plain('cancelled', '已取消'),
    abandoned: plain('never recorded whole', '未完整記錄'),
  } satisfies Record<Closing, unknown>,
  services: {
    unchanged: plain('as before', '維持原狀'),
    'old-database': plain('on the old database', '使用舊的 database'),
    'new-database': plain('on the new database', '使用新的 database'),
    stopped: plain('stopped', '已停止'),
    'beside-only': plain('as before, an instance beside it', '維持原狀，一旁有 instance'),
  } satisfies Record<ServiceState, unknown>,
} as const;
