import { type ErrorCatalogue, errorText, plain, text } from './text.ts';

/** What a terminal says around the cards that it shows as text. */
export const cliTexts = {
  recorded: text<{ operation: string }>(
    ({ operation }) => `Recorded as ${operation}.`,
    ({ operation }) => `已記錄為 ${operation}。`,
  ),
  workerTold: plain('A worker was told. It only looks and plans first.', '已通知 worker。接下來只會讀取與規劃。'),
  nobodyTold: text<{ operation: string }>(
    ({ operation }) =>
      `No worker is told: Redis does not answer, or REDIS_URL is not set. A worker finds it by itself within 30 s of being alive; or drive it from a terminal: pitcrew run ${operation}`,
    ({ operation }) =>
      `沒有通知 worker：Redis 沒有回應，或沒有設定 REDIS_URL。worker 執行後 30 秒內會自行發現；也可以從終端機執行：pitcrew run ${operation}`,
  ),
  confirm: text<{ environment: string }>(
    ({ environment }) => `Type ${environment} to ask for this restore: `,
    ({ environment }) => `輸入 ${environment} 以提出這次 restore：`,
  ),
  confirmDigest: text<{ digest: string }>(
    ({ digest }) => `Type ${digest}, the first digits of what you decide on: `,
    ({ digest }) => `輸入 ${digest}（你要決定內容的 digest 前幾碼）：`,
  ),
  notConfirmed: plain('Not confirmed. Nothing was done.', '未確認。沒有執行任何動作。'),
  goesOn: text<{ operation: string }>(
    ({ operation }) =>
      `You stopped watching. ${operation} goes on without you. Look again: pitcrew status ${operation}`,
    ({ operation }) => `已停止顯示。${operation} 會繼續執行。再次查看：pitcrew status ${operation}`,
  ),
  stopping: plain(
    'The step at hand ends first, then this stops. Ctrl-C again stops at once.',
    '目前的步驟結束後就會停止。再按一次 Ctrl-C 會立即停止。',
  ),
  stopped: text<{ operation: string }>(
    ({ operation }) =>
      `Stopped. ${operation} stays as it is and nobody drives it from here. Take it up again: pitcrew run ${operation} (a worker that is alive does so by itself).`,
    ({ operation }) =>
      `已停止。${operation} 維持現狀，這裡不再執行它。接手：pitcrew run ${operation}（有 worker 時會自動接手）。`,
  ),
  following: plain(
    'A worker has it. This terminal follows, and takes over when nothing is written for 30 s.',
    '已有 worker 在執行。這個終端機只顯示；若 30 秒沒有新的紀錄就會接手。',
  ),
  driving: plain('This terminal drives it.', '由這個終端機執行。'),
  deskOpen: text<{ operation: string }>(
    ({ operation }) => `Approvers can give their word here: pitcrew approve ${operation}`,
    ({ operation }) => `核准者可以在終端機決定：pitcrew approve ${operation}`,
  ),
  noDesk: plain(
    'No approvals from terminals: the config has no people.identities.',
    '無法從終端機核准：config 沒有 people.identities。',
  ),
  howToApprove: text<{ operation: string; digest: string }>(
    ({ operation, digest }) => `Digest ${digest}. To approve: in Slack, or pitcrew approve ${operation}.`,
    ({ operation, digest }) => `Digest ${digest}。核准方式：在 Slack，或 pitcrew approve ${operation}。`,
  ),
  howToDecide: text<{ operation: string; gate: string; digest?: string }>(
    ({ operation, gate, digest }) =>
      `${digest ? `Digest ${digest}. ` : ''}To decide: in Slack, or pitcrew approve ${operation} --gate ${gate}, or pitcrew deny ${operation} --gate ${gate} --reason "…".`,
    ({ operation, gate, digest }) =>
      `${digest ? `Digest ${digest}。` : ''}決定方式：在 Slack，或 pitcrew approve ${operation} --gate ${gate}，或 pitcrew deny ${operation} --gate ${gate} --reason "…"。`,
  ),
  tooFewHere: text<{ here: number; required: number }>(
    ({ here, required }) =>
      `From terminals only ${here} of the ${required} who are needed can approve: a terminal can’t ask Slack who is in a group. List approvers by their ids under people.approvers.users, with their AWS principals under people.identities.`,
    ({ here, required }) =>
      `需要 ${required} 人核准，但從終端機只有 ${here} 人可以：終端機無法向 Slack 查詢群組成員。請在 people.approvers.users 逐一列出核准者的 id，並在 people.identities 加入他們的 AWS principal。`,
  ),
  voted: text<{ who: string; decision: string; votes: number; required: number }>(
    ({ who, decision, votes, required }) =>
      decision === 'deny' ? `${who} said no.` : `${who} approved: ${votes} of ${required}.`,
    ({ who, decision, votes, required }) =>
      decision === 'deny' ? `${who} 拒絕。` : `${who} 已核准：${votes} / ${required}。`,
  ),
  refused: text<{ who: string; what: string }>(
    ({ who, what }) => `${who} could not decide: ${what}`,
    ({ who, what }) => `${who} 無法決定：${what}`,
  ),
  notTaken: text<{ what: string }>(
    ({ what }) => `A word was not taken: ${what}`,
    ({ what }) => `未接受一個決定：${what}`,
  ),
  counted: plain('Your word counts and stands in the ledger.', '你的決定已計入，並記錄在 ledger 中。'),
  stepBegun: text<{ step: string }>(
    ({ step }) => `begun: ${step}`,
    ({ step }) => `開始：${step}`,
  ),
  stepDone: text<{ step: string; length: string }>(
    ({ step, length }) => `done: ${step} (${length})`,
    ({ step, length }) => `完成：${step}（${length}）`,
  ),
  stepFailed: text<{ step: string; what: string }>(
    ({ step, what }) => `failed: ${step}. ${what}`,
    ({ step, what }) => `失敗：${step}。${what}`,
  ),
  stepUndone: text<{ step: string }>(
    ({ step }) => `taken back: ${step}`,
    ({ step }) => `已復原：${step}`,
  ),
  undoing: text<{ step: string }>(
    ({ step }) => `taking back: ${step}`,
    ({ step }) => `復原中：${step}`,
  ),
  phase: text<{ phase: string }>(
    ({ phase }) => `now: ${phase}`,
    ({ phase }) => `目前：${phase}`,
  ),
} as const;

