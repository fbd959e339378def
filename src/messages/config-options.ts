import type { Phrase } from './config-expected.ts';
import { checkOptions } from './config-options-checks.ts';
import { plain } from './text.ts';

const general: Readonly<Record<string, Phrase>> = {
  ledger: plain(
    'Where everything that ever happens to an operation is written down: an append-only chain in S3. Nothing else is the truth.',
    '所有 operation 發生過的事都記錄在這裡：S3 中只能附加的 chain。它是唯一的依據。',
  ),
  'ledger.bucket': plain(
    'The S3 bucket. Its policy should refuse to overwrite and to delete.',
    'S3 bucket。它的 policy 應該禁止覆寫與刪除。',
  ),
  'ledger.region': plain('The bucket’s region.', 'Bucket 所在的 region。'),
  'ledger.prefix': plain(
    'What every key begins with, so that several pitcrews can share one bucket.',
    '每個 key 的開頭，讓多個 pitcrew 可以共用一個 bucket。',
  ),
  slack: plain('How people reach pitcrew in Slack.', '使用者在 Slack 中如何使用 pitcrew。'),
  'slack.commands': plain(
    'The slash command, as the Slack app’s manifest has it.',
    'Slash command，與 Slack app 的 manifest 相同。',
  ),
  'slack.incidentChannels': plain(
    'Channels where commands are taken, by name or pattern, beside the incident and audit channels of the environments.',
    '除了各環境的 incident 與 audit channel 之外，還可以在哪些 channel 下指令（名稱或 pattern）。',
  ),
  'slack.language': plain(
    'The language of channels. What only one person sees follows their own Slack.',
    'Channel 使用的語言。只有個人看得到的內容依個人的 Slack 設定。',
  ),
  people: plain('Who may do what.', '誰可以做什麼。'),
  'people.approvers': plain(
    'Who may approve what destroys something. Users and members of groups count alike.',
    '誰可以核准會造成破壞的 operation。個人與 group 成員一視同仁。',
  ),
  'people.approvers.users': plain('Slack users by their ids.', 'Slack 使用者的 id。'),
  'people.approvers.groups': plain(
    'Slack user groups by their ids; who is in them is read at the click.',
    'Slack user group 的 id；點擊當下才讀取成員。',
  ),
  'people.breakGlass': plain(
    'Who may act alone when nobody else can be reached.',
    '聯絡不到其他人時，誰可以獨自執行。',
  ),
  'people.breakGlass.users': plain(
    'Slack users by their ids, none of them an approver.',
    'Slack 使用者的 id，不能同時是核准者。',
  ),
  'people.identities.*': plain(
    'The ARN of this Slack user’s own IAM user, role, or session of a role.',
    '這個 Slack 使用者自己的 IAM user、role 或 role session 的 ARN。',
  ),
  'people.identities': plain(
    'By which AWS principal a terminal knows a person: a principal that nobody else can use (docs/terminal.md).',
    '終端機以哪個 AWS principal 認得某人：必須是其他人無法使用的 principal（docs/terminal.md）。',
  ),
  environments: plain(
    'The databases that pitcrew looks after, by the names that people type after a command.',
    'pitcrew 負責的 database，名稱就是使用者在指令後面輸入的名稱。',
  ),
  'environments.*': plain('One environment.', '一個環境。'),
  'environments.*.region': plain(
    'The AWS region of the database and of its secrets.',
    'Database 與其 secret 所在的 AWS region。',
  ),
};

/** A login of pitcrew's own, with the keys of its secret. */
function roleOptions(name: string, what: Phrase): Readonly<Record<string, Phrase>> {
  const at = `environments.*.database.${name}`;
  return {
    [at]: what,
    [`${at}.secret`]: plain(
      'The Secrets Manager secret with its login, a JSON object.',
      '存放登入資訊的 Secrets Manager secret，內容為 JSON object。',
    ),
    [`${at}.keys`]: plain(
      'The names of its keys; left out, as RDS writes them.',
      'Key 的名稱；不寫時與 RDS 的寫法相同。',
    ),
    [`${at}.keys.user`]: plain('The key with the role’s name.', '存放 role 名稱的 key。'),
    [`${at}.keys.password`]: plain('The key with its password.', '存放密碼的 key。'),
  };
}

