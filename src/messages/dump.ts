import type { Locale } from '../domain/people.ts';
import { execErrors } from './dump-exec.ts';
import { type Catalogue, type ErrorCatalogue, errorText, plain, type Recorded, text } from './text.ts';
import { showCount } from './units.ts';
import { word } from './values.ts';

/** What making a dump, or taking one in, raises. */
export const dumpErrors: ErrorCatalogue = {
  'dump.not-configured': errorText(
    [
      (p) => `The config of ${word(p, 'environment')} doesn’t say where its dumps lie.`,
      () => 'Give it `dumps: { bucket: …, prefix: …/, image: … }`.',
    ],
    [
      (p) => `${word(p, 'environment')} 的 config 沒有說明 dump 存放在哪裡。`,
      () => '請加上 `dumps: { bucket: …, prefix: …/, image: … }`。',
    ],
  ),
  'dump.no-image': errorText(
    [
      (p) => `The config of ${word(p, 'environment')} doesn’t say in which image a dump’s Job runs.`,
      () => 'Give `dumps.image` the image that pitcrew itself runs in.',
    ],
    [
      (p) => `${word(p, 'environment')} 的 config 沒有說明 dump 的 Job 使用哪個 image。`,
      () => '請在 `dumps.image` 填入 pitcrew 自己使用的 image。',
    ],
  ),
  ...execErrors,
  'dump.client-missing': errorText(
    [
      (p) =>
        `There is no pg_dump of version ${word(p, 'major')} in pitcrew’s image, and only that one fits the server.`,
      (p) => `Build the image with postgresql-client-${word(p, 'major')}.`,
    ],
    [
      (p) => `pitcrew 的 image 中沒有 ${word(p, 'major')} 版的 pg_dump，而只有這個版本與 server 相符。`,
      (p) => `請在建立 image 時加入 postgresql-client-${word(p, 'major')}。`,
    ],
  ),
  'dump.server-changed': errorText(
    [
      (p) => `The server is PostgreSQL ${word(p, 'now')}; when this was planned it was ${word(p, 'planned')}.`,
      () => 'Nothing was dumped. Ask again.',
    ],
    [
      (p) => `Server 目前是 PostgreSQL ${word(p, 'now')}；規劃時是 ${word(p, 'planned')}。`,
      () => '沒有產生 dump。請再提出一次。',
    ],
  ),
  'dump.denied': errorText(
    [
      (p) => `pitcrew’s reading role may not read ${word(p, 'on')}, so a dump would not be whole.`,
      () => 'Give it the right (`pg_read_all_data` reads every table), then ask again.',
    ],
    [
      (p) => `pitcrew 的唯讀 role 無權讀取 ${word(p, 'on')}，dump 會不完整。`,
      () => '請授予權限（`pg_read_all_data` 可讀取所有 table），然後再提出一次。',
    ],
  ),
  'dump.pg-dump-failed': errorText(
    [
      (p) => `pg_dump ended with ${word(p, 'exit')}; what it had written is discarded.`,
      () => 'The log of the Job’s pod says why. Ask again when that is mended.',
    ],
    [
      (p) => `pg_dump 以 ${word(p, 'exit')} 結束；已寫入的內容已捨棄。`,
      () => '原因在 Job 的 pod log 中。排除後請再提出一次。',
    ],
  ),
  'dump.differs': errorText(
    [
      (p) => `What S3 gave back of ${word(p, 'key')} is not what was sent.`,
      () => 'It has no manifest, so it counts as no backup. Ask again; if it happens twice, look at the network.',
    ],
    [
      (p) => `從 S3 讀回的 ${word(p, 'key')} 與送出的內容不同。`,
      () => '它沒有 manifest，不算 backup。請再提出一次；若重複發生，請檢查網路。',
    ],
  ),
  'dump.upload-gone': errorText(
    [
      (p) => `The upload of ${word(p, 'on')} was given up by somebody else while it was under way.`,
      () => 'Ask again. A lifecycle rule that ends uploads must leave them a day.',
    ],
    [
      (p) => `${word(p, 'on')} 的上傳在進行中被其他人中止。`,
      () => '請再提出一次。會中止上傳的 lifecycle rule 必須保留至少一天。',
    ],
  ),
  'dump.stopped': errorText(
    [() => 'The Job was told to end before it was done.', () => 'Nothing is left of it. Ask again.'],
    [() => 'Job 在完成之前被要求結束。', () => '沒有留下任何內容。請再提出一次。'],
  ),
  'dump.gone': errorText(
    [
      (p) => `There is no object ${word(p, 'key')} in ${word(p, 'bucket')}.`,
      (_, slash) => `Check the key: \`${slash} list\` shows what lies under the prefix.`,
    ],
    [
      (p) => `${word(p, 'bucket')} 中沒有 object ${word(p, 'key')}。`,
      (_, slash) => `請確認 key：\`${slash} list\` 會列出 prefix 下的內容。`,
    ],
  ),
  'dump.job-taken': errorText(
    [
      (p) => `There is already a Job ${word(p, 'job')} in ${word(p, 'namespace')}, and this operation did not make it.`,
      () => 'Nothing was changed. Ask again: another request gets another name.',
    ],
    [
      (p) => `${word(p, 'namespace')} 中已有 Job ${word(p, 'job')}，而且不是這個 operation 建立的。`,
      () => '沒有任何變更。請再提出一次；新的請求會使用新的名稱。',
    ],
  ),
  'dump.job-failed': errorText(
    [
      (p) => `The Job ${word(p, 'job')} failed (${word(p, 'reason')}), and the last of its pods didn’t say why.`,
      () => 'There is no dump of this. `kubectl describe job` and the cluster’s events say more; then ask again.',
    ],
    [
      (p) => `Job ${word(p, 'job')} 失敗（${word(p, 'reason')}），最後一個 pod 沒有說明原因。`,
      () => '沒有產生 dump。`kubectl describe job` 與叢集的 event 有更多資訊；之後請再提出一次。',
    ],
  ),
  'dump.job-gone': errorText(
    [(p) => `The Job ${word(p, 'job')} is gone, and it left no dump.`, () => 'Somebody removed it. Ask again.'],
    [(p) => `Job ${word(p, 'job')} 已不存在，也沒有留下 dump。`, () => '有人移除了它。請再提出一次。'],
  ),
  'dump.job-not-run': errorText(
    [
      (p) => `The Job ${word(p, 'job')} never came to run: ${word(p, 'reason')}.`,
      () => 'Check `dumps.image`, and whether the cluster has room for one more pod. Then ask again.',
    ],
    [
      (p) => `Job ${word(p, 'job')} 一直無法執行：${word(p, 'reason')}。`,
      () => '請檢查 `dumps.image`，以及叢集是否有空間再執行一個 pod，然後再提出一次。',
    ],
  ),
  'dump.job-lingers': errorText(
    [
      (p) => `The Job ${word(p, 'job')} was removed, and its pod hasn’t ended yet.`,
      () => 'It is looked at again shortly.',
    ],
    [(p) => `已移除 Job ${word(p, 'job')}，但它的 pod 尚未結束。`, () => '稍後會再檢查。'],
  ),
  'dump.no-manifest': errorText(
    [
      (p) => `${word(p, 'key')} has no manifest, so it counts as no backup.`,
      (_, slash) => `If somebody else made it, take it in with \`${slash} adopt\`.`,
    ],
    [
      (p) => `${word(p, 'key')} 沒有 manifest，不算 backup。`,
      (_, slash) => `如果是其他人產生的，請以 \`${slash} adopt\` 納入。`,
    ],
  ),
  'dump.changed': errorText(
    [
      (p) => `${word(p, 'key')} is no longer the object that its manifest speaks of.`,
      () => 'Somebody replaced it. Don’t rely on it; ask for another dump.',
    ],
    [
      (p) => `${word(p, 'key')} 已不是其 manifest 所描述的 object。`,
      () => '有人更換了它。請不要依賴它，並重新產生 dump。',
    ],
  ),
  'job.bad-task': errorText(
    [
      (p) => `\`pitcrew job\` was started without a task in ${word(p, 'variable')}.`,
      () => 'Only pitcrew starts it, inside a Kubernetes Job.',
    ],
    [
      (p) => `\`pitcrew job\` 啟動時，${word(p, 'variable')} 中沒有任務。`,
      () => '它只由 pitcrew 在 Kubernetes Job 中啟動。',
    ],
  ),
};

