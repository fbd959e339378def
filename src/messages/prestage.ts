import { plain, text } from './text.ts';

/** Of an instance that is made while people decide. */
export const prestageTexts = {
  said: text<{ instance: string }>(
    ({ instance }) =>
      `🏗️  *While you decide, the instance beside is already being made:* ${instance}. It costs money from now on. The application is not stopped and nothing is switched before the approval. On a no, a cancel, or when the time is over, the instance is deleted.`,
    ({ instance }) =>
      `🏗️  *等待決定期間，旁邊的 instance 已經開始建立：* ${instance}，從現在起會產生費用。核准之前不會停止 application，也不會切換。被拒絕、取消或逾期時，這個 instance 會被刪除。`,
  ),
  next: plain('⏳  RDS is asked for it in a moment.', '⏳  即將向 RDS 提出建立。'),
  asking: plain('⏳  RDS is asked for it.', '⏳  正在向 RDS 提出建立。'),
  making: text<{ length: string; what: string }>(
    ({ length, what }) => (what ? `⏳  For ${length} now. ${what}` : `⏳  For ${length} now.`),
    ({ length, what }) => (what ? `⏳  已經過 ${length}。${what}` : `⏳  已經過 ${length}。`),
  ),
  ready: text<{ at: string; length: string }>(
    ({ at, length }) => `✅  It stands since ${at}, after ${length}: once approved, nobody waits for it.`,
    ({ at, length }) => `✅  已於 ${at} 建立完成，共 ${length}：核准後不必再等待。`,
  ),
  failed: text<{ what: string }>(
    ({ what }) =>
      `⚠️  *The instance beside could not be made while you decide:* ${what} That decides nothing: it is tried again after the approval.`,
    ({ what }) => `⚠️  *等待決定期間，旁邊的 instance 無法建立：* ${what}這不影響決定：核准後會再試一次。`,
  ),
  deleting: text<{ instance: string; what: string }>(
    ({ instance, what }) =>
      `🏗️  The instance that was made meanwhile, ${instance}, is being deleted.${what ? ` ${what}` : ''} Until then another restore of this environment is refused.`,
    ({ instance, what }) =>
      `🏗️  期間建立的 instance ${instance} 正在刪除。${what}在那之前，這個環境的下一次 restore 會被拒絕。`,
  ),
  deleted: text<{ instance: string }>(
    ({ instance }) => `🏗️  The instance that was made meanwhile, ${instance}, is deleted.`,
    ({ instance }) => `🏗️  期間建立的 instance ${instance} 已刪除。`,
  ),
  left: text<{ instance: string }>(
    ({ instance }) => `⚠️  The instance that was made meanwhile, ${instance}, could not be deleted and costs money.`,
    ({ instance }) => `⚠️  期間建立的 instance ${instance} 無法刪除，仍會產生費用。`,
  ),
} as const;
