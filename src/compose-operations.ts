import { aliasesByDns } from './clients/aws-address.ts';
import { kubernetes } from './clients/kubernetes.ts';
import { postgres, type TlsEnvironment } from './clients/postgres.ts';
import { rds } from './clients/rds.ts';
import { secretsManager } from './clients/secrets.ts';
import { bug } from './domain/errors.ts';
import type { RunnableOperation } from './domain/operation.ts';
import type { Records } from './domain/records.ts';
import type { RecoveryPoint } from './domain/restore.ts';
import type { Environment, Settings } from './domain/settings.ts';
import type { OperationState } from './domain/state.ts';
import { type Instant, secondsBetween } from './domain/time.ts';
import { type OperationClients, registry } from './operations/registry.ts';
import { recordDaily } from './operations/snapshot/record-settings.ts';
import { currentOrGone } from './planning/current-instance.ts';
import type { PastRun } from './planning/estimate.ts';
import { recoveryPoints } from './planning/recovery-points.ts';

export interface Operations {
  find(name: string): RunnableOperation | undefined;
  /** What an environment can be taken back to, the newest first. @throws PitcrewError `restore.*`, `aws.*` */
  recoveryPoints(environment: Environment): Promise<readonly RecoveryPoint[]>;
  /** Writes the settings of the current instance down, once a day. @throws PitcrewError `restore.*`, `aws.*`, `ledger.*` */
  recordSettings(environment: Environment, at: Instant): Promise<boolean>;
}

/** The operations with the real clients wired in. `closed` gives closed operations of an environment, the newest first. */
export function composeOperations(
  settings: Settings,
  tls: TlsEnvironment,
  closed: (environment: string) => Promise<readonly OperationState[]>,
  records: Records,
): Operations {
  const inRegion = { rds: perRegion(rds), secrets: perRegion(secretsManager) };
  const clients: OperationClients = {
    environment(name) {
      const environment = settings.environments[name];
      if (!environment) throw bug('config.environment-gone', { environment: name });
      return environment;
    },
    ...inRegion,
    records,
    behindAlias: aliasesByDns(),
    cluster: kubernetes(),
    access: {
      connect: postgres(tls),
      credentials: ({ region, secret, keys }) => inRegion.secrets(region).roleCredentials(secret, keys),
    },
    past: async (environment, operation) => (await closed(environment)).flatMap((state) => pastRun(state, operation)),
  };
  const operations = new Map(registry.map((definition) => [definition.name, definition.build(clients)]));
  return {
    find: (name) => operations.get(name),
    recordSettings: (environment, at) => recordDaily(clients, environment, at),
    async recoveryPoints(environment) {
      const { region } = environment;
      const here = inRegion.rds(region);
      const current = await currentOrGone({ ...clients, rds: here, secrets: inRegion.secrets(region) }, environment);
      return recoveryPoints(here, current.instance ?? current.gone);
    },
  };
}

function perRegion<Client>(make: (region: string) => Client): (region: string) => Client {
  const made = new Map<string, Client>();
  return (region) => {
    const client = made.get(region) ?? make(region);
    made.set(region, client);
    return client;
  };
}

/** How long a succeeded operation took, and how long the application was stopped meanwhile. */
function pastRun(state: OperationState, operation: string): readonly PastRun[] {
  const { request, approvedAt, closed, steps } = state;
  if (request?.operation !== operation || closed?.outcome !== 'succeeded' || !approvedAt) return [];
  const stopped = steps.find(({ step }) => step === 'stop-application')?.intendedAt;
  const back = steps.find(({ step }) => step === 'prove-on-new')?.output?.firstSessionAt;
  return [
    {
      totalSeconds: secondsBetween(approvedAt, closed.at),
      downtimeSeconds: stopped && typeof back === 'string' ? secondsBetween(stopped, back) : null,
    },
  ];
}
