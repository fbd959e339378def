import { type Catalogue, type Recorded, text } from './text.ts';

/** A session as people look for it: whose, of which program, from where, since when. */
export const showSession = ({ role, application, address, since }: Recorded) =>
  `${role} (${[application || '?', address || 'local', showTime(since)].join(', ')})`;

/** `2026-11-20 03:14 UTC`, out of an instant. */
export const showTime = (since: unknown) => `${String(since).slice(0, 16).replace('T', ' ')} UTC`;

/** What could start the application again while it is stopped, as the approval card says it. */
export const guardTexts: Catalogue = {
  'guard.autoscaler': text(
    (p) =>
      `Autoscaler ${p.namespace}/${p.name} scales ${p.workload}. It leaves a workload at 0 alone; pitcrew watches that it does.`,
    (p) =>
      `Autoscaler ${p.namespace}/${p.name} 會調整 ${p.workload}。它不會動 0 個 replicas 的 workload；pitcrew 會持續監看。`,
  ),
  'guard.autoscaler-from-zero': text(
    (p) =>
      `Autoscaler ${p.namespace}/${p.name} may scale ${p.workload} up from 0 (minReplicas 0). pitcrew can't pause it and watches: set minReplicas to 1 meanwhile, or there will be no cut-over if it does.`,
    (p) =>
      `Autoscaler ${p.namespace}/${p.name} 可能把 ${p.workload} 從 0 scale 起來（minReplicas 0）。pitcrew 無法暫停它，只能監看：請先把 minReplicas 設為 1，否則一旦發生就不會 cut-over。`,
  ),
  'guard.keda': text(
    (p) => `KEDA's ScaledObject ${p.namespace}/${p.name} scales ${p.workload}: pitcrew pauses it meanwhile.`,
    (p) => `KEDA 的 ScaledObject ${p.namespace}/${p.name} 會調整 ${p.workload}：pitcrew 會在期間內暫停它。`,
  ),
  'guard.keda-watched': text(
    (p) =>
      `KEDA's ScaledObject ${p.namespace}/${p.name} scales ${p.workload}, and pitcrew may not pause it: annotate it with autoscaling.keda.sh/paused=true, or there will be no cut-over if it scales up.`,
    (p) =>
      `KEDA 的 ScaledObject ${p.namespace}/${p.name} 會調整 ${p.workload}，而 pitcrew 無權暫停它：請加上 annotation autoscaling.keda.sh/paused=true，否則一旦 scale 起來就不會 cut-over。`,
  ),
  'guard.argo-cd': text(
    (p) =>
      `Argo CD's application ${p.application} owns ${p.workload}. It doesn't heal by itself: nobody must sync it meanwhile.`,
    (p) => `Argo CD 的 application ${p.application} 管理 ${p.workload}。它不會自動修復：期間內請勿 sync。`,
  ),
  'guard.argo-cd-self-heal': text(
    (p) =>
      `Argo CD's application ${p.application} owns ${p.workload} and heals itself: it will likely scale it up again. Switch its automated sync off meanwhile, or there will be no cut-over.`,
    (p) =>
      `Argo CD 的 application ${p.application} 管理 ${p.workload} 且啟用 selfHeal：很可能會再次 scale 起來。請先關閉 automated sync，否則不會 cut-over。`,
  ),
  'guard.argo-cd-not-known': text(
    (p) =>
      `Argo CD's application ${p.application} owns ${p.workload}; whether it heals itself is not known. Switch its automated sync off meanwhile if it does.`,
    (p) =>
      `Argo CD 的 application ${p.application} 管理 ${p.workload}；不知道是否啟用 selfHeal。如果有，請先關閉 automated sync。`,
  ),
  'guard.flux': text(
    (p) => `Flux owns ${p.workload} (${p.kind} ${p.namespace}/${p.name}): pitcrew suspends it meanwhile.`,
    (p) => `Flux 管理 ${p.workload}（${p.kind} ${p.namespace}/${p.name}）：pitcrew 會在期間內 suspend 它。`,
  ),
  'guard.flux-watched': text(
    (p) =>
      `Flux owns ${p.workload} (${p.kind} ${p.namespace}/${p.name}), and pitcrew may not suspend it: suspend it by hand meanwhile, or there will be no cut-over if it scales up.`,
    (p) =>
      `Flux 管理 ${p.workload}（${p.kind} ${p.namespace}/${p.name}），而 pitcrew 無權 suspend 它：請先手動 suspend，否則一旦 scale 起來就不會 cut-over。`,
  ),
  'guard.schedule': text(
    (p) => `CronJob ${p.workload} (${p.schedule}) is suspended meanwhile; what it has begun is waited for.`,
    (p) => `CronJob ${p.workload}（${p.schedule}）會在期間內 suspend；已開始的 Job 會等它結束。`,
  ),
  'guard.schedule-suspended': text(
    (p) => `CronJob ${p.workload} (${p.schedule}) is suspended already, and stays so afterwards.`,
    (p) => `CronJob ${p.workload}（${p.schedule}）已經 suspend，之後也維持如此。`,
  ),
  'guard.schedule-running': text(
    (p) => `CronJob ${p.workload} has ${p.jobs} Jobs running: the restore waits until they have ended.`,
    (p) => `CronJob ${p.workload} 有 ${p.jobs} 個 Jobs 正在執行：restore 會等它們結束。`,
  ),
  'guard.stopped-already-annotation': text(
    (p) => `${p.workload} stands at 0 already. It comes back with ${p.replicas}, as pitcrew once wrote down.`,
    (p) => `${p.workload} 已經是 0 個 replicas。之後會恢復為 ${p.replicas} 個（依 pitcrew 先前的記錄）。`,
  ),
  'guard.stopped-already-autoscaler': text(
    (p) => `${p.workload} stands at 0 already. It comes back with ${p.replicas}, the least that its autoscaler keeps.`,
    (p) => `${p.workload} 已經是 0 個 replicas。之後會恢復為 ${p.replicas} 個（autoscaler 的最小值）。`,
  ),
  'guard.stopped-already-config': text(
    (p) => `${p.workload} stands at 0 already. It comes back with ${p.replicas}, as the config says.`,
    (p) => `${p.workload} 已經是 0 個 replicas。之後會恢復為 ${p.replicas} 個（依設定）。`,
  ),
  'guard.left-stopped': text(
    (p) => `${p.workload} was left stopped by operation ${p.holder}, which is over: this restore takes it over.`,
    (p) => `${p.workload} 由已結束的 operation ${p.holder} 停止後留下：這次 restore 會接手。`,
  ),
  'guard.not-known': text(
    (p) =>
      `pitcrew may not ${p.verb} ${p.resource} in namespace ${p.namespace}: whether one of them starts the application again is not known.`,
    (p) =>
      `pitcrew 無權在 namespace ${p.namespace} ${p.verb} ${p.resource}：不知道其中是否有會再次啟動 application 的。`,
  ),
  'guard.session': text(
    (p) => `Somebody else is on the database, and must be gone before the cut-over: ${showSession(p)}.`,
    (p) => `有其他人連線到 database，必須在 cut-over 之前離開：${showSession(p)}。`,
  ),
  'guard.client-unknown': text(
    (p) =>
      `The application's role is connected from where none of its known pods is: ${showSession(p)}. Is a workload missing in the config?`,
    (p) => `Application 的 role 從已知 pods 以外的位址連線：${showSession(p)}。設定中是否漏了某個 workload？`,
  ),
  'guard.sessions-not-known': text(
    () => 'The live database does not answer: who else is connected to it is not known.',
    () => '線上的 database 沒有回應：不知道還有誰連線到它。',
  ),
};
