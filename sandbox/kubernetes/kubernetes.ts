import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Household } from '../household.ts';
import type { Paces } from './container.ts';
import { type ControllerPaces, startControllers } from './controllers/controllers.ts';
import { fireNow } from './controllers/cron-jobs.ts';
import { createFaults, type Faults } from './faults.ts';
import { startKubelet } from './kubelet.ts';
import { openListener } from './listener.ts';
import type { Pod } from './objects.ts';
import { createPages } from './pages.ts';
import { findPrivateTmp } from './private-tmp.ts';
import { parseLabelSelector } from './selectors.ts';
import { createHandler } from './server.ts';
import { startServiceProxy } from './service-proxy.ts';
import { createStore } from './store.ts';
import { createUpgradeHandler } from './upgrade.ts';

export interface KubernetesOptions {
  readonly household: Household;
  /** What each image runs. */
  readonly images: Readonly<Record<string, readonly string[]>>;
  /** Besides `default`; unset: `production`. */
  readonly namespaces?: readonly string[];
  /** Unset paces are those of a real cluster. */
  readonly paces?: Partial<Paces & ControllerPaces> & { readonly bookmarkSeconds?: number };
}

export interface Kubernetes {
  readonly url: string;
  readonly token: string;
  readonly caFile: string;
  /** For `KUBECONFIG`; its context is named `sandbox` and its namespace is the first one. */
  readonly kubeconfigFile: string;
  /** The port of 127.0.0.1 that leads to a Service's ready pods. Waits up to 5 s for it. */
  service(namespace: string, name: string): Promise<number>;
  readonly faults: Faults;
  /** Whether each pod has a /tmp of its own; where the machine allows no mounts, all share its own. */
  readonly privateTmp: boolean;
  /**
   * Pods with these labels stay Terminating once deleted, their processes running on, as on a node that stopped answering,
   * until the returned function is called. A forced deletion (grace period 0) takes the object away and leaves the
   * process: the writer that nobody sees any more.
   */
  stuckTerminating(labelSelector: string): () => void;
  /**
   * Runs a CronJob as if its time had come, by its own rules (nothing while it is suspended, `concurrencyPolicy` holds).
   * Returns the Job's name, undefined when it started none. Throws when there is no such CronJob.
   */
  fireCronJob(namespace: string, name: string): string | undefined;
  /** An API group (`keda.sh`, `argoproj.io`) that this cluster doesn't have, until the returned function is called: 404. */
  withoutGroup(group: string): () => void;
  /** Cuts every connection and answers none for so long, as the restart of an API server does. Pods run on. */
  outage(seconds: number): Promise<void>;
  close(): Promise<void>;
}

const realPaces: Paces & ControllerPaces & { bookmarkSeconds: number } = {
  restartSeconds: 1,
  backOffSeconds: 10,
  maxBackOffSeconds: 300,
  jobBackOffSeconds: 10,
  maxJobBackOffSeconds: 600,
  autoscalerSeconds: 15,
  kedaSeconds: 30,
  bookmarkSeconds: 60,
};

/** Starts the sandbox's cluster: an API server for kubectl and client libraries whose pods are processes of this machine. */
export async function startKubernetes({
  household,
  images,
  namespaces = ['production'],
  paces: chosen = {},
}: KubernetesOptions): Promise<Kubernetes> {
  const paces = { ...realPaces, ...chosen };
  const store = createStore();
  for (const name of new Set(['default', ...namespaces])) {
    store.create('namespaces', {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name },
      status: { phase: 'Active' },
    });
  }
  const privateTmp = await findPrivateTmp(household.folder);
  const kubelet = startKubelet({ store, household, images, paces, privateTmp });
  const demand = { load: false, hpaFightsBack: false };
  const stopControllers = startControllers(store, paces, demand);
  const proxy = startServiceProxy(store);
  const absentGroups = new Set<string>();
  const token = randomBytes(16).toString('hex');
  const folder = join(household.folder, 'kubernetes');
  const listener = await openListener(folder);
  const faults = createFaults(store, { dropStreams: listener.dropStreams, demand, evict: kubelet.evict });
  const deps = {
    pages: createPages(),
    store,
    kubelet,
    faults,
    token,
    absentGroups,
    bookmarkSeconds: paces.bookmarkSeconds,
  };
  listener.serve(createHandler(deps), createUpgradeHandler(deps));
  const { url, caFile } = listener;
  const kubeconfigFile = writeKubeconfig(folder, { url, token, caFile, namespace: namespaces[0] ?? 'default' });
  return {
    url,
    token,
    caFile,
    kubeconfigFile,
    faults,
    privateTmp: privateTmp !== undefined,
    service: (namespace, name) => proxy.port(namespace, name),
    stuckTerminating(labelSelector) {
      const matches = parseLabelSelector(labelSelector);
      return kubelet.holdTerminating(({ metadata }: Pod) => matches(metadata.labels));
    },
    withoutGroup(group) {
      absentGroups.add(group);
      return () => void absentGroups.delete(group);
    },
    fireCronJob: (namespace, name) => fireNow(store, namespace, name),
    async outage(seconds) {
      await listener.shut();
      await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
      await listener.reopen();
    },
    async close() {
      stopControllers();
      await Promise.all([kubelet.close(), proxy.close(), listener.shut()]);
    },
  };
}

function writeKubeconfig(
  folder: string,
  { url, token, caFile, namespace }: { url: string; token: string; caFile: string; namespace: string },
): string {
  const file = join(folder, 'kubeconfig');
  const lines = [
    'apiVersion: v1',
    'kind: Config',
    'current-context: sandbox',
    'clusters:',
    `- { name: sandbox, cluster: { server: "${url}", certificate-authority: "${caFile}" } }`,
    'users:',
    `- { name: pitcrew, user: { token: "${token}" } }`,
    'contexts:',
    `- { name: sandbox, context: { cluster: sandbox, user: pitcrew, namespace: ${namespace} } }`,
  ];
  writeFileSync(file, `${lines.join('\n')}\n`, { mode: 0o600 });
  return file;
}
