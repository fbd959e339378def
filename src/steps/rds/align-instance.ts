import type { DatabaseInstance, ModifyRequest } from '../../clients/rds.ts';
import { permanent, retryable } from '../../domain/errors.ts';
import type { Json, JsonObject } from '../../domain/json.ts';
import type { RestoreOutputs } from '../../domain/restore.ts';
import { done, keptAsEvidence, object, type Step, text } from '../../domain/step.ts';
import { isTerminal } from './await-instance.ts';
import type { RdsIn } from './rds-in.ts';

/**
 * Input: `region`, `instance`, `operationTag` and `settings`: what the restore request doesn't take (maintenance window,
 * monitoring, storage growth). Only what differs is changed, and only on an instance that this operation made.
 */
export function alignInstance({ rds }: { rds: RdsIn<'findInstance' | 'modifyInstance'> }): Step {
  return {
    id: 'align-instance',
    fence: 'derived-name+tag',
    undo: keptAsEvidence,
    async run({ input, operation, signal }) {
      const id = text(input, 'instance');
      const here = rds(text(input, 'region'));
      const found = await here.findInstance(id);
      if (!found) throw retryable('restore.instance-gone', { instance: id });
      const owner = found.tags[text(input, 'operationTag')];
      if (owner !== operation) throw permanent('restore.name-taken', { instance: id, owner: owner ?? null });
      if (isTerminal(found.status)) throw permanent('restore.instance-failed', { instance: id, status: found.status });
      const change = changes(found, object(input, 'settings'));
      const changed = Object.keys(change).sort();
      signal.throwIfAborted();
      if (changed.length > 0)
        await here.modifyInstance({ ...(change as Partial<ModifyRequest>), DBInstanceIdentifier: id });
      return done({ changed } satisfies RestoreOutputs['align-instance']);
    },
  };
}

/** Settings that only make sense together: where one differs, all of them are sent. */
const together: readonly (readonly string[])[] = [
  ['MonitoringInterval', 'MonitoringRoleArn'],
  [
    'DatabaseInsightsMode',
    'EnablePerformanceInsights',
    'PerformanceInsightsKMSKeyId',
    'PerformanceInsightsRetentionPeriod',
  ],
  ['ManageMasterUserPassword', 'MasterUserSecretKmsKeyId'],
];

function changes({ settings }: DatabaseInstance, wanted: JsonObject): JsonObject {
  const seen = settings as Readonly<Record<string, Json>>;
  const differing = Object.keys(wanted).filter((name) => !same(seen[name], wanted[name]));
  const groups = together.filter((group) => group.some((name) => differing.includes(name))).flat();
  const names = Object.keys(wanted).filter((name) => differing.includes(name) || groups.includes(name));
  return Object.fromEntries(names.map((name) => [name, wanted[name]]));
}

const same = (a: Json | undefined, b: Json | undefined) => JSON.stringify(a) === JSON.stringify(b);
