import { type ErrorCatalogue, errorText } from './text.ts';
import { didYouMean, didYouMeanChinese, word, words } from './values.ts';

/** Why a restore can't be planned: told to the requester before anything was touched. */
export const restorePlanErrors: ErrorCatalogue = {
  'restore.no-snapshot': errorText(
    [
      (p) => `There is no snapshot of ${word(p, 'instance')} to restore from.`,
      (_, slash) =>
        `Turn automated backups on, or make one with \`${slash} snapshot\`. A dump can be restored by the runbook.`,
    ],
    [
      (p) => `${word(p, 'instance')} 沒有可以 restore 的 snapshot。`,
      (_, slash) => `請開啟 automated backups，或用 \`${slash} snapshot\` 建立一個。Dump 可以依照 runbook 還原。`,
    ],
  ),
  'restore.snapshot-unknown': errorText(
    [
      (p) => `There is no snapshot "${word(p, 'given')}".${didYouMean(p)}`,
      (p) =>
        words(p, 'known').length > 0
          ? `The newest are: ${words(p, 'known').join(', ')}.`
          : 'There is none of this instance.',
    ],
    [
      (p) => `沒有名為「${word(p, 'given')}」的 snapshot。${didYouMeanChinese(p)}`,
      (p) =>
        words(p, 'known').length > 0
          ? `最新的有：${words(p, 'known').join('、')}。`
          : '這個 instance 沒有任何 snapshot。',
    ],
  ),
  'restore.snapshot-of-other': errorText(
    [
      (p) => `The snapshot ${word(p, 'snapshot')} is of ${word(p, 'instance')}, not of ${word(p, 'expected')}.`,
      () => 'A restore takes only snapshots of this environment’s own database.',
    ],
    [
      (p) => `Snapshot ${word(p, 'snapshot')} 屬於 ${word(p, 'instance')}，不是 ${word(p, 'expected')}。`,
      () => 'Restore 只接受這個環境自己的 database 的 snapshot。',
    ],
  ),
  'restore.snapshot-not-available': errorText(
    [
      (p) => `The snapshot ${word(p, 'snapshot')} can’t be restored from: its status is ${word(p, 'status')}.`,
      () => 'Wait until it is available, or take another.',
    ],
    [
      (p) => `無法從 snapshot ${word(p, 'snapshot')} restore：狀態為 ${word(p, 'status')}。`,
      () => '請等它變成 available，或改用另一個。',
    ],
  ),
  'restore.instance-quota': errorText(
    [
      (p) => `The account has no room for one more RDS instance: ${word(p, 'used')} of ${word(p, 'max')} are used.`,
      () => 'Raise the quota in Service Quotas, or remove an instance that nobody needs any more.',
    ],
    [
      (p) => `帳號已沒有空間再建立 RDS instance：${word(p, 'max')} 個中已用 ${word(p, 'used')} 個。`,
      () => '請在 Service Quotas 提高上限，或移除不再需要的 instance。',
    ],
  ),
  'restore.storage-quota': errorText(
    [
      (p) =>
        `The account has no room for ${word(p, 'needed')} GiB more of RDS storage: ${word(p, 'used')} of ${word(p, 'max')} GiB are used.`,
      () => 'Raise the quota in Service Quotas, or remove an instance that nobody needs any more.',
    ],
    [
      (p) =>
        `帳號的 RDS storage 不足以再增加 ${word(p, 'needed')} GiB：${word(p, 'max')} GiB 中已用 ${word(p, 'used')} GiB。`,
      () => '請在 Service Quotas 提高上限，或移除不再需要的 instance。',
    ],
  ),
  'restore.parameter-group-gone': errorText(
    [
      (p) => `There is no parameter group ${word(p, 'group')}, which the new instance would get.`,
      () => 'Name another as `restore.profile.parameterGroup`.',
    ],
    [
      (p) => `找不到新的 instance 要使用的 parameter group ${word(p, 'group')}。`,
      () => '請在 `restore.profile.parameterGroup` 指定另一個。',
    ],
  ),
  'restore.subnet-group-gone': errorText(
    [
      (p) => `There is no subnet group ${word(p, 'group')}, which the new instance would get.`,
      () => 'Name another as `restore.profile.subnetGroup`.',
    ],
    [
      (p) => `找不到新的 instance 要使用的 subnet group ${word(p, 'group')}。`,
      () => '請在 `restore.profile.subnetGroup` 指定另一個。',
    ],
  ),
  'restore.snapshot-shared-encrypted': errorText(
    [
      (p) => `The snapshot ${word(p, 'snapshot')} is another account’s and encrypted; RDS restores no such snapshot.`,
      (p) =>
        `Copy it under a KMS key of this account first: \`aws rds copy-db-snapshot --source-db-snapshot-identifier ${word(p, 'arn')} --target-db-snapshot-identifier NAME --kms-key-id KEY\`. Then restore from the copy.`,
    ],
    [
      (p) => `Snapshot ${word(p, 'snapshot')} 屬於其他帳號而且已加密；RDS 無法直接 restore。`,
      (p) =>
        `請先用這個帳號的 KMS key 複製：\`aws rds copy-db-snapshot --source-db-snapshot-identifier ${word(p, 'arn')} --target-db-snapshot-identifier NAME --kms-key-id KEY\`，再從複本 restore。`,
    ],
  ),
};
