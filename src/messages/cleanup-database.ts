import type { Json } from '../domain/json.ts';
import { showSession } from './guards.ts';
import { type ErrorCatalogue, errorText, plain, type Recorded, text } from './text.ts';
import { counted } from './units.ts';
import { word } from './values.ts';

/** What stands on the cards of a cleanup that drops a database. Times, sizes and code come in ready for display. */
export const droppedTexts = {
  asks: text<{ who: string; environment: string; operation: string; database: string; instance: string }>(
    ({ who, environment, operation, database, instance }) =>
      `${who} asks to drop the database ${database}, which ${operation} left on ${instance}, the instance of *${environment}*.`,
    ({ who, environment, operation, database, instance }) =>
      `${who} 請求刪除 database ${database}，也就是 ${operation} 在 *${environment}* 的 instance ${instance} 上留下的 database。`,
  ),
  forGood: text<{ snapshot: string }>(
    ({ snapshot }) =>
      `*This can’t be taken back.* Afterwards this data is only in ${snapshot}, a snapshot of the whole instance, taken first.`,
    ({ snapshot }) => `*此動作無法復原。* 之後這些資料只在事先為整個 instance 建立的 snapshot ${snapshot} 裡。`,
  ),
  early: text<{ age: string; days: number }>(
    ({ age, days }) =>
      `*It was left only ${age} ago.* What was left stays for ${days} days here; who asks said \`--now\` to drop it before that.`,
    ({ age, days }) => `*它留下至今只有 ${age}。* 這裡會保留 ${days} 天；提出者以 \`--now\` 要求提前刪除。`,
  ),
  facts: text<{ size: string; oid: number }>(
    ({ size, oid }) => `${size} of the disk, which comes free (oid ${oid})`,
    ({ size, oid }) => `磁碟上的 ${size}，會釋放出來（oid ${oid}）`,
  ),
  leftAs: {
    replaced: text<{ at: string; age: string }>(
      ({ at, age }) => `served until the names were swapped ${at}, ${age}`,
      ({ at, age }) => `服務到 ${at} 交換名稱為止，${age}`,
    ),
    beside: text<{ at: string; age: string }>(
      ({ at, age }) => `the restored one; not in use since ${at}, ${age}`,
      ({ at, age }) => `還原出來的 database；自 ${at} 起未使用，${age}`,
    ),
  },
  remainsFinal: text<{ snapshot: string }>(
    ({ snapshot }) => `${snapshot}, a final snapshot with both databases in it, until somebody deletes it`,
    ({ snapshot }) => `${snapshot}（final snapshot，包含兩個 database），直到有人刪除`,
  ),
  remainsBackups: text<{ days: number }>(
    ({ days }) => `the instance’s automated backups: they reach back to before the drop for ${days} days`,
    ({ days }) => `instance 的 automated backups：${days} 天內可回到刪除之前`,
  ),
  noBackups: plain('no automated backups: the instance keeps none', '沒有 automated backups：這個 instance 沒有保留'),
  serves: text<{ database: string; instance: string }>(
    ({ database, instance }) => `${database} on ${instance}, which the application uses; it is not stopped`,
    ({ database, instance }) => `${instance} 上的 ${database}，application 正在使用，不會停止`,
  ),
  proofLine: plain(
    'looked at four times, before and after the snapshot, by its id and its mark: nobody may be connected, no prepared transaction may hold it, no secret may name it; nobody is sent away',
    '在 snapshot 前後以 id 與標記共查看四次：不可有任何連線或 prepared transaction，也不可有 secret 指向它；不會中斷任何人的連線',
  ),
  line: text<{ database: string; operation: string; instance: string }>(
    ({ database, operation, instance }) =>
      `The database ${database}, which ${operation} left on ${instance}, is dropped. Nobody was on it.`,
    ({ database, operation, instance }) =>
      `${operation} 在 ${instance} 上留下的 database ${database} 已刪除。當時沒有任何連線。`,
  ),
  freed: text<{ size: string }>(
    ({ size }) => `${size} of the disk came free; RDS does not make the disk itself smaller.`,
    ({ size }) => `釋放了 ${size} 磁碟空間；RDS 不會縮小磁碟本身。`,
  ),
  keptFinal: text<{ snapshot: string; at: string; size: string }>(
    ({ snapshot, at, size }) => `${snapshot}: the instance with both databases as of ${at}, ${size}; nobody deletes it`,
    ({ snapshot, at, size }) => `${snapshot}：截至 ${at} 的 instance，包含兩個 database，${size}；不會自動刪除`,
  ),
  backAgain: text<{ database: string; command: string }>(
    ({ database, command }) =>
      `*To see this data again:* ${command}; ${database} stands in it beside the one that serves. Let it stay beside.`,
    ({ database, command }) =>
      `*要再次取得這些資料：* ${command}；${database} 會在其中，與提供服務的 database 並存。不要核准切換即可。`,
  ),
  /** Of one that did not reach its goal. */
  intact: text<{ environment: string }>(
    ({ environment }) => `*${environment} runs as before.* The database that was left is still there.`,
    ({ environment }) => `*${environment} 維持原狀。* 留下的 database 仍然存在。`,
  ),
  begun: text<{ environment: string }>(
    ({ environment }) =>
      `*${environment} runs as before.* The drop was begun and may have happened; the final snapshot is kept.`,
    ({ environment }) => `*${environment} 維持原狀。* 刪除已經開始，可能已完成；final snapshot 已保留。`,
  ),
} as const;

