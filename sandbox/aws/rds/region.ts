import { randomBytes } from 'node:crypto';
import type { Household } from '../../household.ts';
import type { XmlObject } from '../xml.ts';
import type { Backup } from './backup.ts';
import type { ServerCertificate } from './certificates.ts';
import type { Tag } from './checks.ts';
import type { Cluster } from './cluster.ts';
import { RdsError } from './errors.ts';
import { pause, type RdsPaces } from './paces.ts';
import type { ParameterGroup } from './parameter-groups.ts';
import type { Master } from './roles.ts';
import type { Given, Settings } from './settings.ts';
import type { Template } from './template.ts';

export interface Instance {
  id: string;
  readonly resourceId: string;
  readonly cluster: Cluster;
  /** The WAL of this instance's own life; a restored instance begins another. */
  readonly archiveFolder: string;
  /** The archive holds everything that was committed until then. */
  restorableUntil: Date | undefined;
  /** Restores that are reading the archive: its files stay until they are through. */
  readonly archiveReaders: Set<Promise<void>>;
  readonly masterUsername: string;
  readonly databaseName: string | undefined;
  settings: Settings;
  status: string;
  tags: readonly Tag[];
  /** Asked for, not yet in force. */
  pending: Pending;
  parameterStatus: 'in-sync' | 'applying' | 'pending-reboot';
  /** What the server runs with; unknown until it is up. */
  applied: { readonly group: string; readonly parameters: Readonly<Record<string, string>> } | undefined;
  /** IAM roles that were attached to it. */
  roles: readonly { readonly RoleArn: string; readonly FeatureName: string }[];
  /** Of a read replica: its source, by resource id. */
  replicaOf: string | undefined;
  createdAt: Date | undefined;
  /** The endpoint is unknown until the server is up. */
  connectable: boolean;
  /** What it is going through, and how many walks stand in line for it. */
  work: Promise<void>;
  walks: number;
  /** Aborted when it is deleted: what it is going through then ends early. */
  readonly ending: AbortController;
}

export interface Pending {
  readonly settings: Given;
  readonly id?: string;
  readonly password?: string;
}

export interface Snapshot {
  readonly id: string;
  readonly type: 'manual' | 'automated';
  readonly instanceId: string;
  readonly resourceId: string;
  readonly instanceCreatedAt: Date | undefined;
  readonly master: Pick<Master, 'username'>;
  readonly databaseName: string | undefined;
  readonly port: number;
  /** Of the instance at that time. */
  readonly settings: Settings;
  readonly sourceTags: readonly Tag[];
  readonly folder: string;
  tags: readonly Tag[];
  status: 'creating' | 'available' | 'failed';
  /** The instant of the backup; unknown while it is being made. */
  takenAt: Date | undefined;
  /** What point-in-time recovery must know of it; unknown while it is being made. */
  base: Pick<Backup, 'consistentAt' | 'firstSegment'> | undefined;
  /** Restores that are copying it: its files stay until they are through. */
  readonly readers: Set<Promise<void>>;
}

export interface RdsEvent {
  readonly source: string;
  readonly type: 'db-instance' | 'db-snapshot' | 'db-parameter-group';
  readonly arn: string;
  readonly message: string;
  readonly categories: readonly string[];
  readonly date: Date;
}

export interface Quotas {
  readonly instances: number;
  readonly manualSnapshots: number;
  readonly storageGibibytes: number;
  readonly parameterGroups: number;
  /** Of deleted instances. */
  readonly retainedBackups: number;
}

export interface DbProxy {
  readonly name: string;
  readonly instanceId: string;
  readonly createdAt: Date;
}

export interface Subscription {
  readonly name: string;
  readonly view: XmlObject;
}

/** AWS's default quotas of a region (RDS User Guide, "Quotas and constraints"). */
export const defaultQuotas: Quotas = {
  instances: 40,
  manualSnapshots: 100,
  storageGibibytes: 100_000,
  parameterGroups: 50,
  retainedBackups: 40,
};

