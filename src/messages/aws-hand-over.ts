import { type Catalogue, text } from './text.ts';
import { word } from './values.ts';

/** What a restore's plan knows that somebody has to see to, by name; the general reminders stand with the cluster's texts. */
export const handOverReasons: Catalogue = {
  'hand-over.rescue-snapshot': text(
    (p) =>
      `A snapshot of ${word(p, 'instance')} as it stood is asked for once nothing writes: ${word(p, 'snapshot')}. Nobody waits for it.`,
    (p) => `停止寫入後會為 ${word(p, 'instance')} 的現況建立 snapshot：${word(p, 'snapshot')}。不會等待它完成。`,
  ),
  'hand-over.old-instance-down': text(
    (p) =>
      `The old instance ${word(p, 'instance')} is ${word(p, 'status')}: it is kept, but nothing could be compared with it, and nobody could be barred from it. Before anybody starts it again: \`ALTER ROLE ${word(p, 'role')} NOLOGIN\` there, or a forgotten pod writes to it.`,
    (p) =>
      `舊的 instance ${word(p, 'instance')} 狀態為 ${word(p, 'status')}：它會保留，但無法與它比對，也無法禁止任何人連線。再次啟動後請先在其上執行 \`ALTER ROLE ${word(p, 'role')} NOLOGIN\`，以免遺漏的 pod 寫入。`,
  ),
  'hand-over.terraform': text(
    (p) =>
      `Terraform still has ${word(p, 'instance')} and would undo this: find its address with \`terraform state list\`, then \`terraform state rm ADDRESS\` and \`terraform import ADDRESS ${word(p, 'target')}\` before the next apply.`,
    (p) =>
      `Terraform 的 state 仍是 ${word(p, 'instance')}，下一次 apply 會推翻這次 restore：請先用 \`terraform state list\` 找出位址，再執行 \`terraform state rm ADDRESS\` 與 \`terraform import ADDRESS ${word(p, 'target')}\`。`,
  ),
  'hand-over.read-replicas': text(
    (p) =>
      `Read replicas stay with ${word(p, 'instance')}: ${word(p, 'names')}. Make new ones of ${word(p, 'target')}: \`aws rds create-db-instance-read-replica --source-db-instance-identifier ${word(p, 'target')} --db-instance-identifier NAME\`.`,
    (p) =>
      `Read replica 仍屬於 ${word(p, 'instance')}：${word(p, 'names')}。請為 ${word(p, 'target')} 重新建立：\`aws rds create-db-instance-read-replica --source-db-instance-identifier ${word(p, 'target')} --db-instance-identifier NAME\`。`,
  ),
  'hand-over.proxies': text(
    (p) =>
      `RDS proxies lead to the old instance: ${word(p, 'names')}. Register the new one as their target (\`aws rds register-db-proxy-targets\`).`,
    (p) =>
      `RDS proxy 仍通往舊的 instance：${word(p, 'names')}。請把新的 instance 註冊為 target（\`aws rds register-db-proxy-targets\`）。`,
  ),
  'hand-over.proxies-unread': text(
    (p) =>
      `Whether RDS proxies lead to the old instance could not be read (${word(p, 'action')}: ${word(p, 'error')}).`,
    (p) => `無法得知是否有 RDS proxy 通往舊的 instance（${word(p, 'action')}：${word(p, 'error')}）。`,
  ),
  'hand-over.event-subscriptions': text(
    (p) => `Event subscriptions name the old instance: ${word(p, 'names')}. Add the new one to them.`,
    (p) => `Event subscription 指名舊的 instance：${word(p, 'names')}。請加入新的 instance。`,
  ),
  'hand-over.event-subscriptions-unread': text(
    (p) =>
      `Which event subscriptions name the old instance could not be read (${word(p, 'action')}: ${word(p, 'error')}).`,
    (p) => `無法得知有哪些 event subscription 指名舊的 instance（${word(p, 'action')}：${word(p, 'error')}）。`,
  ),
  'hand-over.iam-role': text(
    (p) =>
      `The IAM role ${word(p, 'role')} is not attached to the new instance: \`aws rds add-role-to-db-instance --db-instance-identifier ${word(p, 'target')} --role-arn ${word(p, 'role')} --feature-name ${word(p, 'feature')}\`.`,
    (p) =>
      `IAM role ${word(p, 'role')} 不會附加到新的 instance：\`aws rds add-role-to-db-instance --db-instance-identifier ${word(p, 'target')} --role-arn ${word(p, 'role')} --feature-name ${word(p, 'feature')}\`。`,
  ),
  'hand-over.activity-stream': text(
    (p) => `The old instance has an activity stream; ${word(p, 'target')} has none until somebody starts it.`,
    (p) => `舊的 instance 有 activity stream；${word(p, 'target')} 沒有，需要有人啟動。`,
  ),
  'hand-over.alarms': text(
    (p) =>
      `Alarms watch the old instance by its name. Find them: \`aws cloudwatch describe-alarms --query "MetricAlarms[?Dimensions[?Name=='DBInstanceIdentifier' && Value=='${word(p, 'instance')}']].AlarmName"\`.`,
    (p) =>
      `Alarm 以名稱監看舊的 instance。可以這樣找出：\`aws cloudwatch describe-alarms --query "MetricAlarms[?Dimensions[?Name=='DBInstanceIdentifier' && Value=='${word(p, 'instance')}']].AlarmName"\`。`,
  ),
  'hand-over.database-unread': text(
    () =>
      'Replication slots, subscriptions, pg_cron jobs and foreign servers could not be read: the database does not answer.',
    () => '無法讀取 replication slot、subscription、pg_cron job 與 foreign server：database 沒有回應。',
  ),
  'hand-over.replication-slots': text(
    (p) =>
      `Replication slots do not come with a restore: ${word(p, 'names')}. Whoever reads them (change data capture, replicas) has to start anew.`,
    (p) =>
      `Restore 不會帶回 replication slot：${word(p, 'names')}。讀取它們的系統（change data capture、replica）必須重新開始。`,
  ),
  'hand-over.subscriptions': text(
    (p) =>
      `Subscriptions start by themselves in the restored database and share the old one’s slots: ${word(p, 'names')}. Disable or rebuild them.`,
    (p) => `Subscription 會在 restore 後的 database 自行啟動，並與舊的共用 slot：${word(p, 'names')}。請停用或重建。`,
  ),
  'hand-over.foreign-servers': text(
    (p) => `Foreign servers are reachable from both databases: ${word(p, 'names')}.`,
    (p) => `兩個 database 都能連到 foreign server：${word(p, 'names')}。`,
  ),
  'hand-over.cron': text(
    () => 'pg_cron is installed: its jobs run in the restored database as soon as it stands, and in the old one too.',
    () => '已安裝 pg_cron：restore 後的 database 一建立，job 就會執行，舊的 database 也會繼續執行。',
  ),
  'hand-over.survives': text(
    (p) => `Not in the dump, so the load leaves it as it is: ${word(p, 'thing')}.`,
    (p) => `不在 dump 中，載入後維持原狀：${word(p, 'thing')}。`,
  ),
  'hand-over.roles-without-password': text(
    (p) =>
      `No dump holds passwords: on ${word(p, 'target')} these roles are made without one and can’t log in: ${word(p, 'names')}. For each that people or programs use: \`ALTER ROLE NAME LOGIN\`, then \`\\password NAME\`.`,
    (p) =>
      `Dump 不含密碼：${word(p, 'target')} 上的這些 role 建立時沒有密碼，無法登入：${word(p, 'names')}。有人或程式使用的 role，請執行 \`ALTER ROLE NAME LOGIN\`，再執行 \`\\password NAME\`。`,
  ),
  'hand-over.settings-set': text(
    (p) => `pg_dump leaves these settings out; pitcrew sets them again as they were: ${word(p, 'names')}.`,
    (p) => `pg_dump 不含這些設定，pitcrew 會照原樣重新設定：${word(p, 'names')}。`,
  ),
  'hand-over.role-settings': text(
    (p) =>
      `This dump doesn’t say what was set for a role everywhere (\`ALTER ROLE … SET\`; what was set for it in this database is carried over): repeat it on ${word(p, 'target')} where \`SELECT rolname, rolconfig FROM pg_roles\` shows any on the old one.`,
    (p) =>
      `這個 dump 沒有記錄 role 的全域設定（\`ALTER ROLE … SET\`；僅限此 database 的設定會帶過去）：若舊的 instance 上 \`SELECT rolname, rolconfig FROM pg_roles\` 有內容，請在 ${word(p, 'target')} 上重做。`,
  ),
  'hand-over.role-attributes-lost': text(
    (p) =>
      `RDS’s master user can’t give these on ${word(p, 'target')}; whoever needs them must find another way: ${word(p, 'names')}.`,
    (p) => `RDS 的 master user 無法在 ${word(p, 'target')} 上授予這些屬性；需要的人必須另尋方法：${word(p, 'names')}。`,
  ),
  'hand-over.needs-unknown': text(
    () =>
      'Nobody wrote down which roles, extensions and database settings this dump needs: if a role is missing, the load fails before the switch, and `ALTER DATABASE … SET` has to be repeated by hand.',
    () =>
      '沒有人記下這個 dump 需要哪些 role、extension 與 database 設定：若缺少 role，載入會在切換之前失敗；`ALTER DATABASE … SET` 需手動重做。',
  ),
  'hand-over.settings-unknown': text(
    (p) =>
      `Nobody knows what the old instance had for: ${word(p, 'names')}. Set them on ${word(p, 'target')} if it matters.`,
    (p) => `已無從得知舊的 instance 的這些設定：${word(p, 'names')}。如有需要，請在 ${word(p, 'target')} 上設定。`,
  ),
  'hand-over.settings-of-other-version': text(
    (p) => `RDS’s default group is taken, because the old one is for another major version: ${word(p, 'names')}.`,
    (p) => `因為舊的 group 屬於不同的主要版本，改用 RDS 預設的 group：${word(p, 'names')}。`,
  ),
  'hand-over.parameters-pending': text(
    (p) =>
      `The old instance waits for a reboot to take changed parameters of ${word(p, 'group')}; the new one has them from its start.`,
    (p) => `舊的 instance 需要重新開機才會套用 ${word(p, 'group')} 已變更的參數；新的 instance 一開始就會套用。`,
  ),
  'hand-over.secret-mentions-host': text(
    (p) =>
      `The secret has other keys with the old address in them: ${word(p, 'names')}. pitcrew does not change them; whoever reads them stays on the old database.`,
    (p) =>
      `Secret 中還有其他 key 含有舊的位址：${word(p, 'names')}。pitcrew 不會修改它們；讀取它們的程式會留在舊的 database。`,
  ),
};
