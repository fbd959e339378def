import type { Json } from '../domain/json.ts';
import { showSession, showTime } from './guards.ts';
import { type ErrorCatalogue, errorText, type Recorded } from './text.ts';

const named = (value: Json | undefined): string => (Array.isArray(value) ? value.join(', ') : String(value ?? ''));
const objects = (value: Json | undefined): readonly Recorded[] => (Array.isArray(value) ? (value as Recorded[]) : []);

const by = (p: Recorded) => (p.by ? ` by ${p.by}` : '');
const byChinese = (p: Recorded) => (p.by ? `（由 ${p.by}）` : '');

/** An application that doesn't stop, or doesn't stay stopped. There is no cut-over then. */
export const stoppedErrors: ErrorCatalogue = {
  'restore.not-stopped': errorText([stillRunning, whoIsThere], [stillRunningChinese, whoIsThereChinese]),
  'restore.scaled-up-again': errorText(
    [
      (p) => `${p.workload} was scaled up to ${p.replicas} again${by(p)} after it was stopped. There is no cut-over.`,
      () => 'Pause what does that (autoscaler, KEDA, Argo CD, Flux, a person), then ask again.',
    ],
    [
      (p) => `${p.workload} 停止後又被 scale 到 ${p.replicas}${byChinese(p)}。不會 cut-over。`,
      () => '請暫停造成此情況的來源（autoscaler、KEDA、Argo CD、Flux 或人員），然後重新提出請求。',
    ],
  ),
  'restore.pods-came-back': errorText(
    [
      (p) =>
        `${p.podCount} pods of ${p.workload} came back after it was stopped (${named(p.pods)}). There is no cut-over.`,
      () => 'Look at who made these pods, and pause it; then ask again.',
    ],
    [
      (p) => `${p.workload} 停止後又出現 ${p.podCount} 個 pods（${named(p.pods)}）。不會 cut-over。`,
      () => '請查明是誰建立這些 pods 並暫停它，然後重新提出請求。',
    ],
  ),
  'restore.schedule-resumed': errorText(
    [
      (p) => `CronJob ${p.workload} is no longer suspended: somebody let it run again. There is no cut-over.`,
      () => 'Find out who does that (a person, Argo CD, Flux), and pause it; then ask again.',
    ],
    [
      (p) => `CronJob ${p.workload} 已不再是 suspend：有人讓它重新執行。不會 cut-over。`,
      () => '請查明來源（人員、Argo CD、Flux）並暫停它，然後重新提出請求。',
    ],
  ),
  'restore.schedule-fired': errorText(
    [
      (p) =>
        `CronJob ${p.workload} started a Job at ${showTime(p.at)}, while everything was to stand still: it may have written to the old database. There is no cut-over.`,
      () => 'Find out who started it. When it has ended, ask again.',
    ],
    [
      (p) =>
        `CronJob ${p.workload} 在應該全部停止的期間（${showTime(p.at)}）啟動了 Job：它可能已寫入舊的 database。不會 cut-over。`,
      () => '請查明是誰啟動的。等它結束後，重新提出請求。',
    ],
  ),
  'restore.jobs-came-back': errorText(
    [
      (p) => `Jobs run again after everything was stopped: ${named(p.jobs)}. There is no cut-over.`,
      () => 'Find out who started them. When they have ended, ask again.',
    ],
    [
      (p) => `全部停止之後又有 Jobs 在執行：${named(p.jobs)}。不會 cut-over。`,
      () => '請查明是誰啟動的。等它們結束後，重新提出請求。',
    ],
  ),
  'restore.sessions-came-back': errorText(
    [
      (p) =>
        `The database came into use again after the application was stopped: ${p.sessions} sessions of the application, ${p.foreign} of others (${who(p)}). There is no cut-over.`,
      () =>
        'End those sessions, or name their roles under database.readers if they only read; then ask again. The old database may hold what they wrote.',
    ],
    [
      (p) =>
        `Application 停止之後 database 又有人使用：application 有 ${p.sessions} 個 sessions，其他有 ${p.foreign} 個（${who(p)}）。不會 cut-over。`,
      () =>
        '請結束這些 sessions；如果只是讀取，請把它們的 roles 列入 database.readers；然後重新提出請求。它們寫入的資料可能在舊的 database 中。',
    ],
  ),
  'restore.stop-not-known': errorText(
    [
      (p) =>
        `The old database (${p.host}) does not answer, so nobody can say whether the application is still off it. There is no cut-over on that.`,
      () => 'It is tried again for a while. If it stays so, look at the old instance, then ask again.',
    ],
    [
      (p) => `舊的 database（${p.host}）沒有回應，無法確認 application 是否仍未連線。在此情況下不會 cut-over。`,
      () => '會重試一段時間。如果一直如此，請檢查舊的 instance，然後重新提出請求。',
    ],
  ),
  'restore.rollout-not-supported': errorText(
    [
      (p) => `${p.workload} is run by Argo Rollouts (Rollout ${p.rollout}), which this release does not support.`,
      () => 'Stop and start it by hand, as the runbook says. Nothing was changed.',
    ],
    [
      (p) => `${p.workload} 由 Argo Rollouts 執行（Rollout ${p.rollout}），此版本不支援。`,
      () => '請依 runbook 手動停止與啟動。沒有任何變更。',
    ],
  ),
  'restore.check-job-taken': errorText(
    [
      (p) => `A Job named ${p.namespace}/${p.job} is there already, and it is not this operation's.`,
      () => 'Look at that Job, remove it, then ask again.',
    ],
    [
      (p) => `已經有名為 ${p.namespace}/${p.job} 的 Job，而且不屬於此 operation。`,
      () => '請檢查並移除該 Job，然後重新提出請求。',
    ],
  ),
};

