import { aliasesByDns } from './clients/aws-address.ts';
import { kubernetesLate } from './clients/kubernetes-late.ts';
import { postgres, type TlsEnvironment } from './clients/postgres.ts';
import { postgresPrograms } from './clients/postgres-programs.ts';
import { rds } from './clients/rds.ts';
import { s3 } from './clients/s3.ts';
import { secretsManager } from './clients/secrets.ts';
import { standingsOf } from './compose-standings.ts';
import type { Standings } from './domain/backup.ts';
import type { ListedDump } from './domain/dump.ts';
import { bug } from './domain/errors.ts';
import type { LastGood, Sought } from './domain/last-good.ts';
import type { RunnableOperation } from './domain/operation.ts';
import type { Records } from './domain/records.ts';
import type { RestoreWindow, SnapshotPoint } from './domain/restore.ts';
import type { Environment, Settings } from './domain/settings.ts';
import type { OperationState } from './domain/state.ts';
import { type Instant, secondsBetween } from './domain/time.ts';
import { findLastGood } from './finder/find.ts';
import { archiveEntries } from './jobs/archive-entries.ts';
import { dumpByExec, endRemote } from './jobs/dump-by-exec.ts';
import { recordDaily } from './operations/record-settings.ts';
import { type OperationClients, registry } from './operations/registry.ts';
import { currentOrGone } from './planning/current-instance.ts';
import { listDumps } from './planning/dumps.ts';
import type { PastRun } from './planning/estimate.ts';
import { madeInstances } from './planning/left-beside.ts';
import type { History } from './planning/past-operation.ts';
import { windowsOf } from './planning/point-in-time.ts';
import { allRecoveryPoints, recoveryPoints } from './planning/recovery-points.ts';

export interface Operations {
  find(name: string): RunnableOperation | undefined;
  /** What an environment can be taken back to, the newest first. @throws PitcrewError `restore.*`, `aws.*` */
  recoveryPoints(environment: Environment): Promise<readonly SnapshotPoint[]>;
  /** For lists: with what is kept of instances that are no ancestors of the one that serves. */
  allRecoveryPoints(environment: Environment): Promise<readonly SnapshotPoint[]>;
  /** What point-in-time recovery reaches, the current instance first. @throws PitcrewError `restore.*`, `aws.*` */
  windows(environment: Environment): Promise<readonly RestoreWindow[]>;
  /** What lies among an environment's dumps, the newest first; undefined where it makes none. @throws PitcrewError `aws.*` */
  dumps(environment: Environment): Promise<readonly ListedDump[] | undefined>;
  /** When the data was last good. @throws PitcrewError `find.*`, `restore.*`, `aws.*` */
  findLastGood(sought: Sought): Promise<LastGood>;
  /** What is known of these backups beyond that. @throws PitcrewError `restore.*`, `aws.*` */
  standings(environment: Environment, backups: Parameters<typeof standingsOf>[3]): Promise<Standings>;
  /** Writes the settings of the current instance down, once a day. @throws PitcrewError `restore.*`, `aws.*`, `ledger.*` */
  recordSettings(environment: Environment, at: Instant): Promise<boolean>;
}

/** The operations with the real clients wired in. `history` is what the ledger has of earlier ones. */
export function composeOperations(
  settings: Settings,
  variables: TlsEnvironment & { readonly PATH?: string | undefined },
  history: History,
  records: Records,
): Operations {
  const inRegion = { rds: perRegion(rds), secrets: perRegion(secretsManager), s3: perRegion(s3) };
  const cluster = kubernetesLate();
  const connect = postgres(variables);
  const clients: OperationClients = {
    environment(name) {
      const environment = settings.environments[name];
      if (!environment) throw bug('config.environment-gone', { environment: name });
      return environment;
    },
    environments: () => Object.values(settings.environments),
    ...inRegion,
    records,
    history,
    behindAlias: aliasesByDns(),
    cluster,
    findPrograms: postgresPrograms(variables),
    remoteDump: {
      dump: (given) => dumpByExec({ ...inRegion, cluster, connect, findPrograms: postgresPrograms(variables) }, given),
      end: (tools, operation) => endRemote({ cluster }, tools, operation),
    },
    listArchive: archiveEntries(inRegion.s3),
    access: {
      connect,
      credentials: ({ region, secret, keys }) => inRegion.secrets(region).roleCredentials(secret, keys),
    },
    past: async (environment, operation) =>
      (await history.closed(environment)).flatMap((state) => pastRun(state, operation)),
  };
  /** The current instance, or what is left of it. */
  const now = async (environment: Environment) => {
    const { region } = environment;
    const here = { ...clients, rds: inRegion.rds(region), secrets: inRegion.secrets(region) };
    const current = await currentOrGone(here, environment);
    return current.instance ?? current.gone;
  };
  const operations = new Map(registry.map((definition) => [definition.name, definition.build(clients)]));
  return {
    find: (name) => operations.get(name),
    recordSettings: (environment, at) => recordDaily(clients, environment, at),
    findLastGood: (sought) => {
      const { region } = sought.environment;
      return findLastGood({ ...clients, rds: inRegion.rds(region), secrets: inRegion.secrets(region) }, sought);
    },
    standings: async (environment, backups) => {
      const { region } = environment;
      const here = { ...clients, rds: inRegion.rds(region), secrets: inRegion.secrets(region) };
      return standingsOf(clients, environment, await currentOrGone(here, environment), backups);
    },
    dumps: async ({ region, dumps }) => dumps && listDumps(inRegion.s3(region), dumps),
    recoveryPoints: async (environment) => recoveryPoints(inRegion.rds(environment.region), await now(environment)),
    allRecoveryPoints: async (environment) => {
      // A ledger that doesn't answer takes nothing else from the list.
      const made = await madeInstances(clients.history, environment.name).catch(() => []);
      return allRecoveryPoints(inRegion.rds(environment.region), await now(environment), made);
    },
    windows: async (environment) => windowsOf(inRegion.rds(environment.region), await now(environment)),
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
  // Where names were swapped nothing was stopped: how long that took says nothing about the others.
  const swap = steps.find(({ step }) => step === 'swap-names' || step === 'swap-back')?.output;
  const kind = swap ? `${request?.operation}-beside` : request?.operation;
  if (kind !== operation || closed?.outcome !== 'succeeded' || !approvedAt) return [];
  const stopped = steps.find(({ step }) => step === 'stop-application')?.intendedAt;
  const proofs = ['prove-on-new', 'prove-back', 'prove-in-place'];
  const back = steps.find(({ step }) => proofs.includes(step))?.output?.firstSessionAt;
  return [
    {
      totalSeconds: secondsBetween(approvedAt, closed.at),
      downtimeSeconds:
        typeof swap?.outageMs === 'number'
          ? Math.ceil(swap.outageMs / 1000)
          : stopped && typeof back === 'string'
            ? secondsBetween(stopped, back)
            : null,
      order: steps.some(({ step }) => step === 'approve-cut-over') ? 'restore-first' : 'stop-first',
    },
  ];
}
