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
  'restore.scaled-up-again': errorText(
    [
      (p) => `${p.workload} was scaled up to ${p.replicas} again after it was stopped.`,
      () => 'Pause what does that (autoscaler, KEDA, Argo CD, Flux, a person), then ask again.',
    ],
    [
      (p) => `${p.workload} 停止後又被 scale 到 ${p.replicas}。`,
      () => '請暫停造成此情況的來源（autoscaler、KEDA、Argo CD、Flux 或人員），然後重新提出請求。',
    ],
  ),
  'restore.not-stopped': errorText([stillRunning, whoIsThere], [stillRunningChinese, whoIsThereChinese]),
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
      (p) => `The application is not up on the new database: ${notUp(p)}`,
      () => 'Look at the pods and their logs: put it right on the new database, or go back to the old one by hand.',
    ],
    [
      (p) => `Application 未在新 database 上就緒：${notUpChinese(p)}`,
      () => '請檢查 pods 和它們的 logs：在新 database 上修正問題，或手動回到舊的 database。',
    ],
  ),
};

function stillRunning(p: Recorded): string {
  if (Number(p.podCount) > 0)
    return `The application did not stop in time: ${p.podCount} pods are left (${named(p.pods)}).`;
  if (p.databaseAnswers === false)
    return 'It could not be proven that the application stopped: its database does not answer.';
  return `The database is still in use: ${p.sessions} sessions of the application, ${p.foreign} of others (${named(p.foreignRoles)}).`;
}

function whoIsThere(p: Recorded): string {
  if (Number(p.podCount) > 0) return 'Look at the pods and their nodes. Delete by force only what you know to be dead.';
  if (p.databaseAnswers === false) return 'Look at the database instance, then ask again.';
  return 'End those sessions, or stop what holds them, then ask again.';
}

function stillRunningChinese(p: Recorded): string {
  if (Number(p.podCount) > 0) return `Application 未在時限內停止：還有 ${p.podCount} 個 pods（${named(p.pods)}）。`;
  if (p.databaseAnswers === false) return '無法證明 application 已停止：它的 database 沒有回應。';
  return `Database 仍在使用中：application 有 ${p.sessions} 個 sessions，其他有 ${p.foreign} 個（${named(p.foreignRoles)}）。`;
}

function whoIsThereChinese(p: Recorded): string {
  if (Number(p.podCount) > 0) return '請檢查這些 pods 和它們的 nodes。只有確定已經停擺時才可強制刪除。';
  if (p.databaseAnswers === false) return '請檢查 database instance，然後重新提出請求。';
  return '請結束這些 sessions，或停止持有它們的程式，然後重新提出請求。';
}

function notUp(p: Recorded): string {
  switch (p.why) {
    case 'crash-loop':
      return `${named(p.pods)} of ${p.workload} keeps crashing.`;
    case 'progress-deadline':
      return `the rollout of ${p.workload} passed its progress deadline.`;
    case 'rollout':
      return `${p.podCount} pods did not become ready in time (${named(p.pods)}).`;
    case 'database':
      return 'one of the two databases did not answer in time.';
    case 'without-session':
      return `${p.podCount} pods have no session on the new instance (${named(p.pods)}).`;
    case 'on-old':
      return 'its pods are still connected to the old instance.';
    default:
      return 'its sessions on the new instance did not last long enough.';
  }
}

function notUpChinese(p: Recorded): string {
  switch (p.why) {
    case 'crash-loop':
      return `${p.workload} 的 ${named(p.pods)} 不斷當掉。`;
    case 'progress-deadline':
      return `${p.workload} 的 rollout 超過了 progress deadline。`;
    case 'rollout':
      return `${p.podCount} 個 pods 未在時限內就緒（${named(p.pods)}）。`;
    case 'database':
      return '兩個 databases 其中之一未在時限內回應。';
    case 'without-session':
      return `${p.podCount} 個 pods 在新 instance 上沒有 session（${named(p.pods)}）。`;
    case 'on-old':
      return '它的 pods 仍連線到舊 instance。';
    default:
      return '它在新 instance 上的 sessions 持續時間不足。';
  }
}
