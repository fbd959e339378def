import { plain, text } from './text.ts';

/** A text without parameters, in both languages. */
export type Phrase = ReturnType<typeof plain>;

const numbers = text<{ minimum: number; maximum: number }>(
  ({ minimum, maximum }) => `a number from ${minimum} to ${maximum}`,
  ({ minimum, maximum }) => `${minimum} 到 ${maximum} 的數字`,
);
const wholeNumbers = text<{ minimum: number; maximum: number }>(
  ({ minimum, maximum }) =>
    maximum === Number.MAX_SAFE_INTEGER
      ? `a whole number from ${minimum}`
      : `a whole number from ${minimum} to ${maximum}`,
  ({ minimum, maximum }) =>
    maximum === Number.MAX_SAFE_INTEGER ? `${minimum} 以上的整數` : `${minimum} 到 ${maximum} 的整數`,
);
const listed = (values: readonly string[], last: string, between: string) =>
  [values.slice(0, -1).join(between), ...values.slice(-1)].filter(Boolean).join(last);
const choices = text<{ values: readonly string[] }>(
  ({ values }) => listed(values, ' or ', ', '),
  ({ values }) => listed(values, ' 或 ', '、'),
);

export const numberFrom =
  (minimum: number, maximum: number): Phrase =>
  (locale) =>
    numbers(locale, { minimum, maximum });
export const wholeFrom =
  (minimum: number, maximum: number): Phrase =>
  (locale) =>
    wholeNumbers(locale, { minimum, maximum });
export const oneOfThese =
  (values: readonly string[]): Phrase =>
  (locale) =>
    choices(locale, { values });

