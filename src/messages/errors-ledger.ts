import { type ErrorCatalogue, errorText } from './text.ts';
import { word } from './values.ts';

const ourFault = 'This is a fault of pitcrew. Report it with the operation’s id; the log has the details.';
const ourFaultChinese = '這是 pitcrew 的錯誤。請附上 operation id 回報；細節在 log 中。';
const bug = (english: string, chinese: string) =>
  errorText([() => english, () => ourFault], [() => chinese, () => ourFaultChinese]);

/** What the ledger, plans, steps and the queue raise. */
export const ledgerErrors: ErrorCatalogue = {
  'ledger.unknown': errorText(
    [
      () => 'The ledger did not answer in time: this may or may not have been recorded.',
      (_, slash) => `Look with \`${slash} status\` before you try again.`,
    ],
    [
      () => 'Ledger 沒有及時回應：這項請求可能已經記錄，也可能沒有。',
      (_, slash) => `再試之前，請先用 \`${slash} status\` 查看。`,
    ],
  ),
  'ledger.unreachable': errorText(
    [
      () => 'The ledger in S3 can’t be reached, so nothing is done: without it no step may run.',
      () => 'Check S3 and the network; pitcrew goes on by itself once it answers.',
    ],
    [
      () => '連不到 S3 上的 ledger，因此不執行任何動作：沒有 ledger 就不能執行任何步驟。',
      () => '請檢查 S3 與網路；恢復後 pitcrew 會自動繼續。',
    ],
  ),
  'ledger.denied': errorText(
    [
      (p) => `S3 refuses pitcrew access to the ledger (${word(p, 'action')}).`,
      () => 'Give pitcrew’s role the rights of the ledger policy, ListBucket included.',
    ],
    [
      (p) => `S3 拒絕 pitcrew 存取 ledger（${word(p, 'action')}）。`,
      () => '請給 pitcrew 的 role ledger policy 所列的權限，包含 ListBucket。',
    ],
  ),
  'ledger.failed': errorText(
    [
      (p) => `S3 answered the ledger with an error that pitcrew doesn’t know (${word(p, 'name')}).`,
      () => 'Look up the error in the log under the operation’s id.',
    ],
    [
      (p) => `S3 對 ledger 回覆了 pitcrew 不認得的錯誤（${word(p, 'name')}）。`,
      () => '請在 log 中以 operation id 查詢這個錯誤。',
    ],
  ),
  'ledger.no-bucket': errorText(
    [
      (p) => `The ledger’s bucket ${word(p, 'bucket')} does not exist.`,
      () => 'Create it, or correct `ledger.bucket` in the config.',
    ],
    [(p) => `Ledger 的 bucket ${word(p, 'bucket')} 不存在。`, () => '請建立它，或修正 config 的 `ledger.bucket`。'],
  ),
  'ledger.no-conditional-create': errorText(
    [
      () => 'The ledger’s store lets two writers create the same object, so pitcrew refuses to run on it.',
      () => 'Use S3 itself, or a store that honours `If-None-Match: *`.',
    ],
    [
      () => 'Ledger 的儲存允許兩個寫入者建立同一個 object，因此 pitcrew 拒絕使用。',
      () => '請使用 S3，或支援 `If-None-Match: *` 的儲存。',
    ],
  ),
  'ledger.unreadable': errorText(
    [
      (p) => `The chain ${word(p, 'chain')} has an event that this release can’t read, so nothing is appended to it.`,
      () => 'Run the newest release everywhere, then look again.',
    ],
    [
      (p) => `Chain ${word(p, 'chain')} 有這個版本讀不懂的 event，因此不再寫入。`,
      () => '請將所有地方更新到最新版本後再看一次。',
    ],
  ),
  'ledger.broken-chain': errorText(
    [
      (p) => `The chain ${word(p, 'chain')} is broken at event ${word(p, 'seq')}: somebody changed the ledger.`,
      () => 'Touch nothing. Call whoever is responsible for security, and compare the bucket’s object versions.',
    ],
    [
      (p) => `Chain ${word(p, 'chain')} 在第 ${word(p, 'seq')} 個 event 斷裂：有人更動過 ledger。`,
      () => '不要動任何東西。請通知資安負責人，並比對 bucket 的 object versions。',
    ],
  ),
  'ledger.misplaced': errorText(
    [
      (p) =>
        `Event ${word(p, 'seq')} of the chain ${word(p, 'chain')} is not where it belongs: somebody changed the ledger.`,
      () => 'Touch nothing. Call whoever is responsible for security, and compare the bucket’s object versions.',
    ],
    [
      (p) => `Chain ${word(p, 'chain')} 的第 ${word(p, 'seq')} 個 event 不在它該在的位置：有人更動過 ledger。`,
      () => '不要動任何東西。請通知資安負責人，並比對 bucket 的 object versions。',
    ],
  ),
  'ledger.event-too-large': bug(
    'An event would be larger than the ledger takes (64 KB).',
    '有一個 event 超過 ledger 的上限（64 KB）。',
  ),
  'plan.missing': errorText(
    [
      () => 'The plan that was approved can’t be found in the ledger.',
      () => 'Ask again: a new plan is made and approved.',
    ],
    [() => '在 ledger 中找不到已核准的 plan。', () => '請重新提出請求：會產生新的 plan 並重新核准。'],
  ),
  'plan.tampered': errorText(
    [
      () => 'The stored plan is not the one that was approved: its digest differs.',
      () => 'Nothing of it is run. Call whoever is responsible for security.',
    ],
    [() => '儲存的 plan 不是當初核准的那一份：digest 不同。', () => '不會執行它的任何部分。請通知資安負責人。'],
  ),
  'plan.unknown-step': errorText(
    [
      (p) => `The plan has a step that this release doesn’t have (${word(p, 'step')}): it was made by another release.`,
      () => 'Run the release that made the plan until the operation is closed.',
    ],
    [
      (p) => `Plan 含有這個版本沒有的步驟（${word(p, 'step')}）：它是由另一個版本產生的。`,
      () => '在 operation 結束之前，請使用產生該 plan 的版本。',
    ],
  ),
  'plan.too-late': errorText(
    [() => 'A new plan came too late: the operation has begun or was denied.', () => 'Nothing to do.'],
    [() => '新的 plan 太晚了：operation 已經開始或已被拒絕。', () => '不需要做任何事。'],
  ),
  'queue.unreachable': errorText(
    [
      () => 'Redis does not answer at the address in REDIS_URL.',
      () => 'Check the address, the password and that it runs. pitcrew does not start without it; nothing is lost.',
    ],
    [
      () => 'REDIS_URL 所指的 Redis 沒有回應。',
      () => '請檢查位址、密碼，以及它是否正在執行。沒有它 pitcrew 不會啟動；不會遺失任何資料。',
    ],
  ),
  'slack.start-failed': errorText(
    [
      (p) => `Slack did not let pitcrew in (${word(p, 'error')}).`,
      () =>
        'Check SLACK_BOT_TOKEN and SLACK_APP_TOKEN (or SLACK_SIGNING_SECRET), and that the app of manifest.yml is installed.',
    ],
    [
      (p) => `Slack 拒絕了 pitcrew 的連線（${word(p, 'error')}）。`,
      () => '請檢查 SLACK_BOT_TOKEN 與 SLACK_APP_TOKEN（或 SLACK_SIGNING_SECRET），並確認 manifest.yml 的 app 已安裝。',
    ],
  ),
  'queue.eviction-policy': errorText(
    [
      (p) =>
        `Redis may drop jobs when memory runs short (maxmemory-policy ${word(p, 'policy')}), so pitcrew won’t start.`,
      () => 'Set `maxmemory-policy noeviction`.',
    ],
    [
      (p) => `Redis 在記憶體不足時可能丟掉 job（maxmemory-policy ${word(p, 'policy')}），因此 pitcrew 不啟動。`,
      () => '請設定 `maxmemory-policy noeviction`。',
    ],
  ),
  'event.malformed': bug(
    'An event would be recorded that this release could not read again.',
    '有一個 event 寫入後會無法再讀取。',
  ),
  'step.bad-input': bug(
    'A step’s input in the plan is not what the step takes.',
    'Plan 中某個步驟的輸入不符合該步驟的要求。',
  ),
  'config.environment-gone': errorText(
    [
      (p) => `The config no longer has the environment ${word(p, 'environment')}, which this operation is about.`,
      () => 'Put it back into the config until the operation is closed.',
    ],
    [
      (p) => `Config 中已經沒有這個 operation 所屬的環境 ${word(p, 'environment')}。`,
      () => '在 operation 結束之前，請把它放回 config。',
    ],
  ),
  'config.secret-unknown': bug(
    'A secret is asked for that no environment of the config names.',
    '要求了 config 中沒有任何環境列出的 secret。',
  ),
  'config.no-slack': bug('The bot was started without access to Slack.', 'Bot 在沒有 Slack 存取權的情況下啟動。'),
  'step.bad-field': bug('A step was given input that it can’t read.', '某個步驟收到無法讀取的輸入。'),
  'step.changes-without-undo': bug(
    'A step changes something and declares no undo.',
    '某個步驟會造成變更，卻沒有宣告如何復原。',
  ),
  'step.no-output': bug(
    'A step needs what an earlier one returns, and that one is not done.',
    '某個步驟需要前面步驟的結果，但前面的尚未完成。',
  ),
  'step.no-undo': bug('A step should be taken back and has no undo.', '某個步驟需要復原，卻沒有復原方式。'),
  'step.polls-and-changes': bug('A step polls and changes something at once.', '某個步驟同時輪詢又造成變更。'),
  'step.gate-without-polls': bug('A step asks people and can’t wait for them.', '某個步驟詢問人員卻無法等待。'),
  'step.two-gates': bug(
    'Two steps of one operation ask people about findings.',
    '同一個 operation 有兩個步驟詢問驗證結果。',
  ),
  'step.twice': bug('Two steps have the same name.', '有兩個步驟同名。'),
  unexpected: bug('Something happened that pitcrew did not expect.', '發生了 pitcrew 沒有預期到的狀況。'),
};
