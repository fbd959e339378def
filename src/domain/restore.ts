import type { Comparison } from './comparison.ts';
import type { JsonObject } from './json.ts';
import type { DiskShown } from './load.ts';
import type { FailurePolicy, RestoreOrder, ShownCommands } from './plan.ts';
import type { WorkloadKind } from './settings.ts';
import type { Instant } from './time.ts';
import type { CheckResult, VerificationReport } from './verification.ts';

// What a restore decides, shows and hands from step to step. Pinned here because the plan, the steps, the cards and the
// terminal all read it. (Type aliases, not interfaces: they are JSON.)

/** A point that the database can be taken back to. */
export type RecoveryPoint = SnapshotPoint | InstantPoint | DumpPoint;

export type SnapshotPoint = {
  readonly kind: 'snapshot';
  readonly snapshotId: string;
  readonly arn: string;
  /** RDS's `SnapshotDatabaseTime` where it says it, else `SnapshotCreateTime`. */
  readonly at: Instant;
  readonly type: 'manual' | 'automated' | 'awsbackup' | 'shared' | 'public' | (string & {});
  readonly sizeGiB: number;
  readonly engineVersion: string;
  readonly encrypted: boolean;
  readonly instanceId: string;
  readonly status: string;
};

/** A moment that an instance's log reaches. What moves by itself, as the end of the log does, is not in it. */
export type InstantPoint = {
  readonly kind: 'point-in-time';
  /** Null: the latest moment, known only once nothing writes any more. */
  readonly at: Instant | null;
  readonly instanceId: string;
  readonly resourceId: string;
  /** Of the automated backups, which outlive the instance where they are retained. */
  readonly backupArn: string;
  readonly backup: 'active' | 'retained' | (string & {});
  readonly sizeGiB: number;
  readonly engineVersion: string;
  readonly encrypted: boolean;
};

/** A dump in S3, as its manifest has it: exactly these bytes. */
export type DumpPoint = {
  readonly kind: 'dump';
  readonly at: Instant;
  readonly bucket: string;
  readonly key: string;
  /** Null in a bucket without versions. */
  readonly versionId: string | null;
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly serverVersion: string;
  readonly database: string;
  /** Of the instance that the environment ran on when it was made. */
  readonly resourceId: string;
  /** Somebody else made it; pitcrew has read it whole. */
  readonly adopted: boolean;
};

export type InstanceIdentity = {
  readonly id: string;
  readonly arn: string;
  readonly resourceId: string;
  readonly host: string;
  readonly port: number;
};

/** `bound.decided` of a restore. */
export type RestoreDecided = {
  readonly recoveryPoint: RecoveryPoint;
  /** Null when the instance is gone: there is no way back then. */
  readonly source: InstanceIdentity | null;
  readonly targetId: string;
  /** Of a dump alone: on an instance of its own, into a database beside, or over the live one. */
  readonly mode?: 'own-instance' | 'beside' | 'in-place';
  readonly order: RestoreOrder;
  readonly onFailure: FailurePolicy;
  readonly workloads: readonly string[];
  readonly verification: {
    readonly critical: readonly string[];
    readonly relations: readonly string[];
    readonly queries: readonly string[];
    readonly rules: readonly string[];
    readonly gateMinutes: number;
  };
};

/** One parameter of RDS's restore request and what is done with it. */
export type SettingShown = {
  readonly name: string;
  readonly how: 'passed' | 'left-out' | 'modified-afterwards';
  readonly value: string;
  /** A code of the catalogue: where the value comes from, or why it is left out. */
  readonly because: string;
  /** Of the text that `because` names: which record, of when. */
  readonly params?: { readonly [name: string]: string | number };
};

/** A code of the catalogue with its parameters: something that people have to know or see to. */
export type Note = { readonly code: string; readonly params: { readonly [name: string]: string | number } };