/** What an option or a variable takes, as it completes "must be …" and 「必須是 …」. */
export const expected = {
  yesOrNo: plain('true or false', 'true 或 false'),
  region: plain('an AWS region', 'AWS region'),
  bucket: plain('the name of an S3 bucket', 'S3 bucket 的名稱'),
  prefix: plain('a prefix without a slash at either end', '前後都沒有斜線的 prefix'),
  dumpPrefix: plain('a prefix that ends in a slash', '以斜線結尾的 prefix'),
  slashCommand: plain('a slash command', 'slash command'),
  channelName: plain('the name of a channel or a pattern of names', 'channel 的名稱或名稱的 pattern'),
  channelNames: plain('a list of channel names and patterns', 'channel 名稱與 pattern 的清單'),
  user: plain('the id of a Slack user, not the name', 'Slack 使用者的 id，不是名稱'),
  users: plain('a list of Slack user ids', 'Slack 使用者 id 的清單'),
  principal: plain(
    'the ARN of an IAM user, a role, or one session of a role',
    'IAM user、role 或 role 的某個 session 的 ARN',
  ),
  identities: plain('Slack user ids with the ARN of each', 'Slack 使用者 id 與各自的 ARN'),
  group: plain('the id of a Slack user group, not the name', 'Slack user group 的 id，不是名稱'),
  groups: plain('a list of Slack user group ids', 'Slack user group id 的清單'),
  channel: plain('the id of a Slack channel, not the name', 'Slack channel 的 id，不是名稱'),
  channels: plain('a list of Slack channel ids', 'Slack channel id 的清單'),
  environmentName: plain('a short name in lower case', '小寫的短名稱'),
  environments: plain('at least one environment', '至少一個環境'),
  instance: plain(
    'the identifier of an RDS instance, in lower case as AWS keeps it',
    'RDS instance 的 identifier，和 AWS 一樣用小寫',
  ),
  database: plain('the name of the database', 'database 的名稱'),
  timeZone: plain('an IANA time zone', 'IANA 時區'),
  secret: plain('the name or the ARN of a secret', 'secret 的名稱或 ARN'),
  secretKey: plain('the name of a key of the secret', 'secret 中 key 的名稱'),
  role: plain('the name of a database role', 'database role 的名稱'),
  roles: plain('a list of database roles', 'database role 的清單'),
  cluster: plain('the name of a context of the kubeconfig', 'kubeconfig 中 context 的名稱'),
  namespace: plain('a Kubernetes namespace', 'Kubernetes namespace'),
  deployment: plain('the name of a Deployment', 'Deployment 的名稱'),
  container: plain('the name of a container', 'container 的名稱'),
  statefulSet: plain('the name of a StatefulSet', 'StatefulSet 的名稱'),
  cronJob: plain('the name of a CronJob', 'CronJob 的名稱'),
  workload: plain(
    'one workload: exactly one of deployment, statefulSet, cronJob',
    '一個 workload：deployment、statefulSet、cronJob 三者恰好寫一個',
  ),
  workloads: plain(
    'a list of at least one workload: everything that writes',
    '至少一個 workload 的清單：所有會寫入的程式',
  ),
  instanceClass: plain('an RDS instance class', 'RDS instance class'),
  subnetGroup: plain('the name of a DB subnet group', 'DB subnet group 的名稱'),
  parameterGroup: plain('the name of a DB parameter group', 'DB parameter group 的名稱'),
  caCertificate: plain('the identifier of an RDS certificate authority', 'RDS certificate authority 的 identifier'),
  securityGroup: plain('the id of a security group', 'security group 的 id'),
  securityGroups: plain('a list of at least one security group id', '至少一個 security group id 的清單'),
  table: plain('a table, with its schema where that isn’t public', 'table 的名稱，schema 不是 public 時要加上 schema'),
  tables: plain('a list of at least one table', '至少一個 table 的清單'),
  column: plain('a column with its table', '含 table 的 column 名稱'),
  relations: plain('a list of relations', 'relation 的清單'),
  queryName: plain('a name that people read', '讓人看得懂的名稱'),
  sql: plain('a query that only reads', '只讀取的查詢'),
  queries: plain('a list of queries', '查詢的清單'),
  value: plain('a text, a number, true or false', '文字、數字、true 或 false'),
  number: plain('a number', '數字'),
  expectation: plain(
    'at least one of value, rows, minimum, notOlderThanMinutes, withinSeconds',
    'value、rows、minimum、notOlderThanMinutes、withinSeconds 之中至少一個',
  ),
  image: plain('a container image', 'container image'),
  serviceAccount: plain('a Kubernetes service account', 'Kubernetes service account'),
  arguments: plain('a list of arguments', '參數的清單'),
  argument: plain('a text', '文字'),
  cron: plain(
    'a cron expression of five fields (minute, hour, day, month, weekday) that comes true some day',
    '五個欄位的 cron 表示式（分、時、日、月、星期），而且會有發生的一天',
  ),
  days: plain('a number of days with a d, from 1d to 3650d', '以 d 結尾的天數，1d 到 3650d'),
  levels: plain('a list of levels', '層級的清單'),
  level: plain('a level with exactly one of group and link', '一個層級：group 與 link 恰好寫一個'),
  levelName: plain('a name that people read', '讓人看得懂的名稱'),
  runbookName: plain('a word', '一個英文字'),
  runbooks: plain('links by name', '以名稱列出的連結'),
  link: plain('a link', '連結'),
  options: plain('a group of options', '一組選項'),
  port: plain('a port from 0 to 65535', '0 到 65535 的 port'),
  listenPort: plain('the port to listen on', '要監聽的 port'),
  botToken: plain('a bot token, which begins with xoxb-', 'bot token，以 xoxb- 開頭'),
  appToken: plain(
    'an app-level token, which begins with xapp- (or set SLACK_SIGNING_SECRET and PORT for HTTP)',
    'app-level token，以 xapp- 開頭（使用 HTTP 時改設 SLACK_SIGNING_SECRET 與 PORT）',
  ),
  signingSecret: plain('the signing secret of the app', 'app 的 signing secret'),
  redis: plain('the address of a Redis', 'Redis 的位址'),
  httpAddress: plain('an address that begins with http:// or https://', '以 http:// 或 https:// 開頭的位址'),
  redisAddress: plain('an address that begins with redis:// or rediss://', '以 redis:// 或 rediss:// 開頭的位址'),
  file: plain('a file that can be read', '可以讀取的檔案'),
  certificates: plain('a file with certificates in PEM form', '含有 PEM 格式憑證的檔案'),
} as const;
