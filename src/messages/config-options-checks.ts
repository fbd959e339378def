import type { Phrase } from './config-expected.ts';
import { plain } from './text.ts';

const restore: Readonly<Record<string, Phrase>> = {
  'environments.*.restore': plain('How a restore goes.', 'Restore 如何進行。'),
  'environments.*.restore.order': plain(
    'stop-first, the runbook’s: the application is stopped while the instance is restored beside. restore-first: it serves until the instance beside is verified and compared, and people approve the cut-over. A request may say otherwise; `--to latest` always stops first.',
    'stop-first，即 runbook 的順序：在旁邊 restore instance 的同時停止 application。restore-first：application 繼續服務，直到旁邊的 instance 驗證並比對完成、cut-over 經核准為止。請求時可以另外指定；`--to latest` 一律先停止。',
  ),
  'environments.*.restore.onFailure': plain(
    'Where a restore fails before the cut-over: return to the old database, or stay stopped because its data must not be served. A request may say otherwise.',
    'Restore 在 cut-over 之前失敗時：回到舊的 database（return），或因為舊資料不能提供服務而保持停止（stay-stopped）。請求時可以另外指定。',
  ),
  'environments.*.restore.prestage': plain(
    'Whether the instance beside is made while people still decide. It costs money meanwhile, and is deleted when they say no; needs `rds:DeleteDBInstance`. Not for dumps, nor for `--to latest`.',
    '是否在等待核准期間就先建立旁邊的 instance。這段期間會產生費用；被拒絕時會刪除，因此需要 `rds:DeleteDBInstance`。不適用於 dump 與 `--to latest`。',
  ),
  'environments.*.restore.findingsWithinMinutes': plain(
    'How long people may decide whether to cut over with what the verification found, in minutes; 0 asks nobody, and the restore fails.',
    '驗證發現問題時，讓人決定是否仍要 cut-over 的時間（分鐘）；0 表示不詢問，restore 直接失敗。',
  ),
  'environments.*.restore.cutOverWithinMinutes': plain(
    'How long people may decide about the cut-over of a restore-first, in minutes. After that nothing is cut over, and the instance is kept beside.',
    'restore-first 的 cut-over 可以決定多久（分鐘）。逾時就不切換，instance 保留在旁邊。',
  ),
  'environments.*.restore.pollSeconds': plain(
    'How often AWS and Kubernetes are asked how far they are.',
    '每隔幾秒詢問 AWS 與 Kubernetes 的進度。',
  ),
  'environments.*.restore.stopWithinMinutes': plain(
    'How long stopping the application may take before it counts as failed.',
    '停止 application 最多可以花多久（分鐘），超過視為失敗。',
  ),
  'environments.*.restore.startWithinMinutes': plain(
    'How long the application may take to come up on the new database.',
    'Application 在新的 database 上啟動最多可以花多久（分鐘）。',
  ),
  'environments.*.restore.provenSeconds': plain(
    'How long every pod must have been on the new instance, and none on the old, before the word “restored” is said.',
    '所有 pod 都在新 instance 上、沒有任何 pod 在舊的上面，要持續幾秒才算 restore 成功。',
  ),
  'environments.*.restore.keepDays': plain(
    'How many days an instance that was left stays; before that `cleanup` deletes it only with `--now`.',
    '留下的 instance 保留幾天；在此之前，`cleanup` 只有加上 `--now` 才會刪除。',
  ),
  'environments.*.restore.profile': plain(
    'Settings of the new instance that are not to be the old one’s; all that is known where the old one is gone.',
    '新 instance 不沿用舊 instance 的設定；舊 instance 已不存在時，以這裡為準。',
  ),
  'environments.*.restore.profile.instanceClass': plain('The instance class.', 'Instance class。'),
  'environments.*.restore.profile.subnetGroup': plain('The DB subnet group.', 'DB subnet group。'),
  'environments.*.restore.profile.securityGroups': plain('The VPC security groups.', 'VPC security group。'),
  'environments.*.restore.profile.parameterGroup': plain('The DB parameter group.', 'DB parameter group。'),
  'environments.*.restore.profile.publiclyAccessible': plain(
    'Whether the instance has a public address.',
    'Instance 是否有公開的位址。',
  ),
  'environments.*.restore.profile.caCertificate': plain(
    'The certificate authority that its certificate comes from.',
    '簽發其憑證的 certificate authority。',
  ),
  'environments.*.restore.profile.networkType': plain(
    'IPv4 alone, or IPv4 and IPv6.',
    '只用 IPv4，或 IPv4 與 IPv6 都用。',
  ),
};

