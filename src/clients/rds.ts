import {
  CreateDBInstanceCommand,
  type CreateDBInstanceMessage,
  CreateDBSnapshotCommand,
  DeleteDBInstanceCommand,
  DescribeDBInstancesCommand,
  DescribeDBSnapshotsCommand,
  ModifyDBInstanceCommand,
  type ModifyDBInstanceMessage,
  RDSClient,
  RestoreDBInstanceFromDBSnapshotCommand,
  type RestoreDBInstanceFromDBSnapshotMessage,
  RestoreDBInstanceToPointInTimeCommand,
  type RestoreDBInstanceToPointInTimeMessage,
} from '@aws-sdk/client-rds';
import type { Secret } from '../domain/secret.ts';
import type { Instant } from '../domain/time.ts';
import { connection } from './aws-connection.ts';
import { call, given, pages } from './rds-calls.ts';
import { instancesTogether } from './rds-instances-together.ts';
import { type Surroundings, surroundings } from './rds-surroundings.ts';
import { type DatabaseInstance, type DatabaseSnapshot, instanceOf, snapshotOf, type Tags } from './rds-views.ts';

export type { Quota } from './rds-surroundings.ts';
export type { AutomatedBackup, DatabaseInstance, DatabaseSnapshot, InstanceSettings, Tags } from './rds-views.ts';

/** Every parameter that RDS's restore takes: `planning/restore-parameters.ts` says of each what becomes of it. */
export type RestoreRequest = RestoreDBInstanceFromDBSnapshotMessage;
export type ModifyRequest = ModifyDBInstanceMessage;
/** Every parameter of a point-in-time restore; its instant as text, so that a plan can hold it. */
export type PointInTimeRequest = Omit<RestoreDBInstanceToPointInTimeMessage, 'RestoreTime'> & {
  RestoreTime?: Instant | undefined;
};
/** Every parameter of a new, empty instance but the master's password, which stands in no plan. */
export type CreateRequest = Omit<CreateDBInstanceMessage, 'MasterUserPassword'>;

/** RDS of one region. `find…` answers undefined for what isn't there; everything else that goes wrong throws `aws.*`. */
export interface Rds extends Surroundings {
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
  /** As `restoreFromSnapshot`. */
  restoreToPointInTime(request: PointInTimeRequest): Promise<DatabaseInstance | 'exists'>;
  /** An empty instance. `masterPassword` is null where RDS is to manage it. As `restoreFromSnapshot`. */
  createInstance(request: CreateRequest, masterPassword: Secret | null): Promise<DatabaseInstance | 'exists'>;
  /** Applies at once, not in the next maintenance window. @throws PitcrewError `aws.busy` outside of `available` */
  modifyInstance(request: Omit<ModifyRequest, 'ApplyImmediately'>): Promise<DatabaseInstance>;
  /**
   * For good, without a snapshot of RDS's own making; its automated backups stay for as long as they would have, unless they
   * are to go with it.
   * `gone`: there is none of that name. @throws PitcrewError `aws.busy` when it is being deleted already
   */
  deleteInstance(id: string, and?: { readonly automatedBackups: 'deleted' }): Promise<'deleting' | 'gone'>;
}

/** The standard variables of the AWS SDK say where and as whom: `AWS_ENDPOINT_URL_RDS`, `AWS_PROFILE`, … */
export function rds(region: string): Rds {
  return rdsOver(new RDSClient({ region, ...connection }));
}

function rdsOver(client: RDSClient): Rds {
  const findInstance = instancesTogether(client);
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

function changes(
  client: RDSClient,
): Pick<
  Rds,
  | 'createSnapshot'
  | 'restoreFromSnapshot'
  | 'restoreToPointInTime'
  | 'createInstance'
  | 'modifyInstance'
  | 'deleteInstance'
> {
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

    async restoreToPointInTime({ RestoreTime: at, ...request }) {
      const action = 'RestoreDBInstanceToPointInTime';
      const asked = { ...request, ...(at ? { RestoreTime: new Date(at) } : {}) };
      const answer = await call(action, request.TargetDBInstanceIdentifier ?? '', 'DBInstanceAlreadyExists', () =>
        client.send(new RestoreDBInstanceToPointInTimeCommand(asked)),
      );
      return answer ? instanceOf(given(action, answer.DBInstance)) : 'exists';
    },

    async createInstance(request, masterPassword) {
      const asked = { ...request, ...(masterPassword ? { MasterUserPassword: masterPassword.reveal() } : {}) };
      const answer = await call('CreateDBInstance', request.DBInstanceIdentifier ?? '', 'DBInstanceAlreadyExists', () =>
        client.send(new CreateDBInstanceCommand(asked as CreateDBInstanceMessage)),
      );
      return answer ? instanceOf(given('CreateDBInstance', answer.DBInstance)) : 'exists';
    },

    async modifyInstance(request) {
      const answer = await call('ModifyDBInstance', request.DBInstanceIdentifier ?? '', undefined, () =>
        client.send(new ModifyDBInstanceCommand({ ...request, ApplyImmediately: true })),
      );
      return instanceOf(given('ModifyDBInstance', answer?.DBInstance));
    },

    async deleteInstance(id, and) {
      const remove = new DeleteDBInstanceCommand({
        DBInstanceIdentifier: id,
        SkipFinalSnapshot: true,
        DeleteAutomatedBackups: and?.automatedBackups === 'deleted',
      });
      const answer = await call('DeleteDBInstance', id, 'DBInstanceNotFound', () => client.send(remove));
      return answer ? 'deleting' : 'gone';
    },
  };
}
