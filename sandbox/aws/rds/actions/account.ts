import type { XmlObject } from '../../xml.ts';
import { list, time } from '../answer.ts';
import { subnetGroups } from '../catalogue.ts';
import { refuseOthers } from '../checks.ts';
import { invalidCombination, invalidValue } from '../errors.ts';
import type { Form } from '../form.ts';
import { page, pagingNames } from '../paging.ts';
import { manualSnapshots, type Region, usedStorage } from '../region.ts';

export function describeAccountAttributes(region: Region, form: Form): XmlObject {
  refuseOthers(form, []);
  const { quotas } = region;
  const ownGroups = [...region.parameterGroups.keys()].filter((name) => !name.startsWith('default.')).length;
  const mostSubnets = Math.max(...subnetGroups.map(({ subnets }) => Object.keys(subnets).length));
  const rows: readonly (readonly [string, number, number])[] = [
    ['DBInstances', region.instances.size, quotas.instances],
    ['ReservedDBInstances', 0, 40],
    ['AllocatedStorage', usedStorage(region), quotas.storageGibibytes],
    ['DBSecurityGroups', 0, 25],
    ['AuthorizationsPerDBSecurityGroup', 0, 20],
    ['DBParameterGroups', ownGroups, quotas.parameterGroups],
    ['ManualSnapshots', manualSnapshots(region), quotas.manualSnapshots],
    ['EventSubscriptions', 0, 20],
    ['DBSubnetGroups', subnetGroups.length, 50],
    ['OptionGroups', 0, 20],
    ['SubnetsPerDBSubnetGroup', mostSubnets, 20],
    ['ReadReplicasPerMaster', 0, 15],
    ['DBClusters', 0, 40],
    ['DBClusterParameterGroups', 0, 50],
    ['DBClusterRoles', 0, 5],
    ['ManualClusterSnapshots', 0, 100],
    ['DBInstanceRoles', 0, 5],
    ['CustomEndpointsPerDBCluster', 0, 5],
  ];
  const views = rows.map(([AccountQuotaName, Used, Max]) => ({ AccountQuotaName, Used, Max }));
  return { AccountQuotas: list('AccountQuota', views) };
}

const eventNames = [
  'SourceIdentifier',
  'SourceType',
  'StartTime',
  'EndTime',
  'Duration',
  'EventCategories',
  'Filters',
] as const;
/** RDS keeps events for 14 days and shows those of the last hour unless asked for more. */
const longestMinutes = 14 * 24 * 60;

export function describeEvents(region: Region, form: Form): XmlObject {
  refuseOthers(form, [...eventNames, ...pagingNames]);
  const source = form.text('SourceIdentifier')?.toLowerCase();
  const type = form.text('SourceType');
  if (source !== undefined && type === undefined) {
    throw invalidCombination('SourceType must be provided when SourceIdentifier is.');
  }
  const minutes = form.integer('Duration') ?? 60;
  if (minutes < 1 || minutes > longestMinutes) throw invalidValue(`Invalid duration: ${minutes} minutes.`);
  const end = form.instant('EndTime') ?? region.now();
  const start = form.instant('StartTime') ?? new Date(end.getTime() - minutes * 60_000);
  const categories = form.list('EventCategories') ?? [];
  const fitting = region.events
    .map((event, index) => ({ ...event, key: String(index).padStart(9, '0') }))
    .filter(
      (event) =>
        (source === undefined || event.source === source) &&
        (type === undefined || event.type === type) &&
        event.date >= start &&
        event.date <= end &&
        (categories.length === 0 || event.categories.some((category) => categories.includes(category))),
    );
  const { items, marker } = page(form, fitting, ({ key }) => key);
  const views = items.map((event) => ({
    SourceIdentifier: event.source,
    SourceType: event.type,
    Message: event.message,
    EventCategories: list('EventCategory', event.categories),
    Date: time(event.date),
    SourceArn: event.arn,
  }));
  return { Marker: marker, Events: list('Event', views) };
}
