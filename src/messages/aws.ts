import { pitrErrors, pitrWaits } from './aws-pitr.ts';
import { restoreErrors } from './aws-restore.ts';
import { restorePlanErrors } from './aws-restore-plan.ts';
import { snapshotErrors } from './aws-snapshot.ts';
import { sourceErrors } from './aws-source.ts';
import { type Catalogue, type ErrorCatalogue, errorText, type Recorded, text } from './text.ts';
import { word } from './values.ts';

const on = (p: Recorded) => (p.on && typeof p.on === 'string' ? ` (${p.on})` : '');
const onChinese = (p: Recorded) => (p.on && typeof p.on === 'string' ? `（${p.on}）` : '');

/** What IAM wants, on what it named; a call that names no resource is allowed on all of them or on none. */
const statement = (p: Recorded) =>
  JSON.stringify({
    Effect: 'Allow',
    Action: word(p, 'action'),
    Resource: typeof p.resource === 'string' ? p.resource : '*',
  });

/** What AWS refused or didn't answer, whatever it was asked for. */
const awsItself: ErrorCatalogue = {
  'aws.throttled': errorText(
    [
      (p) => `AWS is throttling ${word(p, 'action')}${on(p)}.`,
      () => 'It is tried again by itself. If it goes on, look for what else calls AWS so often.',
    ],
    [
      (p) => `AWS 正在限制 ${word(p, 'action')} 的呼叫頻率${onChinese(p)}。`,
      () => '會自動重試。如果一直發生，請找出還有誰在頻繁呼叫 AWS。',
    ],
  ),
  'aws.unreachable': errorText(
    [
      (p) => `AWS did not answer ${word(p, 'action')}${on(p)}.`,
      () => 'It is tried again for a while. If it stays so, check the network and the AWS Health Dashboard.',
    ],
    [
      (p) => `AWS 沒有回應 ${word(p, 'action')}${onChinese(p)}。`,
      () => '會重試一段時間。如果一直如此，請檢查網路以及 AWS Health Dashboard。',
    ],
  ),
  'aws.credentials': errorText(
    [
      (p) => `AWS does not accept pitcrew’s credentials for ${word(p, 'action')}: ${word(p, 'code')}.`,
      () => 'Check the role or the keys that pitcrew runs with.',
    ],
    [
      (p) => `AWS 不接受 pitcrew 呼叫 ${word(p, 'action')} 的憑證：${word(p, 'code')}。`,
      () => '請檢查 pitcrew 執行時使用的 role 或金鑰。',
    ],
  ),
  'aws.denied': errorText(
    [
      (p) => `pitcrew may not call ${word(p, 'action')}${on(p)}.`,
      (p) =>
        typeof p.denies === 'string'
          ? `It is denied by an explicit statement (${p.denies}): allowing it elsewhere does not help, that one has to change.`
          : `Add this statement to the IAM policy of pitcrew’s role: \`${statement(p)}\``,
    ],
    [
      (p) => `pitcrew 沒有權限呼叫 ${word(p, 'action')}${onChinese(p)}。`,
      (p) =>
        typeof p.denies === 'string'
          ? `它被明確拒絕（${p.denies}）：在其他地方允許沒有作用，必須修改該處的設定。`
          : `請在 pitcrew 的 role 的 IAM policy 加入這段 statement：\`${statement(p)}\``,
    ],
  ),
  'aws.busy': errorText(
    [
      (p) => `RDS does not take ${word(p, 'action')}${on(p)} in its present state: ${word(p, 'code')}.`,
      () => 'It is tried again by itself.',
    ],
    [(p) => `RDS 在目前狀態下不接受 ${word(p, 'action')}${onChinese(p)}：${word(p, 'code')}。`, () => '會自動重試。'],
  ),
  'aws.no-capacity': errorText(
    [
      (p) => `AWS has no capacity for this instance class now${on(p)}.`,
      () => 'Set another class as `restore.profile.instanceClass`, or ask again later.',
    ],
    [
      (p) => `AWS 目前沒有這種 instance class 的容量${onChinese(p)}。`,
      () => '請在 `restore.profile.instanceClass` 設定另一種 class，或稍後再提出請求。',
    ],
  ),
  'aws.quota': errorText(
    [
      (p) => `A quota of the AWS account is used up: ${word(p, 'code')}.`,
      () => 'Raise it in Service Quotas, or remove what nobody needs any more.',
    ],
    [
      (p) => `AWS 帳號的 quota 已用完：${word(p, 'code')}。`,
      () => '請在 Service Quotas 提高上限，或移除不再需要的資源。',
    ],
  ),
  'aws.key': errorText(
    [
      (p) => `AWS can’t use the KMS key for ${word(p, 'action')}${on(p)}.`,
      () =>
        'Check that the key is enabled and not about to be deleted, and that pitcrew’s role has `kms:DescribeKey`, `kms:CreateGrant` and `kms:Decrypt` on it, in the key’s own policy too.',
    ],
    [
      (p) => `AWS 無法使用 ${word(p, 'action')} 需要的 KMS key${onChinese(p)}。`,
      () =>
        '請確認 key 已啟用且未排定刪除，並確認 pitcrew 的 role 對它有 `kms:DescribeKey`、`kms:CreateGrant` 與 `kms:Decrypt`，key 自己的 policy 也要允許。',
    ],
  ),
  'aws.too-long': errorText(
    [
      (p) => `AWS has not come to an end within ${word(p, 'hours')} hours${on(p)}: ${word(p, 'status')}.`,
      () => 'Look at it in the RDS console and ask AWS Support; what stands is kept.',
    ],
    [
      (p) => `AWS 在 ${word(p, 'hours')} 小時內沒有完成${onChinese(p)}：${word(p, 'status')}。`,
      () => '請在 RDS console 中檢查並聯絡 AWS Support；已建立的資源會保留。',
    ],
  ),
  'aws.not-found': errorText(
    [
      (p) => `AWS does not know what ${word(p, 'action')} is about${on(p)}: ${word(p, 'code')}.`,
      () => 'Check that it exists in this account and region.',
    ],
    [
      (p) => `AWS 找不到 ${word(p, 'action')} 的對象${onChinese(p)}：${word(p, 'code')}。`,
      () => '請確認它存在於這個帳號與 region。',
    ],
  ),
  'aws.refused': errorText(
    [
      (p) => `AWS refused ${word(p, 'action')}${on(p)}: ${word(p, 'code')}.`,
      () => 'AWS’s own words are in the log, under the operation’s id.',
    ],
    [
      (p) => `AWS 拒絕了 ${word(p, 'action')}${onChinese(p)}：${word(p, 'code')}。`,
      () => 'AWS 的原始訊息在 log 中，請以 operation 的 id 查詢。',
    ],
  ),
  'aws.failed': errorText(
    [
      (p) => `${word(p, 'action')} could not be called: ${word(p, 'name')}.`,
      () => 'This is a fault of pitcrew or of its set-up; the log has the details.',
    ],
    [
      (p) => `無法呼叫 ${word(p, 'action')}：${word(p, 'name')}。`,
      () => '這是 pitcrew 本身或其設定的問題；詳細內容在 log 中。',
    ],
  ),
};

