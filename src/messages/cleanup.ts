import { plain, text } from './text.ts';

/** What stands on the cards of a cleanup. Times, sizes and code come in ready for display. */
export const cleanupTexts = {
  of: text<{ environment: string }>(
    ({ environment }) => `cleanup beside ${environment}`,
    ({ environment }) => `清理 ${environment} 旁留下的內容`,
  ),
  asks: text<{ who: string; environment: string; operation: string; instance: string }>(
    ({ who, environment, operation, instance }) =>
      `${who} asks to delete ${instance}, which ${operation} left beside *${environment}*.`,
    ({ who, environment, operation, instance }) =>
      `${who} 請求刪除 ${instance}，也就是 ${operation} 在 *${environment}* 旁留下的 instance。`,
  ),
  forGood: text<{ snapshot: string }>(
    ({ snapshot }) =>
      `*This can’t be taken back.* Afterwards the only way to this data is to restore ${snapshot}, taken first.`,
    ({ snapshot }) => `*此動作無法復原。* 之後只能 restore 事先建立的 ${snapshot} 來取得這些資料。`,
  ),
  early: text<{ age: string; days: number }>(
    ({ age, days }) =>
      `*It was left only ${age} ago.* Instances stay for ${days} days here; who asks said \`--now\` to delete it before that.`,
    ({ age, days }) => `*它留下至今只有 ${age}。* 這裡的 instance 會保留 ${days} 天；提出者以 \`--now\` 要求提前刪除。`,
  ),
  isProtected: plain(
    '*Deletion protection is on.* It is turned off right before the deletion, once you have approved.',
    '*已開啟 deletion protection。* 核准之後、刪除之前才會關閉。',
  ),
  unseen: plain(
    '*Nobody could look who is connected:* pitcrew’s role can’t log in there. The application never used this instance.',
    '*無法查看誰在連線：* pitcrew 的 role 無法登入。Application 從未使用過這個 instance。',
  ),
  isDeleted: plain('Is deleted', '會刪除'),
  instanceFacts: text<{ size: string; class: string; engine: string }>(
    ({ size, class: of, engine }) => `${size}, ${of}, PostgreSQL ${engine}`,
    ({ size, class: of, engine }) => `${size}，${of}，PostgreSQL ${engine}`,
  ),
  created: text<{ at: string; age: string }>(
    ({ at, age }) => `made ${at}, ${age}`,
    ({ at, age }) => `建立於 ${at}，${age}`,
  ),
  leftAs: {
    replaced: text<{ at: string; age: string }>(
      ({ at, age }) => `replaced ${at}, ${age}`,
      ({ at, age }) => `於 ${at} 被取代，${age}`,
    ),
    beside: text<{ at: string; age: string }>(
      ({ at, age }) => `left beside since ${at}, ${age}`,
      ({ at, age }) => `自 ${at} 起留在一旁，${age}`,
    ),
  },
  remains: plain('Remains', '會留下'),
  remainsFinal: text<{ snapshot: string }>(
    ({ snapshot }) => `${snapshot}, a final snapshot, until somebody deletes it`,
    ({ snapshot }) => `${snapshot}（final snapshot），直到有人刪除`,
  ),
  remainsRescue: text<{ snapshot: string; status: string }>(
    ({ snapshot, status }) => `${snapshot}, of the moment of the cut-over: ${status}`,
    ({ snapshot, status }) => `${snapshot}（切換當時）：${status}`,
  ),
  remainsBackups: text<{ days: number }>(
    ({ days }) => `its automated backups, for ${days} more days: point-in-time recovery to then still works`,
    ({ days }) => `automated backups 再保留 ${days} 天：仍可 point-in-time recovery 到那段時間`,
  ),
  noBackups: plain('no automated backups: it has none', '沒有 automated backups：它本來就沒有'),
  stays: plain('Stays as it is', '維持不變'),
  serves: text<{ instance: string }>(
    ({ instance }) => `${instance}, which the application uses`,
    ({ instance }) => `${instance}，application 正在使用`,
  ),
  proof: plain('Before it is deleted', '刪除之前'),
  proofLine: plain(
    'looked at four times, before and after the snapshot: nobody may be connected, no replica and no proxy may hang on it, no secret may point to it',
    '在 snapshot 前後共查看四次：不可有任何連線、replica 或 proxy，也不可有 secret 指向它',
  ),
  title: text<{ environment: string }>(
    ({ environment }) => `Cleaned up · ${environment}`,
    ({ environment }) => `清理完成 · ${environment}`,
  ),
  line: text<{ instance: string; operation: string; environment: string }>(
    ({ instance, operation, environment }) =>
      `${instance}, which ${operation} left beside *${environment}*, is deleted. Nobody was on it.`,
    ({ instance, operation, environment }) =>
      `${operation} 在 *${environment}* 旁留下的 ${instance} 已刪除。當時沒有任何連線。`,
  ),
  kept: plain('*Kept*', '*保留*'),
  keptFinal: text<{ snapshot: string; at: string; size: string }>(
    ({ snapshot, at, size }) => `${snapshot}: all of it as of ${at}, ${size}; nobody deletes it`,
    ({ snapshot, at, size }) => `${snapshot}：截至 ${at} 的全部內容，${size}；不會自動刪除`,
  ),
  keptBackups: text<{ from: string; to: string; days: number }>(
    ({ from, to, days }) =>
      `automated backups from ${from} to ${to}; RDS drops the last of them ${days} days after the deletion`,
    ({ from, to, days }) => `automated backups：${from} 至 ${to}；RDS 會在刪除的 ${days} 天後移除最後一份`,
  ),
  costs: plain(
    'Snapshots and backups are paid for by the GB and month until they are gone.',
    'Snapshots 與 backups 在移除之前，依每月每 GB 計費。',
  ),
  backAgain: text<{ command: string }>(
    ({ command }) => `*To see this data again:* ${command}`,
    ({ command }) => `*要再次取得這些資料：* ${command}`,
  ),
  terraform: text<{ command: string }>(
    ({ command }) =>
      `*To do by hand:* if Terraform knows the instance, ${command}, and take it out of the code; else the next apply makes it anew. Alarms and dashboards may still name it.`,
    ({ command }) =>
      `*需要手動處理：* 若由 Terraform 管理，請執行 ${command} 並從程式碼移除，否則下次 apply 會重新建立。警報與 dashboard 可能仍指向它。`,
  ),
  /** Of one that did not reach its goal. */
  intact: text<{ environment: string }>(
    ({ environment }) => `*${environment} runs as before.* The instance that was left is still there.`,
    ({ environment }) => `*${environment} 維持原狀。* 留下的 instance 仍然存在。`,
  ),
  begun: text<{ environment: string }>(
    ({ environment }) =>
      `*${environment} runs as before.* The deletion was begun and may have happened; the final snapshot is kept.`,
    ({ environment }) => `*${environment} 維持原狀。* 刪除已經開始，可能已完成；final snapshot 已保留。`,
  ),
  retryOn: plain(
    '*Try again* takes it up from the step that failed. Mend the cause first.',
    '*重試* 會從失敗的步驟繼續。請先排除原因。',
  ),
  button: plain('Clean up', '清理'),
  buttonNote: text<{ operation: string }>(
    ({ operation }) =>
      `Asks for what ${operation} left beside, an instance or a database, to be deleted after a final snapshot. Nothing begins before people approve.`,
    ({ operation }) =>
      `請求在建立 final snapshot 之後，刪除 ${operation} 留下的 instance 或 database。在核准之前不會開始任何動作。`,
  ),
  nowNote: plain(
    '`--now`: it may be deleted before the days of the config are over.',
    '`--now`：可以在 config 規定的天數之前刪除。',
  ),
} as const;

