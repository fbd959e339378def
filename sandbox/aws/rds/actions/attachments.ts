import type { XmlObject } from '../../xml.ts';
import { list, time } from '../answer.ts';
import { subnetGroups, vpcId } from '../catalogue.ts';
import { knownIdentifier, refuseOthers } from '../checks.ts';
import { invalidValue, RdsError } from '../errors.ts';
import type { Form } from '../form.ts';
import { page, pagingNames } from '../paging.ts';
import { arn, type DbProxy, findInstance, type Region, record, statusOf } from '../region.ts';
import { requireAvailable } from '../states.ts';
import { address } from '../views.ts';

// What hangs on an instance and is not part of it: a restore brings none of it along.

const features: readonly string[] = ['s3Import', 's3Export', 'Lambda', 'SageMaker', 'Comprehend'];

export function addRole(region: Region, form: Form): undefined {
  const { instance, RoleArn, FeatureName } = readRole(region, form);
  requireAvailable(region, instance);
  if (!/^arn:aws:iam::\d{12}:role\/.+$/.test(RoleArn)) throw invalidValue(`Invalid role ARN: ${RoleArn}`);
  if (!features.includes(FeatureName)) throw invalidValue(`The feature-name ${FeatureName} is not supported.`);
  if (instance.roles.some((role) => role.FeatureName === FeatureName)) {
    throw new RdsError(
      'DBInstanceRoleAlreadyExists',
      `A role for ${FeatureName} is associated with ${instance.id} already.`,
    );
  }
  instance.roles = [...instance.roles, { RoleArn, FeatureName }];
  record(region, instance, `Associated role ${RoleArn} for ${FeatureName}`, 'configuration change');
}

export function removeRole(region: Region, form: Form): undefined {
  const { instance, RoleArn, FeatureName } = readRole(region, form);
  const left = instance.roles.filter((role) => role.RoleArn !== RoleArn || role.FeatureName !== FeatureName);
  if (left.length === instance.roles.length) {
    throw new RdsError('DBInstanceRoleNotFound', `The role ${RoleArn} is not associated with ${instance.id}.`);
  }
  instance.roles = left;
}

function readRole(region: Region, form: Form) {
  refuseOthers(form, ['DBInstanceIdentifier', 'RoleArn', 'FeatureName']);
  const instance = findInstance(region, knownIdentifier(form.required('DBInstanceIdentifier'), 'db'));
  return { instance, RoleArn: form.required('RoleArn'), FeatureName: form.required('FeatureName') };
}

const sourceTypes: readonly string[] = ['db-instance', 'db-snapshot', 'db-parameter-group', 'db-security-group'];

export function createSubscription(region: Region, form: Form): XmlObject {
  const names = ['SubscriptionName', 'SnsTopicArn', 'SourceType', 'EventCategories', 'SourceIds', 'Enabled'];
  refuseOthers(form, names);
  const name = form.required('SubscriptionName').toLowerCase();
  const sourceType = form.text('SourceType');
  if (sourceType !== undefined && !sourceTypes.includes(sourceType))
    throw invalidValue(`Invalid source type: ${sourceType}`);
  if (region.subscriptions.has(name)) {
    throw new RdsError('SubscriptionAlreadyExist', `Event subscription ${name} already exists.`);
  }
  const sourceIds = form.list('SourceIds') ?? [];
  const subscription = {
    name,
    view: {
      CustomerAwsId: region.account,
      CustSubscriptionId: name,
      SnsTopicArn: form.required('SnsTopicArn'),
      Status: 'active',
      SubscriptionCreationTime: time(region.now()),
      SourceType: sourceType,
      SourceIdsList: sourceIds.length > 0 ? list('SourceId', sourceIds) : undefined,
      EventCategoriesList: list('EventCategory', form.list('EventCategories') ?? []),
      Enabled: form.flag('Enabled') ?? true,
      EventSubscriptionArn: arn(region, 'es', name),
    },
  };
  region.subscriptions.set(name, subscription);
  return { EventSubscription: subscription.view };
}

export function deleteSubscription(region: Region, form: Form): XmlObject {
  refuseOthers(form, ['SubscriptionName']);
  const { name, view } = findSubscription(region, form.required('SubscriptionName'));
  region.subscriptions.delete(name);
  return { EventSubscription: { ...view, Status: 'deleting' } };
}

