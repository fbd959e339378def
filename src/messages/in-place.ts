import { type ErrorCatalogue, errorText, plain, text } from './text.ts';
import { word } from './values.ts';

const none = () => '';

/** What the steps of a load over the live database do, and how they are taken back. */
export const inPlaceStepTexts = {
  'take-rescue': {
    title: plain('Take a snapshot of the live database', '為目前的 database 建立 snapshot'),
    undo: plain('kept: a snapshot harms nobody', '保留：snapshot 不影響任何人'),
  },
  'await-rescue': {
    title: plain('Wait until that snapshot is complete: it is the way back', '等待該 snapshot 完成：它是回復的方式'),
    undo: none,
  },
  'bar-writers': {
    title: plain('Bar the application, and end every session', '禁止 application 連線，並結束所有 session'),
    undo: plain('let in again', '重新允許連線'),
  },
  'load-in-place': {
    title: plain('Start the load over the live database: one transaction', '開始載入目前的 database：單一 transaction'),
    undo: plain(
      'its Job is removed; nothing has changed unless it had committed',
      '移除它的 Job；除非已 commit，否則沒有任何變更',
    ),
  },
  'prove-loaded': { title: plain('Prove that the load committed', '確認載入已 commit'), undo: none },
  'let-back-in': {
    title: plain('Let the application in again', '重新允許 application 連線'),
    undo: plain('barred again', '再次禁止連線'),
  },
  'prove-in-place': { title: plain('Prove that every pod is connected', '確認每個 pod 都已連線'), undo: none },
} as const;

/** Why a dump isn't loaded over the live database, or what became of it. */
export const inPlaceErrors: ErrorCatalogue = {
  'load.no-rescue': errorText(
    [
      (p) =>
        `${word(p, 'instance')} is ${word(p, 'status')}: RDS takes no snapshot of it now, and without one nothing is loaded over a live database.`,
      () => 'Ask again once it is `available`, or leave `--in-place` out: then the dump gets an instance of its own.',
    ],
    [
      (p) =>
        `${word(p, 'instance')} 的狀態為 ${word(p, 'status')}：RDS 現在無法為它建立 snapshot；沒有 snapshot 就不會覆蓋目前的 database。`,
      () => '請等它變成 `available` 後再提出，或不要使用 `--in-place`：dump 會載入到獨立的 instance。',
    ],
  ),
  'load.mode-without-dump': errorText(
    [
      (p) =>
        `${word(p, 'from')} is no dump, so there is no choice of where it goes: a snapshot always becomes an instance of its own.`,
      (_, slash) => `Leave the option out, or name a dump: \`--from s3://BUCKET/KEY\`. \`${slash} list\` shows them.`,
    ],
    [
      (p) => `${word(p, 'from')} 不是 dump，無法選擇 restore 的位置：snapshot 一律建立為獨立的 instance。`,
      (_, slash) => `請拿掉該選項，或指定 dump：\`--from s3://BUCKET/KEY\`。\`${slash} list\` 會列出。`,
    ],
  ),
  'load.in-place-stops-first': errorText(
    [
      () => 'Over the live database nothing can be made first: the application has to stop before the load.',
      () => 'Leave `--order` or `--in-place` out.',
    ],
    [
      () => '覆蓋目前的 database 時無法先在一旁準備：載入前必須停止 application。',
      () => '請拿掉 `--order` 或 `--in-place`。',
    ],
  ),
  'load.not-running': errorText(
    [
      (p) => `No server runs in ${word(p, 'instance')} (${word(p, 'status')}), so nothing can be loaded into it.`,
      () => 'Leave `--in-place` out: then the dump gets an instance of its own.',
    ],
    [
      (p) => `${word(p, 'instance')} 沒有執行中的 server（${word(p, 'status')}），無法載入。`,
      () => '請不要使用 `--in-place`：dump 會載入到獨立的 instance。',
    ],
  ),
  'load.as-master': errorText(
    [
      (p) => `The application logs in as the master user ${word(p, 'user')}: barring it would bar the load too.`,
      () => 'Leave `--in-place` out, or give the application a role of its own first.',
    ],
    [
      (p) => `Application 以 master user ${word(p, 'user')} 登入：禁止它連線也會禁止載入。`,
      () => '請不要使用 `--in-place`，或先為 application 建立自己的 role。',
    ],
  ),
  'load.committed': errorText(
    [
      (p) =>
        `The load into ${word(p, 'database')} has committed: it holds the dump’s data now, so nothing is taken back.`,
      (_, slash) =>
        `The application stays stopped. What was there before is in the rescue snapshot: give this up and ask for \`${slash} restore --from\` it, or start the application by hand on the dump’s data.`,
    ],
    [
      (p) => `${word(p, 'database')} 的載入已經 commit：現在是 dump 的資料，無法復原。`,
      (_, slash) =>
        `Application 維持停止。先前的資料在救援 snapshot 中：可放棄這次 operation 並以 \`${slash} restore --from\` restore 它，或以 dump 的資料手動啟動 application。`,
    ],
  ),
  'load.changed-nothing': errorText(
    [
      (p) => `The load says that it is done, and nothing in ${word(p, 'database')} was made anew.`,
      () => 'Nothing has changed. The log of the Job’s pod says what the dump holds.',
    ],
    [
      (p) => `載入回報已完成，但 ${word(p, 'database')} 中沒有任何內容重新建立。`,
      () => '沒有任何變更。Job 的 pod log 有 dump 的內容資訊。',
    ],
  ),
};

