import type { Kubernetes } from '../../clients/kubernetes.ts';
import type { ObjectView, PodView } from '../../clients/kubernetes-views.ts';
import type { Json, JsonObject } from '../../domain/json.ts';
import type { Instant } from '../../domain/time.ts';
import { hasEnded, listed, objectAt, textAt } from './workload.ts';

export type Looks = Pick<Kubernetes, 'find' | 'list' | 'pods'>;

/** What of a workload runs, or may at any moment. */
export interface Running {
  /** Terminating ones included; without those that have ended. */
  readonly pods: readonly PodView[];
  /** Jobs of a CronJob that haven't ended: such a Job makes another pod when one fails. */
  readonly jobs: readonly string[];
  /** Of a CronJob: when its newest Job was made. */
  readonly newestJobAt?: Instant;
}

export async function running(cluster: Looks, workload: ObjectView): Promise<Running> {
  if (workload.kind === 'cron-job') return runningJobs(cluster, workload);
  const pods = await cluster.pods(workload, selectorText(objectAt(workload.spec, 'selector')));
  return { pods: pods.filter(({ ended }) => !ended), jobs: [] };
}

async function runningJobs(cluster: Looks, cronJob: ObjectView): Promise<Running> {
  const own = await jobsOf(cluster, cronJob);
  const newestJobAt = own
    .map(({ createdAt }) => createdAt ?? '')
    .sort()
    .at(-1);
  const names = new Set(own.map(({ name }) => name));
  // A Job that was deleted may leave pods that are still Terminating: those are told by the name that it had.
  const scheduled = new RegExp(`^${cronJob.name}-\\d+$`);
  const pods = (await cluster.pods(cronJob, 'job-name')).filter(
    ({ ended, job = '' }) => !ended && (names.has(job) || scheduled.test(job)),
  );
  return {
    pods,
    jobs: own.filter((job) => !hasEnded(job)).map(({ name }) => name),
    ...(newestJobAt ? { newestJobAt } : {}),
  };
}

/** Those that a CronJob made, by itself or because somebody asked it to (`kubectl create job --from`). */
async function jobsOf(cluster: Looks, cronJob: ObjectView): Promise<readonly ObjectView[]> {
  const jobs = (await cluster.list('job', cronJob)) ?? [];
  return jobs.filter(({ owners }) => owners.some(({ uid }) => uid === cronJob.uid));
}

const operators: Readonly<Record<string, string>> = { In: 'in', NotIn: 'notin' };

/** A selector in the API's query syntax (Kubernetes documentation, "Labels and Selectors"). */
export function selectorText(selector: JsonObject): string {
  const equal = Object.entries(objectAt(selector, 'matchLabels')).map(([key, value]) => `${key}=${String(value)}`);
  const sets = listed(selector.matchExpressions).map((expression) => {
    const [key, operator] = [textAt(expression, 'key'), textAt(expression, 'operator')];
    if (operator === 'Exists') return key;
    if (operator === 'DoesNotExist') return `!${key}`;
    return `${key} ${operators[operator]} (${texts(expression.values).join(',')})`;
  });
  return [...equal, ...sets].join(',');
}

const texts = (value: Json | undefined): readonly string[] =>
  Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
