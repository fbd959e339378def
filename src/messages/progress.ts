import { plain, text } from './text.ts';
import { counted } from './units.ts';

/** What stands on the progress card, and how a step's state is said. */
export const progressTexts = {
  titles: {
    planning: text<{ what: string }>(
      ({ what }) => `Planning · ${what}`,
      ({ what }) => `規劃中 · ${what}`,
    ),
    running: text<{ what: string }>(
      ({ what }) => `Under way · ${what}`,
      ({ what }) => `進行中 · ${what}`,
    ),
    back: text<{ what: string }>(
      ({ what }) => `In service again · ${what}`,
      ({ what }) => `已恢復服務 · ${what}`,
    ),
    starting: text<{ what: string }>(
      ({ what }) => `About to start · ${what}`,
      ({ what }) => `即將開始 · ${what}`,
    ),
    undoing: text<{ what: string }>(
      ({ what }) => `Going back · ${what}`,
      ({ what }) => `回復中 · ${what}`,
    ),
    parked: text<{ what: string }>(
      ({ what }) => `Waiting for a person · ${what}`,
      ({ what }) => `等待人員處理 · ${what}`,
    ),
    succeeded: text<{ what: string }>(
      ({ what }) => `Finished · ${what}`,
      ({ what }) => `已完成 · ${what}`,
    ),
    ended: text<{ what: string }>(
      ({ what }) => `Ended · ${what}`,
      ({ what }) => `已結束 · ${what}`,
    ),
  },
  parts: {
    stop: plain('Stop the application', '停止 application'),
    restore: plain('Meanwhile, beside it: restore', '同時在一旁：restore'),
    load: plain('Load over the live database', '載入目前的 database'),
    first: plain('First, beside it: restore', '先在一旁：restore'),
    decide: plain('Compare and decide, while it serves', '比對並決定（期間照常服務）'),
    copy: plain('Then, beside it: restore', '接著在一旁：restore'),
    old: plain('The old database', '舊的 database'),
    both: plain('Look at both databases, while it serves', '查看兩個 database（期間照常服務）'),
    verify: plain('Verify', '驗證'),
    switch: plain('Switch over', '切換'),
    afterwards: plain('Afterwards, in service again', '恢復服務之後'),
  },
  now: text<{ step: string }>(
    ({ step }) => `*Now:* ${step}`,
    ({ step }) => `*目前：* ${step}`,
  ),
  backLine: text<{ since: string }>(
    ({ since }) => `*In service on the new database since ${since}.* What still runs keeps nobody from working.`,
    ({ since }) => `*自 ${since} 起使用新的 database 提供服務。* 仍在進行的步驟不影響使用。`,
  ),
  takingBack: text<{ step: string; what: string }>(
    ({ step, what }) => `*Now taking back:* ${step}${what ? `. ${what}` : ''}`,
    ({ step, what }) => `*目前正在復原：* ${step}${what ? `。${what}` : ''}`,
  ),
  waitsFor: text<{ step: string; what: string }>(
    ({ step, what }) => `*Now:* ${step}. ${what}`,
    ({ step, what }) => `*目前：* ${step}。${what}`,
  ),
  planningLine: plain('It only reads and plans; nothing is touched.', '只讀取與規劃；不會動到任何東西。'),
  startingLine: plain('Approved; the last look before the first step.', '已核准；在第一個步驟之前做最後確認。'),
  undoingLine: text<{ step: string; what: string }>(
    ({ step, what }) => `*Going back*, because “${step}” failed: ${what}`,
    ({ step, what }) => `*回復中*，因為「${step}」失敗：${what}`,
  ),
  undoingAsked: text<{ what: string }>(
    ({ what }) => `*Going back:* ${what}`,
    ({ what }) => `*回復中：* ${what}`,
  ),
  betweenSteps: plain('*Now:* between two steps.', '*目前：* 在兩個步驟之間。'),
  doneLine: plain('Every step is done. The result card has the evidence.', '所有步驟都已完成。證據請看結果卡片。'),
  endedLine: plain(
    'It ended before its goal. The next card says what stands.',
    '未達成目標即結束。下一張卡片說明目前狀態。',
  ),
  parkedLine: plain(
    'It does nothing more until a person decides. The next card says why.',
    '在有人決定之前不會再執行任何動作。下一張卡片說明原因。',
  ),
  elapsed: text<{ length: string }>(
    ({ length }) => `Elapsed ${length}`,
    ({ length }) => `已經過 ${length}`,
  ),
  took: text<{ length: string }>(
    ({ length }) => `Took ${length}`,
    ({ length }) => `歷時 ${length}`,
  ),
  rto: text<{ clock: string; objective: string }>(
    ({ clock, objective }) => `RTO clock ${clock} of ${objective}`,
    ({ clock, objective }) => `RTO 計時 ${clock} / 目標 ${objective}`,
  ),
  rtoOver: text<{ clock: string; objective: string; over: string }>(
    ({ clock, objective, over }) => `RTO clock ${clock}: *over the objective of ${objective} by ${over}*`,
    ({ clock, objective, over }) => `RTO 計時 ${clock}：*超過目標 ${objective}，多了 ${over}*`,
  ),
  usually: text<{ length: string }>(
    ({ length }) => `usually ${length} in all`,
    ({ length }) => `通常全程 ${length}`,
  ),
  counts: text<{ done: number; all: number }>(
    ({ done, all }) => `${done} of ${counted(all, 'step')} done`,
    ({ done, all }) => `${all} 個步驟中已完成 ${done} 個`,
  ),
  stepDone: text<{ length: string }>(
    ({ length }) => `done ${length}`,
    ({ length }) => `完成 ${length}`,
  ),
  stepRunning: text<{ length: string }>(
    ({ length }) => `running ${length}`,
    ({ length }) => `執行中 ${length}`,
  ),
  stepFailed: plain('failed', '失敗'),
  stepRetrying: text<{ length: string; tries: number }>(
    ({ length, tries }) => `running ${length}, ${counted(tries, 'failed try', 'failed tries')} so far`,
    ({ length, tries }) => `執行中 ${length}，已失敗 ${tries} 次`,
  ),
  stepToCome: plain('to come', '未執行'),
  stepNotReached: plain('not begun', '未開始'),
  stepUndoing: plain('being taken back', '復原中'),
  stepUndone: plain('taken back', '已復原'),
  stepStopped: plain('begun, not finished', '已開始，未完成'),
  fallback: text<{ what: string; line: string }>(
    ({ what, line }) => `${what}: ${line}`,
    ({ what, line }) => `${what}：${line}`,
  ),
  approvedBy: text<{ people: string }>(
    ({ people }) => `approved by ${people}`,
    ({ people }) => `核准者 ${people}`,
  ),
  askedBy: text<{ who: string }>(
    ({ who }) => `asked by ${who}`,
    ({ who }) => `請求者 ${who}`,
  ),
} as const;
