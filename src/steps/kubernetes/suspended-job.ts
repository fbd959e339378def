import type { Kubernetes } from '../../clients/kubernetes.ts';
import type { DatabaseAddress, DatabaseLogin } from '../../clients/postgres.ts';
import { permanent } from '../../domain/errors.ts';
import type { JsonObject } from '../../domain/json.ts';
import { Secret } from '../../domain/secret.ts';
import type { StepContext } from '../../domain/step.ts';

/** By this label a Job, and its Secret, are known as an operation's own. */
export const operationLabel = 'pitcrew/operation';

export interface JobRef {
  readonly cluster: string;
  readonly namespace: string;
  readonly kind: 'job';
  readonly name: string;
}

/** A label's value and an object's name both end where the API lets them: 63 characters. */
export const jobName = (what: string, operation: string) =>
  `pitcrew-${what}-${operation.toLowerCase().replaceAll(/[^a-z0-9-]/g, '-')}`.slice(0, 63).replace(/-+$/, '');

export const jobLabels = (operation: string) => ({
  [operationLabel]: operation,
  'app.kubernetes.io/managed-by': 'pitcrew',
});

/** libpq's variables (PostgreSQL manual, "Environment Variables"). */
export const loginVariables = (
  { host, port, database }: DatabaseAddress,
  { user, password }: DatabaseLogin,
): Readonly<Record<string, Secret>> => ({
  PGHOST: new Secret(host),
  PGPORT: new Secret(String(port)),
  PGDATABASE: new Secret(database),
  PGUSER: new Secret(user),
  PGPASSWORD: password,
  PGSSLMODE: new Secret('require'),
});

interface Wanted {
  readonly ref: JobRef;
  /** The whole Job, `spec.suspend: true`. */
  readonly body: JsonObject;
  /** What its Secret holds, asked for only when there is none yet. */
  values(): Promise<Readonly<Record<string, Secret>>>;
  /** The code of the error when the name is somebody else's. */
  readonly taken: string;
}

/**
 * Starts a Job whose login stands in a Secret that belongs to it, never in the Job itself; it is made suspended, so that
 * it doesn't begin before the Secret is there. Whoever takes the step over finds what there is and does the rest.
 * @throws PitcrewError with the code `taken`
 */
export async function startSuspended(
  cluster: Pick<Kubernetes, 'find' | 'patch' | 'create' | 'createSecret'>,
  { operation, signal }: Pick<StepContext, 'operation' | 'signal'>,
  { ref, body, values, taken }: Wanted,
): Promise<{ readonly job: string; readonly adopted: boolean }> {
  const made = await cluster.create(ref, body);
  const job = await cluster.find(ref);
  if (job?.labels[operationLabel] !== operation) throw permanent(taken, { job: ref.name, namespace: ref.namespace });
  if (job.spec.suspend === true) {
    await cluster.createSecret({ ...ref, labels: { [operationLabel]: operation }, values: await values(), job });
    signal.throwIfAborted();
    await cluster.patch(ref, [
      { op: 'test', path: '/metadata/uid', value: job.uid },
      { op: 'replace', path: '/spec/suspend', value: false },
    ]);
  }
  return { job: ref.name, adopted: made === 'exists' };
}

/** @returns whether there was a Job of this operation to remove */
export async function removeOwn(
  cluster: Pick<Kubernetes, 'find' | 'remove'>,
  ref: JobRef,
  operation: string,
): Promise<boolean> {
  const job = await cluster.find(ref);
  const mine = job?.labels[operationLabel] === operation;
  if (mine) await cluster.remove(ref);
  return mine;
}
