import type { Json } from '../domain/json.ts';
import { showSession, showTime } from './guards.ts';
import { type Catalogue, type ErrorCatalogue, errorText, type Recorded, text } from './text.ts';
import { counted } from './units.ts';
import { word, words } from './values.ts';

/** Why an instance that was left is not deleted. */
export const cleanupErrors: ErrorCatalogue = {
  'cleanup.not-over': errorText(
    [
      (p) => `Operation ${word(p, 'operation')} is still under way: what it made or leaves is still needed.`,
      () => 'Ask again once it is over.',
    ],
    [
      (p) => `Operation ${word(p, 'operation')} 仍在進行中：它建立或留下的東西仍有需要。`,
      () => '請在它結束之後再提出。',
    ],
  ),
  'cleanup.parked': errorText(
    [
      (p) => `Operation ${word(p, 'operation')} stopped half-way and waits for a person: both databases may be needed.`,
      (p, slash) =>
        `\`${slash} retry ${word(p, 'operation')}\` takes it up again; \`${slash} supersede ${word(p, 'operation')}\` ends it, and then it can be cleaned up after.`,
    ],
    [
      (p) => `Operation ${word(p, 'operation')} 中途停下並等待處理：兩個 database 都可能有需要。`,
      (p, slash) =>
        `\`${slash} retry ${word(p, 'operation')}\` 會從失敗處繼續；\`${slash} supersede ${word(p, 'operation')}\` 會結束它，之後才能清理。`,
    ],
  ),
  'cleanup.nothing-left': errorText(
    [
      (p) => `Operation ${word(p, 'operation')} (${word(p, 'kind')}) left no instance beside.`,
      (_, slash) =>
        `Take the id of a restore, a point-in-time recovery or a rollback: \`${slash} history\` lists them.`,
    ],
    [
      (p) => `Operation ${word(p, 'operation')}（${word(p, 'kind')}）沒有留下任何 instance。`,
      (_, slash) => `請使用 restore、point-in-time recovery 或 rollback 的 id：\`${slash} history\` 會列出。`,
    ],
  ),
  'cleanup.taken-back': errorText(
    [
      (p) =>
        `Nobody let ${word(p, 'operation')} begin, and what it had made meanwhile is deleted: there is no instance ${word(p, 'instance')}.`,
      () => 'Nothing is left to do.',
    ],
    [
      (p) => `${word(p, 'operation')} 未獲准開始，期間建立的 instance 已刪除：沒有 instance ${word(p, 'instance')}。`,
      () => '不需要再做任何事。',
    ],
  ),
  'cleanup.live': errorText(
    [
      (p) => `${word(p, 'environment')} uses the instance ${word(p, 'instance')}: its secret points to it.`,
      () => 'It is not deleted as long as a secret of the config names it.',
    ],
    [
      (p) => `${word(p, 'environment')} 正在使用 instance ${word(p, 'instance')}：它的 secret 指向這裡。`,
      () => '只要 config 中有 secret 指向它，就不會刪除。',
    ],
  ),
  'cleanup.gone': errorText(
    [
      (p) => `There is no instance ${word(p, 'instance')} any more: it was deleted or renamed already.`,
      (_, slash) => `There is nothing to do. What is left of it, its snapshots, stands in \`${slash} list\`.`,
    ],
    [
      (p) => `Instance ${word(p, 'instance')} 已經不存在：已被刪除或改名。`,
      (_, slash) => `不需要做任何事。它留下的 snapshots 列在 \`${slash} list\`。`,
    ],
  ),
  'cleanup.is-another': errorText(
    [
      (p) =>
        `The instance ${word(p, 'instance')} is another one than was left: its resource id is ${word(p, 'found')}, not ${word(p, 'expected')}.`,
      () => 'Somebody gave the name to another instance. It is not touched.',
    ],
    [
      (p) =>
        `Instance ${word(p, 'instance')} 已不是當時留下的那一個：resource id 是 ${word(p, 'found')}，不是 ${word(p, 'expected')}。`,
      () => '有人把這個名稱給了另一個 instance。不會動它。',
    ],
  ),
  'cleanup.not-its-own': errorText(
    [
      (p) =>
        `The instance ${word(p, 'instance')} does not say that ${word(p, 'operation')} made it${p.owner ? `, but ${word(p, 'owner')}` : ''}.`,
      () => 'Its tag `pitcrew:operation` is what it is known by. What pitcrew did not make it does not delete.',
    ],
    [
      (p) =>
        `Instance ${word(p, 'instance')} 並未標明由 ${word(p, 'operation')} 建立${p.owner ? `，而是 ${word(p, 'owner')}` : ''}。`,
      () => '依據是它的 tag `pitcrew:operation`。不是 pitcrew 建立的，pitcrew 不會刪除。',
    ],
  ),
  'cleanup.no-snapshot': errorText(
    [
      (p) =>
        `RDS takes no snapshot of ${word(p, 'instance')} while it is "${word(p, 'status')}", so it is not deleted.`,
      () => 'Start it, or mend it, then ask again. If its data is worthless, delete it by hand.',
    ],
    [
      (p) => `${word(p, 'instance')} 的狀態為「${word(p, 'status')}」時，RDS 無法建立 snapshot，因此不會刪除。`,
      () => '請啟動或修復它，再重新提出。若資料沒有價值，請手動刪除。',
    ],
  ),
  'cleanup.replicas': errorText(
    [
      (p) => `Read replicas hang on ${word(p, 'instance')}: ${words(p, 'replicas').join(', ')}.`,
      () => 'Point who reads there elsewhere and delete or promote them; then ask again.',
    ],
    [
      (p) => `${word(p, 'instance')} 還有 read replica：${words(p, 'replicas').join('、')}。`,
      () => '請讓讀取者改用其他來源，刪除或 promote 它們，再重新提出。',
    ],
  ),
  'cleanup.proxies': errorText(
    [
      (p) => `RDS proxies lead to ${word(p, 'instance')}: ${words(p, 'proxies').join(', ')}.`,
      () => 'Give them the instance that serves as their target; then ask again.',
    ],
    [
      (p) => `RDS proxy 仍指向 ${word(p, 'instance')}：${words(p, 'proxies').join('、')}。`,
      () => '請將 target 改為提供服務的 instance，再重新提出。',
    ],
  ),
  'cleanup.in-use': errorText(
    [
      (p) => `Somebody still uses ${word(p, 'instance')}. ${whoEnglish(p)}`,
      () => 'Point them to the database that serves, or end what they run; then ask again.',
    ],
    [
      (p) => `仍有人使用 ${word(p, 'instance')}。${whoChinese(p)}`,
      () => '請讓它們改用提供服務的 database，或結束其工作，再重新提出。',
    ],
  ),
  'cleanup.too-soon': errorText(
    [
      (p) =>
        `${word(p, 'instance')} was left at ${showTime(p.since)}, and stays for ${word(p, 'keepDays')} days (\`restore.keepDays\`).`,
      (p, slash) =>
        `To delete it before that: \`${slash} cleanup ${word(p, 'operation')} --now\`. The card says so then.`,
    ],
    [
      (p) =>
        `${word(p, 'instance')} 於 ${showTime(p.since)} 留下，會保留 ${word(p, 'keepDays')} 天（\`restore.keepDays\`）。`,
      (p, slash) => `若要提前刪除：\`${slash} cleanup ${word(p, 'operation')} --now\`。卡片上會註明。`,
    ],
  ),
  'cleanup.not-kept': errorText(
    [
      (p) =>
        `The final snapshot ${word(p, 'snapshot')} of ${word(p, 'instance')} is ${p.status ? `"${word(p, 'status')}"` : 'not there'}, so nothing is deleted.`,
      () => 'Find out what became of the snapshot. `retry` looks again; `supersede` ends it, and all stays as it is.',
    ],
    [
      (p) =>
        `${word(p, 'instance')} 的 final snapshot ${word(p, 'snapshot')} ${p.status ? `為「${word(p, 'status')}」` : '不存在'}，因此不會刪除任何東西。`,
      () => '請查明 snapshot 的情況。`retry` 會再檢查一次；`supersede` 會結束它，一切維持原狀。',
    ],
  ),
  'cleanup.protected-again': errorText(
    [
      (p) => `Somebody turned deletion protection of ${word(p, 'instance')} on again, so it is not deleted.`,
      () => 'Ask who and why. `retry` looks again; `supersede` ends it, and the instance stays.',
    ],
    [
      (p) => `有人重新開啟了 ${word(p, 'instance')} 的 deletion protection，因此不會刪除。`,
      () => '請詢問是誰、為什麼。`retry` 會再檢查一次；`supersede` 會結束它，instance 會保留。',
    ],
  ),
  'cleanup.protection-pending': errorText(
    [
      (p) => `RDS has not changed the deletion protection of ${word(p, 'instance')} yet.`,
      () => 'It is tried again shortly.',
    ],
    [(p) => `RDS 尚未變更 ${word(p, 'instance')} 的 deletion protection。`, () => '稍後會再試。'],
  ),
  'cleanup.not-deleted': errorText(
    [
      (p) => `RDS stopped deleting ${word(p, 'instance')}: it is "${word(p, 'status')}".`,
      () => 'Look at its events in RDS, then `retry`. Its final snapshot is kept.',
    ],
    [
      (p) => `RDS 停止刪除 ${word(p, 'instance')}：狀態為「${word(p, 'status')}」。`,
      () => '請查看它在 RDS 的事件，然後 `retry`。Final snapshot 已保留。',
    ],
  ),
};

const people = (value: Json | undefined): readonly Recorded[] => (Array.isArray(value) ? (value as Recorded[]) : []);

function whoEnglish(p: Recorded): string {
  const named = people(p.who).map((one) => showSession(one));
  return `${counted(Number(p.sessions), 'session')}: ${named.join('; ')}.`;
}

function whoChinese(p: Recorded): string {
  const named = people(p.who).map((one) => showSession(one));
  return `${word(p, 'sessions')} 個連線：${named.join('；')}。`;
}

export const cleanupWaits: Catalogue = {
  'wait.unused': text(
    (p) => `Nobody is on ${word(p, 'instance')}; it is looked at a second time.`,
    (p) => `${word(p, 'instance')} 上沒有任何連線；會再確認一次。`,
  ),
};