/** `queries` and `rules` have the same shape. */
function queryOptions(name: string, what: Phrase): Readonly<Record<string, Phrase>> {
  const at = `environments.*.checks.${name}`;
  const expect = `${at}[].expect`;
  return {
    [at]: what,
    [`${at}[].name`]: plain('What the result card calls it.', '結果卡片上顯示的名稱。'),
    [`${at}[].sql`]: plain(
      'One statement, run in a read-only transaction. What it reads is not shown: keys and counts only.',
      '單一 SQL，在唯讀 transaction 中執行。讀到的內容不會顯示，只有 key 與數量。',
    ),
    [expect]: plain('What must hold; several at once must all hold.', '必須成立的條件；寫了多個時必須全部成立。'),
    [`${expect}.value`]: plain('The first column of the first row.', '第一列第一欄的值。'),
    [`${expect}.rows`]: plain('How many rows there are.', '有幾列。'),
    [`${expect}.minimum`]: plain('The least that the first column of the first row may be.', '第一列第一欄的最小值。'),
    [`${expect}.notOlderThanMinutes`]: plain(
      'How many minutes before the recovery point the instant in the first column may lie.',
      '第一欄的時間最多可以比 recovery point 早幾分鐘。',
    ),
    [`${expect}.withinSeconds`]: plain('How long the query may take.', '查詢最多可以花幾秒。'),
  };
}

/** How a restore goes, and what proves that it went well. */
export const checkOptions: Readonly<Record<string, Phrase>> = {
  ...restore,
  'environments.*.checks': plain(
    'What is looked at before the cut-over, and after it.',
    'Cut-over 之前與之後要檢查的項目。',
  ),
  'environments.*.checks.gateMinutes': plain(
    'The time budget of the checks before the cut-over. What doesn’t fit is listed as not checked.',
    'Cut-over 之前檢查的時間上限（分鐘）。來不及的會列為未檢查。',
  ),
  'environments.*.checks.deepMinutes': plain(
    'The time budget of everything else, after the cut-over; 0 leaves it out.',
    'Cut-over 之後其餘檢查的時間上限（分鐘）；0 表示不做。',
  ),
  'environments.*.checks.critical': plain(
    'The tables that matter most: counted and checked before the cut-over, and whose lost rows are counted.',
    '最重要的 table：在 cut-over 之前計數並檢查，並計算遺失的列數。',
  ),
  'environments.*.checks.relations': plain(
    'Relations that the schema declares no foreign key for. Orphans are looked for in them too.',
    'Schema 中沒有宣告 foreign key 的關聯。也會檢查其中的 orphan。',
  ),
  'environments.*.checks.relations[].from': plain('The column that refers.', '參照的 column。'),
  'environments.*.checks.relations[].to': plain('The column that it refers to.', '被參照的 column。'),
  ...queryOptions('queries', plain('Queries that the application lives by.', 'Application 賴以運作的查詢。')),
  ...queryOptions('rules', plain('Business rules that must hold in the data.', '資料必須符合的業務規則。')),
  'environments.*.checks.heartbeat': plain(
    'A column that something writes the time into all the time, by the application or a cron job: after a point-in-time recovery its newest value must be from right before the moment, and none from after it. pitcrew only reads it.',
    '由 application 或 cron job 持續寫入時間的欄位：point-in-time recovery 之後，最新的值必須緊接在該時間點之前，且之後沒有任何值。pitcrew 只會讀取。',
  ),
  'environments.*.checks.heartbeat.column': plain(
    'Table and column; a row for each beat shows gaps, one row that is overwritten does too little.',
    'Table 與欄位；每次 heartbeat 新增一列才看得出遺漏，覆寫同一列則無法完全看出。',
  ),
  'environments.*.checks.heartbeat.withinSeconds': plain(
    'How old the newest may be at the moment, in seconds: a little more than the time between two.',
    '在該時間點，最新的一筆最多可以多舊（秒）：略大於兩次之間的間隔。',
  ),
  'environments.*.checks.migrations': plain(
    'SQL that gives `at`, when each migration ran, and its `name`: for `find`, where migrations are written down elsewhere than the usual tools do.',
    '提供 `at`（每個 migration 的執行時間）與 `name` 的 SQL：供 `find` 使用，適用於常見工具以外的紀錄方式。',
  ),
  'environments.*.checks.command': plain(
    'What the team already has, run as a Kubernetes Job against the restored database. Exit code 0 is a pass.',
    '團隊既有的檢查程式，以 Kubernetes Job 對 restore 出來的 database 執行。結束代碼 0 為通過。',
  ),
  'environments.*.checks.command.image': plain('Its image.', 'Image。'),
  'environments.*.checks.command.args': plain('Its arguments.', '參數。'),
  'environments.*.checks.command.cluster': plain(
    'A context of the kubeconfig; left out, the first workload’s.',
    'kubeconfig 中的 context；不寫時與第一個 workload 相同。',
  ),
  'environments.*.checks.command.namespace': plain(
    'Its namespace; left out, the first workload’s.',
    'Namespace；不寫時與第一個 workload 相同。',
  ),
  'environments.*.checks.command.withinMinutes': plain('How long it may take.', '最多可以花幾分鐘。'),
  'environments.*.checks.smokeUrl': plain(
    'An address of the application that must answer with 2xx once it runs on the new database.',
    'Application 的位址，在新的 database 上執行後必須回應 2xx。',
  ),
};
