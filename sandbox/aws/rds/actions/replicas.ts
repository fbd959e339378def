import type { XmlObject } from '../../xml.ts';
import { checkReferences, findSubnetGroup } from '../catalogue.ts';
import { checkGiven, knownIdentifier, newIdentifier, readTags, refuseOthers } from '../checks.ts';
import { RdsError } from '../errors.ts';
import type { Form } from '../form.ts';
import { registerInstance } from '../lifecycle.ts';
import { checkRoom, findInstance, type Region } from '../region.ts';
import { bringUpReplica, promote } from '../replication.ts';
import { checkZone, defaultSettings, readSettings, type Settings, settingNames, withStorage } from '../settings.ts';
import { requireAvailable } from '../states.ts';
import { viewInstance } from '../views.ts';
import { readPort } from './instances.ts';

const names = settingNames.filter((name) => name !== 'BackupRetentionPeriod' && name !== 'EngineVersion');

export async function createReplica(region: Region, form: Form): Promise<XmlObject> {
  refuseOthers(form, [...names, 'DBInstanceIdentifier', 'SourceDBInstanceIdentifier', 'Port', 'Tags']);
  const id = newIdentifier(form.required('DBInstanceIdentifier'), 'DBInstanceIdentifier', 63);
  const source = findInstance(region, knownIdentifier(form.required('SourceDBInstanceIdentifier'), 'db'));
  if (source.settings.BackupRetentionPeriod === 0 || source.replicaOf !== undefined) {
    throw new RdsError(
      'InvalidDBInstanceState',
      `Automated backups are not enabled for ${source.id}: it can't have read replicas.`,
    );
  }
  requireAvailable(region, source);
  const given = readSettings(form, names);
  checkGiven(given);
  checkZone(given);
  const { settings: from } = source;
  const subnets = given.DBSubnetGroupName ?? from.DBSubnetGroupName;
  const settings: Settings = withStorage(
    {
      ...defaultSettings(region.name, from.EngineVersion),
      AllocatedStorage: from.AllocatedStorage,
      AutoMinorVersionUpgrade: from.AutoMinorVersionUpgrade,
      DBInstanceClass: from.DBInstanceClass,
      DBParameterGroupName: from.DBParameterGroupName,
      DBSubnetGroupName: subnets,
      PubliclyAccessible: findSubnetGroup(subnets).open,
      StorageEncrypted: from.StorageEncrypted,
      StorageType: from.StorageType,
      ...(from.KmsKeyId ? { KmsKeyId: from.KmsKeyId } : {}),
      ...(from.Iops ? { Iops: from.Iops } : {}),
      ...given,
      BackupRetentionPeriod: 0,
    },
    given,
  );
  checkReferences(region, settings);
  const port = readPort(form, 'Port');
  const tags = readTags(form) ?? [];
  checkRoom(region, id, settings);
  const { masterUsername, databaseName } = source;
  const replica = registerInstance(region, { id, settings, tags, port, masterUsername, databaseName });
  bringUpReplica(region, replica, source);
  return { DBInstance: await viewInstance(region, replica) };
}

export async function promoteReplica(region: Region, form: Form): Promise<XmlObject> {
  refuseOthers(form, ['DBInstanceIdentifier', 'BackupRetentionPeriod', 'PreferredBackupWindow']);
  const replica = findInstance(region, knownIdentifier(form.required('DBInstanceIdentifier'), 'db'));
  requireAvailable(region, replica);
  if (replica.replicaOf === undefined) {
    throw new RdsError('InvalidDBInstanceState', `DB Instance ${replica.id} is not a read replica.`);
  }
  const given = readSettings(form, ['BackupRetentionPeriod', 'PreferredBackupWindow']);
  checkGiven(given);
  promote(region, replica, { BackupRetentionPeriod: 1, ...given });
  return { DBInstance: await viewInstance(region, replica) };
}
