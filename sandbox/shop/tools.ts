import {
  AppsV1Api,
  CoreV1Api,
  type KubeConfig,
  PatchStrategy,
  setHeaderOptions,
  type V1Deployment,
} from '@kubernetes/client-node';
import { shopNamespace } from './manifests.ts';

const toolsImage = 'acme/postgres-client:15';
const secretName = 'ecommerce-database';
const serviceFile = 'pg_service.conf';

/** Where the database is, and who may do everything in it. */
export interface DatabaseAdmin {
  readonly host: string;
  readonly port: string;
  readonly database: string;
  readonly user: string;
  readonly password: string;
}

/**
 * The pod to `kubectl exec` into while the shop is scaled to 0: PostgreSQL's client programs, `tar` and a shell. Who logs
 * in is in its environment; where the database is, in a mounted file, which follows when the database moves, as the
 * environment of a pod that runs never does.
 */
function toolsDeployment(bin: string, env: Readonly<Record<string, string>>): V1Deployment {
  const labels = { app: 'tools' };
  const fromSecret = (name: string) => ({ name, valueFrom: { secretKeyRef: { name: secretName, key: name } } });
  const variables = {
    PATH: `${bin}:/usr/local/bin:/usr/bin:/bin`,
    PGSERVICE: 'shop',
    PGSERVICEFILE: `$(TMPDIR)/database/${serviceFile}`,
    ...env,
  };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'tools', namespace: shopNamespace, labels },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          terminationGracePeriodSeconds: 1,
          volumes: [{ name: 'database', secret: { secretName } }],
          containers: [
            {
              name: 'tools',
              image: toolsImage,
              command: ['sleep', 'infinity'],
              env: [
                ...Object.entries(variables).map(([name, value]) => ({ name, value })),
                fromSecret('PGUSER'),
                fromSecret('PGPASSWORD'),
              ],
              volumeMounts: [{ name: 'database', mountPath: '/tmp/database' }],
            },
          ],
        },
      },
    },
  };
}

const contents = ({ host, port, database, user, password }: DatabaseAdmin) => ({
  PGUSER: user,
  PGPASSWORD: password,
  [serviceFile]: `[shop]\nhost=${host}\nport=${port}\ndbname=${database}\n`,
});

/**
 * Deploys the tools, and keeps their Secret in step with where the database is, as an operator for external secrets does:
 * looked at twice a second, without a request to anybody while nothing has changed. Returns what ends that.
 */
export async function deployTools(
  config: KubeConfig,
  { bin, env, admin }: { bin: string; env: Readonly<Record<string, string>>; admin: () => DatabaseAdmin },
): Promise<() => void> {
  const core = config.makeApiClient(CoreV1Api);
  const namespace = shopNamespace;
  let written = contents(admin());
  await core.createNamespacedSecret({ namespace, body: { metadata: { name: secretName }, stringData: written } });
  await config.makeApiClient(AppsV1Api).createNamespacedDeployment({ namespace, body: toolsDeployment(bin, env) });
  const merge = setHeaderOptions('Content-Type', PatchStrategy.MergePatch);
  const timer = setInterval(() => {
    const now = contents(admin());
    if (JSON.stringify(now) === JSON.stringify(written)) return;
    const before = written;
    written = now;
    core.patchNamespacedSecret({ namespace, name: secretName, body: { stringData: now } }, merge).catch(() => {
      written = before; // the API server is away: the next look tries again
    });
  }, 500);
  timer.unref();
  return () => clearInterval(timer);
}