/** Why an archive that somebody else made is not taken in. */
export const adoptErrors: ErrorCatalogue = {
  'command.object-missing': errorText(
    [
      (_, slash) => `\`${slash} adopt\` needs the key of the dump in S3.`,
      (p, slash) => `For example: \`${slash} ${word(p, 'example')}\``,
    ],
    [
      (_, slash) => `\`${slash} adopt\` 需要 dump 在 S3 中的 key。`,
      (p, slash) => `例如：\`${slash} ${word(p, 'example')}\``,
    ],
  ),
  'adopt.outside': errorText(
    [
      (p) => `${word(p, 'given')} doesn’t lie where ${word(p, 'environment')} keeps its dumps.`,
      (p) => `Copy it below s3://${word(p, 'bucket')}/${word(p, 'prefix')} first, then name it by that key.`,
    ],
    [
      (p) => `${word(p, 'given')} 不在 ${word(p, 'environment')} 存放 dump 的位置。`,
      (p) => `請先複製到 s3://${word(p, 'bucket')}/${word(p, 'prefix')} 之下，再使用那個 key。`,
    ],
  ),
  'adopt.no-dump': errorText(
    [
      (p) => `${word(p, 'given')} is a folder or a manifest, not a dump.`,
      (p, slash) => `Name the dump itself: \`${slash} list ${word(p, 'environment')}\` shows them.`,
    ],
    [
      (p) => `${word(p, 'given')} 是資料夾或 manifest，不是 dump。`,
      (p, slash) => `請指定 dump 本身：\`${slash} list ${word(p, 'environment')}\` 會列出。`,
    ],
  ),
  'adopt.has-manifest': errorText(
    [
      (p) => `${word(p, 'key')} has a manifest already (${word(p, 'operation')}).`,
      () => 'There is nothing to take in: it can be used as it is.',
    ],
    [(p) => `${word(p, 'key')} 已經有 manifest（${word(p, 'operation')}）。`, () => '不需要納入：可以直接使用。'],
  ),
  'adopt.empty': errorText(
    [(p) => `${word(p, 'key')} is empty.`, () => 'Its upload failed. Make another dump.'],
    [(p) => `${word(p, 'key')} 是空的。`, () => '上傳失敗了。請重新產生 dump。'],
  ),
  'adopt.foreign': errorText(
    [
      (p) => `${word(p, 'key')} is no archive in pg_dump’s custom format.`,
      () => 'Dump with `-F c`: a plain or tar dump can’t be checked for being whole.',
    ],
    [
      (p) => `${word(p, 'key')} 不是 pg_dump custom format 的 archive。`,
      () => '請以 `-F c` 產生 dump：plain 或 tar 的 dump 無法檢查是否完整。',
    ],
  ),
  'adopt.newer': errorText(
    [
      (p) =>
        `${word(p, 'key')} was made by PostgreSQL ${word(p, 'archive')}, and the server is ${word(p, 'server')}: an older one can’t load it.`,
      (p) => `Dump with the pg_dump of version ${word(p, 'server')}.`,
    ],
    [
      (p) =>
        `${word(p, 'key')} 由 PostgreSQL ${word(p, 'archive')} 產生，而 server 是 ${word(p, 'server')}：較舊的版本無法載入。`,
      (p) => `請以 ${word(p, 'server')} 版的 pg_dump 產生。`,
    ],
  ),
  'adopt.truncated': errorText(
    [
      (p) => `${word(p, 'key')} ends too early: part of the archive is missing.`,
      () => 'It is no backup. Make another dump, or copy it again from where it is whole.',
    ],
    [
      (p) => `${word(p, 'key')} 提前結束：archive 缺少一部分。`,
      () => '它不是 backup。請重新產生 dump，或從完整的來源再複製一次。',
    ],
  ),
  'adopt.damaged': errorText(
    [
      (p) => `${word(p, 'key')} can’t be read to its end: what is in it is damaged.`,
      () => 'It is no backup. Make another dump, or copy it again from where it is whole.',
    ],
    [
      (p) => `${word(p, 'key')} 無法讀到結尾：內容已損壞。`,
      () => '它不是 backup。請重新產生 dump，或從完整的來源再複製一次。',
    ],
  ),
};

