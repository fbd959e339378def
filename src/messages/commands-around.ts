import { anybody, type CommandText, environment } from './command-text.ts';
import { plain } from './text.ts';

const operation = {
  name: 'OPERATION',
  means: plain(
    'an id as cards show it, `op-…`; may be left out where only one is meant',
    '卡片上顯示的 id，`op-…`；只有一個符合時可省略',
  ),
};
const whoActs = plain(
  'Who asked for the operation, and the approvers of its environment.',
  '提出該 operation 的人，以及其環境的核准者。',
);

/** The commands that change no database: what there is, what runs, what was, and the ways out of it. */
export const commandsAround = {
  list: {
    short: 'list [ENV]',
    usage: 'list [ENV]',
    does: plain('what an environment can go back to', '列出環境可以回復的時間點'),
    detail: plain(
      'Newest first, with age, size and kind. Without an environment: that of the channel, else all. Only you see the answer.',
      '由新到舊，包含時間、大小與種類。不指定環境時：channel 所屬的環境，否則全部。只有你看得到回覆。',
    ),
    who: anybody,
    takes: [environment],
    examples: ['list', 'list production'],
  },
  status: {
    short: 'status [OPERATION]',
    usage: 'status [OPERATION]',
    does: plain('what is under way, and whether every RPO is met', '查看進行中的 operation，以及各環境是否符合 RPO'),
    detail: plain(
      'With an operation’s id: where that one stands. Only you see the answer.',
      '加上 operation id：查看該 operation 的狀態。只有你看得到回覆。',
    ),
    who: anybody,
    takes: [{ name: 'OPERATION', means: plain('an id as cards show it, `op-…`', '卡片上顯示的 id，`op-…`') }],
    examples: ['status', 'status op-0123456789ab'],
  },
  history: {
    short: 'history [ENV]',
    usage: 'history [ENV]',
    does: plain('what was done, and how it ended', '列出過去的 operation 與結果'),
    detail: plain(
      'The last 20, newest first: what, who, how it ended, how long it took, to which moment, and its card. Without an environment: that of the channel, else all. Only you see the answer.',
      '最近 20 筆，由新到舊：做了什麼、誰提出、結果、歷時、回復到哪一刻，以及它的卡片。不指定環境時：channel 所屬的環境，否則全部。只有你看得到回覆。',
    ),
    who: anybody,
    takes: [environment],
    examples: ['history', 'history production'],
  },
  report: {
    short: 'report OPERATION',
    usage: 'report OPERATION',
    does: plain('the evidence pack and post-mortem of one operation', '單一 operation 的證據與事後檢討'),
    detail: plain(
      'A document and a picture of its timeline, in the operation’s thread and in the ledger’s bucket: who asked and approved, RTO, RPO and downtime, the checklist, every step, what failed and was refused, what was kept, and a post-mortem to fill in. All of it is told from the ledger.',
      '一份文件與一張時間軸圖，放在 operation 的討論串與 ledger 的 bucket：誰提出與核准、RTO、RPO 與服務中斷、檢查清單、每個步驟、失敗與被拒絕的動作、保留的內容，以及待填寫的事後檢討。全部來自 ledger。',
    ),
    who: anybody,
    takes: [{ name: 'OPERATION', means: plain('an id as cards show it, `op-…`', '卡片上顯示的 id，`op-…`') }],
    examples: ['report op-0123456789ab'],
  },
  cancel: {
    short: 'cancel [OPERATION]',
    usage: 'cancel [OPERATION]',
    does: plain('stop an operation at the next safe point', '在下一個安全點停止 operation'),
    detail: plain(
      'Before it begins nothing is touched; later what was done is taken back, as its plan says for a failure. Too late once the service is handed to the new database. It asks once more.',
      '開始之前不會動到任何東西；開始之後會依 plan 中失敗時的處理方式復原。服務切換到新的 database 之後就來不及了。會再確認一次。',
    ),
    who: whoActs,
    takes: [operation],
    examples: ['cancel', 'cancel op-0123456789ab'],
  },
  retry: {
    short: 'retry [OPERATION]',
    usage: 'retry [OPERATION]',
    does: plain('let an operation that waits for a person go on', '讓等待人員處理的 operation 繼續'),
    detail: plain(
      'From the step that failed, in the direction that it had. Mend the cause first. What is over is not taken up again: ask anew.',
      '從失敗的步驟、依原來的方向繼續。請先排除原因。已結束的不會再繼續：請重新提出請求。',
    ),
    who: whoActs,
    takes: [operation],
    examples: ['retry', 'retry op-0123456789ab'],
  },
  supersede: {
    short: 'supersede [OPERATION]',
    usage: 'supersede [OPERATION]',
    does: plain(
      'give up an operation that waits for a person, for the next attempt',
      '放棄等待人員處理的 operation，讓下一次嘗試可以開始',
    ),
    detail: plain(
      'It ends as it stands: nothing is started, resumed or taken back, and none of its workers changes anything any more. Its environment is free then. A dialog asks why.',
      '會以目前狀態結束：不會啟動、恢復或復原任何東西，它的 worker 也不會再變更任何東西。之後環境即可使用。會以對話框詢問原因。',
    ),
    who: plain(
      'Any member may ask; as many approvers as a restore needs decide, none of them who asks.',
      '任何成員都可以提出；由與 restore 相同人數的核准者決定，提出的人不能核准。',
    ),
    takes: [operation],
    examples: ['supersede', 'supersede op-0123456789ab'],
  },
  help: {
    short: 'help [COMMAND]',
    usage: 'help [COMMAND]',
    does: plain('this, or one command in full', '顯示說明，或單一指令的完整說明'),
    detail: plain('Only you see the answer.', '只有你看得到回覆。'),
    who: anybody,
    takes: [{ name: 'COMMAND', means: plain('one of the commands', '其中一個指令') }],
    examples: ['help', 'help restore'],
  },
} as const satisfies Record<string, CommandText>;
