import { type ErrorCatalogue, errorText } from './text.ts';
import { word } from './values.ts';

/** What a snapshot raises. */
export const snapshotErrors: ErrorCatalogue = {
  'snapshot.name-taken': errorText(
    [
      (p) => `There is already a snapshot ${word(p, 'snapshot')}, and this operation did not make it.`,
      () => 'Nothing was changed. Ask again: another request gets another name.',
    ],
    [
      (p) => `已經有名為 ${word(p, 'snapshot')} 的 snapshot，而且不是這個 operation 建立的。`,
      () => '沒有任何變更。請再提出一次；新的請求會使用新的名稱。',
    ],
  ),
  'snapshot.gone': errorText(
    [
      (p) => `RDS does not know the snapshot ${word(p, 'snapshot')}.`,
      () => 'If nobody deleted it, it is found at the next try.',
    ],
    [(p) => `RDS 找不到 snapshot ${word(p, 'snapshot')}。`, () => '如果沒有人刪除它，下次重試時就會找到。'],
  ),
  'snapshot.failed': errorText(
    [
      (p) => `The snapshot ${word(p, 'snapshot')} ended in the status ${word(p, 'status')}.`,
      () => 'There is no backup of this. RDS’s events say more; then ask for another.',
    ],
    [
      (p) => `Snapshot ${word(p, 'snapshot')} 停在狀態 ${word(p, 'status')}。`,
      () => '這次沒有產生 backup。RDS 的 event 有更多資訊；之後請再提出一次。',
    ],
  ),
  'snapshot.of-other-instance': errorText(
    [
      (p) => `The snapshot ${word(p, 'snapshot')} is of another instance than was asked for.`,
      () => 'Don’t rely on it. Ask for another.',
    ],
    [(p) => `Snapshot ${word(p, 'snapshot')} 屬於另一個 instance。`, () => '請不要依賴它。請再提出一次。'],
  ),
  'snapshot.encryption-differs': errorText(
    [
      (p) => `The snapshot ${word(p, 'snapshot')} is not encrypted as its instance is.`,
      () => 'Don’t rely on it before somebody has looked.',
    ],
    [(p) => `Snapshot ${word(p, 'snapshot')} 的加密方式與其 instance 不同。`, () => '在有人檢查之前請不要依賴它。'],
  ),
  'snapshot.quota': errorText(
    [
      (p) => `The account has no room for one more manual snapshot: ${word(p, 'used')} of ${word(p, 'max')} are used.`,
      () => 'Delete old ones by the retention policy, or raise the quota in Service Quotas.',
    ],
    [
      (p) => `帳號已沒有空間再建立手動 snapshot：${word(p, 'max')} 個中已用 ${word(p, 'used')} 個。`,
      () => '請依保留政策刪除舊的 snapshot，或在 Service Quotas 提高上限。',
    ],
  ),
  'snapshot.instance-busy': errorText(
    [
      (p) => `RDS takes no snapshot of ${word(p, 'instance')} now: its status is ${word(p, 'status')}.`,
      () => 'Ask again when it is available.',
    ],
    [
      (p) => `RDS 目前無法為 ${word(p, 'instance')} 建立 snapshot：狀態為 ${word(p, 'status')}。`,
      () => '請等它變成 available 再提出請求。',
    ],
  ),
  'snapshot.instance-unfit': errorText(
    [
      (p) => `RDS can take no snapshot of ${word(p, 'instance')}: its status is ${word(p, 'status')}.`,
      (_, slash) => `Mend the instance first; its latest snapshots are in \`${slash} list\`.`,
    ],
    [
      (p) => `RDS 無法為 ${word(p, 'instance')} 建立 snapshot：狀態為 ${word(p, 'status')}。`,
      (_, slash) => `請先修復 instance；最近的 snapshot 可以用 \`${slash} list\` 查看。`,
    ],
  ),
};
