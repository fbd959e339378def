import type { Locale } from '../domain/people.ts';
import { cleanupStepTexts } from './cleanup.ts';
import { droppedStepTexts } from './cleanup-database.ts';
import { dumpStepTexts } from './dump-steps.ts';
import { inPlaceStepTexts } from './in-place.ts';
import { loadStepTexts } from './load-steps.ts';
import { ownInstanceStepTexts } from './own-instance-steps.ts';
import { rescueStepTexts } from './rescue.ts';
import { rollbackStepTexts } from './rollback-steps.ts';
import { swapBackStepTexts } from './swap-back.ts';
import { plain } from './text.ts';
import { verifyStepTexts } from './verify.ts';

type Title = (locale: Locale) => string;
interface StepText {
  /** An imperative: what the step does. */
  readonly title: Title;
  /** How it is taken back. */
  readonly undo: Title;
}

const onlyLooks: Title = () => '';
const step = (title: Title, undo: Title = onlyLooks): StepText => ({ title, undo });

const restore = {
  'record-application': step(
    plain('Note how the application runs', '記下 application 目前的執行方式'),
    plain('waits until the application runs as noted', '等到 application 恢復記下的執行方式'),
  ),
  'stop-application': step(
    plain('Stop the application', '停止 application'),
    plain('started again with its old replica count', '以原本的 replica 數重新啟動'),
  ),
  'prove-stopped': step(plain('Prove that nothing writes any more', '確認已經沒有任何寫入')),
  'watch-stopped': step(plain('Watch that it stays stopped', '監看 application 維持停止')),
  'rescue-snapshot': step(
    plain('Ask for a snapshot of the old instance as it stands', '為舊的 instance 的現況建立 snapshot'),
    plain('kept: a snapshot harms nobody', '保留：snapshot 不影響任何人'),
  ),
  'await-log': step(plain('Wait until the log has passed the stop', '等待 log 超過停止的時間點')),
  'restore-instance': step(
    plain('Make the new instance from the backup', '從 backup 建立新的 instance'),
    plain('kept beside as evidence; nothing uses it', '保留在一旁作為證據；沒有任何人使用它'),
  ),
  'await-instance': step(plain('Wait until the instance answers', '等待 instance 可以連線')),
  'align-instance': step(
    plain('Give the new instance the settings of the old one', '讓新的 instance 與舊的設定一致'),
    plain('kept with the new instance; nothing uses it', '隨新的 instance 保留；沒有任何人使用它'),
  ),
  'prove-aligned': step(plain('Prove that the settings are the same', '確認設定一致')),
  'align-login': step(
    plain('Try the logins, and bring passwords in step with their secrets', '測試登入，並讓密碼與 secret 一致'),
    plain('kept with the new instance; nothing uses it', '隨新的 instance 保留；沒有任何人使用它'),
  ),
  'verify-database': step(plain('Verify the data', '驗證資料')),
  'start-check-job': step(
    plain('Start the team’s own check', '啟動團隊自己的檢查'),
    plain('its Job is removed', '移除它的 Job'),
  ),
  'await-check-job': step(plain('Wait for the team’s own check', '等待團隊自己的檢查')),
  'judge-verification': step(plain('Judge what the verification found', '判定驗證結果')),
  compare: step(plain('Compare with the live database', '與線上的 database 比對')),
  'approve-cut-over': step(plain('Ask for the cut-over', '請求核准 cut-over')),
  'prove-unwritten': step(
    plain('Prove that nobody wrote to the new instance meanwhile', '確認期間沒有人寫入新的 instance'),
  ),
  'measure-loss': step(plain('Measure what is lost, table by table', '逐 table 計算遺失的資料')),
  'switch-secret': step(
    plain('Point the secret to the new instance', '把 secret 指向新的 instance'),
    plain('points back to the old instance, as a new version', '以新的 version 指回舊的 instance'),
  ),
  'start-application': step(
    plain('Start the application', '啟動 application'),
    plain('stopped again before the secret points back', '在 secret 指回之前再次停止'),
  ),
  'prove-on-new': step(plain('Prove that every pod is on the new instance', '確認每個 pod 都連到新的 instance')),
  'fence-old': step(
    plain('Bar the application from the old instance', '禁止 application 連到舊的 instance'),
    plain('let in again', '重新允許連線'),
  ),
  'hand-over': step(plain('Hand over', '交接')),
  'verify-deeply': step(plain('Verify every table and index', '驗證每個 table 和 index')),
} as const satisfies Record<string, StepText>;

const snapshot = {
  'measure-before': step(
    plain('Measure what a restore will be compared with', '量測日後 restore 要比對的內容'),
    plain('kept: a record beside the ledger', '保留：ledger 旁的紀錄'),
  ),
  'create-snapshot': step(
    plain('Create the snapshot', '建立 snapshot'),
    plain('kept: a snapshot harms nobody', '保留：snapshot 不影響任何人'),
  ),
  'record-settings': step(
    plain('Write down the settings of the instance', '記下 instance 的設定'),
    plain('kept: for the day when the instance is gone', '保留：以備 instance 消失之日'),
  ),
  'record-version': step(
    plain('Write down which version of the application runs', '記下執行中的 application 版本'),
    plain('kept: it tells whether a later version fits', '保留：用來判斷之後的版本是否相容'),
  ),
  'await-snapshot': step(plain('Wait until the snapshot is complete', '等待 snapshot 完成')),
  'check-snapshot': step(plain('Check the snapshot', '檢查 snapshot')),
  'await-counters': step(plain('Wait until every session has told what it wrote', '等待所有 session 回報寫入量')),
  'record-baseline': step(
    plain('Record the baseline of the snapshot', '記錄 snapshot 的 baseline'),
    plain('kept: a record beside the ledger', '保留：ledger 旁的紀錄'),
  ),
} as const satisfies Record<string, StepText>;

const planning = { plan: step(plain('Plan', '規劃')) };

const steps: Readonly<Record<string, StepText>> = {
  ...restore,
  ...snapshot,
  ...rollbackStepTexts,
  ...swapBackStepTexts,
  ...cleanupStepTexts,
  ...droppedStepTexts,
  ...rescueStepTexts,
  ...dumpStepTexts,
  ...loadStepTexts,
  ...ownInstanceStepTexts,
  ...inPlaceStepTexts,
  ...verifyStepTexts,
  ...planning,
};

/** What a step does, as a short imperative; its id where this release doesn't know it. */
export function stepTitle(locale: Locale, id: string): string {
  return (Object.hasOwn(steps, id) ? steps[id]?.title(locale) : undefined) ?? id;
}

/** How a step is taken back, or why what it made is kept. Empty where it only looks, or this release doesn't know it. */
export function stepUndo(locale: Locale, id: string): string {
  return (Object.hasOwn(steps, id) ? steps[id]?.undo(locale) : undefined) ?? '';
}