/** Bytes as people speak of them: `812 kB`, `34 MB`, `1.2 GB`. */
export function showBytes(bytes: number, locale: Locale): string {
  const [size, unit] = bytes >= 1e9 ? [bytes / 1e9, 'GB'] : bytes >= 1e6 ? [bytes / 1e6, 'MB'] : [bytes / 1e3, 'kB'];
  return `${showCount(size < 10 ? Math.round(size * 10) / 10 : Math.round(size), locale)} ${unit}`;
}

const bytesOf = (p: Recorded, locale: Locale) => showBytes(Number(p.bytes ?? 0), locale);

export const dumpWaits: Catalogue = {
  'wait.dump-starts': text(
    (p) => `The Job ${word(p, 'job')} is starting.`,
    (p) => `Job ${word(p, 'job')} 正在啟動。`,
  ),
  'wait.dump-writes': text(
    (p) => `${bytesOf(p, 'en')} sent, ${word(p, 'tables')} of ${word(p, 'ofTables')} tables begun.`,
    (p) => `已送出 ${bytesOf(p, 'zh-TW')}，已開始 ${word(p, 'ofTables')} 個 table 中的 ${word(p, 'tables')} 個。`,
  ),
  'wait.dump-reads': text(
    (p) => `Reading the archive back from S3: ${bytesOf(p, 'en')}.`,
    (p) => `正在從 S3 讀回 archive：${bytesOf(p, 'zh-TW')}。`,
  ),
  'wait.dump-again': text(
    (p) => `An attempt ended (\`${word(p, 'error')}\`); the Job begins another.`,
    (p) => `一次嘗試已結束（\`${word(p, 'error')}\`）；Job 會再開始一次。`,
  ),
};