const looks = plain('', '');

/** Steps of such a cleanup, as an imperative each, and how each is taken back. */
export const droppedStepTexts = {
  'prove-database-unused': {
    title: plain('Prove that nobody is on the database', '確認沒有任何人使用這個 database'),
    undo: looks,
  },
  'prove-database-still-unused': {
    title: plain('Prove that still nobody is on it', '再次確認仍然沒有任何人使用'),
    undo: looks,
  },
  'drop-database': {
    title: plain('Drop the database', '刪除 database'),
    undo: plain('can’t be taken back: the final snapshot is what is left', '無法復原：只留下 final snapshot'),
  },
  'prove-dropped': {
    title: plain('Prove that it is gone, and note what came free', '確認已刪除，並記下釋放的空間'),
    undo: looks,
  },
} as const;

/** Why a database that was left is not dropped. */
export const droppedErrors: ErrorCatalogue = {
  'cleanup.database-gone': errorText(
    [
      (p) => `There is no database ${word(p, 'database')} on ${word(p, 'instance')} any more: it was dropped already.`,
      () => 'There is nothing to do.',
    ],
    [(p) => `${word(p, 'instance')} 上已經沒有 database ${word(p, 'database')}：已被刪除。`, () => '不需要做任何事。'],
  ),
  'cleanup.database-is-another': errorText(
    [
      (p) =>
        `The database that was left on ${word(p, 'instance')} as ${word(p, 'database')} is called ${word(p, 'found')} now, or carries another comment.`,
      () => 'Somebody renamed or marked it, so it may be needed. It is not touched; ask who did it.',
    ],
    [
      (p) =>
        `在 ${word(p, 'instance')} 上以 ${word(p, 'database')} 留下的 database，現在名為 ${word(p, 'found')}，或 comment 已經不同。`,
      () => '有人改過它的名稱或標記，可能有需要。不會動它；請詢問是誰改的。',
    ],
  ),
  'cleanup.database-elsewhere': errorText(
    [
      (p) =>
        `What ${word(p, 'operation')} left is a database on ${word(p, 'instance')}, and the application is on ${word(p, 'serves')} by now.`,
      () => 'Clean up after the operation that replaced that instance: the database goes with it.',
    ],
    [
      (p) =>
        `${word(p, 'operation')} 留下的是 ${word(p, 'instance')} 上的 database，而 application 現在使用 ${word(p, 'serves')}。`,
      () => '請對取代該 instance 的 operation 執行 cleanup：database 會一併刪除。',
    ],
  ),
  'cleanup.database-live': errorText(
    [
      (p) => `${word(p, 'environment')} uses the database ${word(p, 'database')}: its secret names it.`,
      () => 'It is not dropped as long as a secret of the config names it.',
    ],
    [
      (p) => `${word(p, 'environment')} 正在使用 database ${word(p, 'database')}：它的 secret 指向這裡。`,
      () => '只要 config 中有 secret 指向它，就不會刪除。',
    ],
  ),
  'cleanup.database-in-use': errorText(
    [
      (p) =>
        `Somebody still is on the database ${word(p, 'database')}. ${counted(Number(p.sessions), 'session')}: ${who(p, '; ')}.`,
      () => 'Point them to the database that serves, or end what they run; then ask again.',
    ],
    [
      (p) => `仍有人連線到 database ${word(p, 'database')}。${word(p, 'sessions')} 個連線：${who(p, '；')}。`,
      () => '請讓它們改用提供服務的 database，或結束其工作，再重新提出。',
    ],
  ),
  'cleanup.database-prepared': errorText(
    [
      (p) => `Prepared transactions hold on to the database ${word(p, 'database')}: ${word(p, 'count')}.`,
      () => 'Commit or roll them back (`pg_prepared_xacts` lists them), then ask again.',
    ],
    [
      (p) => `${word(p, 'count')} 個 prepared transaction 仍持有 database ${word(p, 'database')}。`,
      () => '請將它們 commit 或 rollback（可在 `pg_prepared_xacts` 查詢），再重新提出。',
    ],
  ),
  'cleanup.database-held': errorText(
    [
      (p) =>
        `PostgreSQL does not drop ${word(p, 'database')}: a session or an active replication slot came to it this moment.`,
      () => 'It is tried again. `supersede` ends it, and the database stays.',
    ],
    [
      (p) => `PostgreSQL 拒絕刪除 ${word(p, 'database')}：此刻有連線或使用中的 replication slot。`,
      () => '會再試一次。`supersede` 會結束它，database 會保留。',
    ],
  ),
  'cleanup.database-stays': errorText(
    [
      (p) => `The database ${word(p, 'database')} still is on ${word(p, 'instance')} after it was dropped.`,
      () => 'It is looked at again shortly.',
    ],
    [(p) => `刪除之後，database ${word(p, 'database')} 仍在 ${word(p, 'instance')} 上。`, () => '稍後會再查看。'],
  ),
};

const people = (value: Json | undefined): readonly Recorded[] => (Array.isArray(value) ? (value as Recorded[]) : []);
const who = (p: Recorded, between: string) =>
  people(p.who)
    .map((one) => showSession(one))
    .join(between);
