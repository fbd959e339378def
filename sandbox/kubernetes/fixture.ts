import { execFile, spawnSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  AppsV1Api,
  AutoscalingV2Api,
  BatchV1Api,
  CoreV1Api,
  CustomObjectsApi,
  KubeConfig,
  type V1Deployment,
} from '@kubernetes/client-node';
import { type Household, openHousehold } from '../household.ts';
import { type Kubernetes, startKubernetes } from './kubernetes.ts';

/** A cluster with small images for the tests: one that answers, one that takes its time to end, one that crashes. */
export interface Fixture {
  readonly household: Household;
  readonly cluster: Kubernetes;
  readonly config: KubeConfig;
  readonly core: CoreV1Api;
  readonly apps: AppsV1Api;
  readonly batch: BatchV1Api;
  readonly autoscaling: AutoscalingV2Api;
  readonly custom: CustomObjectsApi;
  kubectl(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }>;
  close(): Promise<void>;
}

const web = `
  const server = require('node:http').createServer((request, response) => {
    if (request.url !== '/healthz') console.log('asked', request.url);
    response.end(process.env.NAME);
  });
  server.listen(process.env.PORT, '127.0.0.1', () => console.log('listening', process.pid));
  process.on('SIGTERM', () => { console.log('ending'); setTimeout(() => process.exit(0), Number(process.env.LINGER_MS ?? 0)); });
`;

/** Takes SECONDS and ends with EXIT_CODE; says what it was given and how it was asked to end. */
const task = `
  console.log('hello', process.env.GREETING ?? '');
  process.on('SIGTERM', () => { console.log('told to end'); if (!process.env.STUBBORN) process.exit(143); });
  setTimeout(() => process.exit(Number(process.env.EXIT_CODE ?? 0)), 1000 * Number(process.env.SECONDS ?? 0));
`;

const images = {
  'test/task:1': [process.execPath, '-e', task],
  'test/web:1': [process.execPath, '-e', web],
  /** Runs the script that its first argument is. */
  'test/shell:1': ['/bin/sh', '-c'],
  'test/crash:1': [process.execPath, '-e', 'console.log("cannot go on"); process.exit(3)'],
};

export async function startFixture(): Promise<Fixture> {
  const household = openHousehold('pitcrew-kubernetes-test');
  const cluster = await startKubernetes({
    household,
    images,
    paces: {
      ...{ restartSeconds: 0.1, backOffSeconds: 0.3, maxBackOffSeconds: 1, probeSeconds: 0.1, bookmarkSeconds: 0.3 },
      ...{
        jobBackOffSeconds: 0.1,
        maxJobBackOffSeconds: 1,
        autoscalerSeconds: 0.2,
        kedaSeconds: 0.2,
        gitOpsSeconds: 0.2,
      },
    },
  });
  const config = new KubeConfig();
  config.loadFromFile(cluster.kubeconfigFile);
  return {
    household,
    cluster,
    config,
    core: config.makeApiClient(CoreV1Api),
    apps: config.makeApiClient(AppsV1Api),
    batch: config.makeApiClient(BatchV1Api),
    autoscaling: config.makeApiClient(AutoscalingV2Api),
    custom: config.makeApiClient(CustomObjectsApi),
    kubectl: kubectlIn(cluster, household),
    async close() {
      await cluster.close();
      await household.close();
    },
  };
}

/** Runs kubectl on a cluster; resolves whatever its exit code. */
export const kubectlIn =
  ({ kubeconfigFile }: Kubernetes, household: Household): Fixture['kubectl'] =>
  (...args) =>
    new Promise((resolve) => {
      const env = { ...process.env, KUBECONFIG: kubeconfigFile, HOME: household.folder };
      execFile('kubectl', args, { env }, (error, stdout, stderr) => {
        resolve({ code: error ? Number(error.code ?? 1) : 0, stdout, stderr });
      });
    });

export const kubectlMissing = spawnSync('kubectl', ['version', '--client']).status !== 0;

export function webDeployment(
  name: string,
  replicas: number,
  { image = 'test/web:1', lingerMs = 0 } = {},
): V1Deployment {
  const labels = { app: name };
  return {
    metadata: { name, namespace: 'production', labels, annotations: {} },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          terminationGracePeriodSeconds: 5,
          containers: [
            {
              name,
              image,
              ports: [{ containerPort: 8080, name: 'http' }],
              env: [
                { name: 'NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
                { name: 'LINGER_MS', value: String(lingerMs) },
              ],
              readinessProbe: { httpGet: { path: '/healthz', port: 'http' } },
            },
          ],
        },
      },
    },
  };
}

/** Asks again and again until the answer is there; throws after 15 s. */
export async function eventually<T>(
  what: string,
  look: () => Promise<T | undefined | false> | T | undefined | false,
): Promise<T> {
  for (let waited = 0; waited < 15_000; waited += 50) {
    const found = await look();
    if (found) return found;
    await sleep(50);
  }
  throw new Error(`it never came about that ${what}`);
}

export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
