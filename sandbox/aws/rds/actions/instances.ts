import type { XmlObject } from '../../xml.ts';
import { list } from '../answer.ts';
import { checkReferences, findSubnetGroup } from '../catalogue.ts';
import {
  checkGiven,
  checkMasterUsername,
  checkPassword,
  knownIdentifier,
  newIdentifier,
  readTags,
  refuseOthers,
} from '../checks.ts';
import { invalidCombination, invalidValue } from '../errors.ts';
import type { Form } from '../form.ts';
import { bringUp, registerInstance, restart } from '../lifecycle.ts';
import { page, pagingNames, readFilters } from '../paging.ts';
import { arn, checkRoom, findInstance, type Region, statusOf } from '../region.ts';
import {
  checkMonitoring,
  checkZone,
  defaultSettings,
  readSettings,
  settingNames,
  withGrowthLimit,
  withStorage,
} from '../settings.ts';
import { requireAvailable } from '../states.ts';
import { viewInstance } from '../views.ts';
import { walk } from '../walk.ts';

const createNames = [
  'DBInstanceIdentifier',
  'DBName',
  'Engine',
  'MasterUsername',
  'MasterUserPassword',
  'Port',
  'Tags',
] as const;

export async function createInstance(region: Region, form: Form): Promise<XmlObject> {
  refuseOthers(form, [...createNames, ...settingNames]);
  const id = newIdentifier(form.required('DBInstanceIdentifier'), 'DBInstanceIdentifier', 63);
  if (form.required('Engine') !== 'postgres') throw invalidValue('Invalid DB engine: the sandbox has postgres only.');
  const given = readSettings(form, settingNames);
  checkGiven(given);
  checkZone(given);
  if (!given.AllocatedStorage) throw invalidCombination('AllocatedStorage is required.');
  const version = resolveVersion(region, given.EngineVersion);
  const subnets = findSubnetGroup(given.DBSubnetGroupName ?? 'default');
  const settings = withGrowthLimit(
    withStorage(
      {
        ...defaultSettings(region.name, version),
        PubliclyAccessible: subnets.open,
        StorageType: given.Iops && !given.StorageType ? 'io1' : 'gp3',
        ...withKey(region, given.StorageEncrypted),
        ...given,
        DBInstanceClass: form.required('DBInstanceClass'),
        AllocatedStorage: given.AllocatedStorage,
        EngineVersion: version,
      },
      given,
    ),
  );
  checkReferences(region, settings);
  checkMonitoring(settings);
  const masterUsername = checkMasterUsername(form.required('MasterUsername'));
  const password = checkPassword(form.required('MasterUserPassword'));
  const databaseName = checkDatabaseName(form.text('DBName'));
  const port = readPort(form, 'Port');
  const tags = readTags(form) ?? [];
  checkRoom(region, id, settings);
  const instance = registerInstance(region, { id, settings, tags, masterUsername, databaseName, port });
  bringUp(region, instance, password, databaseName);
  return { DBInstance: await viewInstance(region, instance) };
}

/** `15` means its newest minor, which is the one that is installed. */
export function resolveVersion({ template }: Region, asked: string | undefined): string {
  const { engineVersion } = template;
  if (asked === undefined || asked === engineVersion || asked === engineVersion.split('.')[0]) return engineVersion;
  throw invalidCombination(`Cannot find version ${asked} for postgres: the sandbox has ${engineVersion}.`);
}

const withKey = (region: Region, encrypted: boolean | undefined) =>
  encrypted ? { KmsKeyId: arn(region, 'key', 'aws-rds').replace(':rds:', ':kms:').replace(':key:', ':key/') } : {};

/** @throws RdsError for a port outside of RDS's range */
export function readPort(form: Form, name: string): number | undefined {
  const port = form.integer(name);
  if (port !== undefined && (port < 1150 || port > 65_535)) throw invalidValue(`Invalid database port: ${port}`);
  return port;
}

function checkDatabaseName(name: string | undefined): string | undefined {
  if (
    name === undefined ||
    (/^[a-z_][a-z0-9_]{0,62}$/i.test(name) && !['rdsadmin', 'template0', 'template1'].includes(name))
  ) {
    return name;
  }
  throw invalidValue(`DBName ${name} is not valid or reserved.`);
}

const instanceFilters = ['db-instance-id', 'dbi-resource-id', 'engine'] as const;

export async function describeInstances(region: Region, form: Form): Promise<XmlObject> {
  refuseOthers(form, ['DBInstanceIdentifier', 'Filters', ...pagingNames]);
  const passes = readFilters(form, instanceFilters);
  const asked = form.text('DBInstanceIdentifier');
  const candidates = asked ? [findInstance(region, knownIdentifier(asked, 'db'))] : [...region.instances.values()];
  const fitting = candidates.filter(
    ({ id, resourceId }) =>
      (passes('db-instance-id', id) || passes('db-instance-id', arn(region, 'db', id))) &&
      passes('dbi-resource-id', resourceId) &&
      passes('engine', 'postgres'),
  );
  const { items, marker } = page(form, fitting, ({ id }) => id);
  const views = await Promise.all(items.map((instance) => viewInstance(region, instance)));
  return { Marker: marker, DBInstances: list('DBInstance', views) };
}

export async function rebootInstance(region: Region, form: Form): Promise<XmlObject> {
  refuseOthers(form, ['DBInstanceIdentifier', 'ForceFailover']);
  const instance = findInstance(region, knownIdentifier(form.required('DBInstanceIdentifier'), 'db'));
  // The way out of parameters that kept the server from starting is to change them and to reboot.
  if (statusOf(region, instance) !== 'incompatible-parameters') requireAvailable(region, instance);
  if (form.flag('ForceFailover') && !instance.settings.MultiAZ) {
    throw invalidCombination('Cannot force failover: the instance is not Multi-AZ.');
  }
  walk(region, instance, (step) => step('rebooting', 'rebooting', () => restart(region, instance)));
  return { DBInstance: await viewInstance(region, instance) };
}