/** The result's card, and lines of the list. */
export const dumpTexts = {
  of: text<{ environment: string }>(
    ({ environment }) => `dump of ${environment}`,
    ({ environment }) => `${environment} 的 dump`,
  ),
  adoptionOf: text<{ environment: string }>(
    ({ environment }) => `adoption of a dump of ${environment}`,
    ({ environment }) => `納入 ${environment} 的 dump`,
  ),
  title: text<{ environment: string }>(
    ({ environment }) => `Dump of ${environment} made`,
    ({ environment }) => `已產生 ${environment} 的 dump`,
  ),
  adoptedTitle: text<{ environment: string }>(
    ({ environment }) => `Dump taken in for ${environment}`,
    ({ environment }) => `已為 ${environment} 納入 dump`,
  ),
  line: text<{ key: string; at: string }>(
    ({ key, at }) => `${key} holds the database as it was at *${at}*. It was read back whole from S3.`,
    ({ key, at }) => `${key} 包含 *${at}* 時的 database。已從 S3 完整讀回。`,
  ),
  adoptedLine: text<{ key: string; at: string }>(
    ({ key, at }) => `${key}, in S3 since *${at}*, was read whole and has a manifest now.`,
    ({ key, at }) => `${key}（自 *${at}* 存放於 S3）已完整讀取，並已寫入 manifest。`,
  ),
  facts: text<{ size: string; engine: string; took: string; sha256: string }>(
    ({ size, engine, took, sha256 }) => `${size} · PostgreSQL ${engine} · took ${took} · sha256 ${sha256}`,
    ({ size, engine, took, sha256 }) => `${size} · PostgreSQL ${engine} · 花費 ${took} · sha256 ${sha256}`,
  ),
  counted: text<{ tables: number }>(
    ({ tables }) =>
      `The rows of ${tables} critical ${tables === 1 ? 'table were' : 'tables were'} counted in its own snapshot: a restore of it will be held to exactly these.`,
    ({ tables }) => `已在同一個 snapshot 中計算 ${tables} 個重要 table 的列數：restore 時必須完全相同。`,
  ),
  notCounted: plain(
    'Nobody counted its rows: a restore of it can’t prove them.',
    '沒有人計算過它的列數：restore 時無法證明列數正確。',
  ),
  listTitle: text<{ place: string }>(
    ({ place }) => `Dumps in ${place}:`,
    ({ place }) => `${place} 中的 dump：`,
  ),
  listEmpty: text<{ place: string }>(
    ({ place }) => `No dumps in ${place} yet.`,
    ({ place }) => `${place} 中還沒有 dump。`,
  ),
  noManifest: plain(
    (slash) => `*no manifest*: take it in with \`${slash} adopt\``,
    (slash) => `*沒有 manifest*：請以 \`${slash} adopt\` 納入`,
  ),
} as const;
