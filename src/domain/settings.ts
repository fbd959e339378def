import type { Language, Locale } from './people.ts';
import type { FailurePolicy, RestoreOrder } from './plan.ts';

/** pitcrew.yaml as the program uses it: every default filled in, every bound checked (config/schema.ts, 10-config.md). */
export interface Settings {
  readonly ledger: { readonly bucket: string; readonly region: string; readonly prefix: string };
  readonly slack: {
    readonly commands: string;
    /** Names or patterns (`inc-*`) of channels where commands are taken. */
    readonly incidentChannels: readonly string[];
    readonly language: Language;
  };
  readonly people: {
    readonly approvers: { readonly users: readonly string[]; readonly groups: readonly string[] };
    /** Who may act alone when nobody else can be reached; nobody unless the file says so. */
    readonly breakGlass: { readonly users: readonly string[] };
    /** Slack users with the principal of AWS by which a terminal knows them. */
    readonly identities?: Readonly<Record<string, string>>;
  };
  readonly environments: Readonly<Record<string, Environment>>;
}

/** How the workspace's people are spoken to: in a language, or its own, with its own name of the slash command. */
export const spokenIn = ({ slack }: Pick<Settings, 'slack'>, language: Language = slack.language): Locale => ({
  language,
  command: slack.commands,
});

export interface Environment {
  readonly name: string;
  readonly region: string;
  readonly database: DatabaseSettings;
  readonly secret: SecretSettings;
  /** Everything that writes. */
  readonly workloads: readonly Workload[];
  /** Where dumps lie and who makes them; absent where the environment makes none. */
  readonly dumps?: {
    readonly bucket: string;
    readonly prefix: string;
    readonly runner: 'job' | 'exec';
    /** Of pitcrew itself, for its Jobs. */
    readonly image?: string;
    /** Whose rights in AWS the Jobs have: one that may write to the bucket. */
    readonly serviceAccount?: string;
    /** With `exec`: in whose pods pg_dump is. */
    readonly tools?: {
      /** A context of the kubeconfig; absent: the current one. */
      readonly cluster?: string;
      readonly namespace: string;
      readonly deployment: string;
      readonly container?: string;
    };
  };
  readonly channels: {
    readonly incident: string;
    readonly stakeholders: readonly string[];
    readonly audit?: string;
    readonly language: Language;
  };
  readonly approvals: {
    readonly required: number;
    readonly requesterCounts: boolean;
    readonly approveWithinMinutes: number;
    readonly startWithinMinutes: number;
    /** Approvals of the cut-over of a restore-first, after its comparison card. */
    readonly cutOver: number;
  };
  readonly objectives: { readonly rtoMinutes: number; readonly rpoMinutes: number };
  readonly restore: RestoreSettings;
  readonly checks: CheckSettings;
  /** Cron expressions by tier, in the database's time zone. */
  readonly schedules: Readonly<Partial<Record<Tier, string>>>;
  /** Days that backups of a tier are kept. */
  readonly retentionDays: Readonly<Partial<Record<Tier, number>>>;
  readonly escalation: readonly EscalationLevel[];
  readonly runbooks: Readonly<Record<string, string>>;
}

export type Tier = 'hourly' | 'daily' | 'weekly';

export interface EscalationLevel {
  readonly level: string;
  /** A Slack user group to call, or a link to open. */
  readonly group?: string;
  readonly link?: string;
  readonly afterMinutes: number;
}

export interface DatabaseSettings {
  /** The instance at the time of writing; the current one is whatever the secret points to. */
  readonly instance: string;
  readonly name: string;
  readonly timeZone: string;
  /** Secrets with user and password of pitcrew's own roles: one that only reads, one that may end sessions and bar roles. */
  readonly verifyRole: RoleSecret;
  readonly fenceRole: RoleSecret;
  /** The master user's login, to repair the application's password on a restored instance; else RDS's own managed secret. */
  readonly masterRole?: RoleSecret;
  /** Roles that only read and may stay connected while the application is stopped. */
  readonly readers: readonly string[];
}

export interface RoleSecret {
  /** The environment's: a name alone may mean two secrets. */
  readonly region: string;
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
    /** A second address that reads go to: it moves with the first. */
    readonly readHost?: string;
  };
}

export type WorkloadKind = 'deployment' | 'stateful-set' | 'cron-job';

export interface WorkloadRef {
  /** A context of the kubeconfig; `''` is the current one. */
  readonly cluster: string;
  readonly namespace: string;
  readonly kind: WorkloadKind;
  readonly name: string;
}

export interface Workload extends WorkloadRef {
  /** Where nothing else says how many ran: the count to come back with. */
  readonly replicas?: number;
}

export interface RestoreSettings {
  readonly order: RestoreOrder;
  readonly onFailure: FailurePolicy;
  /** The instance beside is made while people still decide: approval then gates the stop and the switch. */
  readonly prestage: boolean;
  /** How long people may decide whether to cut over with what the verification found; 0 asks nobody. */
  readonly findingsWithinMinutes: number;
  /** How long people may decide about the cut-over of a restore-first, once the comparison is there. */
  readonly cutOverWithinMinutes: number;
  readonly pollSeconds: number;
  /** How long stopping may take before it counts as failed. */
  readonly stopWithinMinutes: number;
  /** How long the application may take to come up on the new database. */
  readonly startWithinMinutes: number;
  /** How long every pod must have been on the new instance, and none on the old, before the word "restored" is said. */
  readonly provenSeconds: number;
  /** How long an instance that was left stays before `cleanup` deletes it without being told to. */
  readonly keepDays: number;
  readonly profile: {
    readonly instanceClass?: string;
    readonly subnetGroup?: string;
    readonly securityGroups?: readonly string[];
    readonly parameterGroup?: string;
    readonly publiclyAccessible?: boolean;
    readonly caCertificate?: string;
    readonly networkType?: 'IPV4' | 'DUAL';
  };
}

export interface CheckSettings {
  readonly gateMinutes: number;
  /** Time for everything else, after the cut-over; 0 leaves it out. */
  readonly deepMinutes: number;
  /** Tables, with their schema where it isn't `public`. */
  readonly critical: readonly string[];
  readonly relations: readonly { readonly from: string; readonly to: string }[];
  readonly queries: readonly Query[];
  readonly rules: readonly Query[];
  /** A column that something writes the time into all the time, and how old the newest may be: it proves a point-in-time recovery. */
  readonly heartbeat?: { readonly column: string; readonly withinSeconds: number };
  /** SQL for migrations whose bookkeeping no tool of renown has: `at`, when each ran, and its `name`. */
  readonly migrations?: string;
  /** What the team already has, run as a Job against the restored database: exit code 0 is a pass. */
  readonly command?: CheckCommand;
  /** An address of the application that must answer with 2xx once it runs on the new database. */
  readonly smokeUrl?: string;
}

export interface CheckCommand {
  readonly image: string;
  readonly args: readonly string[];
  readonly cluster: string;
  readonly namespace: string;
  readonly withinMinutes: number;
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

/** The name under which a workload is locked and shown; a Deployment's is its name alone. */
export const workloadName = ({ cluster, namespace, kind, name }: WorkloadRef) =>
  `${cluster || 'current'}/${namespace}/${kind === 'deployment' ? '' : `${kind}/`}${name}`;
