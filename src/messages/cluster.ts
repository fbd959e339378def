import { showSession } from './guards.ts';
import { type Catalogue, type ErrorCatalogue, errorText, type Recorded, type Text, text } from './text.ts';

const place = ({ cluster, namespace, name }: Recorded) => `${cluster || 'current'}/${namespace}/${name}`;
const asRole = ({ verb, resource }: Recorded) => `${verb} ${resource}`;
const contextOf = ({ context, cluster }: Recorded) => String(context || cluster || 'current');

/** The rule of RBAC that was missing. A list or a creation can't be narrowed to a name (Kubernetes documentation, "Using RBAC Authorization"); `*` is any name. */
function rule({ verb, resource, name }: Recorded): string {
  const [plural = '', ...group] = String(resource).split('.');
  const nameless = verb === 'list' || verb === 'create' || name === '*' || plural.startsWith('pods');
  const names = nameless ? '' : `, resourceNames: ["${name}"]`;
  return `{ apiGroups: ["${group.join('.')}"], resources: ["${plural}"]${names}, verbs: ["${verb}"] }`;
}

/** What went wrong between pitcrew and a Kubernetes cluster. */
export const clusterErrors: ErrorCatalogue = {
  'kubernetes.denied': errorText(
    [
      (p) => `Kubernetes refused "${asRole(p)}" on ${place(p)}.`,
      (p) => `Add this rule to pitcrew's Role in namespace ${p.namespace}, then ask again: ${rule(p)}`,
    ],
    [
      (p) => `Kubernetes 拒絕對 ${place(p)} 執行「${asRole(p)}」。`,
      (p) => `請在 namespace ${p.namespace} 的 pitcrew Role 加上這條規則，然後重新提出請求：${rule(p)}`,
    ],
  ),
  'kubernetes.unauthorized': errorText(
    [
      (p) => `The cluster does not take pitcrew's credentials any more (context ${contextOf(p)}).`,
      () => 'Renew the token or certificate in the kubeconfig that pitcrew runs with, then ask again.',
    ],
    [
      (p) => `叢集不再接受 pitcrew 的憑證（context ${contextOf(p)}）。`,
      () => '請更新 pitcrew 使用的 kubeconfig 中的 token 或憑證，然後重新提出請求。',
    ],
  ),
  'kubernetes.kubeconfig': errorText(
    [
      () => "The kubeconfig that pitcrew runs with can't be read.",
      () => 'Check the file that KUBECONFIG names: it must be a kubeconfig, readable by pitcrew.',
    ],
    [
      () => '無法讀取 pitcrew 使用的 kubeconfig。',
      () => '請檢查 KUBECONFIG 指定的檔案：必須是 pitcrew 可讀取的 kubeconfig。',
    ],
  ),
  'kubernetes.not-found': errorText(
    [
      (p) => `The cluster has no ${p.resource} ${place(p)}.`,
      () => 'Check the workloads in the config: cluster, namespace, kind and name of each.',
    ],
    [
      (p) => `叢集中沒有 ${p.resource} ${place(p)}。`,
      () => '請檢查設定中的 workloads：每一個的 cluster、namespace、種類和名稱。',
    ],
  ),
  'kubernetes.no-context': errorText(
    [
      (p) => `The kubeconfig has no context "${p.cluster}".`,
      () => 'Add the context to the kubeconfig that pitcrew runs with, or correct the cluster in the config.',
    ],
    [
      (p) => `kubeconfig 中沒有 context「${p.cluster}」。`,
      () => '請把該 context 加入 pitcrew 使用的 kubeconfig，或更正設定中的 cluster。',
    ],
  ),
  'kubernetes.unreachable': errorText(
    [
      (p) => `The Kubernetes API did not answer (context ${contextOf(p)}, for ${place(p)}).`,
      (p) =>
        `It is tried again for a while. If it stays so: is the API server of context ${contextOf(p)} up, and can pitcrew reach it?`,
    ],
    [
      (p) => `Kubernetes API 沒有回應（context ${contextOf(p)}，查詢 ${place(p)}）。`,
      (p) => `會重試一段時間。如果一直如此：context ${contextOf(p)} 的 API server 是否正常，pitcrew 是否連得到？`,
    ],
  ),
  'kubernetes.unavailable': errorText(
    [
      (p) => `The Kubernetes API answered ${p.status} for ${place(p)}: it is overloaded or restarting.`,
      () => 'Nothing to do yet: it is tried again.',
    ],
    [
      (p) => `Kubernetes API 對 ${place(p)} 回應 ${p.status}：負載過高或正在重新啟動。`,
      () => '目前不需處理：會自動重試。',
    ],
  ),
  'kubernetes.tls': errorText(
    [
      (p) => `The certificate of the Kubernetes API could not be verified (${place(p)}).`,
      () => 'Check the certificate authority in the kubeconfig.',
    ],
    [(p) => `無法驗證 Kubernetes API 的憑證（${place(p)}）。`, () => '請檢查 kubeconfig 中的 certificate authority。'],
  ),
  'kubernetes.exec-broken': errorText(
    [
      (p) => `The connection to what ran in pod ${p.namespace}/${p.pod} broke before it had ended.`,
      () => 'What came of it is discarded, and it is tried again.',
    ],
    [
      (p) => `與 pod ${p.namespace}/${p.pod} 中執行的程式的連線在結束前中斷。`,
      () => '已收到的內容會捨棄，並重新嘗試。',
    ],
  ),
  'kubernetes.exec-failed': errorText(
    [
      (p) => `Pod ${p.namespace}/${p.pod} could not run it: ${p.reason}`,
      () => 'See whether the container has that program, and a shell.',
    ],
    [(p) => `Pod ${p.namespace}/${p.pod} 無法執行：${p.reason}`, () => '請確認 container 中有該程式與 shell。'],
  ),
  'kubernetes.exec-refused': errorText(
    [
      (p) => `The cluster would run nothing in pod ${p.namespace}/${p.pod}: it has ended, or has no such container.`,
      () => 'See whether the pod runs, and what its containers are called.',
    ],
    [
      (p) => `叢集無法在 pod ${p.namespace}/${p.pod} 中執行：它已結束，或沒有這個 container。`,
      () => '請確認 pod 正在執行，以及 container 的名稱。',
    ],
  ),
  'kubernetes.exec-protocol': errorText(
    [
      (p) => `The cluster does not speak ${p.protocol}, without which an exit code is lost.`,
      () => 'It takes Kubernetes 1.30 or later, and a proxy before it that lets WebSockets through.',
    ],
    [
      (p) => `叢集不支援 ${p.protocol}，沒有它就無法得知 exit code。`,
      () => '需要 Kubernetes 1.30 以上，且前面的 proxy 必須允許 WebSocket。',
    ],
  ),
  'kubernetes.conflict': errorText(
    [
      (p) => `Somebody else keeps changing ${place(p)}.`,
      () =>
        'It is tried again. If it goes on, look for an autoscaler or a GitOps controller that works on the Deployment.',
    ],
    [
      (p) => `${place(p)} 一直被其他人更改。`,
      () => '會自動重試。如果持續發生，請檢查是否有 autoscaler 或 GitOps controller 在更改這個 Deployment。',
    ],
  ),
  'kubernetes.patch-refused': errorText(
    [
      (p) => `The cluster refused the change of ${place(p)}: it was changed since pitcrew looked. Nothing was changed.`,
      () => 'Look at the Deployment, then ask again.',
    ],
    [
      (p) => `叢集拒絕更改 ${place(p)}：pitcrew 讀取之後它已被更改。沒有任何變更。`,
      () => '請檢查該 Deployment，然後重新提出請求。',
    ],
  ),
  'kubernetes.invalid': errorText(
    [
      (p) => `The cluster holds the change of ${place(p)} to be invalid.`,
      () => 'See the log under the operation for its reasons.',
    ],
    [(p) => `叢集認為對 ${place(p)} 的更改無效。`, () => '原因請見該 operation 的 log。'],
  ),
  'kubernetes.unexpected': errorText(
    [
      (p) => `The Kubernetes API answered ${p.status} for "${asRole(p)}" on ${place(p)}.`,
      () => 'See the log under the operation.',
    ],
    [(p) => `Kubernetes API 對 ${place(p)} 的「${asRole(p)}」回應 ${p.status}。`, () => '請見該 operation 的 log。'],
  ),
  'kubernetes.fenced': errorText(
    [
      (p) => `${p.workload} carries a newer mark of this operation (${p.fence}): another worker has taken over.`,
      () => 'Nothing to do if the operation goes on or is closed. Else look at the annotation pitcrew/fence.',
    ],
    [
      (p) => `${p.workload} 上有此 operation 較新的標記（${p.fence}）：另一個 worker 已經接手。`,
      () => '如果 operation 仍在進行或已結束，不需處理。否則請檢查 annotation pitcrew/fence。',
    ],
  ),
  'kubernetes.fenced-by-other': errorText(
    [
      (p) => `${p.workload} is held by operation ${p.holder}, which is not closed.`,
      () => 'Finish or cancel that operation first. If it no longer exists, remove the annotation pitcrew/fence.',
    ],
    [
      (p) => `${p.workload} 正由尚未結束的 operation ${p.holder} 持有。`,
      () => '請先完成或取消該 operation。如果它已不存在，請移除 annotation pitcrew/fence。',
    ],
  ),
};

