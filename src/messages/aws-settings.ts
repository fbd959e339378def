import { type Catalogue, plain, text } from './text.ts';
import { word } from './values.ts';

/** Why a parameter of a restored instance is passed, left out, or set afterwards. */
export const settingReasons: Catalogue = {
  'setting.from-source': plain('as the old instance has it', '與舊的 instance 相同'),
  'setting.from-profile': plain('from the config’s restore profile', '取自設定中的 restore profile'),
  'setting.not-set': plain('the old instance does not have it', '舊的 instance 沒有這項設定'),
  'setting.from-record': text(
    (p) => `as pitcrew wrote it down at ${word(p, 'at')}; the old instance is gone`,
    (p) => `取自 pitcrew 於 ${word(p, 'at')} 記下的設定；舊的 instance 已不存在`,
  ),
  'setting.from-automated-backup': plain(
    'as the automated backup of the old instance says; the instance is gone',
    '取自舊的 instance 的 automated backup；instance 已不存在',
  ),
  'setting.from-snapshot': text(
    (p) => `as the snapshot ${word(p, 'snapshot')} says; the old instance is gone`,
    (p) => `取自 snapshot ${word(p, 'snapshot')}；舊的 instance 已不存在`,
  ),
  'setting.nobody-knows': plain(
    'nobody can say any more what the old instance had; RDS takes its default',
    '已無從得知舊的 instance 的設定；RDS 會使用預設值',
  ),
  'setting.named-otherwise': plain(
    'the recovery point is named by another parameter',
    'recovery point 由另一個參數指定',
  ),
  'setting.no-room-to-grow': plain(
    'the limit of growth is less than a tenth above the storage; RDS refuses it',
    '成長上限高出 storage 不到一成，RDS 不接受',
  ),
  'setting.derived-name': plain('derived from the old name and this operation', '由舊的名稱與這個 operation 產生'),
  'setting.recovery-point': plain('the recovery point', '所選的 recovery point'),
  'setting.clusters-only': plain('only for clusters', '僅適用於 cluster'),
  'setting.tags': plain('the old instance’s tags and pitcrew’s own', '舊的 instance 的 tag，加上 pitcrew 自己的 tag'),
  'setting.tags-cut': plain(
    'as many of the old instance’s tags as fit beside pitcrew’s own (AWS takes 50)',
    '舊的 instance 的 tag，數量以加上 pitcrew 的 tag 後的上限為準（AWS 最多 50 個）',
  ),
  'setting.tags-of-backup': plain(
    'automated backups keep no tags of their own here',
    '此處不為 automated backup 另設 tag',
  ),
  'setting.capacity-reservation': plain(
    'the old instance still holds its capacity reservation',
    '舊的 instance 仍占用其 capacity reservation',
  ),
  'setting.follows-snapshot': plain('comes with the snapshot; it can’t be chosen', '由 snapshot 決定，無法選擇'),
  'setting.zone-with-multi-az': plain(
    'RDS chooses the zones of a Multi-AZ instance',
    'Multi-AZ instance 的 zone 由 RDS 選擇',
  ),
  'setting.zone-of-other-subnets': plain(
    'the restore profile names other subnets; RDS chooses a zone of theirs',
    'restore profile 指定了其他 subnet，zone 由 RDS 從中選擇',
  ),
  'setting.never-smaller': plain(
    'the larger of the old instance’s and the snapshot’s, in GiB',
    '取舊的 instance 與 snapshot 中較大者，單位 GiB',
  ),
  'setting.storage-without-speed': plain('this storage type takes none', '這種 storage type 不接受此設定'),
  'setting.gp3-fixed-speed': plain(
    'fixed for gp3 below 400 GiB; RDS refuses it there',
    'gp3 小於 400 GiB 時為固定值，RDS 不接受指定',
  ),
  'setting.parameter-group-of-other-family': plain(
    'the group is for another major version than the snapshot’s; RDS takes its default group',
    'parameter group 屬於與 snapshot 不同的主要版本；RDS 會使用預設的 group',
  ),
  'setting.default-option-group': plain('RDS takes the default group of the version', 'RDS 會使用該版本預設的 group'),
  'setting.option-group-of-other-version': plain(
    'the group is for another major version than the snapshot’s',
    'option group 屬於與 snapshot 不同的主要版本',
  ),
  'setting.other-engines': plain('not for PostgreSQL', '不適用於 PostgreSQL'),
  'setting.of-the-dump': plain('what the dump was made of', 'dump 的來源 engine'),
  'setting.version-for-dump': plain(
    'the old instance’s version; the dump can be loaded into it',
    '與舊的 instance 版本相同；可載入這個 dump',
  ),
  'setting.database-by-step': plain(
    'a later step makes the database, from template0 and with the dump’s encoding',
    '由後續步驟以 template0 及 dump 的 encoding 建立 database',
  ),
  'setting.room-for-dump': plain(
    'the larger of the old instance’s and what the dump needs, in GiB',
    '取舊的 instance 與 dump 所需空間中較大者，單位 GiB',
  ),
  'setting.from-master-role': plain(
    'from the secret that `database.masterRole` names',
    '取自 `database.masterRole` 指定的 secret',
  ),
  'setting.password-at-the-call': plain(
    'read from the secret when RDS is asked; it stands in no plan and no log',
    '呼叫 RDS 時才由 secret 讀取；不會出現在 plan 或 log 中',
  ),
  'setting.password-by-rds': plain(
    'RDS makes it and keeps it in Secrets Manager',
    '由 RDS 產生並保存在 Secrets Manager',
  ),
  'setting.password-login': plain('the master user logs in with a password', 'master user 以密碼登入'),
  'setting.rather-encrypted': plain(
    'nobody can say any more whether the old instance was encrypted; the new one rather is',
    '已無從得知舊的 instance 是否加密；新的 instance 一律加密',
  ),
  'setting.outside-vpc': plain('only for instances outside of a VPC', '僅適用於 VPC 之外的 instance'),
  'setting.not-taken-by-restore': plain(
    'a restore does not take it; set as soon as the instance stands',
    'restore 時無法指定；instance 建立後立即設定',
  ),
  'setting.not-carried-over': plain(
    'not carried over by any restore: somebody has to see to it',
    '任何 restore 都不會帶過去：需要有人處理',
  ),
};

/** What a verification can't prove for a backup, and why. */
export const notProvenReasons: Catalogue = {
  'not-proven.row-counts': plain(
    'Row counts: nobody counted when the snapshot was taken',
    '資料筆數：建立 snapshot 時沒有計數',
  ),
  'not-proven.some-row-counts': plain(
    'Row counts of critical tables that the baseline of the snapshot could not count',
    'Snapshot 的 baseline 無法計數的關鍵 tables 的資料筆數',
  ),
  'not-proven.live-comparison': plain(
    'Comparison with the live database: it does not answer',
    '與線上 database 比對：它沒有回應',
  ),
  'not-proven.unlogged-tables': plain(
    'Unlogged tables: no backup holds their rows, they come back empty',
    'Unlogged table：任何 backup 都不含其資料，restore 後是空的',
  ),
};
