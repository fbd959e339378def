import { type ErrorCatalogue, errorText, type Recorded } from './text.ts';
import { word } from './values.ts';

const differences = (p: Recorded, separator: string, between: string) =>
  (Array.isArray(p.differences) ? p.differences : [])
    .map((one) => one as Recorded)
    .map((one) => `${word(one, 'setting')} ${word(one, 'found')}${between}${word(one, 'expected')}`)
    .join(separator);

function failedChecks(count: string, asked: unknown): string {
  const failed = `The verification of the restored data failed in ${count} checks`;
  if (asked === 'denied') return `${failed}, and an approver said not to go on with that.`;
  if (asked === 'late') return `${failed}, and not enough approvers said in time to go on with that.`;
  return `${failed}.`;
}

function failedChecksChinese(count: string, asked: unknown): string {
  const failed = `Restore 後資料的驗證有 ${count} 項檢查失敗`;
  if (asked === 'denied') return `${failed}，且有核准者決定不接受這個結果。`;
  if (asked === 'late') return `${failed}，且期限內沒有足夠的核准者決定接受這個結果。`;
  return `${failed}。`;
}

/** What the steps of a restore raise. */
export const restoreErrors: ErrorCatalogue = {
  'restore.instance-gone': errorText(
    [
      (p) => `RDS does not know the instance ${word(p, 'instance')}.`,
      () => 'If nobody deleted it, it is found at the next try.',
    ],
    [(p) => `RDS 找不到 instance ${word(p, 'instance')}。`, () => '如果沒有人刪除它，下次重試時就會找到。'],
  ),
  'restore.instance-failed': errorText(
    [
      (p) => `The new instance ${word(p, 'instance')} ended in the status ${word(p, 'status')}.`,
      () => 'It is kept for AWS Support to look at. RDS’s events say more; then ask for another restore.',
    ],
    [
      (p) => `新的 instance ${word(p, 'instance')} 停在狀態 ${word(p, 'status')}。`,
      () => '它會被保留以供 AWS Support 檢查。RDS 的 event 有更多資訊；之後請再提出一次 restore。',
    ],
  ),
  'restore.master-needed': errorText(
    [
      (p) => `Nothing says which master user the new instance for ${word(p, 'instance')} is to have.`,
      () =>
        'Name a secret with user and password as `database.masterRole` in pitcrew.yaml; only a master user can load a dump.',
    ],
    [
      (p) => `無從得知 ${word(p, 'instance')} 的新 instance 應使用哪個 master user。`,
      () => '請在 pitcrew.yaml 的 `database.masterRole` 指定存放帳號與密碼的 secret；只有 master user 能載入 dump。',
    ],
  ),
  'restore.master-changed': errorText(
    [
      (p) =>
        `The secret ${word(p, 'secret')} now names ${word(p, 'user')} as the master user; ${word(p, 'expected')} was approved.`,
      () => 'No instance was made. Put the secret right and retry, or ask again.',
    ],
    [
      (p) =>
        `Secret ${word(p, 'secret')} 現在的 master user 為 ${word(p, 'user')}，與核准的 ${word(p, 'expected')} 不同。`,
      () => '沒有建立任何 instance。請更正 secret 後重試，或重新提出請求。',
    ],
  ),
  'restore.name-taken': errorText(
    [
      (p) => `There is already an instance ${word(p, 'instance')}, and this operation did not make it.`,
      () => 'Nothing was changed. Find out whose it is, then ask again.',
    ],
    [
      (p) => `已經有名為 ${word(p, 'instance')} 的 instance，而且不是這個 operation 建立的。`,
      () => '沒有任何變更。請查明它屬於誰，再提出請求。',
    ],
  ),
  'restore.snapshot-gone': errorText(
    [
      (p) => `The snapshot ${word(p, 'snapshot')} is gone.`,
      (_, slash) => `\`${slash} list\` shows what is there; ask again with another.`,
    ],
    [
      (p) => `Snapshot ${word(p, 'snapshot')} 已經不存在。`,
      (_, slash) => `\`${slash} list\` 會列出現有的 snapshot；請改用另一個再提出請求。`,
    ],
  ),
  'restore.settings-differ': errorText(
    [
      (p) =>
        `The new instance ${word(p, 'instance')} does not have the settings of the old one: ${differences(p, '; ', ' instead of ') || `parameters ${word(p, 'parameters')}`}.`,
      () => 'The application was not put on it. Compare both instances in the console.',
    ],
    [
      (p) =>
        `新的 instance ${word(p, 'instance')} 的設定與舊的不同：${differences(p, '；', '，應為 ') || `parameters ${word(p, 'parameters')}`}。`,
      () => 'Application 沒有切換過去。請在 console 中比較兩個 instance。',
    ],
  ),
  'restore.parameters-pending': errorText(
    [
      (p) =>
        `Somebody changed the parameter group ${word(p, 'group')} while ${word(p, 'instance')} was being made: it would take the new values only at a reboot.`,
      () => 'The application was not put on it. Ask again: a new instance starts with the values as they are now.',
    ],
    [
      (p) =>
        `建立 ${word(p, 'instance')} 期間有人修改了 parameter group ${word(p, 'group')}：要重新開機才會套用新的值。`,
      () => 'Application 沒有切換過去。請再提出一次：新的 instance 一開始就會使用目前的值。',
    ],
  ),
  'restore.secret-changed': errorText(
    [
      (p) => `Somebody changed the secret ${word(p, 'secret')} meanwhile.`,
      (p) =>
        `Both versions are kept (expected ${word(p, 'expected')}, found ${word(p, 'found')}). Decide which one holds, then ask again.`,
    ],
    [
      (p) => `有人在這段期間修改了 secret ${word(p, 'secret')}。`,
      (p) =>
        `兩個 version 都保留著（預期 ${word(p, 'expected')}，實際 ${word(p, 'found')}）。請決定以哪一個為準，再提出請求。`,
    ],
  ),
  'restore.rotation-pending': errorText(
    [
      (p) => `A rotation of the secret ${word(p, 'secret')} is under way, or one failed and left AWSPENDING behind.`,
      () => 'Wait until it is over, or remove AWSPENDING from the version that has it.',
    ],
    [
      (p) => `Secret ${word(p, 'secret')} 正在 rotation，或先前失敗的 rotation 留下了 AWSPENDING。`,
      () => '請等它結束，或從持有 AWSPENDING 的 version 移除該 stage。',
    ],
  ),
  'restore.verification-failed': errorText(
    [
      (p) => failedChecks(word(p, 'failed'), p.asked),
      () => 'The application was not put on it. This card lists the findings; another recovery point may do better.',
    ],
    [
      (p) => failedChecksChinese(word(p, 'failed'), p.asked),
      () => 'Application 沒有切換過去。發現的問題列在這張卡片上；可以考慮使用其他 recovery point。',
    ],
  ),
};