/** What a card leaves to its thread stands below it here: the card's own sentences, and what they are in a terminal. */
export const threadTexts: readonly { readonly card: string; readonly here: string }[] = [
  { card: 'All of them are in the thread.', here: 'All of them are below.' },
  { card: 'every one with its command is in the thread', here: 'every one with its command is below' },
  { card: 'every step with its command: in the thread', here: 'every step with its command: below' },
  { card: ' more, in the thread', here: ' more, below' },
  { card: '完整清單在討論串中。', here: '完整清單在下方。' },
  { card: '每個步驟的指令見討論串', here: '每個步驟的指令見下方' },
  { card: '每個步驟的指令：見討論串', here: '每個步驟的指令：見下方' },
  { card: ' 項，見討論串', here: ' 項，見下方' },
];

/** What only a terminal refuses. */
export const cliErrors: ErrorCatalogue = {
  'identity.no-credentials': errorText(
    [
      () => 'AWS credentials are not to be found, so nobody knows who you are.',
      () => 'Log in (aws sso login) or set AWS_PROFILE, and try again.',
    ],
    [
      () => '找不到 AWS credentials，因此無法得知你是誰。',
      () => '請登入（aws sso login）或設定 AWS_PROFILE，再試一次。',
    ],
  ),
  'identity.refused': errorText(
    [
      (p) =>
        `AWS does not confirm who signed this (${String(p.code)}): it is forged, altered, or was made for something else.`,
      () => 'Nothing was recorded. Give the word again with your own credentials.',
    ],
    [
      (p) => `AWS 沒有確認簽署者的身分（${String(p.code)}）：可能是偽造、被更改，或是為其他目的簽署。`,
      () => '沒有記錄任何內容。請用你自己的 credentials 再試一次。',
    ],
  ),
  'identity.expired': errorText(
    [
      (p) => `The signature is ${String(p.seconds)} s old; it is good for 60 s.`,
      () => 'Give the word again. If it happens at once, compare the clocks of both machines.',
    ],
    [
      (p) => `簽章已經過 ${String(p.seconds)} 秒，有效期限為 60 秒。`,
      () => '請再試一次。如果馬上又發生，請比對兩台機器的時鐘。',
    ],
  ),
  'identity.silent': errorText(
    [
      () => 'AWS STS does not answer, so nobody can tell who signed this.',
      () => 'Nothing was recorded. Try again in a minute.',
    ],
    [() => 'AWS STS 沒有回應，因此無法確認簽署者。', () => '沒有記錄任何內容。請一分鐘後再試。'],
  ),
  'identity.unknown': errorText(
    [
      (p) => `${String(p.principal)} is nobody whom the config knows.`,
      () => 'Add the principal under people.identities, or use the credentials that stand there.',
    ],
    [
      (p) => `config 中沒有 ${String(p.principal)} 對應的人。`,
      () => '請在 people.identities 加入這個 principal，或使用其中列出的 credentials。',
    ],
  ),
  'terminal.no-identities': errorText(
    [
      () => 'The config maps no AWS principal to a person, so a terminal can’t tell who you are.',
      () => 'Add people.identities to pitcrew.yaml, or use Slack.',
    ],
    [
      () => 'config 沒有將 AWS principal 對應到人，因此終端機無法得知你是誰。',
      () => '請在 pitcrew.yaml 加入 people.identities，或使用 Slack。',
    ],
  ),
  'terminal.group-only': errorText(
    [
      () =>
        'You are not among the approvers who are listed one by one, and a terminal can’t ask Slack who is in a group. Nothing counts.',
      () =>
        'Decide in Slack, or let somebody who is listed. For the next night: add your id to people.approvers.users, and your AWS principal to people.identities.',
    ],
    [
      () => '你不在逐一列出的核准者之中，而終端機無法向 Slack 查詢群組成員。這個決定不計入。',
      () =>
        '請在 Slack 決定，或由已列出的人決定。之後請將你的 id 加入 people.approvers.users，並將你的 AWS principal 加入 people.identities。',
    ],
  ),
  'terminal.no-desk': errorText(
    [
      (p) => `Nobody takes words from terminals for ${String(p.operation)} right now. Nothing was recorded.`,
      (p) =>
        `A worker that is alive does, where its config has people.identities. Else let somebody with a worker’s rights start: pitcrew run ${String(p.operation)}. Or decide in Slack.`,
    ],
    [
      (p) => `目前沒有 process 接收 ${String(p.operation)} 的終端機決定。沒有記錄任何內容。`,
      (p) =>
        `執行中的 worker 會接收（config 需有 people.identities）。否則請由有 worker 權限的人執行：pitcrew run ${String(p.operation)}。或在 Slack 決定。`,
    ],
  ),
  'terminal.no-answer': errorText(
    [
      (p) => `Nobody took your word on ${String(p.operation)} within ${String(p.seconds)} s. It is taken back.`,
      (p) =>
        `See whether a worker, or pitcrew run ${String(p.operation)}, still runs, look at pitcrew status ${String(p.operation)}, and try again.`,
    ],
    [
      (p) => `${String(p.seconds)} 秒內沒有 process 接收你對 ${String(p.operation)} 的決定。決定已收回。`,
      (p) =>
        `請確認 worker 或 pitcrew run ${String(p.operation)} 是否仍在執行，查看 pitcrew status ${String(p.operation)}，再試一次。`,
    ],
  ),
  'terminal.other-digest': errorText(
    [
      (p) => `What is to be decided has the digest ${String(p.digest)}, not the one that you gave.`,
      (p) => `Look at it: pitcrew status ${String(p.operation)}. Then decide on what stands there.`,
    ],
    [
      (p) => `要決定的內容 digest 是 ${String(p.digest)}，與你提供的不同。`,
      (p) => `請先查看：pitcrew status ${String(p.operation)}，再依顯示的內容決定。`,
    ],
  ),
};