const database: Readonly<Record<string, Phrase>> = {
  'environments.*.database': plain('The PostgreSQL database on RDS.', 'RDS 上的 PostgreSQL database。'),
  'environments.*.database.instance': plain(
    'The instance at the time of writing. The current one is whatever the secret points to; backups of this one stay listed.',
    '撰寫設定時的 instance。目前的 instance 以 secret 指向的為準；這個 instance 的備份仍會列出。',
  ),
  'environments.*.database.name': plain(
    'The database within the instance, where the secret doesn’t say.',
    'Instance 中的 database 名稱，secret 沒有寫時使用。',
  ),
  'environments.*.database.timeZone': plain(
    'The clock that people read: times that they type, and timestamps without a zone.',
    '使用者看的時區：輸入的時間以及沒有時區的 timestamp 都依此解讀。',
  ),
  ...roleOptions(
    'verifyRole',
    plain(
      'A role that may only read: pg_read_all_data and pg_monitor. Verification, loss and sessions are read with it.',
      '只能讀取的 role：pg_read_all_data 與 pg_monitor。驗證、遺失的資料與 session 都用它讀取。',
    ),
  ),
  ...roleOptions(
    'fenceRole',
    plain(
      'A role that may bar the application’s role and end its sessions: CREATEROLE and pg_signal_backend; from PostgreSQL 16 on also ADMIN OPTION on the application’s role.',
      '可以禁止 application 的 role 登入並結束其 session 的 role：CREATEROLE 與 pg_signal_backend；PostgreSQL 16 起還需要對 application role 的 ADMIN OPTION。',
    ),
  ),
  ...roleOptions(
    'masterRole',
    plain(
      'The master user’s login, used to repair the application’s password on a restored instance, and to load dumps. Left out: RDS’s own managed secret, where there is one.',
      'Master user 的登入資訊，用來在 restore 出來的 instance 上修復 application 的密碼，以及載入 dump。不寫時使用 RDS 管理的 secret（如果有）。',
    ),
  ),
  'environments.*.database.readers': plain(
    'Roles that only read and may stay connected while the application is stopped. Every other session stops a restore before the cut-over.',
    '只讀取、在 application 停止期間可以保持連線的 role。其他任何 session 都會讓 restore 停在 cut-over 之前。',
  ),
  'environments.*.secret': plain(
    'The application’s own secret: where it reads its database from. A restore switches its host.',
    'Application 自己的 secret：它由此得知 database 的位置。Restore 會切換其中的 host。',
  ),
  'environments.*.secret.id': plain('Its name or ARN in Secrets Manager.', 'Secrets Manager 中的名稱或 ARN。'),
  'environments.*.secret.keys': plain(
    'The names of the keys in its JSON object. Keys that aren’t named here stay as they are.',
    'JSON object 中 key 的名稱。沒有列在這裡的 key 都保持原樣。',
  ),
  'environments.*.secret.keys.host': plain('The host.', 'Host。'),
  'environments.*.secret.keys.port': plain(
    'The port; a secret without it means 5432.',
    'Port；secret 中沒有時為 5432。',
  ),
  'environments.*.secret.keys.database': plain('The database.', 'Database。'),
  'environments.*.secret.keys.user': plain('The application’s role.', 'Application 的 role。'),
  'environments.*.secret.keys.password': plain('Its password.', '密碼。'),
  'environments.*.secret.keys.readHost': plain(
    'A second address that reads go to. It moves with the first.',
    '讀取用的第二個位址。會與第一個一起切換。',
  ),
  'environments.*.dumps': plain('Where dumps lie, and who makes them.', 'Dump 存放的位置，以及由誰產生。'),
  'environments.*.dumps.bucket': plain('The S3 bucket.', 'S3 bucket。'),
  'environments.*.dumps.prefix': plain('What every key of a dump begins with.', '每個 dump 的 key 的開頭。'),
  'environments.*.dumps.runner': plain(
    'A Kubernetes Job, which outlives a worker, or exec into a pod where no Job may run.',
    'Kubernetes Job（worker 結束後仍會繼續），或在不能執行 Job 的叢集中用 exec 進入 pod。',
  ),
  'environments.*.dumps.image': plain(
    'The image that pitcrew itself runs in: a dump’s Job runs in it too, beside the first workload.',
    'pitcrew 自己使用的 image：dump 的 Job 也用它，在第一個 workload 所在的 namespace 執行。',
  ),
  'environments.*.dumps.serviceAccount': plain(
    'The service account of that Job, which may write to the bucket; else the namespace’s default.',
    '該 Job 的 service account，需能寫入 bucket；否則使用 namespace 的 default。',
  ),
  'environments.*.dumps.tools': plain(
    'With `runner: exec`: the pod with pg_dump, of the server’s major version, and a shell.',
    '使用 `runner: exec` 時：有 pg_dump（與 server 相同的 major version）與 shell 的 pod。',
  ),
  'environments.*.dumps.tools.cluster': plain(
    'A context of the kubeconfig; left out, the current one.',
    'kubeconfig 的 context；省略時為目前的 context。',
  ),
  'environments.*.dumps.tools.namespace': plain('Its namespace.', '它的 namespace。'),
  'environments.*.dumps.tools.deployment': plain('The Deployment that the pod belongs to.', 'Pod 所屬的 Deployment。'),
  'environments.*.dumps.tools.container': plain(
    'The container; left out, the pod’s default.',
    'Container；省略時為 pod 的預設 container。',
  ),
};