const secrets: ErrorCatalogue = {
  'secret.not-found': errorText(
    [(p) => `There is no secret ${word(p, 'secret')}.`, () => 'Check the secret’s id in the config, and its region.'],
    [(p) => `找不到 secret ${word(p, 'secret')}。`, () => '請檢查設定中的 secret id 以及 region。'],
  ),
  'secret.not-json': errorText(
    [
      (p) => `The secret ${word(p, 'secret')} is no JSON object.`,
      () => 'pitcrew changes single keys of a JSON document; make it one.',
    ],
    [
      (p) => `Secret ${word(p, 'secret')} 不是 JSON object。`,
      () => 'pitcrew 只會修改 JSON 文件中的個別 key；請改成這種格式。',
    ],
  ),
  'secret.no-key': errorText(
    [
      (p) => `The secret ${word(p, 'secret')} has no ${word(p, 'key')}.`,
      () => 'Check the names of its keys in the config.',
    ],
    [(p) => `Secret ${word(p, 'secret')} 沒有 ${word(p, 'key')}。`, () => '請檢查設定中的 key 名稱。'],
  ),
  'secret.token-taken': errorText(
    [
      (p) => `The secret ${word(p, 'secret')} already has this operation’s version, with other content.`,
      () => 'Somebody used pitcrew’s version id. Nothing was changed; a person must look at the versions.',
    ],
    [
      (p) => `Secret ${word(p, 'secret')} 已經有這個 operation 的 version，但內容不同。`,
      () => '有人使用了 pitcrew 的 version id。沒有任何變更；請由人檢查各個 version。',
    ],
  ),
};

/** What RDS, Secrets Manager and the operations over them raise. */
export const awsErrors: ErrorCatalogue = {
  ...awsItself,
  ...secrets,
  ...restoreErrors,
  ...restorePlanErrors,
  ...sourceErrors,
  ...snapshotErrors,
  ...pitrErrors,
};

/** What steps over RDS wait for. RDS gives no progress for instances, so none is invented. */
export const awsWaits: Catalogue = {
  ...pitrWaits,
  'wait.aws': text(
    (p) => `AWS does not answer ${word(p, 'action')}; it is asked again, and RDS works on meanwhile`,
    (p) => `AWS 沒有回應 ${word(p, 'action')}；會再次詢問，RDS 在這段期間仍繼續工作`,
  ),
  'wait.rds-status': text(
    (p) => `RDS says: ${word(p, 'instance')} is ${word(p, 'status')}`,
    (p) => `RDS 目前狀態：${word(p, 'instance')} 為 ${word(p, 'status')}`,
  ),
  'wait.deletable': text(
    (p) => `RDS is still busy with ${word(p, 'instance')} and deletes it only after that`,
    (p) => `RDS 仍在處理 ${word(p, 'instance')}，之後才能刪除`,
  ),
  'wait.late-call': text(
    (p) => `It is watched until no late call can make ${word(p, 'instance')} again`,
    (p) => `等待不再有遲到的呼叫會重新建立 ${word(p, 'instance')}`,
  ),
  'wait.rds-settings': text(
    (p) => `RDS is still changing ${word(p, 'instance')} (${word(p, 'status')}): ${word(p, 'settings')}`,
    (p) => `RDS 仍在變更 ${word(p, 'instance')}（${word(p, 'status')}）：${word(p, 'settings')}`,
  ),
  'wait.rds-snapshot': text(
    (p) => `RDS says: ${word(p, 'snapshot')} is ${word(p, 'status')}, ${word(p, 'percent')} %`,
    (p) => `RDS 目前狀態：${word(p, 'snapshot')} 為 ${word(p, 'status')}，${word(p, 'percent')} %`,
  ),
};
