import type { AutomatedBackup, DatabaseInstance, InstanceSettings, Tags } from '../clients/rds.ts';
import { userError } from '../domain/errors.ts';
import type { RestoreSettings } from '../domain/settings.ts';
import type { SettingsRecord } from './settings-record.ts';

export interface Origin {
  /** A code of the catalogue `settingReasons`. */
  readonly because: string;
  readonly params?: { readonly [name: string]: string | number };
}

/** What the new instance is to be like, and who says so of each setting. */
export interface SourceSettings {
  readonly engineVersion: string;
  readonly tags: Tags;
  readonly settings: InstanceSettings;
  readonly attached: DatabaseInstance['attached'];
  /** Where a setting's value comes from, unless `origins` says otherwise. */
  readonly origin: Origin;
  readonly origins: Readonly<Partial<Record<keyof InstanceSettings, Origin>>>;
  /** Settings that nobody can say any more: not the same as settings that the instance didn't have. */
  readonly unknown: { has(name: string): boolean };
}

/** The live instance knows all of its settings. */
export const liveSource = ({ engineVersion, tags, settings, attached }: DatabaseInstance): SourceSettings => ({
  engineVersion,
  tags,
  settings,
  attached,
  origin: { because: 'setting.from-source' },
  origins: {},
  unknown: new Set<string>(),
});

/** Who remembers an instance that is gone. */
export interface Witnesses {
  /** What pitcrew itself wrote down last. */
  readonly record?: SettingsRecord | undefined;
  /** Its automated backups, where they were kept: they say what it was like when it went. */
  readonly automated?: AutomatedBackup | undefined;
  /** What it is restored from: a snapshot, or automated backups. */
  readonly backup: { readonly engineVersion: string; readonly tags: Tags; readonly settings: InstanceSettings };
  /** The snapshot's id, where it is one: what the instance was like then. */
  readonly snapshot?: string | undefined;
  /** It is restored from a dump, which tells nothing of its instance's settings. */
  readonly silent?: true | undefined;
}

/** What a backup tells of its instance's settings; of the others its silence says nothing. */
const toldByBackups: ReadonlySet<string> = new Set(
  Object.keys({
    AllocatedStorage: 0,
    AvailabilityZone: 0,
    BackupRetentionPeriod: 0,
    DedicatedLogVolume: 0,
    EnableIAMDatabaseAuthentication: 0,
    Iops: 0,
    KmsKeyId: 0,
    LicenseModel: 0,
    OptionGroupName: 0,
    Port: 0,
    PreferredBackupWindow: 0,
    StorageEncrypted: 0,
    StorageThroughput: 0,
    StorageType: 0,
  } satisfies { readonly [Name in keyof InstanceSettings]?: 0 }),
);

const nothingAttached: DatabaseInstance['attached'] = { readReplicas: [], roles: [], activityStream: false };

/**
 * The settings of an instance that is gone, from whoever remembers them: the settings record, which is whole, goes
 * before the automated backup, and that before the snapshot, which is older.
 */
export function goneSource({ record, automated, backup, snapshot, silent }: Witnesses): SourceSettings {
  if (record)
    return {
      engineVersion: record.instance.engineVersion,
      tags: record.instance.tags,
      settings: record.settings,
      attached: record.attached,
      origin: { because: 'setting.from-record', params: { at: record.at } },
      origins: {},
      unknown: new Set<string>(),
    };
  const fromAutomated = { because: 'setting.from-automated-backup' };
  const told = Object.keys(automated?.settings ?? {}).map((name) => [name, fromAutomated] as const);
  return {
    engineVersion: automated?.engineVersion ?? backup.engineVersion,
    tags: automated?.tags ?? backup.tags,
    settings: { ...backup.settings, ...automated?.settings },
    attached: nothingAttached,
    origin: snapshot === undefined ? fromAutomated : { because: 'setting.from-snapshot', params: { snapshot } },
    origins: Object.fromEntries(told),
    unknown: { has: (name) => (silent && !automated ? true : !toldByBackups.has(name)) },
  };
}

type Profile = RestoreSettings['profile'];

/** Settings that a client of the database can feel and that no backup tells, by the option that names each. */
const askedOf = {
  instanceClass: 'DBInstanceClass',
  subnetGroup: 'DBSubnetGroupName',
  securityGroups: 'VpcSecurityGroupIds',
  parameterGroup: 'DBParameterGroupName',
  publiclyAccessible: 'PubliclyAccessible',
  caCertificate: 'CACertificateIdentifier',
  networkType: 'NetworkType',
} as const satisfies { readonly [Option in keyof Profile]-?: keyof InstanceSettings };

/**
 * What nobody knows and a client would feel is asked for, never left to RDS's defaults: those are the default security
 * group, say, and an address on the internet.
 * @throws PitcrewError `restore.settings-unknown` with the options to set
 */
export function refuseUnknown({ unknown, settings }: SourceSettings, profile: Profile, instance: string): void {
  const options = Object.entries(askedOf)
    .filter(([option, name]) => settings[name] === undefined && unknown.has(name) && !named(profile, option))
    .map(([option]) => option);
  if (options.length > 0) throw userError('restore.settings-unknown', { instance, options });
}

const named = (profile: Profile, option: string) => profile[option as keyof Profile] !== undefined;