const workloads: Readonly<Record<string, Phrase>> = {
  'environments.*.workloads': plain(
    'Everything that writes to the database. All of it is stopped for a restore and started again.',
    '所有會寫入 database 的程式。Restore 時全部停止，之後再啟動。',
  ),
  'environments.*.workloads[].cluster': plain(
    'A context of the kubeconfig; left out, the current one.',
    'kubeconfig 中的 context；不寫時為目前的 context。',
  ),
  'environments.*.workloads[].namespace': plain('Its namespace.', 'Namespace。'),
  'environments.*.workloads[].deployment': plain(
    'A Deployment: scaled to 0 and back.',
    'Deployment：調整為 0，之後再調回。',
  ),
  'environments.*.workloads[].statefulSet': plain(
    'A StatefulSet: scaled to 0 and back.',
    'StatefulSet：調整為 0，之後再調回。',
  ),
  'environments.*.workloads[].cronJob': plain(
    'A CronJob: suspended, and waited for while a job of it runs.',
    'CronJob：會被 suspend，執行中的 job 會等它結束。',
  ),
  'environments.*.workloads[].replicas': plain(
    'The count to come back with where nothing else says how many ran.',
    '無法得知原本執行幾個時，要恢復的數量。',
  ),
};

const peopleAndTime: Readonly<Record<string, Phrase>> = {
  'environments.*.channels': plain('Who hears of it, by channel ids.', '通知誰，以 channel id 表示。'),
  'environments.*.channels.incident': plain(
    'Where cards stand and commands are taken.',
    '卡片所在、也可以下指令的 channel。',
  ),
  'environments.*.channels.stakeholders': plain(
    'Where the milestones are told in plain words.',
    '以白話說明重要進展的 channel。',
  ),
  'environments.*.channels.audit': plain(
    'Where everything that was asked and done is noted.',
    '記錄所有請求與動作的 channel。',
  ),
  'environments.*.channels.language': plain(
    'The language of these channels; left out, that of slack.language.',
    '這些 channel 的語言；不寫時與 slack.language 相同。',
  ),
  'environments.*.approvals': plain('What an approval takes.', '核准的條件。'),
  'environments.*.approvals.required': plain('How many people must approve.', '需要幾個人核准。'),
  'environments.*.approvals.requesterCounts': plain(
    'Whether the requester’s own approval counts as one of them.',
    '請求者自己的核准是否計入。',
  ),
  'environments.*.approvals.approveWithinMinutes': plain(
    'After so many minutes a request expires.',
    '超過這個時間（分鐘）請求就會過期。',
  ),
  'environments.*.approvals.startWithinMinutes': plain(
    'An approved operation that could not begin within so many minutes is asked for anew.',
    '核准後在這個時間（分鐘）內無法開始，就必須重新請求。',
  ),
  'environments.*.approvals.cutOver': plain(
    'How many people must approve the cut-over of a restore-first, after its comparison.',
    'restore-first 比對之後，cut-over 需要幾個人核准。',
  ),
  'environments.*.objectives': plain('What every result is measured against.', '每次結果的衡量標準。'),
  'environments.*.objectives.rtoMinutes': plain(
    'Recovery time objective: minutes from the incident’s start to service.',
    'Recovery time objective：從 incident 開始到恢復服務的分鐘數。',
  ),
  'environments.*.objectives.rpoMinutes': plain(
    'Recovery point objective: minutes of data that may be lost.',
    'Recovery point objective：可以遺失幾分鐘的資料。',
  ),
  'environments.*.schedules': plain(
    'When backups are made, by tier: cron expressions in the database’s time zone.',
    '各層級的備份時間：cron 表示式，依 database 的時區。',
  ),
  ...tierOptions('schedules', plain('When this tier is made.', '這個層級的備份時間。')),
  'environments.*.retention': plain(
    'How long backups are kept, by tier. A tier without it is kept until somebody deletes it.',
    '各層級的備份保留多久。沒有設定的層級會保留到有人刪除為止。',
  ),
  ...tierOptions('retention', plain('How long this tier is kept.', '這個層級保留多久。')),
  'environments.*.escalation': plain(
    'Whom an incident is passed on to, in this order.',
    'Incident 依序往上通知的對象。',
  ),
  'environments.*.escalation[].level': plain('What people call this level.', '這個層級的稱呼。'),
  'environments.*.escalation[].group': plain('A Slack user group to call.', '要呼叫的 Slack user group。'),
  'environments.*.escalation[].link': plain('A link to open instead.', '改為要開啟的連結。'),
  'environments.*.escalation[].afterMinutes': plain(
    'Minutes from the incident’s start.',
    '從 incident 開始算起的分鐘數。',
  ),
  'environments.*.runbooks': plain(
    'Links that failure cards show, by name: connection, inconsistency, rollback, or any other word.',
    '失敗卡片上顯示的連結，以名稱列出：connection、inconsistency、rollback，或其他任何字。',
  ),
  'environments.*.runbooks.*': plain('A link.', '連結。'),
};

function tierOptions(group: string, what: Phrase): Readonly<Record<string, Phrase>> {
  return Object.fromEntries(['hourly', 'daily', 'weekly'].map((tier) => [`environments.*.${group}.${tier}`, what]));
}

/** What each option of pitcrew.yaml does, by its path: `*` is any name, `[]` an item of a list. */
export const optionTexts: Readonly<Record<string, Phrase>> = {
  ...general,
  ...database,
  ...workloads,
  ...peopleAndTime,
  ...checkOptions,
};
