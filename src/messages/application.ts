import type { Json } from '../domain/json.ts';
import { type ErrorCatalogue, errorText, type Recorded } from './text.ts';

const named = (value: Json | undefined): string => (Array.isArray(value) ? value.join(', ') : String(value ?? ''));

/** What went wrong with the application itself: it doesn't stop, doesn't come back, or isn't where it should be. */
export const applicationErrors: ErrorCatalogue = {
  'restore.replicas-unknown': errorText(
    [
      (p) => `${p.workload} stands at 0 replicas and nothing says how many it had.`,
      () => 'Scale it to the right count, or set "replicas" for this workload in the config; then ask again.',
    ],
    [
      (p) => `${p.workload} 目前是 0 個 replicas，而且沒有任何記錄說明原本有幾個。`,
      () => '請先 scale 到正確的數量，或在設定中為此 workload 指定「replicas」，然後重新提出。',
    ],
  ),
  'restore.not-back': errorText(
    [
      (p) =>
        p.why === 'crash-loop'
          ? `${p.workload} does not come back: ${named(p.pods)} keeps crashing.`
          : p.why === 'rollout'
            ? `${p.workload} did not come back in time: not all of its pods are ready.`
            : `${p.workload} does not come back: its rollout passed its progress deadline.`,
      () => 'The application was scaled back to its old count on the old database. Look at its pods and their logs.',
    ],
    [
      (p) =>
        p.why === 'crash-loop'
          ? `${p.workload} 無法恢復：${named(p.pods)} 不斷當掉。`
          : p.why === 'rollout'
            ? `${p.workload} 沒有及時恢復：不是所有 pods 都就緒。`
            : `${p.workload} 無法恢復：rollout 超過了 progress deadline。`,
      () => 'Application 已在舊 database 上 scale 回原本的數量。請檢查它的 pods 和 logs。',
    ],
  ),
  'restore.not-up': errorText(
    [
      (p) => `The application is not up on the database that it was handed to: ${notUp(p)}`,
      () => 'Look at the pods and their logs: put it right there, or go back to the other database by hand.',
    ],
    [
      (p) => `Application 未在切換後的 database 上就緒：${notUpChinese(p)}`,
      () => '請檢查 pods 和它們的 logs：請就地修正問題，或手動回到另一個 database。',
    ],
  ),
};

/** What the first error in the log is about: one word of pitcrew's own, never a line. */
const logKind = (p: Recorded) => String((p.log as Recorded | null | undefined)?.kind ?? '');

function notUp(p: Recorded): string {
  switch (p.why) {
    case 'crash-loop':
      return `${named(p.pods)} of ${p.workload} keeps crashing${logKind(p) ? ` (its log: ${logKind(p)})` : ''}.`;
    case 'progress-deadline':
      return `the rollout of ${p.workload} passed its progress deadline.`;
    case 'rollout':
      return `${p.podCount} pods did not become ready in time (${named(p.pods)}).`;
    case 'database':
      return 'one of the two databases did not answer in time.';
    case 'without-session':
      return `${p.podCount} pods have no session on the new instance (${named(p.pods)}).`;
    case 'smoke':
      return `${p.url} ${p.status === 0 ? 'did not answer' : `answered ${p.status}`}, not 2xx.`;
    case 'on-old':
      return 'its pods are still connected to the old instance.';
    default:
      return 'its sessions on the new instance did not last long enough.';
  }
}

function notUpChinese(p: Recorded): string {
  switch (p.why) {
    case 'crash-loop':
      return `${p.workload} 的 ${named(p.pods)} 不斷當掉${logKind(p) ? `（log：${logKind(p)}）` : ''}。`;
    case 'progress-deadline':
      return `${p.workload} 的 rollout 超過了 progress deadline。`;
    case 'rollout':
      return `${p.podCount} 個 pods 未在時限內就緒（${named(p.pods)}）。`;
    case 'database':
      return '兩個 databases 其中之一未在時限內回應。';
    case 'without-session':
      return `${p.podCount} 個 pods 在新 instance 上沒有 session（${named(p.pods)}）。`;
    case 'smoke':
      return `${p.url} ${p.status === 0 ? '沒有回應' : `回應 ${p.status}`}，不是 2xx。`;
    case 'on-old':
      return '它的 pods 仍連線到舊 instance。';
    default:
      return '它在新 instance 上的 sessions 持續時間不足。';
  }
}
