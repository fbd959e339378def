import { type ErrorCatalogue, errorText } from './text.ts';
import { didYouMean, didYouMeanChinese, word, words } from './values.ts';

/** Why a restore can't be planned: told to the requester before anything was touched. */
export const restorePlanErrors: ErrorCatalogue = {
  'restore.secret-incomplete': errorText(
    [
      (p) => `The secret ${word(p, 'secret')} has no ${word(p, 'key')}, so nobody knows where the database is.`,
      () => 'Check the names of its keys in the config.',
    ],
    [
      (p) => `Secret ${word(p, 'secret')} 沒有 ${word(p, 'key')}，無法得知 database 的位置。`,
      () => '請檢查設定中的 key 名稱。',
    ],
  ),
  'restore.unsupported-engine': errorText(
    [
      (p) => `${word(p, 'instance')} is of an engine that pitcrew does not restore: ${word(p, 'engine')}.`,
      () => 'pitcrew restores RDS for PostgreSQL: no Aurora, no Multi-AZ clusters, no other engine.',
    ],
    [
      (p) => `${word(p, 'instance')} 的 engine 不在 pitcrew 支援的範圍：${word(p, 'engine')}。`,
      () => 'pitcrew 只 restore RDS for PostgreSQL；不支援 Aurora、Multi-AZ cluster 或其他 engine。',
    ],
  ),
  'restore.host-not-instance': errorText(
    [
      (p) => `The secret points to ${word(p, 'host')}:${word(p, 'port')}, which is no RDS instance’s own endpoint.`,
      () =>
        'Behind a proxy or a CNAME pitcrew can’t tell which instance it would replace. Put the instance’s endpoint into the secret.',
    ],
    [
      (p) => `Secret 指向 ${word(p, 'host')}:${word(p, 'port')}，這不是任何 RDS instance 自己的 endpoint。`,
      () => '透過 proxy 或 CNAME 時，pitcrew 無法得知會替換哪個 instance。請在 secret 中填入 instance 的 endpoint。',
    ],
  ),
  'restore.source-gone': errorText(
    [
      (p) =>
        `The instance that the secret points to (${word(p, 'host')}:${word(p, 'port')}) does not exist any more, and neither does ${word(p, 'instance')}.`,
      () => 'This release takes an instance’s settings from the live instance only. Restore by the runbook.',
    ],
    [
      (p) =>
        `Secret 指向的 instance（${word(p, 'host')}:${word(p, 'port')}）已不存在，${word(p, 'instance')} 也不存在。`,
      () => '這個版本只能從仍存在的 instance 取得設定。請依照 runbook 手動 restore。',
    ],
  ),
  'restore.no-snapshot': errorText(
    [
      (p) => `There is no snapshot of ${word(p, 'instance')} to restore from.`,
      () => '`/backup list` shows what there is.',
    ],
    [(p) => `${word(p, 'instance')} 沒有可以 restore 的 snapshot。`, () => '`/backup list` 會列出現有的 backups。'],
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
      (p) => `There is no parameter group ${word(p, 'group')}, which the config names for restores.`,
      () => 'Correct `restore.profile.parameterGroup`.',
    ],
    [
      (p) => `找不到設定中用於 restore 的 parameter group ${word(p, 'group')}。`,
      () => '請修正 `restore.profile.parameterGroup`。',
    ],
  ),
};
