import type { CreateRequest, InstanceSettings } from '../clients/rds.ts';
import { monitoring, performanceInsights } from './restore-parameters.ts';
import {
  fromSource,
  grows,
  leftOut,
  never,
  passed,
  type RestoreGiven,
  type Rule,
  sharedParameters,
  storageOf,
} from './restore-rules.ts';

/** An instance that is made empty. `backup` says what the dump needs: its version and room, and the encryption that there was. */
export interface CreateGiven extends RestoreGiven {
  readonly master: {
    readonly user: string;
    /** The secret that the password comes from when RDS is asked; null where RDS manages it, as it did the old instance's. */
    readonly secret: string | null;
  };
}

type InsightsMode = NonNullable<CreateRequest['DatabaseInsightsMode']>;

/** Settings that belong together: either all of them are passed, as the source has them, or none is. */
const oneOf =
  <Name extends keyof InstanceSettings>(
    name: Name,
    whole: (settings: InstanceSettings) => InstanceSettings,
  ): Rule<NonNullable<InstanceSettings[Name]>> =>
  (given) => {
    const { settings, unknown } = given.source;
    if (whole(settings)[name] !== undefined) return fromSource(name)(given);
    return leftOut(unknown.has(name) ? 'setting.nobody-knows' : 'setting.not-set');
  };

const managed =
  <Value>(value: (given: CreateGiven) => Value | undefined): Rule<Value, CreateGiven> =>
  (given) => {
    const wanted = given.master.secret === null ? value(given) : undefined;
    return wanted === undefined ? leftOut('setting.not-set') : passed(wanted, 'setting.from-source');
  };

/** A dump is not encrypted as an instance is: what nobody knows any more is rather encrypted than not. */
const encrypted: Rule<boolean> = (given) =>
  given.source.settings.StorageEncrypted === undefined
    ? passed(given.backup.encrypted, 'setting.rather-encrypted')
    : fromSource('StorageEncrypted')(given);

/**
 * Every parameter of `CreateDBInstance`. Unlike a restore it takes monitoring, windows and the limit of growth, and it
 * takes nothing from a backup: version, encryption and the master user have to be said.
 */
export const createParameters = {
  ...sharedParameters,
  DBInstanceIdentifier: ({ targetId }: CreateGiven) => passed(targetId, 'setting.derived-name'),
  Engine: () => passed('postgres', 'setting.of-the-dump'),
  EngineVersion: ({ backup }: CreateGiven) => passed(backup.engineVersion, 'setting.version-for-dump'),
  // The database is made by a step of its own: from template0, with the encoding that the dump has.
  DBName: never('setting.database-by-step'),
  MasterUsername: ({ master }: CreateGiven) =>
    passed(master.user, master.secret === null ? 'setting.from-source' : 'setting.from-master-role'),
  MasterUserPassword: ({ master }: CreateGiven) =>
    master.secret === null
      ? leftOut('setting.password-by-rds')
      : { how: 'at-the-call', because: 'setting.password-at-the-call' },
  ManageMasterUserPassword: managed(() => true),
  MasterUserSecretKmsKeyId: managed(({ source }) => source.settings.MasterUserSecretKmsKeyId),
  MasterUserAuthenticationType: never('setting.password-login'),

  AllocatedStorage: (given: CreateGiven) => passed(storageOf(given), 'setting.room-for-dump'),
  MaxAllocatedStorage: (given: CreateGiven) =>
    grows(given) || given.source.settings.MaxAllocatedStorage === undefined
      ? fromSource('MaxAllocatedStorage')(given)
      : leftOut('setting.no-room-to-grow'),
  StorageEncrypted: encrypted,
  KmsKeyId: oneOf('KmsKeyId', ({ StorageEncrypted, KmsKeyId }) => (StorageEncrypted && KmsKeyId ? { KmsKeyId } : {})),

  MonitoringInterval: oneOf('MonitoringInterval', monitoring),
  MonitoringRoleArn: oneOf('MonitoringRoleArn', monitoring),
  EnablePerformanceInsights: oneOf('EnablePerformanceInsights', performanceInsights),
  DatabaseInsightsMode: oneOf('DatabaseInsightsMode', performanceInsights) as Rule<InsightsMode>,
  PerformanceInsightsKMSKeyId: oneOf('PerformanceInsightsKMSKeyId', performanceInsights),
  PerformanceInsightsRetentionPeriod: oneOf('PerformanceInsightsRetentionPeriod', performanceInsights),
  PreferredMaintenanceWindow: fromSource('PreferredMaintenanceWindow'),

  DBClusterIdentifier: never('setting.clusters-only'),
  PromotionTier: never('setting.clusters-only'),
  DBSecurityGroups: never('setting.outside-vpc'),
  CharacterSetName: never('setting.other-engines'),
  NcharCharacterSetName: never('setting.other-engines'),
  Timezone: never('setting.other-engines'),
  DBSystemId: never('setting.other-engines'),
  MultiTenant: never('setting.other-engines'),
} as const satisfies {
  readonly [Name in keyof CreateRequest | 'MasterUserPassword']-?: Rule<
    NonNullable<(CreateRequest & { readonly MasterUserPassword?: never })[Name]>,
    CreateGiven
  >;
};
