import {
  DescribeAccountAttributesCommand,
  DescribeDBInstanceAutomatedBackupsCommand,
  DescribeDBParameterGroupsCommand,
  DescribeDBParametersCommand,
  DescribeDBProxiesCommand,
  DescribeDBProxyTargetsCommand,
  DescribeDBSubnetGroupsCommand,
  DescribeEventSubscriptionsCommand,
  type RDSClient,
} from '@aws-sdk/client-rds';
import { call, pages } from './rds-calls.ts';
import { type AutomatedBackup, automatedBackupOf } from './rds-views.ts';

export interface Quota {
  readonly name: string;
  readonly used: number;
  readonly max: number;
}

export interface Surroundings {
  findParameterGroup(name: string): Promise<{ readonly name: string; readonly family: string } | undefined>;
  /** Those that somebody changed (`Source: user`), by name; what the engine or RDS sets is not among them. */
  changedParameters(group: string): Promise<Readonly<Record<string, string>>>;
  findSubnetGroup(name: string): Promise<{ readonly name: string; readonly zones: readonly string[] } | undefined>;
  /** Used and allowed in this region: `DBInstances`, `ManualSnapshots`, `AllocatedStorage` (GiB), … */
  quotas(): Promise<readonly Quota[]>;
  /** Of an instance that lives, or of one that is gone and whose backups were kept. */
  listAutomatedBackups(
    of: { readonly instanceId: string } | { readonly resourceId: string },
  ): Promise<readonly AutomatedBackup[]>;
  /** Names of the RDS proxies that lead to this instance. */
  proxiesOf(instanceId: string): Promise<readonly string[]>;
  /** Names of the event subscriptions that name this instance. */
  eventSubscriptionsOf(instanceId: string): Promise<readonly string[]>;
}

/** What stands around instances: groups and their parameters, quotas, backups that outlive them, and what hangs on them. */
export function surroundings(client: RDSClient): Surroundings {
  return {
    async findParameterGroup(name) {
      const answer = await call('DescribeDBParameterGroups', name, 'DBParameterGroupNotFound', () =>
        client.send(new DescribeDBParameterGroupsCommand({ DBParameterGroupName: name })),
      );
      const found = answer?.DBParameterGroups?.[0];
      return found && { name: found.DBParameterGroupName ?? name, family: found.DBParameterGroupFamily ?? '' };
    },

    async findSubnetGroup(name) {
      const answer = await call('DescribeDBSubnetGroups', name, 'DBSubnetGroupNotFound', () =>
        client.send(new DescribeDBSubnetGroupsCommand({ DBSubnetGroupName: name })),
      );
      const found = answer?.DBSubnetGroups?.[0];
      const zones = (found?.Subnets ?? []).map(({ SubnetAvailabilityZone }) => SubnetAvailabilityZone?.Name ?? '');
      return found && { name: found.DBSubnetGroupName ?? name, zones: [...new Set(zones)].sort() };
    },

    async changedParameters(group) {
      const all = await pages('DescribeDBParameters', group, (Marker) =>
        client
          .send(new DescribeDBParametersCommand({ DBParameterGroupName: group, Source: 'user', Marker }))
          .then((page) => [page.Parameters, page.Marker]),
      );
      return Object.fromEntries(
        all
          .map(({ ParameterName, ParameterValue }) => [ParameterName ?? '', ParameterValue ?? ''] as const)
          .sort(([a], [b]) => (a < b ? -1 : 1)),
      );
    },

    async listAutomatedBackups(of) {
      const which = 'instanceId' in of ? { DBInstanceIdentifier: of.instanceId } : { DbiResourceId: of.resourceId };
      const on = Object.values(which)[0] ?? '';
      const all = await pages(
        'DescribeDBInstanceAutomatedBackups',
        on,
        (Marker) =>
          client
            .send(new DescribeDBInstanceAutomatedBackupsCommand({ ...which, Marker }))
            .then((page) => [page.DBInstanceAutomatedBackups, page.Marker]),
        'DBInstanceAutomatedBackupNotFound',
      );
      return all.map(automatedBackupOf);
    },

    async proxiesOf(instanceId) {
      const proxies = await pages('DescribeDBProxies', 'all', (Marker) =>
        client.send(new DescribeDBProxiesCommand({ Marker })).then((page) => [page.DBProxies, page.Marker]),
      );
      const names = proxies.map(({ DBProxyName }) => DBProxyName ?? '').filter((name) => name !== '');
      const leading: string[] = [];
      for (const name of names) if (await targets(client, name, instanceId)) leading.push(name);
      return leading.sort();
    },

    async eventSubscriptionsOf(instanceId) {
      const all = await pages('DescribeEventSubscriptions', 'all', (Marker) =>
        client
          .send(new DescribeEventSubscriptionsCommand({ Marker }))
          .then((page) => [page.EventSubscriptionsList, page.Marker]),
      );
      return all
        .filter(({ SourceType, SourceIdsList }) => SourceType === 'db-instance' && SourceIdsList?.includes(instanceId))
        .map(({ CustSubscriptionId }) => CustSubscriptionId ?? '')
        .sort();
    },

    async quotas() {
      const answer = await call('DescribeAccountAttributes', '', undefined, () =>
        client.send(new DescribeAccountAttributesCommand({})),
      );
      return (answer?.AccountQuotas ?? []).map(({ AccountQuotaName, Used, Max }) => ({
        name: AccountQuotaName ?? '',
        used: Used ?? 0,
        max: Max ?? 0,
      }));
    },
  };
}

async function targets(client: RDSClient, proxy: string, instanceId: string): Promise<boolean> {
  const all = await pages(
    'DescribeDBProxyTargets',
    proxy,
    (Marker) =>
      client
        .send(new DescribeDBProxyTargetsCommand({ DBProxyName: proxy, Marker }))
        .then((page) => [page.Targets, page.Marker]),
    // Deleted since it was listed.
    'DBProxyNotFound',
  );
  return all.some(({ RdsResourceId, Type }) => Type === 'RDS_INSTANCE' && RdsResourceId === instanceId);
}
