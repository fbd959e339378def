import { type ErrorCatalogue, errorText } from './text.ts';

/** What somebody is answered who wants to stop an operation, let it go on, or give it up, and can't. */
export const waysOutErrors: ErrorCatalogue = {
  'operation.not-yours': errorText(
    [
      () => 'Only who asked for this operation, or may approve it, decides that. Your click changed nothing.',
      () => 'Ask one of them: its cards name them.',
    ],
    [
      () => '只有提出這個 operation 的人或可以核准它的人才能決定。你的點擊沒有改變任何事。',
      () => '請聯絡其中一人：卡片上有列出。',
    ],
  ),
  'operation.superseded': errorText(
    [
      () => 'People gave this operation up, so that the next attempt can begin.',
      () => 'Nothing more is changed by it. Look at what it left, then ask anew.',
    ],
    [
      () => '已決定放棄這個 operation，讓下一次嘗試可以開始。',
      () => '它不會再變更任何東西。請先查看它留下的狀態，再重新提出請求。',
    ],
  ),
  'approval.cancelled': errorText(
    [
      () => 'Somebody asked to cancel this request, so your click changed nothing.',
      () => 'If it is still needed, ask again: a fresh plan is made.',
    ],
    [() => '有人要求取消這項請求，你的點擊沒有改變任何事。', () => '如果仍然需要，請重新提出請求：會產生新的 plan。'],
  ),
  'approval.denied': errorText(
    [() => 'Somebody with the right to it said no.', () => 'The approval card says who, and why.'],
    [() => '有權決定的人拒絕了。', () => '核准卡片上有是誰以及原因。'],
  ),
  'prestage.plan-changed': errorText(
    [
      () => 'What was approved can’t be done as it stands any more: something that it was decided on has changed.',
      () => 'Ask again: a fresh plan is made, and the instance that was made meanwhile is deleted.',
    ],
    [
      () => '已核准的內容無法再照原樣執行：當初決定所依據的狀態已改變。',
      () => '請重新提出請求：會產生新的 plan；期間先建立的 instance 會被刪除。',
    ],
  ),
  'cancel.going-back': errorText(
    [() => 'It is going back already, so there is nothing to cancel.', () => 'Its card shows how far it is.'],
    [() => '它已經在回復中，沒有可以取消的動作。', () => '卡片上顯示目前進度。'],
  ),
  'retry.not-parked': errorText(
    [
      () => 'It does not wait for a person, so there is nothing to take up again.',
      () => 'Its card shows what it does now. Steps that may pass are tried again by themselves.',
    ],
    [() => '它沒有在等待人員處理，因此不需要重試。', () => '卡片上顯示它目前的動作。可能恢復的步驟會自動重試。'],
  ),
  'retry.over': errorText(
    [
      () => 'This operation is over: what is over is not taken up again.',
      () => 'Ask anew, by the button on its card or the same command: a fresh plan is made of what stands now.',
    ],
    [
      () => '這個 operation 已經結束：已結束的不會再繼續。',
      () => '請用卡片上的按鈕或相同的指令重新提出請求：會依目前的狀態產生新的 plan。',
    ],
  ),
  'supersede.not-parked': errorText(
    [
      () => 'Only an operation that waits for a person can be given up. This one does not.',
      (_, slash) => `To stop one that is under way: \`${slash} cancel\`. One that is over holds nothing any more.`,
    ],
    [
      () => '只有等待人員處理的 operation 才能放棄。這個不是。',
      (_, slash) => `要停止進行中的 operation：\`${slash} cancel\`。已結束的不再佔用任何資源。`,
    ],
  ),
  'supersede.not-asked': errorText(
    [() => 'Nobody asks any more to give this operation up.', () => 'Its card shows what stands.'],
    [() => '目前沒有人要求放棄這個 operation。', () => '卡片上顯示的就是目前狀態。'],
  ),
  'supersede.other': errorText(
    [
      () => 'It was asked anew since this card was drawn, so your click changed nothing.',
      () => 'Read the newest card and decide there.',
    ],
    [() => '這張卡片之後又有新的要求，你的點擊沒有改變任何事。', () => '請閱讀最新的卡片，並在那裡決定。'],
  ),
  'supersede.expired': errorText(
    [
      () => 'The time to decide is over, so your click changed nothing: the operation stays parked.',
      (_, slash) => `If it must make way, ask again with \`${slash} supersede\`.`,
    ],
    [
      () => '決定的期限已過，你的點擊沒有改變任何事：operation 維持暫停。',
      (_, slash) => `如果仍需要讓出，請用 \`${slash} supersede\` 重新要求。`,
    ],
  ),
  'supersede.already-asked': errorText(
    [() => 'People are asked already whether it is given up.', () => 'Its card shows who decided so far.'],
    [() => '已經在徵求是否放棄它的決定。', () => '卡片上顯示目前有誰決定。'],
  ),
  'supersede.decided': errorText(
    [
      () => 'It was decided to give this operation up, so it is neither stopped nor taken up again.',
      () => 'It is closed as soon as it has let go of what it holds. Then ask anew.',
    ],
    [
      () => '已決定放棄這個 operation，因此不能再取消或重試。',
      () => '釋放它佔用的資源後就會結束。之後請重新提出請求。',
    ],
  ),
  'supersede.nobody-decides': errorText(
    [
      () => 'Its environment is not in the config any more, so nobody is named who could decide that.',
      () => 'Put the environment back into pitcrew.yaml, then ask again.',
    ],
    [() => '它的環境已不在 config 中，因此沒有可以決定的人。', () => '請把該環境加回 pitcrew.yaml，然後重新要求。'],
  ),
};