/** What one region's RDS holds: the state that every action works on. */
export interface Region {
  readonly household: Household;
  readonly account: string;
  readonly name: string;
  readonly folder: string;
  readonly now: () => Date;
  readonly template: Template;
  readonly certificate: ServerCertificate;
  readonly instances: Map<string, Instance>;
  readonly snapshots: Map<string, Snapshot>;
  /** Instances that are gone and whose automated backups are not (`DeleteAutomatedBackups=false`), by resource id. */
  readonly retained: Map<string, Instance>;
  readonly events: RdsEvent[];
  readonly parameterGroups: Map<string, ParameterGroup>;
  readonly proxies: Map<string, DbProxy>;
  readonly subscriptions: Map<string, Subscription>;
  /** Statuses that a test has put on an instance, by its id; `until` of `performance.now()`. */
  readonly forced: Map<string, { readonly status: string; readonly until: number }>;
  /** Where an instance's way through `during` is to end, by its id. */
  readonly fates: Map<string, { readonly status: string; readonly during: string }>;
  /** Instance classes of which there are none left. */
  readonly shortages: Set<string>;
  /** KMS keys that can't be used. */
  readonly lockedKeys: Set<string>;
  paces: RdsPaces;
  quotas: Quotas;
  /** Aborted when the service closes. */
  readonly closing: AbortSignal;
}

/** As RDS forms them: a prefix and 26 characters of base 32. */
export const newResourceId = () =>
  `db-${[...randomBytes(26)].map((byte) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[byte % 32]).join('')}`;

export const arn = ({ name, account }: Pick<Region, 'name' | 'account'>, kind: string, id: string) =>
  `arn:aws:rds:${name}:${account}:${kind}:${id}`;

/** The status that the outside sees. */
export function statusOf(region: Region, instance: Instance): string {
  const { KmsKeyId } = instance.settings;
  if (KmsKeyId !== undefined && region.lockedKeys.has(KmsKeyId)) return 'inaccessible-encryption-credentials';
  const forced = region.forced.get(instance.id);
  return forced && performance.now() < forced.until ? forced.status : instance.status;
}

/** @throws RdsError DBInstanceNotFound */
export function findInstance(region: Region, id: string): Instance {
  const instance = region.instances.get(id);
  if (!instance) throw new RdsError('DBInstanceNotFound', `DBInstance ${id} not found.`);
  return instance;
}

/** @throws RdsError DBSnapshotNotFound */
export function findSnapshot(region: Region, id: string): Snapshot {
  const snapshot = region.snapshots.get(id);
  if (!snapshot) throw new RdsError('DBSnapshotNotFound', `DBSnapshot not found: ${id}`);
  return snapshot;
}

/** @throws RdsError for an identifier in use, a quota used up, a class that is out of stock, a key that can't be used */
export function checkRoom(region: Region, id: string, settings: Settings): void {
  if (region.instances.has(id)) throw new RdsError('DBInstanceAlreadyExists', 'DB instance already exists');
  if (region.instances.size >= region.quotas.instances) {
    throw new RdsError('InstanceQuotaExceeded', 'DB Instance quota exceeded');
  }
  if (usedStorage(region) + settings.AllocatedStorage > region.quotas.storageGibibytes) {
    throw new RdsError('StorageQuotaExceeded', 'Cannot allocate storage: the quota of the account is exceeded.');
  }
  checkSupply(region, settings);
}

/** @throws RdsError for a class that is out of stock, a key that can't be used */
export function checkSupply(region: Region, { DBInstanceClass, KmsKeyId }: Settings): void {
  if (region.shortages.has(DBInstanceClass)) {
    throw new RdsError(
      'InsufficientDBInstanceCapacity',
      `Cannot create a database instance because there are currently insufficient resources of class ${DBInstanceClass}.`,
    );
  }
  if (KmsKeyId !== undefined && region.lockedKeys.has(KmsKeyId)) {
    throw new RdsError(
      'KMSKeyNotAccessibleFault',
      `The specified KMS key [${KmsKeyId}] does not exist, is not enabled or you do not have permissions to access it.`,
    );
  }
}

export const usedStorage = (region: Region) =>
  [...region.instances.values()].reduce((sum, { settings }) => sum + settings.AllocatedStorage, 0);

export const manualSnapshots = (region: Region) =>
  [...region.snapshots.values()].filter(({ type }) => type === 'manual').length;

export function record(region: Region, source: Instance | Snapshot, message: string, ...categories: string[]): void {
  const type = 'cluster' in source ? 'db-instance' : 'db-snapshot';
  const sourceArn = arn(region, type === 'db-instance' ? 'db' : 'snapshot', source.id);
  region.events.push({ source: source.id, type, arn: sourceArn, message, categories, date: region.now() });
}

/** Waits out a pace; see `paces.ts`. */
export const waitFor = (region: Region, pace: keyof RdsPaces, since: number, signal: AbortSignal) =>
  pause(() => region.paces[pace], since, signal);
