import type { Look } from '../domain/inspection.ts';
import type { Phrase } from './config-expected.ts';
import { type Catalogue, type ErrorCatalogue, errorText, plain, text } from './text.ts';
import { word } from './values.ts';

/** What is looked at, as a line of progress says it. */
export const lookTexts: Readonly<Record<Look, Phrase>> = {
  'conditional-create': plain('of 16 writers of one key, one wins', '16 個同時寫入同一個 key 的寫入者只有一個成功'),
  'eviction-policy': plain('it keeps what it is given', '不會丟棄資料'),
  token: plain('Slack takes it', 'Slack 接受'),
  'app-token': plain('Slack opens a socket for it', 'Slack 允許用它開啟 socket'),
  person: plain('a member of the workspace', '是 workspace 的成員'),
  group: plain('its members can be read', '可以讀取成員'),
  channel: plain('there, and pitcrew is in it', '存在，而且 pitcrew 已加入'),
  secret: plain('can be read', '可以讀取'),
  instance: plain('leads to an RDS instance', '指向 RDS instance'),
  quotas: plain('there is room for one more', '還可以再建立一個'),
  'recovery-points': plain('there is something to go back to', '有可以回復的時間點'),
  profile: plain('is there', '存在'),
  login: plain('logs in', '可以登入'),
  grants: plain('has the rights that it needs', '具有需要的權限'),
  tables: plain('tables and columns are there', 'table 與 column 都存在'),
  statement: plain('PostgreSQL can plan it', 'PostgreSQL 可以規劃執行'),
  workload: plain('is there, and may be stopped', '存在，而且可以停止'),
  pods: plain('its pods can be read', '可以讀取 pods'),
  heartbeat: plain('the newest beat can be read', '可以讀取最新的 heartbeat'),
  'master-grants': plain('may make databases and roles', '可以建立 database 與 role'),
  'job-rights': plain('its Jobs may be made, watched and deleted', '可以建立、查看與刪除它的 Job'),
  'dump-list': plain('dumps can be listed', '可以列出 dump'),
  'dump-read': plain('dumps can be read', '可以讀取 dump'),
  'dump-uploads': plain('unfinished uploads can be listed', '可以列出未完成的上傳'),
  'dump-abort': plain('unfinished uploads can be given up', '可以放棄未完成的上傳'),
  'dump-write': plain('dumps can be written', '可以寫入 dump'),
  programs: plain(
    'pg_dump and pg_restore of the server’s version are here',
    '這裡有與 server 版本相符的 pg_dump 與 pg_restore',
  ),
  image: plain('an image for the Jobs is named', '已指定 Job 使用的 image'),
  tools: plain('a pod is ready', '有 ready 的 pod'),
  'exec-rights': plain('programs may be started in its pods', '可以在它的 pod 中執行程式'),
  'exec-programs': plain('its pod has pg_dump of the server’s version', '它的 pod 有與 server 版本相符的 pg_dump'),
  guards: plain('what scales or deploys it can be read', '可以讀取會調整或部署它的程式'),
};

export const progressTexts = {
  ok: plain('ok   ', '正常'),
  fault: plain('FAULT', '有誤'),
  line: text<{ mark: string; path: string; what: string; seconds: string }>(
    ({ mark, path, what, seconds }) => `${mark}  ${path}: ${what} (${seconds} s)`,
    ({ mark, path, what, seconds }) => `${mark}  ${path}：${what}（${seconds} 秒）`,
  ),
  begins: text<{ count: number }>(
    ({ count }) =>
      `Asking AWS, Kubernetes, PostgreSQL, Redis and Slack about ${count === 1 ? 'one environment' : `${count} environments`} …`,
    ({ count }) => `正在就 ${count} 個環境詢問 AWS、Kubernetes、PostgreSQL、Redis 與 Slack …`,
  ),
} as const;

/** What no look can tell, and who starts with this should know. */
export const inspectionRemarks: Catalogue = {
  'inspection.job-as': text(
    (p) =>
      `A dump’s Job writes to ${word(p, 'bucket')} with the rights of the service account ${word(p, 'serviceAccount')}, which can’t be asked from here: the first dump shows them, before it reads anything.`,
    (p) =>
      `Dump 的 Job 以 service account ${word(p, 'serviceAccount')} 的權限寫入 ${word(p, 'bucket')}，無法在這裡查證：第一次 dump 會在讀取任何資料前確認。`,
  ),
  'inspection.job-as-default': text(
    (p) =>
      `A dump’s Job writes to ${word(p, 'bucket')} with the rights of its namespace’s default service account, which can’t be asked from here: the first dump shows them, before it reads anything.`,
    (p) =>
      `Dump 的 Job 以 namespace 預設 service account 的權限寫入 ${word(p, 'bucket')}，無法在這裡查證：第一次 dump 會在讀取任何資料前確認。`,
  ),
  'inspection.no-master': text(
    (p) =>
      `RDS doesn’t manage the master password of ${word(p, 'instance')}, and the config names no secret with it: dumps can be made, not restored.`,
    (p) =>
      `${word(p, 'instance')} 的 master 密碼不是由 RDS 管理，config 也沒有指定存放它的 secret：可以產生 dump，但無法 restore。`,
  ),
};

