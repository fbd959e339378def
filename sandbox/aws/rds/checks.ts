import { invalidValue } from './errors.ts';
import type { Form } from './form.ts';
import type { Given } from './settings.ts';

export interface Tag {
  readonly Key: string;
  readonly Value: string;
}

/**
 * The identifier in lower case, as RDS stores it: a letter first, then letters, digits and hyphens, none at the end
 * and no two together (API reference of CreateDBInstance and CreateDBSnapshot).
 * @throws RdsError InvalidParameterValue
 */
export function newIdentifier(text: string, parameter: string, longest: number): string {
  if (/^[a-z](-?[a-z0-9])*$/i.test(text) && text.length <= longest) return text.toLowerCase();
  throw invalidValue(
    `The parameter ${parameter} is not a valid identifier. Identifiers must begin with a letter; must contain only ` +
      `ASCII letters, digits, and hyphens; must not end with a hyphen or contain two consecutive hyphens; and must ` +
      `have at most ${longest} characters.`,
  );
}

/** An identifier or the ARN that ends in it, in lower case. */
export function knownIdentifier(text: string, kind: 'db' | 'snapshot'): string {
  const [, id = text] = new RegExp(`^arn:aws:rds:[^:]*:[^:]*:${kind}:(.+)$`).exec(text) ?? [];
  return id.toLowerCase();
}

const mostTags = 50;

/** @throws RdsError InvalidParameterValue, for `aws:` keys above all, which only AWS may set */
export function readTags(form: Form): readonly Tag[] | undefined {
  const tags = form.records('Tags')?.map((tag) => ({ Key: tag.text('Key') ?? '', Value: tag.text('Value') ?? '' }));
  if (!tags) return undefined;
  for (const { Key, Value } of tags) {
    if (!Key || Key.length > 128 || Value.length > 256) throw invalidValue(`Invalid tag: ${Key}`);
    if (Key.toLowerCase().startsWith('aws:')) {
      throw invalidValue(`Tag keys cannot start with 'aws:', which is reserved for system use: ${Key}`);
    }
    if (!/^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u.test(Key + Value)) throw invalidValue(`Invalid characters in the tag ${Key}`);
  }
  if (new Set(tags.map(({ Key }) => Key)).size < tags.length) throw invalidValue('Duplicate tag keys.');
  return checkTagCount(tags);
}

export function checkTagCount<T>(tags: readonly T[]): readonly T[] {
  if (tags.length > mostTags) throw invalidValue(`A resource has at most ${mostTags} tags.`);
  return tags;
}

/** @throws RdsError for a password that RDS for PostgreSQL refuses */
export function checkPassword(password: string): string {
  if (/^[!#-.0-?A-~]{8,128}$/.test(password)) return password;
  throw invalidValue(
    'The parameter MasterUserPassword is not a valid password: 8 to 128 printable ASCII characters other than / @ " and space.',
  );
}

/** Words that RDS for PostgreSQL keeps for itself, `pg_…` and SQL's own aside. */
const reservedNames = ['rdsadmin', 'rds_superuser', 'rds_password', 'rds_replication', 'rds_iam', 'admin', 'public'];

export function checkMasterUsername(name: string): string {
  if (
    /^[a-z][a-z0-9_]{0,62}$/i.test(name) &&
    !/^(pg_|rds_)/i.test(name) &&
    !reservedNames.includes(name.toLowerCase())
  ) {
    return name;
  }
  throw invalidValue(`MasterUsername ${name} cannot be used as it is a reserved word or no valid name.`);
}

/** @throws RdsError for values that no engine version and no group makes valid */
export function checkGiven(given: Given): void {
  const { DBInstanceClass, BackupRetentionPeriod: days, PreferredBackupWindow, PreferredMaintenanceWindow } = given;
  if (DBInstanceClass !== undefined && !/^db\.[a-z0-9-]+\.[a-z0-9]+$/.test(DBInstanceClass)) {
    throw invalidValue(`Invalid DB Instance class: ${DBInstanceClass}`);
  }
  if (days !== undefined && (days < 0 || days > 35)) {
    throw invalidValue(`Invalid backup retention period: ${days}. Retention period must be between 0 and 35.`);
  }
  if (PreferredBackupWindow !== undefined && !backupWindow.test(PreferredBackupWindow)) {
    throw invalidValue(
      `Invalid backup window format: ${PreferredBackupWindow}. Should be specified as hh24:mi-hh24:mi.`,
    );
  }
  if (PreferredMaintenanceWindow !== undefined && !maintenanceWindow.test(PreferredMaintenanceWindow)) {
    throw invalidValue(`Invalid maintenance window format: ${PreferredMaintenanceWindow}.`);
  }
  const logs = given.EnableCloudwatchLogsExports?.filter((log) => !exportableLogs.includes(log)) ?? [];
  if (logs.length > 0) throw invalidValue(`You cannot use the log types '${logs.join(', ')}' with engine postgres.`);
}

const exportableLogs = ['postgresql', 'upgrade', 'iam-db-auth-error'];
const time = '([01]\\d|2[0-3]):[0-5]\\d';
const day = '(mon|tue|wed|thu|fri|sat|sun)';
const backupWindow = new RegExp(`^${time}-${time}$`);
const maintenanceWindow = new RegExp(`^${day}:${time}-${day}:${time}$`, 'i');

/**
 * Refuses a parameter that the action doesn't have or that the sandbox doesn't play, for silence would be a lie.
 * To turn off what isn't played changes nothing, so `false` passes.
 */
export function refuseOthers(form: Form, played: readonly string[]): void {
  const other = form.names.find(
    (name) => !['Action', 'Version', ...played].includes(name) && form.text(name)?.toLowerCase() !== 'false',
  );
  if (other) throw invalidValue(`The sandbox's ${form.text('Action')} does not take the parameter ${other}.`);
}
