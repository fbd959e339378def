import { type Catalogue, type ErrorCatalogue, errorText, text } from './text.ts';
import { word } from './values.ts';

/** What somebody is told of the cut-over of a restore-first, and what keeps one from happening. */
export const cutOverGateErrors: ErrorCatalogue = {
  'cut-over.not-asked': errorText(
    [
      () => 'Nobody is asked about a cut-over of this operation, so your word changed nothing.',
      () => 'Only a restore-first asks, once it has verified and compared. The card shows what stands.',
    ],
    [
      () => '這個 operation 沒有需要決定的 cut-over，你的決定沒有改變任何事。',
      () => '只有 restore-first 在驗證並比對完成後才會詢問。卡片上顯示的就是目前狀態。',
    ],
  ),
  'cut-over.other': errorText(
    [
      () => 'This is not the comparison that people decide on, so your word changed nothing.',
      () => 'Read the newest card and decide there.',
    ],
    [() => '這不是目前要決定的比對，你的決定沒有改變任何事。', () => '請閱讀最新的卡片，並在那裡決定。'],
  ),
  'cut-over.expired': errorText(
    [
      () => 'The time to decide on the cut-over is over, so your word changed nothing: the service was not touched.',
      () => 'The instance is kept beside. If it is still needed, ask again.',
    ],
    [
      () => '決定 cut-over 的期限已過，你的決定沒有改變任何事：服務沒有受到影響。',
      () => 'Instance 保留在旁邊。如果仍然需要，請重新提出請求。',
    ],
  ),
  'cut-over.cancelled': errorText(
    [
      () => 'Somebody asked to cancel, so there is no cut-over left to decide on. Your word changed nothing.',
      () => 'The service was not touched. If it is still needed, ask again.',
    ],
    [
      () => '有人要求取消，因此 cut-over 已經不需要決定。你的決定沒有改變任何事。',
      () => '服務沒有受到影響。如果仍然需要，請重新提出請求。',
    ],
  ),
  'cut-over.denied': errorText(
    [
      () => 'An approver decided against the cut-over, so the service was not touched.',
      () => 'The new instance is kept beside, with what it was restored to: look at it there, or ask again.',
    ],
    [
      () => '有核准者決定不要 cut-over，因此服務沒有受到影響。',
      () => '新的 instance 保留在旁邊，內容是 restore 的結果：可以在那裡查看，或重新提出請求。',
    ],
  ),
  'cut-over.late': errorText(
    [
      () => 'Not enough approvers decided on the cut-over in time, so the service was not touched.',
      () => 'The new instance is kept beside. What it lacks grows with every order: ask again, and look sooner.',
    ],
    [
      () => '期限內沒有足夠的核准者決定 cut-over，因此服務沒有受到影響。',
      () => '新的 instance 保留在旁邊。隨著新資料寫入，它缺少的會越來越多：請重新提出請求並及早決定。',
    ],
  ),
  'cut-over.nobody-decides': errorText(
    [
      () => 'Nobody was named who may approve the cut-over, so there is none. The service was not touched.',
      () => 'Set `approvals.cutOver` in pitcrew.yaml, or ask for the order stop-first.',
    ],
    [
      () => '沒有指定可以核准 cut-over 的人，因此不切換。服務沒有受到影響。',
      () => '請在 pitcrew.yaml 設定 `approvals.cutOver`，或改用 stop-first 的順序。',
    ],
  ),
  'engine.cut-over-open': errorText(
    [() => 'People may still decide about the cut-over.', () => 'Nothing to do.'],
    [() => 'Cut-over 仍在等待決定。', () => '不需要任何動作。'],
  ),
  'engine.cut-over-accepted': errorText(
    [() => 'People approved the cut-over.', () => 'Nothing to do.'],
    [() => 'Cut-over 已經核准。', () => '不需要任何動作。'],
  ),
  'restore.nothing-serves': errorText(
    [
      () =>
        'The database does not run, so nothing serves while another is restored: restore-first has no meaning here.',
      () => 'Ask for the order stop-first.',
    ],
    [
      () => 'Database 沒有在執行，restore 期間沒有服務可以維持：restore-first 在這裡沒有意義。',
      () => '請改用 stop-first 的順序。',
    ],
  ),
  'pitr.latest-stops-first': errorText(
    [
      () => 'The latest moment is known only once nothing writes any more, so the application has to stop first.',
      () => 'Ask with `--order stop-first`, or for a moment that has passed.',
    ],
    [
      () => '最新的時間點要到沒有任何寫入時才能確定，因此必須先停止 application。',
      () => '請改用 `--order stop-first`，或指定已經過去的時間點。',
    ],
  ),
};

/** What keeps an instance beside from being what was compared. */
export const besideErrors: ErrorCatalogue = {
  'restore.beside-in-use': errorText(
    [
      (p) =>
        `Somebody is at work on the new instance ${word(p, 'instance')}, which nobody should use yet: \`${word(p, 'role')}\`${p.application ? ` (${word(p, 'application')})` : ''}${p.address ? ` from ${word(p, 'address')}` : ''}. It is not what was verified and compared any more.`,
      () => 'The application was not put on it. Find out who it is, then ask again.',
    ],
    [
      (p) =>
        `有人正在使用還不應該被使用的新 instance ${word(p, 'instance')}：\`${word(p, 'role')}\`${p.application ? `（${word(p, 'application')}）` : ''}${p.address ? `，來自 ${word(p, 'address')}` : ''}。它已經不是驗證與比對時的內容。`,
      () => 'Application 沒有切換過去。請查明是誰，再重新提出請求。',
    ],
  ),
  'restore.beside-written': errorText(
    [
      (p) =>
        `Somebody has written to the new instance ${word(p, 'instance')} since it was verified and compared (${word(p, 'rows')} rows, as its counters say), or it was restarted by a crash.`,
      () => 'The application was not put on it. Keep people off it until the cut-over, then ask again.',
    ],
    [
      (p) =>
        `新的 instance ${word(p, 'instance')} 在驗證與比對之後有人寫入（依其計數為 ${word(p, 'rows')} 筆），或曾因異常而重新啟動。`,
      () => 'Application 沒有切換過去。請讓所有人在 cut-over 之前不要使用它，再重新提出請求。',
    ],
  ),
};

/** What the gate waits for. */
export const cutOverWaits: Catalogue = {
  'wait.cut-over': text(
    (p) =>
      `People decide on the cut-over: ${word(p, 'approved')} of ${word(p, 'required')} said yes. The application serves meanwhile.`,
    (p) =>
      `等待決定 cut-over：${word(p, 'required')} 人中已有 ${word(p, 'approved')} 人同意。Application 在這期間繼續服務。`,
  ),
};
