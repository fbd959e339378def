import { AwsError } from '../error.ts';

/** The wire codes of RDS that the sandbox answers with, and their HTTP status where it isn't 400 (from the service's model). */
const statuses = {
  DBInstanceAlreadyExists: 400,
  DBInstanceNotFound: 404,
  DBInstanceRoleAlreadyExists: 400,
  DBInstanceRoleNotFound: 404,
  DBLogFileNotFoundFault: 404,
  DBParameterGroupAlreadyExists: 400,
  DBParameterGroupNotFound: 404,
  DBParameterGroupQuotaExceeded: 400,
  DBProxyNotFoundFault: 404,
  DBProxyTargetGroupNotFoundFault: 404,
  DBSnapshotAlreadyExists: 400,
  DBSnapshotNotFound: 404,
  DBSubnetGroupNotFoundFault: 404,
  DBInstanceAutomatedBackupNotFound: 404,
  DBInstanceAutomatedBackupQuotaExceeded: 400,
  CertificateNotFound: 404,
  InstanceQuotaExceeded: 400,
  InsufficientDBInstanceCapacity: 400,
  InvalidAction: 400,
  InvalidDBInstanceAutomatedBackupState: 400,
  InvalidDBInstanceState: 400,
  InvalidDBParameterGroupState: 400,
  InvalidDBSnapshotState: 400,
  InvalidParameterCombination: 400,
  InvalidParameterValue: 400,
  InvalidRestoreFault: 400,
  KMSKeyNotAccessibleFault: 400,
  MissingParameter: 400,
  OptionGroupNotFoundFault: 404,
  PointInTimeRestoreNotEnabled: 400,
  SnapshotQuotaExceeded: 400,
  StorageQuotaExceeded: 400,
  StorageTypeNotSupported: 400,
  SubscriptionAlreadyExist: 400,
  SubscriptionNotFound: 404,
} as const;

export type RdsCode = keyof typeof statuses;

/** A refusal as AWS words it on the wire; the SDKs' names for the same errors often end in `Fault`. */
export class RdsError extends AwsError {
  constructor(code: RdsCode, message: string) {
    super(code, statuses[code], message);
  }
}

export const invalidValue = (message: string) => new RdsError('InvalidParameterValue', message);
export const invalidCombination = (message: string) => new RdsError('InvalidParameterCombination', message);
