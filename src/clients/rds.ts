import {
  CreateDBSnapshotCommand,
  DescribeAccountAttributesCommand,
  DescribeDBInstancesCommand,
  DescribeDBParameterGroupsCommand,
  DescribeDBSnapshotsCommand,
  DescribeDBSubnetGroupsCommand,
  ListTagsForResourceCommand,
  ModifyDBInstanceCommand,
  type ModifyDBInstanceMessage,
  RDSClient,
  RestoreDBInstanceFromDBSnapshotCommand,
  type RestoreDBInstanceFromDBSnapshotMessage,
} from '@aws-sdk/client-rds';
import { permanent } from '../domain/errors.ts';
import { connection } from './aws-connection.ts';
import { translated, wireCode } from './aws-errors.ts';
import {
  type DatabaseInstance,
  type DatabaseSnapshot,
  instanceOf,
  snapshotOf,
  type Tags,
  tagsOf,
} from './rds-views.ts';

export type { DatabaseInstance, DatabaseSnapshot, InstanceSettings, Tags } from './rds-views.ts';

/** Every parameter that RDS's restore takes: `planning/restore-parameters.ts` says of each what becomes of it. */
export type RestoreRequest = RestoreDBInstanceFromDBSnapshotMessage;
export type ModifyRequest = ModifyDBInstanceMessage;

export interface Quota {
  readonly name: string;
  readonly used: number;
  readonly max: number;
}

/** RDS of one region. `find…` answers undefined for what isn't there; everything else that goes wrong throws `aws.*`. */
export interface Rds {
  findInstance(id: string): Promise<DatabaseInstance | undefined>;
  /** The instance that answers at this address, among all of the region. */
  findInstanceByEndpoint(host: string, port: number): Promise<DatabaseInstance | undefined>;
  /** By id, or by ARN where the snapshot is another account's. */
  findSnapshot(idOrArn: string): Promise<DatabaseSnapshot | undefined>;
  /** Snapshots of every type, of one instance by its id or by its resource id, in RDS's order. */
  listSnapshots(
    of: { readonly instanceId: string } | { readonly resourceId: string },
  ): Promise<readonly DatabaseSnapshot[]>;
  /** `exists`: the name is taken, by whomever. */
  createSnapshot(snapshot: {
    readonly id: string;
    readonly instanceId: string;
    readonly tags: Tags;
  }): Promise<DatabaseSnapshot | 'exists'>;
  /** `exists`: the name is taken, by whomever. RDS knows no client token here, so a repeated call ends in this too. */
  restoreFromSnapshot(request: RestoreRequest): Promise<DatabaseInstance | 'exists'>;
  /** Applies at once, not in the next maintenance window. @throws PitcrewError `aws.busy` outside of `available` */
  modifyInstance(request: Omit<ModifyRequest, 'ApplyImmediately'>): Promise<DatabaseInstance>;
  tagsOf(arn: string): Promise<Tags>;
  findParameterGroup(name: string): Promise<{ readonly name: string; readonly family: string } | undefined>;
  findSubnetGroup(name: string): Promise<{ readonly name: string; readonly zones: readonly string[] } | undefined>;
  /** Used and allowed in this region: `DBInstances`, `ManualSnapshots`, `AllocatedStorage` (GiB), … */
  quotas(): Promise<readonly Quota[]>;
}

/** The standard variables of the AWS SDK say where and as whom: `AWS_ENDPOINT_URL_RDS`, `AWS_PROFILE`, … */
export function rds(region: string): Rds {
  return rdsOver(new RDSClient({ region, ...connection }));
}

function rdsOver(client: RDSClient): Rds {
  const findInstance: Rds['findInstance'] = async (id) => {
    const answer = await call('DescribeDBInstances', id, 'DBInstanceNotFound', () =>
      client.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: id })),
    );
    const found = answer?.DBInstances?.[0];
    return found && instanceOf(found);
  };
  return {
    findInstance,
    ...lookups(client, findInstance),
    ...changes(client),
    ...surroundings(client),
  };
}

