import type { Locale } from './people.ts';
import type { FailurePolicy } from './plan.ts';

/** pitcrew.yaml as the program uses it: every default filled in, every bound checked (config/schema.ts, 10-config.md). */
export interface Settings {
  readonly ledger: { readonly bucket: string; readonly region: string; readonly prefix: string };
  readonly slack: {
    readonly commands: string;
    /** Names or patterns (`inc-*`) of channels where commands are taken. */
    readonly incidentChannels: readonly string[];
    readonly language: Locale;
  };
  readonly people: { readonly approvers: { readonly users: readonly string[]; readonly groups: readonly string[] } };
  readonly environments: Readonly<Record<string, Environment>>;
}

export interface Environment {
  readonly name: string;
  readonly region: string;
  readonly database: DatabaseSettings;
  readonly secret: SecretSettings;
  /** Everything that writes. */
  readonly workloads: readonly Workload[];
  readonly channels: {
    readonly incident: string;
    readonly stakeholders: readonly string[];
    readonly audit?: string;
    readonly language: Locale;
  };
  readonly approvals: {
    readonly required: number;
    readonly requesterCounts: boolean;
    readonly approveWithinMinutes: number;
    readonly startWithinMinutes: number;
  };
  readonly objectives: { readonly rtoMinutes: number; readonly rpoMinutes: number };
  readonly restore: RestoreSettings;
  readonly checks: CheckSettings;
  readonly runbooks: Readonly<Record<string, string>>;
}

export interface DatabaseSettings {
  /** The instance at the time of writing; the current one is whatever the secret points to. */
  readonly instance: string;
  readonly name: string;
  readonly timeZone: string;
  /** Secrets with user and password of pitcrew's own roles: one that only reads, one that may end sessions and bar roles. */
  readonly verifyRole: RoleSecret;
  readonly fenceRole: RoleSecret;
}

export interface RoleSecret {
  readonly secret: string;
  readonly keys: { readonly user: string; readonly password: string };
}

export interface SecretSettings {
  readonly id: string;
  readonly keys: {
    readonly host: string;
    readonly port: string;
    readonly database: string;
    readonly user: string;
    readonly password: string;
  };
}

export interface Workload {
  /** A context of the kubeconfig; `''` is the current one. */
  readonly cluster: string;
  readonly namespace: string;
  readonly deployment: string;
  /** Where nothing else says how many ran: the count to come back with. */
  readonly replicas?: number;
}

export interface RestoreSettings {
  readonly order: 'stop-first';
  readonly onFailure: FailurePolicy;
  readonly pollSeconds: number;
  /** How long stopping may take before it counts as failed. */
  readonly stopWithinMinutes: number;
  /** How long the application may take to come up on the new database. */
  readonly startWithinMinutes: number;
  /** How long every pod must have been on the new instance, and none on the old, before the word "restored" is said. */
  readonly provenSeconds: number;
  readonly profile: {
    readonly instanceClass?: string;
    readonly subnetGroup?: string;
    readonly securityGroups?: readonly string[];
    readonly parameterGroup?: string;
  };
}

export interface CheckSettings {
  readonly gateMinutes: number;
  /** Tables, with their schema where it isn't `public`. */
  readonly critical: readonly string[];
  readonly relations: readonly { readonly from: string; readonly to: string }[];
  readonly queries: readonly Query[];
  readonly rules: readonly Query[];
}

export interface Query {
  readonly name: string;
  readonly sql: string;
  readonly expect: {
    readonly value?: string | number | boolean;
    readonly rows?: number;
    readonly minimum?: number;
    readonly notOlderThanMinutes?: number;
    readonly withinSeconds?: number;
  };
}

/** The name under which a workload is locked and shown. */
export const workloadName = ({ cluster, namespace, deployment }: Workload) =>
  `${cluster || 'current'}/${namespace}/${deployment}`;
