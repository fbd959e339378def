import { z } from 'zod';
import type { Kubernetes } from '../../clients/kubernetes.ts';
import { permanent } from '../../domain/errors.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { InstanceIdentity, RestoreOutputs } from '../../domain/restore.ts';
import { Secret } from '../../domain/secret.ts';
import { done, type Step, type StepContext, undoBy } from '../../domain/step.ts';
import type { Credentials } from '../../verification/access.ts';
import { inputOf, roleSecretInput } from '../step-input.ts';

export const checkJobInput = z.object({
  cluster: z.string(),
  namespace: z.string().min(1),
  image: z.string().min(1),
  args: z.array(z.string()),
  withinSeconds: z.number().int().positive(),
  /** The database's name on the new instance, whose address comes from `await-instance`. */
  database: z.string().min(1),
  /** Whose login the command gets: it can only read. */
  verifyRole: roleSecretInput,
});
export type CheckJobInput = z.infer<typeof checkJobInput>;

interface Dependencies {
  readonly cluster: Pick<Kubernetes, 'find' | 'patch' | 'create' | 'remove' | 'createSecret'>;
  readonly access: { readonly credentials: Credentials };
}

export const operationLabel = 'pitcrew/operation';
/** Finished Jobs go by themselves, and their Secret with them (Kubernetes documentation, "TTL-after-finished Controller"). */
const keptSeconds = 600;

/** The Job of an operation. A label's value and an object's name both end where the API lets them: 63 characters. */
export const checkJobName = (operation: string) =>
  `pitcrew-check-${operation.toLowerCase().replaceAll(/[^a-z0-9-]/g, '-')}`.slice(0, 63).replace(/-+$/, '');

/**
 * Starts the team's own check as a Job against the restored database. The login stands in a Secret that belongs to the
 * Job, never in the Job itself; the Job is made suspended, so that it doesn't begin before the Secret is there.
 */
export function startCheckJob({ cluster, access }: Dependencies): Step {
  return {
    id: 'start-check-job',
    fence: 'derived-name+tag',
    async run(context) {
      const input = inputOf(checkJobInput, context.input);
      const ref = jobOf(input, context);
      const made = await cluster.create(ref, jobBody(ref.name, input, context.operation));
      const job = await cluster.find(ref);
      if (job?.labels[operationLabel] !== context.operation)
        throw permanent('restore.check-job-taken', { job: ref.name, namespace: ref.namespace });
      if (job.spec.suspend === true) {
        await cluster.createSecret({
          ...ref,
          labels: { [operationLabel]: context.operation },
          values: await login(access, input, context),
          job,
        });
        context.signal.throwIfAborted();
        await cluster.patch(ref, [
          { op: 'test', path: '/metadata/uid', value: job.uid },
          { op: 'replace', path: '/spec/suspend', value: false },
        ]);
      }
      return done<RestoreOutputs['start-check-job']>({ job: ref.name, adopted: made === 'exists' });
    },
    undo: undoBy(async (context) => {
      const ref = jobOf(inputOf(checkJobInput, context.input), context);
      const job = await cluster.find(ref);
      const mine = job?.labels[operationLabel] === context.operation;
      if (mine) await cluster.remove(ref);
      return done({ removed: mine });
    }),
  };
}

export const jobOf = ({ cluster, namespace }: CheckJobInput, { operation }: Pick<StepContext, 'operation'>) =>
  ({ cluster, namespace, kind: 'job', name: checkJobName(operation) }) as const;

async function login(
  { credentials }: Dependencies['access'],
  { verifyRole, database }: CheckJobInput,
  context: StepContext,
): Promise<Readonly<Record<string, Secret>>> {
  const { host, port } = context.output('await-instance') as InstanceIdentity;
  const { user, password } = await credentials(verifyRole);
  return {
    PGHOST: new Secret(host),
    PGPORT: new Secret(String(port)),
    PGDATABASE: new Secret(database),
    PGUSER: new Secret(user),
    PGPASSWORD: password,
    PGSSLMODE: new Secret('require'),
  };
}

function jobBody(name: string, { image, args, withinSeconds }: CheckJobInput, operation: string): JsonObject {
  const labels = { [operationLabel]: operation, 'app.kubernetes.io/managed-by': 'pitcrew' };
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name, labels },
    spec: {
      suspend: true,
      backoffLimit: 0,
      activeDeadlineSeconds: withinSeconds,
      ttlSecondsAfterFinished: keptSeconds,
      template: {
        metadata: { labels },
        spec: {
          restartPolicy: 'Never',
          automountServiceAccountToken: false,
          containers: [{ name: 'check', image, args, envFrom: [{ secretRef: { name } }] }],
        },
      },
    },
  };
}
