import type { Locale } from '../domain/people.ts';
import { always, type OrderOption } from './cli-options.ts';
import { plain } from './text.ts';

type Words = (locale: Locale) => string;

/** What may follow an order's name: `environment` may be left out where there is only one, or where all are meant. */
export type OrderWord = 'environment' | 'operation' | 'operation?' | 'object';

/** An order of a terminal: what may be typed, and what is said of it. Who does it stands in cli/perform.ts. */
export interface OrderText {
  readonly usage: string;
  /** In the order in which they are typed; what may be left out comes before what may not. */
  readonly takes: readonly OrderWord[];
  /** Options that it can't do without. */
  readonly needs: readonly OrderOption[];
  /** Those that may be given again: their values come one a line. */
  readonly repeats?: readonly OrderOption[];
  /** One line. */
  readonly does: Words;
  readonly detail: Words;
  readonly options: readonly OrderOption[];
  readonly examples: readonly string[];
}

const word = plain(
  `You say who you are by your own AWS credentials: people.identities of the config maps them to you. pitcrew signs a
question to AWS with them, for this operation, this gate, this digest and this word only, good for 60 s. It goes, sealed, to
a worker, or to the "pitcrew run" that drives the operation; that process asks AWS who signed it and records your word, or
says why not. You need no right to write the ledger's chains. Approvers who are named by a Slack group only can't be told
here. In a script --digest is needed: what is decided on must have been seen.`,
  `你的身分由你自己的 AWS credentials 證明：config 的 people.identities 將它對應到你。pitcrew 用它簽署一個給 AWS 的查詢，
只對這個 operation、這個關卡、這個 digest 與這個決定有效，期限 60 秒。它會加密後交給 worker，或執行這個 operation 的
"pitcrew run"；由該 process 向 AWS 查詢簽署者，並記錄你的決定，或說明原因。你不需要 ledger 的寫入權限。只由 Slack 群組列出的
核准者無法在這裡決定。在 script 中必須加上 --digest：決定的內容必須看過。`,
);

const followed = plain(
  'It records the request and follows it to its end. Ctrl-C leaves it running.',
  '記錄請求並一直顯示到結束。Ctrl-C 只會停止顯示，operation 會繼續。',
);