/** How many sessions there are beside the one that is named. */
const others = ({ sessions }: Recorded) => Number(sessions) - 1;

/** What a step waits for that looks at the cluster. */
export const clusterWaits: Catalogue = {
  'wait.pods-stopping': text(
    (p) => `Waiting for ${p.pods} pods to end`,
    (p) => `等待 ${p.pods} 個 pods 結束`,
  ),
  'wait.jobs-ending': text(
    (p) => `Waiting for ${p.jobs} Jobs of a schedule to end`,
    (p) => `等待排程的 ${p.jobs} 個 Jobs 結束`,
  ),
  'wait.stays-stopped': text(
    () => 'Watching that the application stays stopped',
    () => '持續監看 application 是否維持停止',
  ),
  'wait.smoke': text(
    (p) => `${p.url} ${p.status === 0 ? 'does not answer yet' : `answers ${p.status}`}`,
    (p) => `${p.url} ${p.status === 0 ? '尚未回應' : `回應 ${p.status}`}`,
  ),
  'wait.check-job': text(
    (p) => `Job ${p.job} runs the team's own check${p.reason ? ` (${p.reason})` : ''}`,
    (p) => `Job ${p.job} 正在執行團隊自己的檢查${p.reason ? `（${p.reason}）` : ''}`,
  ),
  'wait.sessions': text(
    (p) => `Waiting for ${showSession(p)} to leave the database${others(p) > 0 ? `, and ${others(p)} more` : ''}`,
    (p) => `等待 ${showSession(p)} 離開 database${others(p) > 0 ? `，另有 ${others(p)} 個 sessions` : ''}`,
  ),
  'wait.database-answers': text(
    () => 'Waiting for the database to answer',
    () => '等待 database 回應',
  ),
  'wait.rollout': text(
    (p) => `${p.ready} of ${p.wanted} pods are ready`,
    (p) => `${p.wanted} 個 pods 中有 ${p.ready} 個就緒`,
  ),
  'wait.sessions-on-new': text(
    (p) => `${p.pods} of ${p.of} pods have no session on the new instance yet`,
    (p) => `${p.of} 個 pods 中有 ${p.pods} 個在新 instance 上還沒有 session`,
  ),
  'wait.sessions-on-old': text(
    (p) => `The pods still hold ${p.sessions} sessions on the old instance`,
    (p) => `Pods 在舊 instance 上仍有 ${p.sessions} 個 sessions`,
  ),
  'wait.proving': text(
    (p) => `All pods are on the new instance; watching for ${p.seconds} more seconds`,
    (p) => `所有 pods 都在新 instance 上；再觀察 ${p.seconds} 秒`,
  ),
};

const note = (english: string, chinese: string): Text<Recorded> =>
  text(
    () => english,
    () => chinese,
  );

/** What the hand-over tells people to look at. */
export const handOverTexts: Catalogue = {
  'hand-over.old-instance-kept': note(
    'The old instance is kept, with the application barred from it. It costs money until somebody deletes it.',
    '舊 instance 會保留，application 已無法連線到它。在有人刪除它之前會持續計費。',
  ),
  'hand-over.infrastructure-as-code': note(
    'The new instance is not in your infrastructure as code: import it before the next terraform apply, which could else replace it.',
    '新 instance 不在 infrastructure as code 中：請在下一次 terraform apply 之前 import，否則它可能被取代。',
  ),
  'hand-over.attachments': note(
    'Read replicas, proxies, alarms, IAM role attachments and event subscriptions stay with the old instance: make them anew.',
    'Read replicas、proxies、alarms、IAM role attachments 和 event subscriptions 仍屬於舊 instance：請重新建立。',
  ),
  'hand-over.downstream': note(
    'Replication slots, change data capture, caches and search indexes may hold what the restore took away: refresh them.',
    'Replication slots、change data capture、caches 和 search indexes 可能仍保有 restore 已移除的資料：請更新它們。',
  ),
};