export function describeSubscriptions(region: Region, form: Form): XmlObject {
  refuseOthers(form, ['SubscriptionName', 'Filters', ...pagingNames]);
  const asked = form.text('SubscriptionName');
  const all = asked === undefined ? region.subscriptions.values() : [findSubscription(region, asked)];
  const { items, marker } = page(form, all, ({ name }) => name);
  const views = items.map(({ view }) => view);
  return { Marker: marker, EventSubscriptionsList: list('EventSubscription', views) };
}

function findSubscription(region: Region, name: string) {
  const subscription = region.subscriptions.get(name.toLowerCase());
  if (!subscription) throw new RdsError('SubscriptionNotFound', `Event Subscription ${name} not found.`);
  return subscription;
}

/** @throws RdsError DBInstanceNotFound */
export function addProxy(region: Region, name: string, instanceId: string): void {
  const { id } = findInstance(region, instanceId.toLowerCase());
  region.proxies.set(name, { name, instanceId: id, createdAt: region.now() });
}

export function describeProxies(region: Region, form: Form): XmlObject {
  refuseOthers(form, ['DBProxyName', 'Filters', ...pagingNames]);
  const asked = form.text('DBProxyName');
  const all = asked === undefined ? region.proxies.values() : [findProxy(region, asked)];
  const { items, marker } = page(form, all, ({ name }) => name);
  return {
    DBProxies: list(
      'member',
      items.map((proxy) => viewProxy(region, proxy)),
    ),
    Marker: marker,
  };
}

export function describeProxyTargetGroups(region: Region, form: Form): XmlObject {
  refuseOthers(form, ['DBProxyName', 'TargetGroupName', 'Filters', ...pagingNames]);
  const { name, createdAt } = readProxy(region, form);
  const view = {
    DBProxyName: name,
    TargetGroupName: 'default',
    TargetGroupArn: arn(region, 'target-group', `prx-tg-${name}`),
    IsDefault: true,
    Status: 'available',
    ConnectionPoolConfig: { MaxConnectionsPercent: 100, MaxIdleConnectionsPercent: 50, ConnectionBorrowTimeout: 120 },
    CreatedDate: time(createdAt),
    UpdatedDate: time(createdAt),
  };
  return { TargetGroups: list('member', [view]) };
}

export function describeProxyTargets(region: Region, form: Form): XmlObject {
  refuseOthers(form, ['DBProxyName', 'TargetGroupName', 'Filters', ...pagingNames]);
  const { instanceId } = readProxy(region, form);
  const instance = region.instances.get(instanceId);
  const reached = instance !== undefined && statusOf(region, instance) === 'available';
  const view = {
    RdsResourceId: instanceId,
    Type: 'RDS_INSTANCE',
    Role: 'READ_WRITE',
    Endpoint: instance && address,
    Port: instance?.cluster.port,
    TargetHealth: reached ? { State: 'AVAILABLE' } : { State: 'UNAVAILABLE', Reason: 'UNREACHABLE' },
  };
  return { Targets: list('member', [view]) };
}

function readProxy(region: Region, form: Form): DbProxy {
  const group = form.text('TargetGroupName') ?? 'default';
  if (group !== 'default')
    throw new RdsError('DBProxyTargetGroupNotFoundFault', `Target group ${group} does not exist.`);
  return findProxy(region, form.required('DBProxyName'));
}

function findProxy(region: Region, name: string): DbProxy {
  const proxy = region.proxies.get(name);
  if (!proxy) throw new RdsError('DBProxyNotFoundFault', `DBProxy ${name} does not exist.`);
  return proxy;
}

function viewProxy(region: Region, { name, createdAt }: DbProxy): XmlObject {
  return {
    DBProxyName: name,
    DBProxyArn: arn(region, 'db-proxy', `prx-${name}`),
    Status: 'available',
    EngineFamily: 'POSTGRESQL',
    VpcId: vpcId,
    VpcSecurityGroupIds: list('member', ['sg-production']),
    VpcSubnetIds: list('member', Object.keys(subnetGroups.find((group) => !group.open)?.subnets ?? {})),
    Auth: list('member', [{ AuthScheme: 'SECRETS', IAMAuth: 'DISABLED' }]),
    RoleArn: `arn:aws:iam::${region.account}:role/${name}`,
    Endpoint: `${name}.proxy-sandbox.${region.name}.rds.amazonaws.com`,
    RequireTLS: false,
    IdleClientTimeout: 1800,
    DebugLogging: false,
    CreatedDate: time(createdAt),
    UpdatedDate: time(createdAt),
  };
}
