import type { Kubernetes, Right } from '../clients/kubernetes.ts';
import type { Place } from '../clients/kubernetes-resources.ts';
import { permanent } from '../domain/errors.ts';
import type { Inspector } from '../domain/inspection.ts';
import type { Environment } from '../domain/settings.ts';

type Asked = Omit<Right, keyof Place>;

/** What a Job of pitcrew's takes, its Secret and its log among it: the Role `pitcrew-check` of src/steps/kubernetes/README.md. */
const jobRights: readonly Asked[] = [
  ...(['create', 'get', 'patch', 'delete'] as const).map((verb) => ({ verb, resource: 'jobs.batch' })),
  { verb: 'create', resource: 'secrets' },
  { verb: 'list', resource: 'pods' },
  { verb: 'get', resource: 'pods/log' },
];

/** A program is started in a pod with a GET; from Kubernetes 1.35 on with the right to `create` as well. */
export const execRights: readonly Asked[] = [
  { verb: 'get', resource: 'pods/exec' },
  { verb: 'create', resource: 'pods/exec' },
];

/** Whether pitcrew may run Jobs where dumps and the team's own check have theirs. */
export async function inspectJobs(
  inspector: Inspector,
  cluster: Pick<Kubernetes, 'may'>,
  { name, workloads: [beside], dumps, checks: { command } }: Environment,
): Promise<void> {
  const at = `environments.${name}`;
  const jobs = async (path: string, place: Place) => {
    await inspector.look(path, 'job-rights', () => noteMissing(inspector, cluster, { path, place }, jobRights));
  };
  if (dumps?.runner === 'job') await jobs(`${at}.dumps.runner`, beside ?? { cluster: '', namespace: 'default' });
  if (command) await jobs(`${at}.checks.command`, command);
}

/**
 * Asks of each right whether pitcrew has it: tried is none. Each that it lacks is a fault of its own; where the cluster
 * doesn't say, the operation will find out. @returns whether none is lacking
 */
export async function noteMissing(
  inspector: Inspector,
  cluster: Pick<Kubernetes, 'may'>,
  { path, place: { cluster: at, namespace } }: { readonly path: string; readonly place: Place },
  rights: readonly Asked[],
): Promise<boolean> {
  const place = { cluster: at, namespace };
  const answers = await Promise.all(rights.map((right) => cluster.may({ ...place, ...right })));
  const missing = rights.filter((_, i) => answers[i] === false);
  for (const right of missing) inspector.note(path, permanent('kubernetes.denied', { ...place, name: '*', ...right }));
  return missing.length === 0;
}
