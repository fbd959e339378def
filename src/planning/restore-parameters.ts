import type { DatabaseSnapshot, InstanceSettings, PointInTimeRequest, RestoreRequest, Tags } from '../clients/rds.ts';
import type { Instant } from '../domain/time.ts';
import { tagKeys } from './names.ts';
import {
  fromSource,
  grows,
  leftOut,
  never,
  passed,
  type RestoreGiven,
  type Rule,
  sharedParameters,
} from './restore-rules.ts';

/** A restore from a snapshot. */
export interface SnapshotGiven extends RestoreGiven {
  readonly snapshot: Pick<DatabaseSnapshot, 'id' | 'arn' | 'type'>;
}

/** A restore to a point in time. */
export interface PointInTimeGiven extends RestoreGiven {
  /** A live instance by its id; one that is gone by its resource id, or by its automated backup's ARN where that was replicated. */
  readonly from:
    | { readonly instanceId: string }
    | { readonly resourceId: string }
    | { readonly automatedBackupArn: string };
  /** `latest`: as far as RDS has the log. */
  readonly to: Instant | 'latest';
}

/** Only the owner may name it by its id. */
const snapshotName: Rule<string, SnapshotGiven> = ({ snapshot: { id, arn, type } }) =>
  passed(type === 'shared' || type === 'public' ? arn : id, 'setting.recovery-point');

/**
 * Every parameter of `RestoreDBInstanceFromDBSnapshot` and what becomes of it. A test holds the names of both tables
 * against the SDK's model: when AWS adds one, somebody has to decide here.
 */
export const restoreParameters = {
  DBInstanceIdentifier: ({ targetId }: SnapshotGiven) => passed(targetId, 'setting.derived-name'),
  DBSnapshotIdentifier: snapshotName,
  DBClusterSnapshotIdentifier: never('setting.clusters-only'),
  UseDefaultProcessorFeatures: never('setting.other-engines'),
  ...sharedParameters,
} as const satisfies {
  readonly [Name in keyof RestoreRequest]-?: Rule<NonNullable<RestoreRequest[Name]>, SnapshotGiven>;
};

const oneSource = (how: 'instanceId' | 'resourceId' | 'automatedBackupArn'): Rule<string, PointInTimeGiven> => {
  return ({ from }) => {
    const value = (from as Readonly<Record<string, string>>)[how];
    return value === undefined ? leftOut('setting.named-otherwise') : passed(value, 'setting.recovery-point');
  };
};

/** Every parameter of `RestoreDBInstanceToPointInTime`. */
export const pointInTimeParameters = {
  TargetDBInstanceIdentifier: ({ targetId }: PointInTimeGiven) => passed(targetId, 'setting.derived-name'),
  SourceDBInstanceIdentifier: oneSource('instanceId'),
  SourceDbiResourceId: oneSource('resourceId'),
  SourceDBInstanceAutomatedBackupsArn: oneSource('automatedBackupArn'),
  // Exactly one of both: RDS refuses them together.
  RestoreTime: ({ to }: PointInTimeGiven) =>
    to === 'latest' ? leftOut('setting.named-otherwise') : passed(to, 'setting.recovery-point'),
  UseLatestRestorableTime: ({ to }: PointInTimeGiven) =>
    to === 'latest' ? passed(true, 'setting.recovery-point') : leftOut('setting.named-otherwise'),
  MaxAllocatedStorage: (given: PointInTimeGiven) =>
    grows(given) || given.source.settings.MaxAllocatedStorage === undefined
      ? fromSource('MaxAllocatedStorage')(given)
      : leftOut('setting.no-room-to-grow'),
  UseDefaultProcessorFeatures: never('setting.other-engines'),
  ...sharedParameters,
} as const satisfies {
  readonly [Name in keyof PointInTimeRequest]-?: Rule<NonNullable<PointInTimeRequest[Name]>, PointInTimeGiven>;
};

/** Settings that the restore request doesn't take and that matter later: given to the instance when it stands. */
export function settingsAfterwards(given: RestoreGiven): InstanceSettings {
  const { settings } = given.source;
  const { PreferredMaintenanceWindow, MaxAllocatedStorage } = settings;
  return {
    ...(settings.ManageMasterUserPassword ? managedPassword(settings) : {}),
    ...(MaxAllocatedStorage !== undefined && grows(given) ? { MaxAllocatedStorage } : {}),
    ...monitoring(settings),
    ...performanceInsights(settings),
    ...(PreferredMaintenanceWindow ? { PreferredMaintenanceWindow } : {}),
  };
}

/** What `settingsAfterwards` may name, for those settings that nobody can say any more. */
export const laterNames = [
  'ManageMasterUserPassword',
  'MaxAllocatedStorage',
  'MonitoringInterval',
  'EnablePerformanceInsights',
  'PreferredMaintenanceWindow',
] as const satisfies readonly (keyof InstanceSettings)[];

function managedPassword({ MasterUserSecretKmsKeyId }: InstanceSettings): InstanceSettings {
  return { ManageMasterUserPassword: true, ...(MasterUserSecretKmsKeyId ? { MasterUserSecretKmsKeyId } : {}) };
}

/** RDS takes an interval only with a role. */
export const monitoring = ({ MonitoringInterval, MonitoringRoleArn }: InstanceSettings): InstanceSettings =>
  MonitoringInterval && MonitoringRoleArn ? { MonitoringInterval, MonitoringRoleArn } : {};

export function performanceInsights(settings: InstanceSettings): InstanceSettings {
  if (!settings.EnablePerformanceInsights) return {};
  const { DatabaseInsightsMode, PerformanceInsightsKMSKeyId, PerformanceInsightsRetentionPeriod } = settings;
  return {
    ...(DatabaseInsightsMode ? { DatabaseInsightsMode } : {}),
    EnablePerformanceInsights: true,
    ...(PerformanceInsightsKMSKeyId ? { PerformanceInsightsKMSKeyId } : {}),
    ...(PerformanceInsightsRetentionPeriod ? { PerformanceInsightsRetentionPeriod } : {}),
  };
}

/** Keys of pitcrew's own tags: what an earlier restore left is not the new instance's. */
export const ownTags = (operation: string, environment: string, lineage: readonly string[]): Tags => ({
  [tagKeys.operation]: operation,
  [tagKeys.environment]: environment.replace(/[^\p{L}\p{N}_.:/=+\-@ ]/gu, '-'),
  [tagKeys.lineage]: lineage.join(' '),
});
