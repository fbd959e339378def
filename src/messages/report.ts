import { type Locale, languageOf } from '../domain/people.ts';
import type { MarkedAs, ToldType } from '../domain/report.ts';
import { plain, text } from './text.ts';
import { counted } from './units.ts';

type Words = (locale: Locale) => string;

/** What stands in the report of an operation: headings, and what its lines say. Values come in ready for Markdown. */
export const reportTexts = {
  title: text<{ what: string; operation: string }>(
    ({ what, operation }) => `Report: ${what}, ${operation}`,
    ({ what, operation }) => `報告：${what}，${operation}`,
  ),
  summary: text<{ what: string; outcome: string; service: string; at: string }>(
    ({ what, outcome, service, at }) => `The ${what} was closed at ${at}: **${outcome}**. Service: ${service}.`,
    ({ what, outcome, service, at }) => `${what} 於 ${at} 結束：**${outcome}**。服務狀態：${service}。`,
  ),
  unfinished: text<{ what: string; at: string }>(
    ({ what, at }) => `The ${what} is **not over**. This is how it stood at ${at}.`,
    ({ what, at }) => `${what} **尚未結束**。以下是 ${at} 的狀態。`,
  ),
  source: plain(
    'All of this is told from the operation’s chain in the ledger; times are the ledger’s, in UTC. People are named by their Slack ids. It holds no row data.',
    '以下內容全部來自 ledger 中這個 operation 的 chain；時間以 ledger 為準（UTC）。人員以 Slack id 表示。不含任何資料列內容。',
  ),
  timelinePicture: plain('Timeline', '時間軸'),
  facts: plain('At a glance', '摘要'),
  fact: plain('Fact', '項目'),
  value: plain('Value', '內容'),
  askedBy: plain('Asked by', '提出者'),
  askedAt: plain('Asked at', '提出時間'),
  why: plain('Why', '原因'),
  noReason: plain('no reason was given', '未說明原因'),
  incidentAt: plain('Incident began', '事故開始'),
  args: plain('Asked for with', '參數'),
  plan: plain('Plan digest', 'Plan digest'),
  head: plain('Ledger head (the witness)', 'Ledger head（見證）'),
  events: plain('Events in the chain', 'Chain 中的 event 數'),
  recoveryPoint: plain('Recovery point', 'Recovery point'),
  noPlan: plain('none: it was never planned', '無：從未規劃'),
  measured: plain('Measured against the objectives', '與目標比較'),
  measure: plain('Measure', '項目'),
  result: plain('Measured', '實際'),
  objective: plain('Objective', '目標'),
  met: plain('met', '符合'),
  missed: plain('missed', '未符合'),
  none: plain('none', '無'),
  people: plain('Who said what', '誰做了什麼'),
  when: plain('When', '時間'),
  who: plain('Who', '誰'),
  what: plain('What', '內容'),
  reason: plain('Reason', '原因'),
  checklist: plain('The checklist', '檢查清單'),
  point: plain('Point', '項目'),
  outcome: plain('Outcome', '結果'),
  evidence: plain('Evidence', '證據'),
  notPassed: plain('What did not pass', '未通過的檢查'),
  known: plain('was so before the backup', '備份之前即已如此'),
  steps: plain('Every step', '每個步驟'),
  step: plain('Step', '步驟'),
  began: plain('Began', '開始'),
  ended: plain('Ended', '結束'),
  took: plain('Took', '耗時'),
  tries: plain('Begun', '開始次數'),
  failures: plain('Failed tries', '失敗次數'),
  takenBack: text<{ step: string }>(
    ({ step }) => `taken back: ${step}`,
    ({ step }) => `復原：${step}`,
  ),
  noOutcome: plain('no outcome', '沒有結果'),
  never: plain('Planned and never begun', '已規劃但從未開始'),
  failed: plain('What failed, and what was undone', '失敗與復原'),
  nothingFailed: plain('Nothing failed.', '沒有失敗。'),
  refusals: plain('What was refused', '被拒絕的動作'),
  nothingRefused: plain('Nothing was refused.', '沒有被拒絕的動作。'),
  voided: plain('written too late or against a rule, without effect', '太晚或違反規則而寫入，無效'),
  loss: plain('What was lost, as measured', '實際遺失的資料'),
  table: plain('Table', 'Table'),
  lost: plain('Lost', '遺失'),
  returned: plain('Back again', '回來'),
  changed: plain('Changed', '變更'),
  settings: plain('Settings that are not the source’s', '與來源不同的設定'),
  settingsSame: plain('Every setting is the source’s.', '所有設定都與來源相同。'),
  setting: plain('Setting', '設定'),
  kept: plain('What was kept', '保留的內容'),
  nothingKept: plain('Nothing besides the ledger.', '除了 ledger 之外沒有其他內容。'),
  keptInstance: text<{ instance: string }>(
    ({ instance }) => `the instance ${instance}, as it was`,
    ({ instance }) => `instance ${instance}，維持原狀`,
  ),
  keptSnapshot: text<{ snapshot: string }>(
    ({ snapshot }) => `the snapshot ${snapshot}`,
    ({ snapshot }) => `snapshot ${snapshot}`,
  ),
  madeInstance: text<{ instance: string }>(
    ({ instance }) => `the instance ${instance}, which this operation made`,
    ({ instance }) => `instance ${instance}，由這個 operation 建立`,
  ),
  handOver: plain('To do by hand', '需要手動處理'),
  nothingByHand: plain('Nothing is known of.', '沒有已知的項目。'),
  postMortem: plain('Post-mortem', '事後檢討'),
  fillIn: plain(
    'To be filled in by people. Blame nobody; say what made it possible.',
    '由人員填寫。不歸咎個人；說明為什麼會發生。',
  ),
  questions: [
    plain('What happened', '發生了什麼'),
    plain('Impact: who noticed, for how long, what was lost', '影響：誰受影響、多久、遺失了什麼'),
    plain('How it was found, and how long that took', '如何發現、花了多久'),
    plain('What went well', '做得好的地方'),
    plain('What did not', '需要改進的地方'),
  ] as readonly Words[],
  actions: plain('Actions', '後續行動'),
  action: plain('Action', '行動'),
  owner: plain('Owner', '負責人'),
  due: plain('Until', '期限'),
  uploaded: text<{ what: string; line: string; place: string }>(
    ({ what, line, place }) => `*Report · ${what}*\n${line}\nKept in ${place}.`,
    ({ what, line, place }) => `*報告 · ${what}*\n${line}\n保存在 ${place}。`,
  ),
  making: plain(
    'The report is being made; it comes into the operation’s thread.',
    '正在產生報告；會放在 operation 的討論串中。',
  ),
  there: plain('The report stands in the operation’s thread.', '報告已放在 operation 的討論串中。'),
  notUploaded: text<{ because: string }>(
    ({ because }) => `The files could not be put here (${because}); they lie where it says.`,
    ({ because }) => `無法在這裡放置檔案（${because}）；檔案在上述位置。`,
  ),
  button: plain('Report', '報告'),
  written: text<{ files: string; place: string }>(
    ({ files, place }) => `Written: ${files}. Kept in ${place}.`,
    ({ files, place }) => `已寫入：${files}。保存在 ${place}。`,
  ),
} as const;