const looks = plain('', '');

/** Steps of a cleanup, as an imperative each, and how each is taken back. */
export const cleanupStepTexts = {
  'prove-unused': {
    title: plain('Prove that nobody is on the instance', '確認沒有任何人使用這個 instance'),
    undo: looks,
  },
  'final-snapshot': {
    title: plain('Take the final snapshot', '建立 final snapshot'),
    undo: plain('kept: a snapshot harms nobody', '保留：snapshot 不影響任何人'),
  },
  'await-final': { title: plain('Wait until the final snapshot is complete', '等待 final snapshot 完成'), undo: looks },
  'check-final': { title: plain('Check the final snapshot', '檢查 final snapshot'), undo: looks },
  'prove-still-unused': {
    title: plain('Prove that still nobody is on it', '再次確認仍然沒有任何人使用'),
    undo: looks,
  },
  'allow-deletion': {
    title: plain('Turn deletion protection off, where it is on', '若有 deletion protection，將其關閉'),
    undo: plain('turned on again', '重新開啟'),
  },
  'delete-instance': {
    title: plain('Delete the instance', '刪除 instance'),
    undo: plain('can’t be taken back: the final snapshot is what is left', '無法復原：只留下 final snapshot'),
  },
  'await-deleted': { title: plain('Wait until it is gone', '等待刪除完成'), undo: looks },
  'list-kept': { title: plain('Note what is kept', '記下保留的內容'), undo: looks },
} as const;