export const inPlaceTexts = {
  warning: text<{ instance: string }>(
    ({ instance }) =>
      `⚠️  *This replaces the data in place,* on ${instance} itself: there is no second database beside it. The load is one transaction: until it commits nothing changes, and if it fails nothing has. Once it has committed, the way back is the rescue snapshot.`,
    ({ instance }) =>
      `⚠️  *這會直接取代資料，* 就在 ${instance} 上：旁邊沒有第二個 database。載入是單一 transaction：commit 之前沒有任何變更，失敗也不會有變更。Commit 之後，只能以救援 snapshot 回復。`,
  ),
  into: text<{ instance: string }>(
    ({ instance }) => `over the live database on ${instance}`,
    ({ instance }) => `覆蓋 ${instance} 上目前的 database`,
  ),
  kept: text<{ snapshot: string; environment: string }>(
    ({ snapshot, environment }, slash) =>
      `a snapshot is taken and waited for once nothing writes: ${snapshot}. The way back: \`${slash} restore ${environment} --from ${snapshot.replaceAll('`', '')}\`, with the same approvals.`,
    ({ snapshot, environment }, slash) =>
      `停止寫入後會建立 snapshot 並等待完成：${snapshot}。回復方式：\`${slash} restore ${environment} --from ${snapshot.replaceAll('`', '')}\`，需要相同的核准。`,
  ),
  rescued: text<{ snapshot: string; command: string }>(
    ({ snapshot, command }) =>
      `What was replaced is in the snapshot ${snapshot}, taken before the load. *The way back:* ${command}, with the same approvals.`,
    ({ snapshot, command }) =>
      `被取代的資料在載入前建立的 snapshot ${snapshot} 中。*回復方式：* ${command}，需要相同的核准。`,
  ),
  failReturn: plain(
    'nothing has changed, and the application starts again; after the commit people decide',
    '沒有任何變更，application 會重新啟動；commit 之後由人決定',
  ),
  survives: text<{ count: number; names: string }>(
    ({ count, names }) => `*Not in the dump, so it stays as it is* (${count}): ${names}`,
    ({ count, names }) => `*不在 dump 中，維持原狀*（${count}）：${names}`,
  ),
  nothingSurvives: plain(
    'Everything that is in the live database is in the dump too, and is replaced.',
    '目前的 database 中的所有物件都在 dump 中，會被取代。',
  ),
} as const;