/** What people said, by the type of the event. */
export const toldTexts: Readonly<Record<ToldType, (locale: Locale, p: { gate: string; what: string }) => string>> = {
  requested: text(
    () => 'asked for it',
    () => '提出',
  ),
  approve: text(
    ({ gate }) => `approved (${gate})`,
    ({ gate }) => `核准（${gate}）`,
  ),
  deny: text(
    ({ gate }) => `denied (${gate})`,
    ({ gate }) => `拒絕（${gate}）`,
  ),
  'cancel-asked': text(
    () => 'asked to cancel it',
    () => '要求取消',
  ),
  resumed: text(
    () => 'let it go on',
    () => '讓它繼續',
  ),
  'supersede-asked': text(
    () => 'asked to give it up',
    () => '要求放棄',
  ),
};

/** What stands on the picture of the timeline. */
export const pictureTexts = {
  span: text<{ day: string; took: string }>(
    ({ day, took }) => `${day}, ${took} in all. A row for each step; times in UTC, from the ledger.`,
    ({ day, took }) => `${day}，全程 ${took}。每個步驟一列；時間為 ledger 的 UTC 時間。`,
  ),
  downtime: text<{ took: string }>(
    ({ took }) => `down for ${took}`,
    ({ took }) => `服務中斷 ${took}`,
  ),
  takenBack: plain('taken back', '復原'),
  noOutcome: plain('no outcome', '沒有結果'),
  marks: {
    requested: plain('asked for', '提出'),
    planned: plain('planned', '規劃完成'),
    approved: plain('approved', '核准'),
    denied: plain('denied', '拒絕'),
    asked: plain('people stepped in', '人員介入'),
    parked: plain('waits for a person', '等待人員'),
    'turned-back': plain('turned back', '開始復原'),
    failed: plain('a try failed', '嘗試失敗'),
    closed: plain('closed', '結束'),
  } satisfies Record<MarkedAs, Words>,
} as const;

/** How many, as the table of steps says it. */
export const times = (count: number, locale: Locale): string =>
  languageOf(locale) === 'zh-TW' ? `${count} 次` : counted(count, 'time');