function lookups(
  client: RDSClient,
  findInstance: Rds['findInstance'],
): Pick<Rds, 'findInstanceByEndpoint' | 'findSnapshot' | 'listSnapshots'> {
  return {
    async findInstanceByEndpoint(host, port) {
      const answersAt = (instance: DatabaseInstance | undefined) =>
        instance?.endpoint?.host.toLowerCase() === host.toLowerCase() && instance.endpoint.port === port;
      // `<instance>.<hash>.<region>.rds.amazonaws.com` names the instance: one call instead of all pages.
      const [, label] = /^([a-z][a-z0-9-]*)\.[a-z0-9]+\.[a-z0-9-]+\.rds\.amazonaws\.com(?:\.cn)?$/i.exec(host) ?? [];
      const named = label === undefined ? undefined : await findInstance(label);
      if (answersAt(named)) return named;
      const all = await pages('DescribeDBInstances', host, (Marker) =>
        client.send(new DescribeDBInstancesCommand({ Marker })).then((page) => [page.DBInstances, page.Marker]),
      );
      return all.map(instanceOf).find(answersAt);
    },

    async findSnapshot(idOrArn) {
      const answer = await call('DescribeDBSnapshots', idOrArn, 'DBSnapshotNotFound', () =>
        client.send(
          new DescribeDBSnapshotsCommand({ DBSnapshotIdentifier: idOrArn, IncludeShared: idOrArn.startsWith('arn:') }),
        ),
      );
      const found = answer?.DBSnapshots?.[0];
      return found && snapshotOf(found);
    },

    async listSnapshots(of) {
      const which = 'instanceId' in of ? { DBInstanceIdentifier: of.instanceId } : { DbiResourceId: of.resourceId };
      const all = await pages('DescribeDBSnapshots', Object.values(which)[0] ?? '', (Marker) =>
        client
          .send(new DescribeDBSnapshotsCommand({ ...which, Marker }))
          .then((page) => [page.DBSnapshots, page.Marker]),
      );
      return all.map(snapshotOf);
    },
  };
}

function changes(client: RDSClient): Pick<Rds, 'createSnapshot' | 'restoreFromSnapshot' | 'modifyInstance'> {
  return {
    async createSnapshot({ id, instanceId, tags }) {
      const create = new CreateDBSnapshotCommand({
        DBSnapshotIdentifier: id,
        DBInstanceIdentifier: instanceId,
        Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
      });
      const answer = await call('CreateDBSnapshot', id, 'DBSnapshotAlreadyExists', () => client.send(create));
      return answer ? snapshotOf(given('CreateDBSnapshot', answer.DBSnapshot)) : 'exists';
    },

    async restoreFromSnapshot(request) {
      const action = 'RestoreDBInstanceFromDBSnapshot';
      const answer = await call(action, request.DBInstanceIdentifier ?? '', 'DBInstanceAlreadyExists', () =>
        client.send(new RestoreDBInstanceFromDBSnapshotCommand(request)),
      );
      return answer ? instanceOf(given(action, answer.DBInstance)) : 'exists';
    },

    async modifyInstance(request) {
      const answer = await call('ModifyDBInstance', request.DBInstanceIdentifier ?? '', undefined, () =>
        client.send(new ModifyDBInstanceCommand({ ...request, ApplyImmediately: true })),
      );
      return instanceOf(given('ModifyDBInstance', answer?.DBInstance));
    },
  };
}

function surroundings(client: RDSClient): Pick<Rds, 'tagsOf' | 'findParameterGroup' | 'findSubnetGroup' | 'quotas'> {
  return {
    async tagsOf(arn) {
      const answer = await call('ListTagsForResource', arn, undefined, () =>
        client.send(new ListTagsForResourceCommand({ ResourceName: arn })),
      );
      return tagsOf(answer?.TagList);
    },

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

    async quotas() {
      const answer = await call('DescribeAccountAttributes', 'the account', undefined, () =>
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

/** One call; undefined when RDS answers with the one code that is no failure here. */
async function call<T>(
  action: string,
  on: string,
  expected: string | undefined,
  send: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await send();
  } catch (error) {
    if (expected !== undefined && wireCode(error) === expected) return undefined;
    throw translated(error, { action: `rds:${action}`, on });
  }
}

async function pages<T>(
  action: string,
  on: string,
  read: (marker: string | undefined) => Promise<readonly [readonly T[] | undefined, string | undefined]>,
): Promise<readonly T[]> {
  const all: T[] = [];
  let marker: string | undefined;
  do {
    const page = await call(action, on, undefined, () => read(marker));
    all.push(...(page?.[0] ?? []));
    marker = page?.[1];
  } while (marker);
  return all;
}

/** What an answer must have. */
function given<T>(action: string, value: T | undefined): T {
  if (value === undefined) throw permanent('aws.refused', { action: `rds:${action}`, code: 'EmptyAnswer' });
  return value;
}
