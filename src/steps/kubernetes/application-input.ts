import type { DatabaseAddress } from '../../clients/postgres.ts';
import type { Environment } from '../../domain/settings.ts';
import { roleSecret, workloadRef } from '../step-input.ts';
import type { ProveOnNewInput } from './prove-on-new.ts';
import type { ProveStoppedInput } from './prove-stopped.ts';
import type { RecordApplicationInput } from './record-application.ts';
import type { StopApplicationInput } from './stop-application.ts';
import type { Survey } from './survey.ts';
import type { WatchStoppedInput } from './watch-stopped.ts';

// What the steps are given that stop an application and start it again, as every plan that does so pins it.

export interface Stopping {
  readonly environment: Environment;
  /** The role that the application logs in as. */
  readonly role: string;
  /** The database that it wrote to until then; null where nobody can be on it. */
  readonly source: DatabaseAddress | null;
  readonly application: Pick<Survey, 'takesOver'>;
  /** How often the steps look that keep the service down. */
  readonly pollSeconds: number;
  /** The last step before the application starts again: see `watchStoppedInput`. */
  readonly until: string;
}

const seconds = (minutes: number) => minutes * 60;

export function stoppingInputs({ environment, role, source, application, pollSeconds, until }: Stopping) {
  const { restore, database } = environment;
  const workloads = environment.workloads.map(workloadRef);
  const stopped = {
    workloads,
    role,
    source: addressed(source),
    verifyRole: roleSecret(database.verifyRole),
    pollSeconds,
    fenceRole: roleSecret(database.fenceRole),
    readers: [...database.readers],
  };
  return {
    'record-application': {
      workloads: environment.workloads.map((workload) => ({ ...workload })),
      pollSeconds: restore.pollSeconds,
      backWithinSeconds: seconds(restore.startWithinMinutes),
    } satisfies RecordApplicationInput,
    'stop-application': { workloads, takesOver: [...application.takesOver] } satisfies StopApplicationInput,
    'prove-stopped': { ...stopped, withinSeconds: seconds(restore.stopWithinMinutes) } satisfies ProveStoppedInput,
    'watch-stopped': { ...stopped, until } satisfies WatchStoppedInput,
    'start-application': { workloads },
  };
}

/** That it serves again, on the database of this name, and that nobody is left on `source`. */
export function servingInput(
  { environment, role, source, pollSeconds }: Pick<Stopping, 'environment' | 'role' | 'source' | 'pollSeconds'>,
  database: string,
): ProveOnNewInput {
  const { restore, checks } = environment;
  return {
    workloads: environment.workloads.map(workloadRef),
    role,
    source: addressed(source),
    verifyRole: roleSecret(environment.database.verifyRole),
    database,
    withinSeconds: seconds(restore.startWithinMinutes),
    provenSeconds: restore.provenSeconds,
    pollSeconds,
    ...(checks.smokeUrl ? { smokeUrl: checks.smokeUrl } : {}),
  };
}

const addressed = (source: DatabaseAddress | null) => source && { ...source };
