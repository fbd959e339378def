import { z } from 'zod';
import type { Kubernetes } from '../../clients/kubernetes.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { InstanceIdentity, RestoreOutputs } from '../../domain/restore.ts';
import { done, type Step, type StepContext, undoBy } from '../../domain/step.ts';
import type { Credentials } from '../../verification/access.ts';
import { inputOf, roleSecretInput } from '../step-input.ts';
import { jobLabels, jobName, loginVariables, removeOwn, startSuspended } from './suspended-job.ts';

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

/** Finished Jobs go by themselves, and their Secret with them (Kubernetes documentation, "TTL-after-finished Controller"). */
const keptSeconds = 600;

export const checkJobName = (operation: string) => jobName('check', operation);

/** Starts the team's own check as a Job against the restored database. */
export function startCheckJob({ cluster, access }: Dependencies): Step {
  return {
    id: 'start-check-job',
    fence: 'derived-name+tag',
    async run(context) {
      const input = inputOf(checkJobInput, context.input);
      const ref = jobOf(input, context);
      const started = await startSuspended(cluster, context, {
        ref,
        body: jobBody(ref.name, input, context.operation),
        values: async () => {
          const { host, port } = context.output('await-instance') as InstanceIdentity;
          return loginVariables({ host, port, database: input.database }, await access.credentials(input.verifyRole));
        },
        taken: 'restore.check-job-taken',
      });
      return done<RestoreOutputs['start-check-job']>(started);
    },
    undo: undoBy(async (context) => {
      const ref = jobOf(inputOf(checkJobInput, context.input), context);
      return done({ removed: await removeOwn(cluster, ref, context.operation) });
    }),
  };
}

export const jobOf = ({ cluster, namespace }: CheckJobInput, { operation }: Pick<StepContext, 'operation'>) =>
  ({ cluster, namespace, kind: 'job', name: checkJobName(operation) }) as const;

function jobBody(name: string, { image, args, withinSeconds }: CheckJobInput, operation: string): JsonObject {
  const labels = jobLabels(operation);
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
