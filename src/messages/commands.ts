import { anybody, approved, type CommandText, environment, reason } from './command-text.ts';
import { commandsAround } from './commands-around.ts';
import { rescueCommand } from './rescue.ts';
import { plain } from './text.ts';

const ofARestore = [
  {
    name: '--if-fails return|stay-stopped',
    means: plain(
      'before the switch: back to the old database, or stopped because the old data must not be served',
      '切換之前失敗時：回到舊的 database，或因舊的資料不可再提供服務而維持停止',
    ),
  },
  {
    name: '--incident-at TIME',
    means: plain(
      'when the incident began, so that the RTO counts from it; without it, from the request',
      '事故開始的時間，RTO 由此起算；省略時由這項請求起算',
    ),
  },
  {
    name: '--order stop-first|restore-first',
    means: plain(
      'whether the application stops at once, or serves until the restored database is verified and compared and the cut-over approved; without it, as the config says',
      'application 立即停止，或是照常服務直到 restore 出來的 database 驗證並比對完成、cut-over 經核准；省略時依 config',
    ),
  },
];

/** The commands of this version, in the order in which help lists them. */
export const commandTexts = {
  restore: {
    short: 'restore ENV',
    usage:
      'restore ENV [--from latest|SNAPSHOT|DUMP] [--beside|--in-place] [--if-fails return|stay-stopped] [--incident-at TIME] [--reason "…"]',
    does: plain('take an environment back to a snapshot, or to a dump', '把環境回復到某個 snapshot 或 dump'),
    detail: plain(
      'Bare, it asks in a dialog. The application is stopped, a new instance is made from the snapshot, verified, and only then does the application use it. The old instance is kept.',
      '不加選項時會以對話框詢問。Application 會停止，從 snapshot 建立新的 instance 並驗證，之後 application 才會使用它。舊的 instance 會保留。',
    ),
    who: approved,
    takes: [
      environment,
      {
        name: '--from latest|SNAPSHOT|DUMP',
        means: plain(
          'which snapshot, or which dump by its key in S3; `latest` is the newest snapshot that is ready when it is planned',
          '哪一個 snapshot，或以 S3 的 key 指定 dump；`latest` 是規劃時最新的可用 snapshot',
        ),
      },
      {
        name: '--beside',
        means: plain(
          'of a dump: into a new database on the same instance; when it is verified, the two swap names, and the application is not stopped',
          '用於 dump：還原到同一個 instance 的新 database；驗證後兩者交換名稱，application 不會停止',
        ),
      },
      {
        name: '--in-place',
        means: plain(
          'of a dump: over the live database, in one transaction, after a rescue snapshot; without either, a dump goes to an instance of its own',
          '用於 dump：在 rescue snapshot 之後，以單一 transaction 覆蓋線上的 database；兩者都省略時，dump 會還原到獨立的 instance',
        ),
      },
      ...ofARestore,
      reason,
    ],
    examples: [
      'restore production',
      'restore production --from database/production/op-0123456789ab.dump --beside',
      'restore production --from latest --reason "orders table dropped"',
    ],
  },
  pitr: {
    short: 'pitr ENV --to TIME',
    usage: 'pitr ENV [--to TIME|latest] [--if-fails return|stay-stopped] [--incident-at TIME] [--reason "…"]',
    does: plain('take an environment back to a moment', '把環境回復到某一刻'),
    detail: plain(
      (slash) =>
        `Bare, it asks in a dialog. As a restore, but from RDS’s log: to any second that it reaches. \`${slash} list\` shows from when to when.`,
      (slash) =>
        `不加選項時會以對話框詢問。與 restore 相同，但來自 RDS 的 log：可回復到範圍內的任何一秒。\`${slash} list\` 會列出範圍。`,
    ),
    who: approved,
    takes: [
      environment,
      {
        name: '--to TIME|latest',
        means: plain(
          'a time as people write it, on the environment’s clock: `03:14`, `"yesterday 03:14"`, `"25 minutes ago"`, `2026-11-20T03:14:00Z`; shown back before anything starts. `latest` waits until the log has passed the stop, and loses nothing',
          '一般寫法的時間，依環境的時鐘：`03:14`、`"昨天 03:14"`、`"25 分鐘前"`、`2026-11-20T03:14:00Z`；開始之前會顯示解讀結果。`latest` 會等 log 超過停止的時間點，不遺失資料',
        ),
      },
      ...ofARestore,
      reason,
    ],
    examples: [
      'pitr production',
      'pitr production --to "yesterday 03:14" --reason "a migration deleted orders"',
      'pitr production --to latest --reason "the volume is failing"',
    ],
  },
  rescue: rescueCommand({ who: approved, reason }),
  snapshot: {
    short: 'snapshot ENV',
    usage: 'snapshot ENV [--reason "…"]',
    does: plain('make a manual snapshot and check it', '建立手動 snapshot 並檢查'),
    detail: plain(
      'The application runs on meanwhile. A card says when the snapshot is complete.',
      '期間 application 照常運作。完成時卡片會顯示。',
    ),
    who: anybody,
    takes: [environment, reason],
    examples: ['snapshot production', 'snapshot production --reason "before the migration"'],
  },
  rollback: {
    short: 'rollback OPERATION',
    usage: 'rollback OPERATION [--reason "…"]',
    does: plain(
      'put the application back on the database that it had before an operation',
      '讓 application 回到某個 operation 之前的 database',
    ),
    detail: plain(
      'The old instance that a restore kept serves again. What was written since the restore stays on the instance that is left, which is kept; the card says how much it is, before anybody approves and measured afterwards. After a dump was restored `--beside`, the two databases swap names back and nothing is stopped.',
      'Restore 保留的舊 instance 會重新提供服務。Restore 之後寫入的資料會留在離開的 instance 上，該 instance 會保留；核准之前卡片會顯示估計的數量，之後會實際計算。若 dump 是以 `--beside` 還原，則由兩個 database 換回名稱，不會停止任何東西。',
    ),
    who: approved,
    takes: [
      {
        name: 'OPERATION',
        means: plain('the id at the foot of the restore’s cards, `op-…`', '該次 restore 卡片底部的 id，`op-…`'),
      },
      reason,
    ],
    examples: ['rollback op-0123456789ab', 'rollback op-0123456789ab --reason "the snapshot had the damage in it"'],
  },
  cleanup: {
    short: 'cleanup OPERATION',
    usage: 'cleanup OPERATION [--now] [--reason "…"]',
    does: plain('delete what an operation left beside', '刪除某次 operation 留下的 instance 或 database'),
    detail: plain(
      'Of a restore, the instance that it replaced, or the one that it made and nobody uses. Of a dump restored `--beside`, the database that the swap kept. Nobody may be on it. A final snapshot is taken and checked first, and the automated backups stay. It can’t be taken back.',
      '對 restore 而言，是它取代的 instance，或它建立但沒有人使用的 instance；對 `--beside` 的 dump 而言，是交換名稱後保留的 database。不可有任何人連線。會先建立並檢查 final snapshot，automated backups 也會保留。無法復原。',
    ),
    who: approved,
    takes: [
      { name: 'OPERATION', means: plain('an id as cards show it, `op-…`', '卡片上顯示的 id，`op-…`') },
      {
        name: '--now',
        means: plain(
          'before `restore.keepDays` are over; the approval card says so',
          '在 `restore.keepDays` 天數之前；核准卡片會註明',
        ),
      },
      reason,
    ],
    examples: ['cleanup op-0123456789ab', 'cleanup op-0123456789ab --now --reason "disk is paid for"'],
  },
  dump: {
    short: 'dump ENV',
    usage: 'dump ENV [--reason "…"]',
    does: plain('dump the database to S3 and check it', '將 database dump 到 S3 並檢查'),
    detail: plain(
      'A Kubernetes Job runs pg_dump and sends it to S3 as it flows; then the archive is read back whole, and its manifest is written. The application runs on meanwhile.',
      '由 Kubernetes Job 執行 pg_dump 並直接送到 S3；之後完整讀回 archive，再寫入 manifest。期間 application 照常運作。',
    ),
    who: anybody,
    takes: [environment, reason],
    examples: ['dump production', 'dump production --reason "before the migration"'],
  },
  adopt: {
    short: 'adopt S3-KEY',
    usage: 'adopt [ENV] S3-KEY [--reason "…"]',
    does: plain('take in a dump that somebody else made', '納入其他人產生的 dump'),
    detail: plain(
      'It is read whole, and refused if it is cut off, damaged, foreign or too new. Nobody counted its rows, so a restore of it can’t prove them.',
      '會完整讀取；若不完整、損壞、格式不符或版本太新會被拒絕。沒有人計算過它的列數，所以 restore 時無法證明列數正確。',
    ),
    who: anybody,
    takes: [
      environment,
      {
        name: 'S3-KEY',
        means: plain(
          'where it lies, below the prefix of the environment’s dumps: a key, or `s3://BUCKET/KEY`',
          '它的位置，需在環境的 dump prefix 之下：key 或 `s3://BUCKET/KEY`',
        ),
      },
      reason,
    ],
    examples: [
      'adopt database/backup-20261120.dump',
      'adopt production s3://ecommerce-backups/database/backup-20261120.dump',
    ],
  },
  verify: {
    short: 'verify ENV',
    usage: 'verify ENV [--instance ID] [--deep] [--reason "…"]',
    does: plain('go through the verification checklist', '執行驗證檢查清單'),
    detail: plain(
      'It only reads, by one session, and changes nothing; the application runs on. Against the newest baseline, as far as that says anything of a database in use. A card says what was found.',
      '只讀取，只用一個 session，不變更任何東西；application 照常運作。與最新的 baseline 比對，但僅限於對使用中的 database 有意義的部分。卡片會顯示結果。',
    ),
    who: anybody,
    takes: [
      environment,
      {
        name: '--instance ID',
        means: plain(
          'another instance of the same lineage, as one that a restore kept; without it, the one that serves',
          '同一 lineage 的其他 instance，例如 restore 保留的 instance；省略時為提供服務的 instance',
        ),
      },
      {
        name: '--deep',
        means: plain(
          'every table, key and index as well, within `checks.deepMinutes`',
          '另外檢查每個 table、key 與 index，時間不超過 `checks.deepMinutes`',
        ),
      },
      reason,
    ],
    examples: ['verify production', 'verify production --instance ecommerce-production-old --deep'],
  },
  find: {
    short: 'find ENV',
    usage: 'find ENV [--since TIME] [--table TABLE --where "EXPRESSION"]',
    does: plain('look for the moment at which the data was last good', '尋找資料最後正確的時間點'),
    detail: plain(
      'It only reads: rollouts and Jobs of the cluster, the bookkeeping of migrations, pitcrew’s own history and baselines, and the first row that matches. Each moment says how sure it is, and opens the dialog of a point-in-time recovery. What nothing says is answered “unknown”. Only you see the answer.',
      '只讀取：cluster 的 rollout 與 Job、migration 的紀錄、pitcrew 的歷史與 baseline，以及最早符合的資料列。每個時間點都會註明確定程度，並可開啟 point-in-time recovery 的對話框。無從得知時會回答「不明」。只有你看得到回覆。',
    ),
    who: anybody,
    takes: [
      environment,
      {
        name: '--since TIME',
        means: plain(
          'from when on it looks, as `--to` of `pitr`; without it, a day',
          '從何時開始尋找，寫法同 `pitr` 的 `--to`；省略時為一天',
        ),
      },
      {
        name: '--table TABLE --where "EXPRESSION"',
        means: plain(
          'one condition in SQL that is true for a bad row: the commit of the first one is looked up. Counts and times are shown, no row',
          '一個對損壞的列成立的 SQL 條件：查出最早一筆的 commit。只顯示筆數與時間，不顯示資料列',
        ),
      },
    ],
    examples: ['find production --since "2 hours ago"', 'find production --table orders --where "total = 0"'],
  },
  ...commandsAround,
} as const satisfies Record<string, CommandText>;

export type CommandName = keyof typeof commandTexts;
export const commandNames = Object.keys(commandTexts) as readonly CommandName[];

/** Known by name so that typing them gets a true answer; not listed, because this version doesn't have them. */
export const laterCommands: readonly string[] = ['test', 'dr', 'keep', 'retention', 'escalate'];
