import { type ErrorCatalogue, errorText, type Recorded } from './text.ts';
import { didYouMean, didYouMeanChinese, word, words } from './values.ts';

/** A refusal that only says that somebody or something else was first; the card has the rest. */
const moot = (english: string, chinese: string) =>
  errorText(
    [() => english, () => 'Nothing to do: the card shows what stands.'],
    [() => chinese, () => '不需要做任何事：卡片上顯示的就是目前狀態。'],
  );

/** `SNAPSHOT` stands for any of them, as in the usage of a command. */
const possible = (p: Recorded, aSnapshot: string) =>
  words(p, 'possible').map((one) => (one === 'SNAPSHOT' ? aSnapshot : one));

/** What requests, approvals and the engine raise or refuse. */
export const operationErrors: ErrorCatalogue = {
  'request.unknown-environment': errorText(
    [
      (p) => `There is no environment "${word(p, 'given')}".${didYouMean(p)}`,
      (p) => `There is: ${words(p, 'known').join(', ')}.`,
    ],
    [
      (p) => `沒有名為「${word(p, 'given')}」的環境。${didYouMeanChinese(p)}`,
      (p) => `現有：${words(p, 'known').join('、')}。`,
    ],
  ),
  'request.unknown-operation': errorText(
    [
      (p) => `There is no operation "${word(p, 'given')}".${didYouMean(p)}`,
      (p) => `There is: ${words(p, 'known').join(', ')}.`,
    ],
    [
      (p) => `沒有名為「${word(p, 'given')}」的 operation。${didYouMeanChinese(p)}`,
      (p) => `現有：${words(p, 'known').join('、')}。`,
    ],
  ),
  'request.unknown-id': errorText(
    [(p) => `There is no operation ${word(p, 'given')}.`, (_, slash) => `\`${slash} status\` lists those under way.`],
    [(p) => `沒有 operation ${word(p, 'given')}。`, (_, slash) => `\`${slash} status\` 會列出進行中的 operation。`],
  ),
  'request.reason-missing': errorText(
    [() => 'A reason is needed: the approvers decide by it.', () => 'Add `--reason "what happened"`.'],
    [() => '必須說明原因：核准者會依此判斷。', () => '請加上 `--reason "發生了什麼事"`。'],
  ),
  'request.abandoned': errorText(
    [
      () => 'This request took so long to be written down that it was given up. Nothing was started.',
      () => 'Ask again.',
    ],
    [() => '這個請求太久沒有寫入完成，已被放棄。沒有任何動作開始。', () => '請重新提出請求。'],
  ),
  'request.bad-argument': errorText(
    [
      (p) =>
        p.given === p.argument
          ? `There is no option "${word(p, 'given')}".`
          : `"${word(p, 'given')}" can’t be taken for ${word(p, 'argument')}.${didYouMean(p)}`,
      (p, slash) => `Possible: ${possible(p, `a snapshot of \`${slash} list\``).join(', ')}.`,
    ],
    [
      (p) =>
        p.given === p.argument
          ? `沒有選項「${word(p, 'given')}」。`
          : `「${word(p, 'given')}」不能作為 ${word(p, 'argument')}。${didYouMeanChinese(p)}`,
      (p, slash) => `可用的：${possible(p, `\`${slash} list\` 列出的 snapshot`).join('、')}。`,
    ],
  ),
  'operation.busy': errorText(
    [
      (p) => `Another operation, ${word(p, 'holder')}, is at work on ${word(p, 'resource')}.`,
      (_, slash) =>
        `Wait until it is closed, then ask again. \`${slash} status\` shows how far it is; if it waits for a person, its card has the ways out.`,
    ],
    [
      (p) => `另一個 operation ${word(p, 'holder')} 正在處理 ${word(p, 'resource')}。`,
      (_, slash) =>
        `請等它結束後再提出請求。\`${slash} status\` 可以查看進度；如果它在等待人員處理，卡片上有可用的處理方式。`,
    ],
  ),
  'operation.unknown': errorText(
    [
      (p) => `This release doesn’t know the operation "${word(p, 'operation')}".`,
      () => 'Run the newest release everywhere, then ask again.',
    ],
    [(p) => `這個版本不認得 operation「${word(p, 'operation')}」。`, () => '請將所有地方更新到最新版本後再提出請求。'],
  ),
  'operation.cancelled': errorText(
    [() => 'Somebody asked to cancel.', () => 'What was done was taken back; ask again when you are ready.'],
    [() => '有人要求取消。', () => '已執行的部分都已復原；準備好後可以再提出請求。'],
  ),
  'operation.exists': moot('This request is already recorded.', '這項請求已經記錄過了。'),
  'operation.none': errorText(
    [() => 'There is no such operation in the ledger.', (_, slash) => `\`${slash} status\` lists those under way.`],
    [() => 'Ledger 中沒有這個 operation。', (_, slash) => `\`${slash} status\` 會列出進行中的 operation。`],
  ),
  'operation.closed': moot('This operation is over.', '這個 operation 已經結束。'),
  'operation.parked': errorText(
    [() => 'This operation is parked: a person has to look first.', () => 'Its card says why and what is safe to do.'],
    [() => '這個 operation 已暫停：必須先有人查看。', () => '卡片上說明了原因以及可以安全執行的動作。'],
  ),
  'approval.no-plan': errorText(
    [() => 'There is no plan to decide on yet.', () => 'Wait for the approval card.'],
    [() => '目前還沒有可以決定的 plan。', () => '請等待核准卡片出現。'],
  ),
  'approval.decided': errorText(
    [
      () => 'This has been decided already, so your click changed nothing.',
      () => 'The card shows who decided and how.',
    ],
    [() => '這件事已經決定了，你的點擊沒有改變任何事。', () => '卡片上顯示是誰做了什麼決定。'],
  ),
  'approval.expired': errorText(
    [
      () => 'The time to approve is over, so your click changed nothing.',
      () => 'If it is still needed, ask again: a fresh plan is made.',
    ],
    [() => '核准期限已過，你的點擊沒有改變任何事。', () => '如果仍然需要，請重新提出請求：會產生新的 plan。'],
  ),
  'approval.other-plan': errorText(
    [
      () => 'This card shows an older plan; a newer one is waiting for approval.',
      () => 'Read the newest card and decide there.',
    ],
    [() => '這張卡片是較舊的 plan；較新的 plan 正在等待核准。', () => '請閱讀最新的卡片，並在那裡決定。'],
  ),
  'approval.own-request': errorText(
    [
      () => 'You asked for this, so you can’t approve it: it takes other people’s eyes.',
      () => 'Ask an approver named on the card.',
    ],
    [() => '這是你提出的請求，所以你不能核准它：需要其他人確認。', () => '請聯絡卡片上列出的核准者。'],
  ),
  'approval.not-approver': errorText(
    [() => 'You are not among those who may approve this.', () => 'Ask an approver named on the card.'],
    [() => '你不在可以核准的名單中。', () => '請聯絡卡片上列出的核准者。'],
  ),
  'approval.already-voted': errorText(
    [() => 'You have approved this already: one person has one vote.', () => 'Wait for the other approver.'],
    [() => '你已經核准過了：每人只有一票。', () => '請等待另一位核准者。'],
  ),
  'approval.group-unreadable': errorText(
    [
      () => 'Slack doesn’t say who is in the approvers’ group, so your click could not be counted.',
      () => 'Try again in a minute, or let an approver who is named as a person decide.',
    ],
    [
      () => 'Slack 無法提供核准者群組的成員，因此你的點擊無法計入。',
      () => '請一分鐘後再試，或請名單上直接列名的核准者決定。',
    ],
  ),
  'approval.start-too-late': errorText(
    [
      () => 'It was approved, but could not begin in time.',
      () => 'If it is still needed, ask again: a fresh plan is made.',
    ],
    [() => '已經核准，但未能在期限內開始。', () => '如果仍然需要，請重新提出請求：會產生新的 plan。'],
  ),
  'findings.not-asked': errorText(
    [
      () => 'Nobody is asked about findings of this operation, so your click changed nothing.',
      () => 'The card shows what stands.',
    ],
    [() => '這個 operation 沒有需要決定的驗證結果，你的點擊沒有改變任何事。', () => '卡片上顯示的就是目前狀態。'],
  ),
  'findings.other': errorText(
    [
      () => 'These are not the findings that people decide on, so your click changed nothing.',
      () => 'Read the newest card and decide there.',
    ],
    [() => '這不是目前要決定的驗證結果，你的點擊沒有改變任何事。', () => '請閱讀最新的卡片，並在那裡決定。'],
  ),
  'findings.expired': errorText(
    [
      () => 'The time to decide on the findings is over, so your click changed nothing: the service is not cut over.',
      () => 'The card shows what the operation does instead. If the restore is still needed, ask again.',
    ],
    [
      () => '決定驗證結果的期限已過，你的點擊沒有改變任何事：服務不會切換。',
      () => '卡片上顯示 operation 接下來的動作。如果仍然需要 restore，請重新提出請求。',
    ],
  ),
  'findings.cancelled': moot(
    'Somebody asked to cancel, so there is nothing left to decide about the findings.',
    '有人要求取消，因此驗證結果已經不需要決定。',
  ),
  'cancel.too-late': errorText(
    [
      () => 'It is too late to cancel: the service is being handed to the new instance.',
      () => 'Wait for the result card; it names the way back.',
    ],
    [() => '已經來不及取消：服務正在切換到新的 instance。', () => '請等待結果卡片，上面會說明如何回復。'],
  ),
  'cancel.not-asked': moot('Nobody has asked to cancel.', '沒有人要求取消。'),
  'cancel.already-asked': moot('Somebody has asked to cancel already.', '已經有人要求取消了。'),
  'refused.too-many': moot(
    'Too many refused clicks on this operation; no more are recorded.',
    '這個 operation 被拒絕的點擊太多，不再記錄。',
  ),
  'event.unknown': moot('This can’t be recorded for an operation.', '這無法記錄到 operation 中。'),
  'engine.published': errorText(
    [
      () => 'The application may already have written since it was handed over, so pitcrew does not go back by itself.',
      () => 'A person decides: mend the cause and go on from here, or go back by hand and lose what was written since.',
    ],
    [
      () => '切換後 application 可能已經寫入，因此 pitcrew 不會自動回復。',
      () => '需要由人決定：排除原因後從這裡繼續，或是手動回復並失去之後的寫入。',
    ],
  ),
  'engine.poison': errorText(
    [
      () => 'Five workers in a row ended while they were on this operation, so no further one takes it.',
      () => 'Look in the log under the operation’s id for what ended them, then take it up again.',
    ],
    [
      () => '連續五個 worker 在處理這個 operation 時中斷，因此不再交給下一個。',
      () => '請在 log 中以 operation id 查明中斷原因，再繼續處理。',
    ],
  ),
  'engine.fenced': moot('Another worker has this operation now.', '這個 operation 現在由另一個 worker 處理。'),
  'engine.no-intent': moot('A step ended that had not begun.', '有一個沒有開始的步驟結束了。'),
  'engine.not-approved': moot('This operation is not approved.', '這個 operation 尚未核准。'),
  'engine.already-turned-back': moot('This operation is already going back.', '這個 operation 已經在回復中。'),
  'engine.turned-back': moot(
    'This operation is going back; no step forward is begun.',
    '這個 operation 正在回復，不再往前執行。',
  ),
  'engine.not-turned-back': moot('This operation is not going back.', '這個 operation 沒有在回復。'),
  'engine.cancel-asked': moot(
    'Somebody asked to cancel, so the service is not handed over.',
    '有人要求取消，因此不切換服務。',
  ),
  'engine.already-done': moot('This step is done already.', '這個步驟已經完成。'),
  'engine.nothing-to-undo': moot('There is nothing to take back for this step.', '這個步驟沒有需要復原的。'),
  'engine.findings-open': moot('People may still decide about the findings.', '驗證結果仍在等待決定。'),
  'engine.findings-accepted': moot('People decided to go on with the findings.', '已有人決定接受驗證結果並繼續。'),
  'close.not-denied': moot('Nobody has denied this.', '沒有人拒絕這項請求。'),
  'close.requested': moot('This request is recorded, so it can’t be dropped.', '這項請求已經記錄，因此不能捨棄。'),
  'close.started': moot('This operation has begun.', '這個 operation 已經開始。'),
  'close.not-expired': moot('The time to approve is not over yet.', '核准期限還沒有到。'),
};