/** The operations of a terminal, in the order in which help lists them. */
export const orderTexts = {
  list: {
    usage: 'list [ENV]',
    takes: ['environment'],
    needs: [],
    does: plain('what an environment can go back to', '列出環境可以回復的時間點'),
    detail: plain(
      'Newest first, with age, size and kind. It only reads.',
      '由新到舊，包含時間、大小與種類。只會讀取。',
    ),
    options: ['env', ...always],
    examples: ['pitcrew list production', 'pitcrew list --json'],
  },
  history: {
    usage: 'history [ENV]',
    takes: ['environment'],
    needs: [],
    does: plain('what was done, and how it ended', '列出過去的 operation 與結果'),
    detail: plain(
      'The last 20 of each environment, newest first: what, who, how it ended, how long it took, to which moment. It only reads.',
      '每個環境最近 20 筆，由新到舊：做了什麼、誰提出、結果、歷時、回復到哪一刻。只會讀取。',
    ),
    options: ['env', ...always],
    examples: ['pitcrew history production', 'pitcrew history --json'],
  },
  find: {
    usage: 'find [ENV] [--since TIME] [--table TABLE --where EXPRESSION]',
    takes: ['environment'],
    needs: [],
    does: plain('look for the moment at which the data was last good', '尋找資料最後正確的時間點'),
    detail: plain(
      `It only reads: rollouts and Jobs, the bookkeeping of migrations, pitcrew's history and baselines, and the first row that
matches. Each moment says how sure it is; what nothing says is answered "unknown".`,
      `只讀取：rollout 與 Job、migration 的紀錄、pitcrew 的歷史與 baseline，以及最早符合的資料列。每個時間點都會註明確定程度；
無從得知時會回答「不明」。`,
    ),
    options: ['env', 'since', 'table', 'where', ...always],
    examples: [
      'pitcrew find production --since "2 hours ago"',
      'pitcrew find production --table orders --where "total = 0"',
    ],
  },
  status: {
    usage: 'status [OPERATION]',
    takes: ['operation?'],
    needs: [],
    does: plain('what is under way; with an id, that operation', '進行中的 operation；加上 id 則顯示該 operation'),
    detail: plain(
      'Without an id also whether every environment meets its RPO. With one: the plan with every command, where it stands, or how it ended. It only reads.',
      '不加 id 時也顯示各環境是否符合 RPO。加上 id：顯示 plan 與所有指令、目前狀態或結果。只會讀取。',
    ),
    options: always,
    examples: ['pitcrew status', 'pitcrew status op-0123456789ab'],
  },
  snapshot: {
    usage: 'snapshot [ENV] [--reason TEXT]',
    takes: ['environment'],
    needs: [],
    does: plain('make a manual snapshot and check it', '建立手動 snapshot 並檢查'),
    detail: followed,
    options: ['env', 'reason', 'no-wait', ...always],
    examples: ['pitcrew snapshot production', 'pitcrew snapshot production --reason "before the migration" --json'],
  },
  restore: {
    usage: 'restore [ENV] --reason TEXT',
    takes: ['environment'],
    needs: ['reason'],
    does: plain('take an environment back to a snapshot, or to a dump', '把環境回復到某個 snapshot 或 dump'),
    detail: plain(
      `It records the request, shows the plan, waits for the approvals and follows it to its end. The same people approve as
for a request in Slack: there by a button, or here by "pitcrew approve". Ctrl-C leaves it running. Where no worker is
alive, drive it with "pitcrew run".`,
      `記錄請求、顯示 plan、等待核准，並一直顯示到結束。核准者與 Slack 的請求相同：在 Slack 按按鈕，或在這裡用
"pitcrew approve"。Ctrl-C 只會停止顯示，operation 會繼續。沒有 worker 時，用 "pitcrew run" 執行。`,
    ),
    options: [
      'env',
      'from',
      'beside',
      'in-place',
      'incident-at',
      'order',
      'if-fails',
      'reason',
      'yes',
      'no-wait',
      ...always,
    ],
    examples: [
      'pitcrew restore production --reason "orders table dropped"',
      'pitcrew restore production --from database/production/op-0123456789ab.dump --beside --reason "orders table dropped"',
      'pitcrew restore production --from rds:production-2026-11-20-02-07 --if-fails stay-stopped --reason "…" --yes',
    ],
  },
  pitr: {
    usage: 'pitr [ENV] --to TIME --reason TEXT',
    takes: ['environment'],
    needs: ['to', 'reason'],
    does: plain('take an environment back to a moment', '把環境回復到某個時間點'),
    detail: plain(
      `A time is taken in the environment's time zone unless it says otherwise, and shown back three ways before anything is
asked for; one that could mean two moments is refused. "latest" stops the application first and loses nothing that RDS
has. Otherwise it goes as "restore" does.`,
      `除非另外註明，時間以環境的時區解讀，並在提出之前以三種方式顯示；可能有兩種意思的時間會被拒絕。"latest" 會先停止
application，不會遺失 RDS 已有的資料。其餘與 "restore" 相同。`,
    ),
    options: ['env', 'to', 'incident-at', 'order', 'if-fails', 'reason', 'yes', 'no-wait', ...always],
    examples: [
      'pitcrew pitr production --to 2026-11-20T02:59:59Z --reason "rows deleted at 03:00"',
      'pitcrew pitr production --to "25 minutes ago" --reason "bad deploy" --yes',
    ],
  },
  rollback: {
    usage: 'rollback OPERATION --reason TEXT',
    takes: ['operation'],
    needs: ['reason'],
    does: plain(
      'put the application back on the database it had before',
      '讓 application 回到該 operation 之前的 database',
    ),
    detail: plain(
      'The plan says what was written since and would be left behind. Two people approve it, as a restore.',
      'plan 會說明之後寫入、將會留下的資料。與 restore 一樣需要兩人核准。',
    ),
    options: ['reason', 'yes', 'no-wait', ...always],
    examples: ['pitcrew rollback op-0123456789ab --reason "the restored prices are wrong"'],
  },
  rescue: {
    usage: 'rescue OPERATION --table TABLE [--table TABLE …] [--where EXPRESSION] --reason TEXT',
    takes: ['operation'],
    needs: ['table', 'reason'],
    repeats: ['table'],
    does: plain(
      'copy rows back from the instance that an operation left beside',
      '從某次 operation 留下的 instance 複製資料列回來',
    ),
    detail: plain(
      `The service runs on; only rows that are missing are copied, parents first, in one transaction, and nothing that is there
is changed. The condition is about the first table; of the others those rows come along that belong to it by foreign
keys. Two people approve it.`,
      `服務不會停止；只在單一 transaction 中依 foreign key 順序複製缺少的資料列，不會變更現有資料。條件針對第一個 table；
其他 table 則帶入以 foreign key 相關的資料列。需要兩人核准。`,
    ),
    options: ['table', 'where', 'reason', 'yes', 'no-wait', ...always],
    examples: [
      `pitcrew rescue op-0123456789ab --table orders --table order_items --where "created_at >= '2026-11-20'" --reason "…"`,
    ],
  },
  cleanup: {
    usage: 'cleanup OPERATION --reason TEXT [--now]',
    takes: ['operation'],
    needs: ['reason'],
    does: plain('delete what an operation left beside', '刪除某次 operation 留下的 instance 或 database'),
    detail: plain(
      `Nobody may be on it, and no secret may point to it. A final snapshot is taken and checked first. Two people approve it;
it can't be taken back.`,
      `不可有任何人連線，也不可有 secret 指向它。會先建立並檢查 final snapshot。需要兩人核准；
無法復原。`,
    ),
    options: ['now', 'reason', 'yes', 'no-wait', ...always],
    examples: ['pitcrew cleanup op-0123456789ab --reason "the week is over"'],
  },
  dump: {
    usage: 'dump [ENV] [--reason TEXT]',
    takes: ['environment'],
    needs: [],
    does: plain('make a dump, stream it to S3 and prove it', '建立 dump，串流到 S3 並驗證'),
    detail: followed,
    options: ['env', 'reason', 'no-wait', ...always],
    examples: ['pitcrew dump production'],
  },
  adopt: {
    usage: 'adopt [ENV] S3-KEY [--reason TEXT]',
    takes: ['environment', 'object'],
    needs: [],
    does: plain('take in a dump that somebody else made', '納入其他人產生的 dump'),
    detail: plain(
      `S3-KEY is a key below the prefix of the environment's dumps, or s3://BUCKET/KEY. It is read whole, and refused if it is
cut off, damaged, foreign or too new. The command follows it to its end; Ctrl-C leaves it running.`,
      `S3-KEY 是環境的 dump prefix 之下的 key，或 s3://BUCKET/KEY。會完整讀取；若不完整、損壞、格式不符或版本太新會被拒絕。
會一直顯示到結束；Ctrl-C 只會停止顯示，operation 會繼續。`,
    ),
    options: ['env', 'reason', 'no-wait', ...always],
    examples: [
      'pitcrew adopt production database/backup-20261120.dump',
      'pitcrew adopt s3://ecommerce-backups/database/backup-20261120.dump --reason "from before pitcrew"',
    ],
  },
  verify: {
    usage: 'verify [ENV] [--instance ID] [--deep]',
    takes: ['environment'],
    needs: [],
    does: plain('go through the verification checklist', '執行驗證檢查清單'),
    detail: followed,
    options: ['env', 'instance', 'deep', 'reason', 'no-wait', ...always],
    examples: ['pitcrew verify production', 'pitcrew verify production --instance ecommerce-production-old --deep'],
  },
  report: {
    usage: 'report OPERATION [--out FOLDER]',
    takes: ['operation'],
    needs: [],
    does: plain('the evidence pack and post-mortem of one operation', '單一 operation 的證據與事後檢討'),
    detail: plain(
      'Markdown, and a picture of the timeline; both are kept in the ledger’s bucket. Without --out the document is shown.',
      'Markdown 文件與時間軸圖；兩者都保存在 ledger 的 bucket。省略 --out 時會顯示文件。',
    ),
    options: ['out', ...always],
    examples: ['pitcrew report op-0123456789ab', 'pitcrew report op-0123456789ab --out ./post-mortem'],
  },
  approve: {
    usage: 'approve OPERATION',
    takes: ['operation'],
    needs: [],
    does: plain('approve a plan, or what is asked later', '核准 plan，或之後的決定'),
    detail: word,
    options: ['gate', 'digest', 'reason', ...always],
    examples: [
      'pitcrew approve op-0123456789ab',
      'pitcrew approve op-0123456789ab --gate findings --digest 1f0c2a9b44d3',
    ],
  },
  deny: {
    usage: 'deny OPERATION --reason TEXT',
    takes: ['operation'],
    needs: ['reason'],
    does: plain('say no to it; it ends for everybody', '拒絕；請求會結束'),
    detail: word,
    options: ['gate', 'digest', 'reason', ...always],
    examples: ['pitcrew deny op-0123456789ab --reason "wrong snapshot"'],
  },
  cancel: {
    usage: 'cancel OPERATION',
    takes: ['operation'],
    needs: [],
    does: plain('stop it at the next safe point', '在下一個安全點停止'),
    detail: plain(
      'For whoever asked for it, or may approve it. What was done is taken back, as its plan says for a failure.',
      '提出請求的人或核准者可以使用。已執行的部分會依 plan 中失敗時的處理方式復原。',
    ),
    options: always,
    examples: ['pitcrew cancel op-0123456789ab'],
  },
  retry: {
    usage: 'retry OPERATION',
    takes: ['operation'],
    needs: [],
    does: plain('let a parked operation go on', '讓等待人員處理的 operation 繼續'),
    detail: plain(
      'From the step that failed. Mend the cause first. For whoever asked for it, or may approve it.',
      '從失敗的步驟繼續。請先排除原因。提出請求的人或核准者可以使用。',
    ),
    options: always,
    examples: ['pitcrew retry op-0123456789ab'],
  },
  supersede: {
    usage: 'supersede OPERATION --reason TEXT',
    takes: ['operation'],
    needs: ['reason'],
    does: plain(
      'ask to give a parked operation up, for the next attempt',
      '要求放棄等待人員處理的 operation，讓下一次嘗試可以開始',
    ),
    detail: plain(
      `It ends as it stands then: nothing is started, resumed or taken back, and its environment is free. As many approvers as
a restore needs decide, none of them who asks: in Slack, or by "pitcrew approve OPERATION --gate supersede".`,
      `會以目前狀態結束：不會啟動、恢復或復原任何東西，之後環境即可使用。由與 restore 相同人數的核准者決定，提出的人不能核准：
在 Slack，或用 "pitcrew approve OPERATION --gate supersede"。`,
    ),
    options: ['reason', ...always],
    examples: ['pitcrew supersede op-0123456789ab --reason "the cluster is rebuilt by hand"'],
  },
  run: {
    usage: 'run OPERATION',
    takes: ['operation'],
    needs: [],
    does: plain(
      'drive one operation from here, without Redis and Slack',
      '從這裡執行一個 operation，不需要 Redis 與 Slack',
    ),
    detail: plain(
      `It does what a worker does: plans, waits for the approvals, runs, verifies; and it takes the words of "pitcrew approve"
while it runs. It needs a worker's rights. A worker that is alive goes first: this one only follows until nothing has
been written for 30 s. The first Ctrl-C lets the step at hand end, the second stops at once; what was begun is taken up
by the next "pitcrew run" or worker.`,
      `與 worker 做一樣的事：規劃、等待核准、執行、驗證；執行期間也接收 "pitcrew approve" 的決定。需要 worker 的權限。有 worker
在執行時，這裡只會顯示，直到 30 秒沒有新的紀錄。第一次 Ctrl-C 會等目前的步驟結束，第二次立即停止；已開始的部分由下一個
"pitcrew run" 或 worker 接手。`,
    ),
    options: always,
    examples: ['pitcrew run op-0123456789ab'],
  },
} as const satisfies Readonly<Record<string, OrderText>>;

export type OrderName = keyof typeof orderTexts;
export const orderNames = Object.keys(orderTexts) as readonly OrderName[];
