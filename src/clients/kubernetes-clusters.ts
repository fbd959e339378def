import { AuthorizationV1Api, CoreV1Api, CustomObjectsApi, KubeConfig } from '@kubernetes/client-node';
import { permanent } from '../domain/errors.ts';

/** One cluster's API as the kubeconfig stands now. */
export interface Cluster {
  /** With this cluster as the current one. */
  readonly config: KubeConfig;
  readonly core: CoreV1Api;
  /** Serves every kind below `/apis`, Kubernetes' own too: one way to read and patch them all. */
  readonly objects: CustomObjectsApi;
  readonly authorization: AuthorizationV1Api;
}

export interface Clusters {
  /** `''` is the current context. @throws PitcrewError `kubernetes.no-context`, `kubernetes.kubeconfig` */
  of(context: string): Cluster;
  /** The name of the context that is meant, for people to read. */
  named(context: string): string;
  /** Reads the kubeconfig again: the cluster took these credentials no more. */
  refresh(): void;
}

/** A kubeconfig is rewritten by whoever renews its tokens: no older than this is used. */
const freshSeconds = 10;

/**
 * Clusters by the contexts of the kubeconfig (`KUBECONFIG`, `~/.kube/config`, or the service account of the pod that
 * this runs in). It is read again when it has become old or a cluster refuses it; clients stay while it says the same.
 */
export function clusters(): Clusters {
  let config: KubeConfig | undefined;
  let text = '';
  let readAt = 0;
  const known = new Map<string, Cluster>();
  const current = (): KubeConfig => {
    if (config && performance.now() - readAt < freshSeconds * 1000) return config;
    const { read, says } = readConfig();
    readAt = performance.now();
    if (config && says === text) return config;
    known.clear();
    [config, text] = [read, says];
    return read;
  };
  return {
    of(context) {
      const { clusters: all, users, contexts, currentContext } = current();
      const present = known.get(context);
      if (present) return present;
      const own = new KubeConfig();
      own.loadFromOptions({ clusters: all, users, contexts, currentContext: context || currentContext });
      if (!own.getCurrentCluster()) throw permanent('kubernetes.no-context', { cluster: context || currentContext });
      const made = {
        config: own,
        core: own.makeApiClient(CoreV1Api),
        objects: own.makeApiClient(CustomObjectsApi),
        authorization: own.makeApiClient(AuthorizationV1Api),
      };
      known.set(context, made);
      return made;
    },
    named: (context) => context || nameOfCurrent(current),
    refresh() {
      config = undefined;
    },
  };
}

function nameOfCurrent(current: () => KubeConfig): string {
  try {
    return current().currentContext || 'current';
  } catch {
    return 'current'; // The call itself will say what is wrong with the kubeconfig.
  }
}

function readConfig(): { readonly read: KubeConfig; readonly says: string } {
  const read = new KubeConfig();
  try {
    read.loadFromDefault();
  } catch (error) {
    throw permanent('kubernetes.kubeconfig', {}, error);
  }
  return { read, says: read.exportConfig() };
}
