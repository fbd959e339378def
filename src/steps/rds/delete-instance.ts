import { z } from 'zod';
import type { Rds } from '../../clients/rds.ts';
import type { SecretDocument, Secrets } from '../../clients/secrets.ts';
import type { CleanupOutputs } from '../../domain/cleanup.ts';
import { permanent } from '../../domain/errors.ts';
import { done, irreversible, type Step } from '../../domain/step.ts';
import { inputOf } from '../step-input.ts';
import { leftInstance } from './left-instance.ts';
import type { RdsIn } from './rds-in.ts';

export const deleteInstanceInput = z.object({
  region: z.string().min(1),
  instance: z.string().min(1),
  resourceId: z.string().min(1),
  /** Where it answered when people approved. */
  address: z.object({ host: z.string().min(1), port: z.number().int().positive() }),
  /** Of the snapshot without which nothing is deleted. */
  snapshot: z.string().min(1),
  /** Every environment of the config, and where its secret says which database it uses. */
  environments: z
    .array(
      z.object({
        name: z.string().min(1),
        region: z.string().min(1),
        secret: z.string().min(1),
        keys: z.object({ host: z.string().min(1), port: z.string().min(1), readHost: z.string().optional() }),
      }),
    )
    .min(1),
});
export type DeleteInstanceInput = z.infer<typeof deleteInstanceInput>;

interface Needed {
  readonly rds: RdsIn<'findInstance' | 'findSnapshot' | 'deleteInstance'>;
  readonly secrets: (region: string) => Pick<Secrets, 'current'>;
}

/**
 * The step that can't be taken back. Right before it is looked once more whether it is that instance, whether its data is
 * kept, whether somebody protected it again, and whether any environment's secret points to it.
 */
export function deleteInstance({ rds, secrets }: Needed): Step {
  return {
    id: 'delete-instance',
    fence: 'resource-id',
    publishes: true,
    undo: irreversible,
    async run({ input: given, signal }) {
      const input = inputOf(deleteInstanceInput, given);
      const { instance: id } = input;
      const here = rds(input.region);
      const found = await leftInstance(here, input);
      const already = { instanceId: id, already: true } satisfies Output;
      if (!found || found.status === 'deleting') return done(already);
      await proveKept(here, input);
      if (found.settings.DeletionProtection) throw permanent('cleanup.protected-again', { instance: id });
      if (found.attached.readReplicas.length > 0)
        throw permanent('cleanup.replicas', { instance: id, replicas: [...found.attached.readReplicas] });
      for (const environment of input.environments) {
        const { document } = await secrets(environment.region).current(environment.secret);
        const addresses = [input.address, ...(found.endpoint ? [found.endpoint] : [])];
        if (addresses.some((address) => pointsTo(document, environment.keys, address)))
          throw permanent('cleanup.live', { instance: id, environment: environment.name });
      }
      signal.throwIfAborted();
      const answer = await here.deleteInstance(id);
      return done(answer === 'gone' ? already : ({ instanceId: id, already: false } satisfies Output));
    },
  };
}

type Output = CleanupOutputs['delete-instance'];

/** @throws PitcrewError `cleanup.not-kept`: without its snapshot the data would be gone for good */
export async function proveKept(
  rds: Pick<Rds, 'findSnapshot'>,
  { snapshot: id, resourceId, instance }: Pick<DeleteInstanceInput, 'snapshot' | 'resourceId' | 'instance'>,
): Promise<void> {
  const found = await rds.findSnapshot(id);
  if (found?.status === 'available' && found.resourceId === resourceId) return;
  throw permanent('cleanup.not-kept', { instance, snapshot: id, status: found?.status ?? '' });
}

type SecretKeys = DeleteInstanceInput['environments'][number]['keys'];

/** PostgreSQL's own port: what a secret without one means. */
const defaultPort = 5432;

/** Whether an application's secret names this address, for writing or for reading. Names of hosts know no case. */
export function pointsTo(
  document: SecretDocument,
  keys: SecretKeys,
  { host, port }: { readonly host: string; readonly port: number },
): boolean {
  if (Number(document[keys.port] || defaultPort) !== port) return false;
  const named = [keys.host, ...(keys.readHost ? [keys.readHost] : [])].map((key) => String(document[key] ?? ''));
  return named.some((one) => one.toLowerCase() === host.toLowerCase());
}