const who = (p: Recorded) => objects(p.who).map(showSession).join('; ');

function stillRunning(p: Recorded): string {
  if (Number(p.podCount) > 0)
    return `The application did not stop in time: ${p.podCount} pods are left (${named(p.pods)}).${stuck(p)}`;
  if (objects(p.jobs).length > 0) return `Jobs of a schedule did not end in time: ${named(p.jobs)}.`;
  if (p.databaseAnswers === false)
    return 'It could not be proven that the application stopped: its database does not answer.';
  return `The database is still in use: ${p.sessions} sessions of the application, ${p.foreign} of others (${who(p)}).`;
}

const stuck = (p: Recorded) =>
  objects(p.stuck)
    .map(
      ({ pod, node, since, finalizers }) =>
        ` ${pod} is Terminating since ${showTime(since)}${node ? ` on node ${node}` : ''}${named(finalizers) ? `, held by ${named(finalizers)}` : ''}.`,
    )
    .join('');

const byForce = (p: Recorded) =>
  objects(p.stuck)
    .map(({ pod, namespace }) => `kubectl delete pod ${pod} -n ${namespace} --grace-period=0 --force`)
    .join('; ');

function whoIsThere(p: Recorded): string {
  if (objects(p.stuck).length > 0)
    return `Look at the node. A pod that is deleted by force may still run and write: only when you know that it is dead, ${byForce(p)}. Then ask again.`;
  if (Number(p.podCount) > 0) return 'Look at the pods and what they wait for, then ask again.';
  if (objects(p.jobs).length > 0) return 'Wait until they have ended, or end them, then ask again.';
  if (p.databaseAnswers === false) return 'Look at the database instance, then ask again.';
  return 'End those sessions, or name their roles under database.readers if they only read; then ask again.';
}

function stillRunningChinese(p: Recorded): string {
  if (Number(p.podCount) > 0)
    return `Application 未在時限內停止：還有 ${p.podCount} 個 pods（${named(p.pods)}）。${stuckChinese(p)}`;
  if (objects(p.jobs).length > 0) return `排程的 Jobs 未在時限內結束：${named(p.jobs)}。`;
  if (p.databaseAnswers === false) return '無法證明 application 已停止：它的 database 沒有回應。';
  return `Database 仍在使用中：application 有 ${p.sessions} 個 sessions，其他有 ${p.foreign} 個（${who(p)}）。`;
}

const stuckChinese = (p: Recorded) =>
  objects(p.stuck)
    .map(
      ({ pod, node, since, finalizers }) =>
        `${pod} 自 ${showTime(since)} 起為 Terminating${node ? `，位於 node ${node}` : ''}${named(finalizers) ? `，被 ${named(finalizers)} 卡住` : ''}。`,
    )
    .join('');

function whoIsThereChinese(p: Recorded): string {
  if (objects(p.stuck).length > 0)
    return `請檢查該 node。被強制刪除的 pod 可能仍在執行並寫入：只有確定它已停擺時才執行 ${byForce(p)}。然後重新提出請求。`;
  if (Number(p.podCount) > 0) return '請檢查這些 pods 在等待什麼，然後重新提出請求。';
  if (objects(p.jobs).length > 0) return '請等它們結束，或結束它們，然後重新提出請求。';
  if (p.databaseAnswers === false) return '請檢查 database instance，然後重新提出請求。';
  return '請結束這些 sessions；如果只是讀取，請把它們的 roles 列入 database.readers；然後重新提出請求。';
}