/** From when to when the log of an instance reaches. */
export type RestoreWindow = {
  readonly instanceId: string;
  readonly resourceId: string;
  readonly earliest: Instant;
  readonly latest: Instant;
  /** When the next instance took over: what this one holds of later is not what the application had. */
  readonly until: Instant | null;
};

export type LossShown = {
  readonly seconds: number;
  /** Rows newer than the recovery point in the tables that matter, where the live database answers and the table says when. */
  readonly tables: readonly { readonly table: string; readonly rows: number | null }[];
  readonly live: 'answers' | 'not-available';
};

/** `shown` of a restore's plan. */
export type RestoreShown = {
  readonly commands: ShownCommands;
  readonly loss: LossShown;
  /** Seconds; from this environment's own past where there is one, else null: no invented numbers. */
  readonly expected: {
    readonly downtimeSeconds: number | null;
    readonly totalSeconds: number | null;
    readonly from: number;
  };
  readonly settings: readonly SettingShown[];
  readonly replicas: readonly { readonly workload: string; readonly replicas: number | null }[];
  /** Codes of the catalogue: what the verification can't prove for this backup. */
  readonly notProven: readonly string[];
  readonly unloggedTables: readonly string[];
  readonly quotas: readonly { readonly name: string; readonly used: number; readonly max: number }[];
  /** What point-in-time recovery reached when it was planned; null for a snapshot. */
  readonly window: RestoreWindow | null;
  /** When the backup's own baseline was counted; null without one. */
  readonly baselineAt: Instant | null;
  /** Of a point-in-time recovery: when the baseline before the moment was counted, which bounds the counts. */
  readonly boundsFrom?: Instant;
  /** Codes `guard.*`: autoscalers, GitOps, schedules and sessions that could write while the application is stopped. */
  readonly guards: readonly Note[];
  /** Codes `hand-over.*`: what pitcrew doesn't carry over, known before anything starts. */
  readonly handOver: readonly Note[];
  /** `version.*`: the running application does not fit what it goes back to; absent where it does, or nobody knows. */
  readonly version?: Note;
  /** How it is undone: by the old instance and its address, or not at all. */
  readonly wayBack: 'old-instance' | 'rescue-snapshot' | 'kept-database' | 'none';
  /** Where the snapshot is the way back: its id. */
  readonly rescue?: string;
  /** Of a dump beside: the name that the live database is kept under, and the room that there is for two. */
  readonly kept?: string;
  readonly disk?: DiskShown;
};

export type ReplicaCount = {
  readonly cluster: string;
  readonly namespace: string;
  readonly kind: WorkloadKind;
  readonly name: string;
  readonly replicas: number;
  /** Where the count comes from: what was set, what pitcrew once wrote down, the autoscaler's minimum, the config. */
  readonly origin: 'spec' | 'annotation' | 'autoscaler' | 'config';
};

/** Something that would start the application again: paused while it is stopped, and given back as it was. */
export type GuardRef = {
  readonly cluster: string;
  readonly namespace: string;
  readonly kind: 'cron-job' | 'scaled-object' | 'kustomization' | 'helm-release';
  readonly name: string;
};

/** A session as people look for it: of which role and program, from where, since when. Never what it does. */
export type SessionNamed = {
  readonly role: string;
  readonly application: string;
  readonly address: string;
  readonly since: Instant;
};

/** What the pods' logs say since their start: counts and kinds, never a line. */
export type LogSeen = {
  readonly lines: number;
  readonly errors: number;
  /** Of the first one; empty without any. */
  readonly kind: string;
  readonly pods: readonly string[];
};

