import { type Catalogue, type ErrorCatalogue, errorText, text } from './text.ts';
import { word } from './values.ts';

/** Why an operation can't be taken back or cleaned up after: told before anything was touched. */
export const cutOverErrors: ErrorCatalogue = {
  'command.operation-missing': errorText(
    [
      (p) => `\`${word(p, 'command')}\` needs the operation that it is about.`,
      (p, slash) => `Its id stands at the foot of its cards. Like this: \`${slash} ${word(p, 'example')}\``,
    ],
    [
      (p) => `\`${word(p, 'command')}\` 需要指定是哪一個 operation。`,
      (p, slash) => `Id 在它的卡片底部。例如：\`${slash} ${word(p, 'example')}\``,
    ],
  ),
  'cut-over.unknown': errorText(
    [
      (p) => `There is no operation ${word(p, 'operation')}.`,
      (_, slash) => `Ids stand at the foot of every card. \`${slash} status\` lists what is under way.`,
    ],
    [
      (p) => `沒有 operation ${word(p, 'operation')}。`,
      (_, slash) => `每張卡片底部都有 operation id。\`${slash} status\` 會列出進行中的項目。`,
    ],
  ),
  'cut-over.of-other': errorText(
    [
      (p) => `Operation ${word(p, 'operation')} is of ${word(p, 'environment')}, not of this environment.`,
      (p) => `Ask for it for ${word(p, 'environment')}.`,
    ],
    [
      (p) => `Operation ${word(p, 'operation')} 屬於 ${word(p, 'environment')}，不是這個環境。`,
      (p) => `請改為對 ${word(p, 'environment')} 提出。`,
    ],
  ),
  'cut-over.running': errorText(
    [
      (p) => `Operation ${word(p, 'operation')} is still under way, so nothing of it can be taken back yet.`,
      (p, slash) =>
        `\`${slash} cancel ${word(p, 'operation')}\` stops it at the next safe point and takes it back itself.`,
    ],
    [
      (p) => `Operation ${word(p, 'operation')} 仍在進行中，還不能撤回。`,
      (p, slash) => `\`${slash} cancel ${word(p, 'operation')}\` 會讓它在下一個安全點停止並自行撤回。`,
    ],
  ),
  'cut-over.parked': errorText(
    [
      (p) => `Operation ${word(p, 'operation')} stopped half-way and waits for a person, so it holds its locks.`,
      (p, slash) =>
        `\`${slash} retry ${word(p, 'operation')}\` takes it up again; \`${slash} supersede ${word(p, 'operation')}\` ends it, and then it can be rolled back.`,
    ],
    [
      (p) => `Operation ${word(p, 'operation')} 中途停下並等待處理，仍持有 lock。`,
      (p, slash) =>
        `\`${slash} retry ${word(p, 'operation')}\` 會從失敗處繼續；\`${slash} supersede ${word(p, 'operation')}\` 會結束它，之後才能 rollback。`,
    ],
  ),
  'cut-over.never-switched': errorText(
    [
      (p) =>
        `Operation ${word(p, 'operation')} (${word(p, 'kind')}) never put the application on another database, so there is nothing to take back.`,
      () => 'Take the id of the restore whose result card says that the application is on a new instance.',
    ],
    [
      (p) =>
        `Operation ${word(p, 'operation')}（${word(p, 'kind')}）從未讓 application 換到另一個 database，因此沒有東西可以撤回。`,
      () => '請使用結果卡片上寫明 application 已換到新 instance 的那次 restore 的 id。',
    ],
  ),
};

export const rollbackErrors: ErrorCatalogue = {
  'rollback.no-way-back': errorText(
    [
      (p) => `There is no way back from ${word(p, 'operation')}: the database before it was gone when it began.`,
      (_, slash) => `Restore another backup instead: \`${slash} restore\`.`,
    ],
    [
      (p) => `${word(p, 'operation')} 沒有退路：它開始時，先前的 database 已經不存在。`,
      (_, slash) => `請改為 restore 另一個 backup：\`${slash} restore\`。`,
    ],
  ),
  'rollback.already-back': errorText(
    [
      (p) =>
        `The application is on ${word(p, 'instance')} already, the database that it had before ${word(p, 'operation')}.`,
      () => 'There is nothing to do.',
    ],
    [
      (p) => `Application 已經在 ${word(p, 'instance')} 上，也就是 ${word(p, 'operation')} 之前的 database。`,
      () => '不需要做任何事。',
    ],
  ),
  'rollback.moved-on': errorText(
    [
      (p) =>
        `The secret points to ${word(p, 'instance')}, not to ${word(p, 'expected')} that ${word(p, 'operation')} made: ${p.later ? `${word(p, 'later')} came after it` : 'somebody pointed it elsewhere since'}.`,
      (p, slash) =>
        p.later
          ? `Take back the newer one first: \`${slash} rollback ${word(p, 'later')}\`.`
          : 'Find out who changed the secret and why, before anything is switched.',
    ],
    [
      (p) =>
        `Secret 指向 ${word(p, 'instance')}，不是 ${word(p, 'operation')} 建立的 ${word(p, 'expected')}：${p.later ? `之後還有 ${word(p, 'later')}` : '之後有人改了它'}。`,
      (p, slash) =>
        p.later
          ? `請先撤回較新的那次：\`${slash} rollback ${word(p, 'later')}\`。`
          : '切換任何東西之前，請先查明誰改了 secret，以及原因。',
    ],
  ),
  'rollback.old-gone': errorText(
    [
      (p) => `The old instance ${word(p, 'instance')} is not there any more: it was cleaned up, deleted or renamed.`,
      (_, slash) => `Its final or rescue snapshot can be restored: \`${slash} list\` shows it.`,
    ],
    [
      (p) => `舊的 instance ${word(p, 'instance')} 已經不存在：可能已清理、刪除或改名。`,
      (_, slash) => `可以 restore 它的 final snapshot 或 rescue snapshot：\`${slash} list\` 會列出。`,
    ],
  ),
  'rollback.old-is-another': errorText(
    [
      (p) =>
        `The instance ${word(p, 'instance')} is another one than before: its resource id is ${word(p, 'found')}, not ${word(p, 'expected')}.`,
      (_, slash) => `Somebody gave the name to another instance. Restore a snapshot of the old one: \`${slash} list\`.`,
    ],
    [
      (p) =>
        `Instance ${word(p, 'instance')} 已不是原本的那一個：resource id 是 ${word(p, 'found')}，不是 ${word(p, 'expected')}。`,
      (_, slash) => `有人把這個名稱給了另一個 instance。請 restore 原本那個的 snapshot：\`${slash} list\`。`,
    ],
  ),
  'rollback.old-not-available': errorText(
    [
      (p) => `The old instance ${word(p, 'instance')} can’t serve now: RDS says "${word(p, 'status')}".`,
      () => 'Start it or wait until it is available, then ask again.',
    ],
    [
      (p) => `舊的 instance ${word(p, 'instance')} 目前無法提供服務：RDS 的狀態是「${word(p, 'status')}」。`,
      () => '請啟動它或等到可用，再重新提出。',
    ],
  ),
};

export const rollbackNotes: Catalogue = {
  'rollback.attachments': text(
    () => 'Replicas, alarms and Terraform may still name the instance that was left: look whether they do.',
    () => 'Replica、警報與 Terraform 可能仍指向剛離開的 instance：請確認。',
  ),
};
