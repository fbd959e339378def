import { type ErrorCatalogue, errorText } from './text.ts';
import { word } from './values.ts';

/** Why two databases don't get their names back: told in the plan, before anything is touched. */
export const swapBackErrors: ErrorCatalogue = {
  'rollback.names-back': errorText(
    [
      (p) =>
        `${word(p, 'database')} is already the database that the application had before ${word(p, 'operation')}: the names are back.`,
      () => 'There is nothing to do.',
    ],
    [
      (p) => `${word(p, 'database')} 已經是 ${word(p, 'operation')} 之前的 database：名稱已換回。`,
      () => '不需要做任何事。',
    ],
  ),
  'rollback.kept-gone': errorText(
    [
      (p) =>
        `The database of before, ${word(p, 'database')}, is gone from ${word(p, 'instance')}: it was cleaned up, or somebody dropped it.`,
      (_, slash) =>
        `A cleanup took a snapshot of the instance first, with both databases: \`${slash} list\` shows it, \`${slash} restore\` takes it by name.`,
    ],
    [
      (p) => `先前的 database ${word(p, 'database')} 已不在 ${word(p, 'instance')} 上：已清理，或有人刪除了它。`,
      (_, slash) =>
        `Cleanup 會先建立 instance 的 snapshot，包含兩個 database：\`${slash} list\` 會列出，\`${slash} restore\` 可指定它。`,
    ],
  ),
  'rollback.names-changed': errorText(
    [
      (p) =>
        `The database that was kept as ${word(p, 'database')} on ${word(p, 'instance')} is called ${word(p, 'found')} now.`,
      () => 'Somebody renamed it: find out who and why. Give it its name again, then ask again.',
    ],
    [
      (p) => `${word(p, 'instance')} 上保留為 ${word(p, 'database')} 的 database 現在名為 ${word(p, 'found')}。`,
      () => '有人改了它的名稱：請查明是誰，以及原因。改回原名後再重新提出。',
    ],
  ),
  'rollback.swapped-on': errorText(
    [
      (p) =>
        `${word(p, 'database')} is another database by now than the one that ${word(p, 'operation')} put there: ${p.later ? `${word(p, 'later')} came after it` : 'somebody renamed databases since'}.`,
      (p, slash) =>
        p.later
          ? `Take back the newer one first: \`${slash} rollback ${word(p, 'later')}\`.`
          : 'Find out who renamed them and why, before anything is swapped.',
    ],
    [
      (p) =>
        `${word(p, 'database')} 已不是 ${word(p, 'operation')} 換上的那個 database：${p.later ? `之後還有 ${word(p, 'later')}` : '之後有人改了 database 的名稱'}。`,
      (p, slash) =>
        p.later
          ? `請先撤回較新的那次：\`${slash} rollback ${word(p, 'later')}\`。`
          : '交換任何名稱之前，請先查明是誰改的，以及原因。',
    ],
  ),
  'rollback.other-database': errorText(
    [
      (p) =>
        `The secret names the database ${word(p, 'database')}, not ${word(p, 'expected')} whose name ${word(p, 'operation')} swapped.`,
      () => 'Find out who changed the secret and why, before any name is swapped.',
    ],
    [
      (p) =>
        `Secret 指定的 database 是 ${word(p, 'database')}，不是 ${word(p, 'operation')} 交換名稱的 ${word(p, 'expected')}。`,
      () => '交換任何名稱之前，請先查明誰改了 secret，以及原因。',
    ],
  ),
  'rollback.not-running': errorText(
    [
      (p) =>
        `Both databases are on ${word(p, 'instance')}, and no server runs there now: RDS says "${word(p, 'status')}".`,
      () => 'Start it or wait until it is available, then ask again.',
    ],
    [
      (p) =>
        `兩個 database 都在 ${word(p, 'instance')} 上，而目前沒有伺服器在執行：RDS 的狀態是「${word(p, 'status')}」。`,
      () => '請啟動它或等到可用，再重新提出。',
    ],
  ),
  'rollback.swap-unknown': errorText(
    [
      (p) =>
        `${word(p, 'operation')} was given up in the midst of its swap of names on ${word(p, 'instance')}, and nobody wrote down how that ended.`,
      (p) =>
        `Ask the server which names there are: with ${word(p, 'kept')} the swap was done, with ${word(p, 'restored')} it wasn’t. Then a person renames them, as the master user.`,
    ],
    [
      (p) => `${word(p, 'operation')} 在 ${word(p, 'instance')} 上交換名稱的途中被放棄，沒有人記錄結果。`,
      (p) =>
        `請查詢 server 上有哪些名稱：有 ${word(p, 'kept')} 表示已交換，有 ${word(p, 'restored')} 表示尚未交換。之後由人以 master user 改名。`,
    ],
  ),
};
