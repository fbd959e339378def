import { type Catalogue, type ErrorCatalogue, errorText, text } from './text.ts';
import { word, words } from './values.ts';

/** What point-in-time recovery raises. */
export const pitrErrors: ErrorCatalogue = {
  'pitr.no-window': errorText(
    [
      (p) =>
        `RDS keeps no log of ${word(p, 'instance')} that it could go back by: automated backups are off, or not begun yet.`,
      (_, slash) => `Restore from a snapshot instead: \`${slash} list\` shows them.`,
    ],
    [
      (p) => `RDS 沒有 ${word(p, 'instance')} 可用的 log：automated backups 關閉，或尚未開始。`,
      (_, slash) => `請改用 snapshot restore：\`${slash} list\` 會列出。`,
    ],
  ),
  'pitr.after-window': errorText(
    [
      (p) =>
        `${word(p, 'at')} can’t be restored yet: the log of ${word(p, 'instance')} reaches ${word(p, 'latest')}. Nothing was touched.`,
      () => 'RDS uploads it about every five minutes: ask again then, or with `--to latest`, which waits by itself.',
    ],
    [
      (p) =>
        `還無法回復到 ${word(p, 'at')}：${word(p, 'instance')} 的 log 到 ${word(p, 'latest')} 為止。沒有動到任何東西。`,
      () => 'RDS 約每五分鐘上傳一次：請稍後再提出，或使用會自動等待的 `--to latest`。',
    ],
  ),
  'pitr.outside-window': errorText(
    [
      (p) => `${word(p, 'at')} lies outside of what can be restored. Nothing was touched.`,
      (p, slash) => `Choose a time within ${words(p, 'windows').join(', or ')}, or a snapshot: \`${slash} list\`.`,
    ],
    [
      (p) => `${word(p, 'at')} 不在可以回復的範圍內。沒有動到任何東西。`,
      (p, slash) => `請選擇 ${words(p, 'windows').join(' 或 ')} 之內的時間，或使用 snapshot：\`${slash} list\`。`,
    ],
  ),
  'pitr.source-gone': errorText(
    [
      (p) => `The automated backups of ${word(p, 'instance')} are gone.`,
      (_, slash) =>
        `Nothing can be restored from its log any more. Ask for a restore from a snapshot: \`${slash} list\` shows them.`,
    ],
    [
      (p) => `${word(p, 'instance')} 的 automated backups 已經不存在。`,
      (_, slash) => `無法再由它的 log 回復。請改用 snapshot restore：\`${slash} list\` 會列出。`,
    ],
  ),
  'pitr.log-late': errorText(
    [
      (p) =>
        `RDS’s log reached ${word(p, 'latest')} ${word(p, 'minutes')} minutes after the application stopped at ${word(p, 'at')}: what was written last could not be restored.`,
      () =>
        'Look at the instance’s events in RDS. Ask again with `--to` and a time that the log reaches, if that loss is bearable.',
    ],
    [
      (p) =>
        `Application 於 ${word(p, 'at')} 停止，${word(p, 'minutes')} 分鐘後 RDS 的 log 只到 ${word(p, 'latest')}：最後寫入的資料無法回復。`,
      () => '請查看 RDS 中 instance 的 events。如果可以接受遺失，請以 `--to` 加上 log 範圍內的時間再提出。',
    ],
  ),
};

export const pitrWaits: Catalogue = {
  'wait.log': text(
    (p) =>
      `RDS’s log has to pass ${word(p, 'at')}, when the application was proven stopped; it reaches ${word(p, 'latest')}. RDS uploads it about every five minutes.`,
    (p) =>
      `RDS 的 log 必須超過 ${word(p, 'at')}（確認 application 停止的時間）；目前到 ${word(p, 'latest')}。RDS 約每五分鐘上傳一次。`,
  ),
};