/** What each step of a restore returns, by the step's id. */
export type RestoreOutputs = {
  readonly 'record-application': { readonly workloads: readonly ReplicaCount[]; readonly guards: readonly GuardRef[] };
  readonly 'stop-application': { readonly workloads: number; readonly paused: number };
  /** `at`: by the cluster's own clock. */
  readonly 'prove-stopped': { readonly pods: 0; readonly sessions: 0; readonly at: Instant };
  readonly 'watch-stopped': { readonly until: Instant };
  /** `because`: the code of what kept RDS from taking it, or pitcrew from asking, with its parameters. */
  readonly 'rescue-snapshot': {
    readonly taken: boolean;
    readonly snapshotId: string;
    readonly because?: string;
    readonly params?: JsonObject;
  };
  /** `at`: when nothing wrote any more, which is what `latest` comes to; `restorable`: how far the log had come. */
  readonly 'await-log': { readonly at: Instant; readonly restorable: Instant };
  readonly 'restore-instance': { readonly instanceId: string; readonly adopted: boolean };
  readonly 'await-instance': InstanceIdentity;
  readonly 'align-instance': { readonly changed: readonly string[] };
  readonly 'prove-aligned': { readonly compared: number };
  /** Roles by what was done about their logins, which are tried as their secrets have them; `left`: refused still, and not needed. */
  readonly 'align-login': {
    readonly repaired: readonly string[];
    readonly created: readonly string[];
    readonly left: readonly string[];
    /** The master user's own password was of the snapshot's time, and RDS set it to what its secret says. */
    readonly masterReset: boolean;
  };
  readonly 'verify-database': { readonly report: VerificationReport };
  /** Only where the config names a command. */
  readonly 'start-check-job': { readonly job: string; readonly adopted: boolean };
  readonly 'await-check-job': { readonly result: CheckResult };
  readonly 'judge-verification':
    | { readonly outcome: 'pass' | 'not-proven' }
    /** Something failed, and people said to go on: who, by their Slack users, and how much was found. */
    | { readonly outcome: 'accepted'; readonly by: readonly string[]; readonly findings: number };
  /** While the live database serves: what the cut-over would take away, as of `at`. Only in the order restore-first. */
  readonly compare: Comparison;
  /** Who approved the cut-over, by their Slack users. */
  readonly 'approve-cut-over': { readonly by: readonly string[] };
  /** Nobody has written to the instance beside since it was compared. */
  readonly 'prove-unwritten': { readonly at: Instant };
  readonly 'measure-loss': {
    /** `lost`: keys of the old database that the new one doesn't have; `returned`: the other way round; `changed`: same key, other content. */
    readonly tables: readonly {
      readonly table: string;
      readonly before: number;
      readonly after: number;
      readonly lost: number;
      readonly returned: number;
      readonly changed: number | null;
    }[];
    readonly lastLostAt: Instant | null;
    readonly notMeasured: readonly string[];
  };
  readonly 'switch-secret': { readonly versionId: string; readonly previousVersionId: string };
  readonly 'start-application': { readonly workloads: number };
  readonly 'prove-on-new': {
    readonly pods: number;
    readonly sessions: number;
    readonly firstSessionAt: Instant | null;
    /** Null where pitcrew may not read logs. */
    readonly log: LogSeen | null;
    /** What the address that the config names answered; null where it names none. */
    readonly smoke: number | null;
  };
  /** `ended`: the first few of those that were still there: something that holds the old address. */
  readonly 'fence-old': {
    readonly role: string;
    readonly endedSessions: number;
    readonly ended: readonly SessionNamed[];
  };
  readonly 'hand-over': { readonly keptInstance: string | null; readonly notes: readonly string[] };
  /** Left out where the config gives it no time. */
  readonly 'verify-deeply': { readonly report: VerificationReport };
};

export const restoreSteps = [
  'record-application',
  'stop-application',
  'prove-stopped',
  'watch-stopped',
  'rescue-snapshot',
  'await-log',
  'restore-instance',
  'await-instance',
  'align-instance',
  'prove-aligned',
  'align-login',
  'verify-database',
  'start-check-job',
  'await-check-job',
  'judge-verification',
  'compare',
  'approve-cut-over',
  'prove-unwritten',
  'measure-loss',
  'switch-secret',
  'start-application',
  'prove-on-new',
  'fence-old',
  'hand-over',
  'verify-deeply',
] as const satisfies readonly (keyof RestoreOutputs)[];