/** What can only be found by asking the real services. */
export const inspectionErrors: ErrorCatalogue = {
  'inspection.grant-missing': errorText(
    [
      (p) => `The role ${word(p, 'role')} lacks a right that pitcrew needs.`,
      (p) => `Run as the master user (docs/database-roles.md): ${word(p, 'statement')}`,
    ],
    [
      (p) => `Role ${word(p, 'role')} 缺少 pitcrew 需要的權限。`,
      (p) => `請以 master user 執行（docs/database-roles.md）：${word(p, 'statement')}`,
    ],
  ),
  'inspection.application-is-superuser': errorText(
    [
      (p) => `The application logs in as ${word(p, 'role')}, a superuser: ${word(p, 'fence')} can’t bar it.`,
      () => 'Give the application a role of its own that is no superuser.',
    ],
    [
      (p) => `Application 以 superuser ${word(p, 'role')} 登入：${word(p, 'fence')} 無法禁止它。`,
      () => '請讓 application 使用自己的、不是 superuser 的 role。',
    ],
  ),
  'inspection.no-table': errorText(
    [
      (p) => `The database has no table ${word(p, 'table')}.`,
      () => 'Check its name, and its schema where that isn’t public.',
    ],
    [(p) => `Database 中沒有 table ${word(p, 'table')}。`, () => '請檢查名稱；schema 不是 public 時要加上 schema。'],
  ),
  'inspection.no-column': errorText(
    [(p) => `The database has no column ${word(p, 'column')}.`, () => 'Check the names of the table and the column.'],
    [(p) => `Database 中沒有 column ${word(p, 'column')}。`, () => '請檢查 table 與 column 的名稱。'],
  ),
  'inspection.statement-fails': errorText(
    [
      (p) => `PostgreSQL can’t plan "${word(p, 'name')}" (SQLSTATE ${word(p, 'sqlState')}).`,
      () => 'Try the statement in psql as the reading role; it must be one statement that only reads.',
    ],
    [
      (p) => `PostgreSQL 無法規劃「${word(p, 'name')}」（SQLSTATE ${word(p, 'sqlState')}）。`,
      () => '請以讀取用的 role 在 psql 中試試；必須是單一、只讀取的 SQL。',
    ],
  ),
  'inspection.no-recovery-point': errorText(
    [
      (p) => `There is no snapshot of ${word(p, 'instance')} that a restore could go back to.`,
      (_, slash) => `Turn automated backups on, or make one with ${slash} snapshot.`,
    ],
    [
      (p) => `${word(p, 'instance')} 沒有可以回復的 snapshot。`,
      (_, slash) => `請開啟 automated backups，或用 ${slash} snapshot 建立一個。`,
    ],
  ),
  'inspection.slack-refuses': errorText(
    [
      (p) => `Slack refuses the token: ${word(p, 'error')}.`,
      () => 'Copy it anew from the app’s page at api.slack.com/apps, and install the app in the workspace.',
    ],
    [
      (p) => `Slack 拒絕這個 token：${word(p, 'error')}。`,
      () => '請從 api.slack.com/apps 的 app 頁面重新複製，並將 app 安裝到 workspace。',
    ],
  ),
  'inspection.slack-silent': errorText(
    [(p) => `Slack gives no answer: ${word(p, 'error')}.`, () => 'Check the network, a proxy, and SLACK_API_URL.'],
    [(p) => `Slack 沒有回應：${word(p, 'error')}。`, () => '請檢查網路、proxy 與 SLACK_API_URL。'],
  ),
  'inspection.scopes-missing': errorText(
    [
      (p) => `The bot token lacks scopes: ${word(p, 'scopes')}.`,
      () => 'Take the app’s manifest from manifest.yml anew, and install the app again.',
    ],
    [
      (p) => `Bot token 缺少 scope：${word(p, 'scopes')}。`,
      () => '請重新套用 manifest.yml 的 manifest，並重新安裝 app。',
    ],
  ),
  'inspection.no-channel': errorText(
    [
      (p) => `Slack shows pitcrew no channel ${word(p, 'channel')}.`,
      () => 'Check the id, and invite pitcrew if the channel is private.',
    ],
    [
      (p) => `Slack 中找不到 pitcrew 看得到的 channel ${word(p, 'channel')}。`,
      () => '請檢查 id；如果是 private channel，請邀請 pitcrew 加入。',
    ],
  ),
  'inspection.channel-archived': errorText(
    [(p) => `The channel ${word(p, 'channel')} is archived.`, () => 'Unarchive it, or name another.'],
    [(p) => `Channel ${word(p, 'channel')} 已封存。`, () => '請取消封存，或改用另一個。'],
  ),
  'inspection.not-in-channel': errorText(
    [(p) => `pitcrew is not in the channel ${word(p, 'channel')}.`, () => 'Invite it there: /invite @pitcrew'],
    [(p) => `pitcrew 不在 channel ${word(p, 'channel')} 中。`, () => '請在該 channel 邀請它：/invite @pitcrew'],
  ),
  'inspection.nobody-in-group': errorText(
    [(p) => `Nobody is in the group ${word(p, 'group')}.`, () => 'Add its members in Slack, or name another group.'],
    [(p) => `Group ${word(p, 'group')} 沒有任何成員。`, () => '請在 Slack 加入成員，或改用另一個 group。'],
  ),
};
