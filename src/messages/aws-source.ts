import { type ErrorCatalogue, errorText } from './text.ts';
import { word, words } from './values.ts';

/** Why the database that the secret points to can't be traced to an instance, or is gone. */
export const sourceErrors: ErrorCatalogue = {
  'restore.secret-incomplete': errorText(
    [
      (p) =>
        `The secret ${word(p, 'secret')} has no key ${word(p, 'key')}, which the config names as \`${word(p, 'option')}\`.`,
      (p) =>
        words(p, 'known').length > 0
          ? `Its keys are: ${words(p, 'known').join(', ')}. Correct \`${word(p, 'option')}\`.`
          : `It has no keys at all. Correct \`secret.id\`, or \`${word(p, 'option')}\`.`,
    ],
    [
      (p) => `Secret ${word(p, 'secret')} 沒有 key ${word(p, 'key')}（設定中的 \`${word(p, 'option')}\`）。`,
      (p) =>
        words(p, 'known').length > 0
          ? `它的 key 有：${words(p, 'known').join('、')}。請修正 \`${word(p, 'option')}\`。`
          : `它沒有任何 key。請修正 \`secret.id\` 或 \`${word(p, 'option')}\`。`,
    ],
  ),
  'restore.unsupported-engine': errorText(
    [
      (p) =>
        p.engine === 'cluster'
          ? `${word(p, 'instance')} belongs to a cluster: Aurora, or Multi-AZ with readable standbys.`
          : `The engine of ${word(p, 'instance')} is ${word(p, 'engine')}, which pitcrew does not restore.`,
      () => 'pitcrew restores RDS for PostgreSQL: no Aurora, no Multi-AZ clusters, no other engine.',
    ],
    [
      (p) =>
        p.engine === 'cluster'
          ? `${word(p, 'instance')} 屬於 cluster：Aurora，或具有可讀 standby 的 Multi-AZ。`
          : `${word(p, 'instance')} 的 engine 是 ${word(p, 'engine')}，pitcrew 不支援 restore。`,
      () => 'pitcrew 只 restore RDS for PostgreSQL；不支援 Aurora、Multi-AZ cluster 或其他 engine。',
    ],
  ),
  'restore.host-not-instance': errorText(
    [
      (p) => `The secret points to ${word(p, 'host')}:${word(p, 'port')}, which is no RDS instance’s own endpoint.`,
      () =>
        'pitcrew can’t tell which instance it would replace. Put the instance’s own endpoint, as the RDS console shows it, into the secret.',
    ],
    [
      (p) => `Secret 指向 ${word(p, 'host')}:${word(p, 'port')}，這不是任何 RDS instance 自己的 endpoint。`,
      () => 'pitcrew 無法得知會替換哪個 instance。請在 secret 中填入 RDS console 顯示的 instance endpoint。',
    ],
  ),
  'restore.host-is-proxy': errorText(
    [
      (p) => `The secret points to the RDS proxy ${word(p, 'proxy')} (${word(p, 'host')}), not to an instance.`,
      () =>
        'Behind a proxy the switch would do nothing: the proxy’s target would have to be changed instead. Put the instance’s own endpoint into the secret.',
    ],
    [
      (p) => `Secret 指向 RDS proxy ${word(p, 'proxy')}（${word(p, 'host')}），不是 instance。`,
      () => '透過 proxy 時切換不會生效：需要改的是 proxy 的 target。請在 secret 中填入 instance 自己的 endpoint。',
    ],
  ),
  'restore.host-is-alias': errorText(
    [
      (p) => `The secret points to ${word(p, 'host')}, another name for ${word(p, 'target')}.`,
      (p) =>
        `By DNS it seems to lead to ${word(p, 'instance')}, but DNS may say something else a minute later. Put that instance’s own endpoint into the secret; pitcrew changes the secret, never DNS.`,
    ],
    [
      (p) => `Secret 指向 ${word(p, 'host')}，它是 ${word(p, 'target')} 的別名。`,
      (p) =>
        `依 DNS 看來它通往 ${word(p, 'instance')}，但 DNS 隨時可能改變。請在 secret 中填入該 instance 自己的 endpoint；pitcrew 只修改 secret，不修改 DNS。`,
    ],
  ),
  'restore.host-elsewhere': errorText(
    [
      (p) =>
        `The secret points to an instance in ${word(p, 'region')} (${word(p, 'host')}); this environment is in ${word(p, 'expected')}.`,
      () => 'Correct the environment’s `region`, or the secret.',
    ],
    [
      (p) =>
        `Secret 指向位於 ${word(p, 'region')} 的 instance（${word(p, 'host')}），但這個環境在 ${word(p, 'expected')}。`,
      () => '請修正這個環境的 `region`，或修正 secret。',
    ],
  ),
  'restore.host-differs': errorText(
    [
      (p) =>
        `The secret points to ${word(p, 'host')}, but the instance ${word(p, 'instance')} is not there: ${word(p, 'address')}.`,
      () => 'Correct host and port in the secret, or wait until the instance has its address.',
    ],
    [
      (p) => `Secret 指向 ${word(p, 'host')}，但 instance ${word(p, 'instance')} 不在該處：${word(p, 'address')}。`,
      () => '請修正 secret 中的 host 與 port，或等 instance 取得其位址。',
    ],
  ),
  'restore.source-going': errorText(
    [
      (p) => `The instance ${word(p, 'instance')} is being deleted at this moment.`,
      () => 'Ask again when it is gone: its last settings are written down, and a restore does without it then.',
    ],
    [
      (p) => `Instance ${word(p, 'instance')} 正在被刪除。`,
      () => '請等它消失後再提出請求：它最後的設定已記下，屆時可以在沒有它的情況下 restore。',
    ],
  ),
  'restore.source-gone': errorText(
    [
      (p) =>
        `The instance ${word(p, 'instance')}, to which the secret points (${word(p, 'host')}:${word(p, 'port')}), does not exist any more.`,
      (_, slash) => `This needs it alive. \`${slash} restore\` can bring it back: \`${slash} list\` shows from what.`,
    ],
    [
      (p) => `Secret 指向的 instance ${word(p, 'instance')}（${word(p, 'host')}:${word(p, 'port')}）已不存在。`,
      (_, slash) =>
        `這個 operation 需要它存在。可以用 \`${slash} restore\` 復原；\`${slash} list\` 會列出可用的 recovery point。`,
    ],
  ),
  'restore.source-forgotten': errorText(
    [
      (p) =>
        `The instance ${word(p, 'instance')}, to which the secret points (${word(p, 'host')}:${word(p, 'port')}), is gone, and neither a snapshot, an automated backup nor a settings record of it is left.`,
      () =>
        'Look for its snapshots in other regions and accounts, and in AWS Backup. A dump can be restored by the runbook.',
    ],
    [
      (p) =>
        `Secret 指向的 instance ${word(p, 'instance')}（${word(p, 'host')}:${word(p, 'port')}）已不存在，也沒有留下任何 snapshot、automated backup 或設定紀錄。`,
      () => '請在其他 region、其他帳號以及 AWS Backup 中尋找它的 snapshot。Dump 可以依照 runbook 還原。',
    ],
  ),
  'restore.settings-unknown': errorText(
    [
      (p) =>
        `The instance ${word(p, 'instance')} is gone, and nobody wrote down all that the application would feel: ${words(p, 'options').join(', ')}.`,
      (p) =>
        `Set ${words(p, 'options')
          .map((option) => `\`restore.profile.${option}\``)
          .join(
            ', ',
          )} of this environment, then ask again. Nothing is left to RDS’s defaults: one of them is the default security group.`,
    ],
    [
      (p) =>
        `Instance ${word(p, 'instance')} 已不存在，而且沒有完整記下 application 會感受到的設定：${words(p, 'options').join('、')}。`,
      (p) =>
        `請在這個環境設定 ${words(p, 'options')
          .map((option) => `\`restore.profile.${option}\``)
          .join('、')}，然後再提出請求。不會任由 RDS 使用預設值：例如預設的 security group。`,
    ],
  ),
};
