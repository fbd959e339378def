import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateDBInstanceCommand,
  type CreateDBInstanceCommandInput,
  type DBInstance,
  DeleteDBInstanceCommand,
  DescribeDBInstancesCommand,
  DescribeDBSnapshotsCommand,
  RDSClient,
  RestoreDBInstanceFromDBSnapshotCommand,
  type RestoreDBInstanceFromDBSnapshotCommandInput,
  RestoreDBInstanceToPointInTimeCommand,
  type RestoreDBInstanceToPointInTimeCommandInput,
} from '@aws-sdk/client-rds';
import pg from 'pg';
import { type Household, openHousehold } from '../../household.ts';
import { type AwsFront, startAws } from '../front.ts';
import type { RdsPaces } from './paces.ts';
import { createRds, type Rds, type RdsOptions } from './rds.ts';

export const account = '123456789012';
export const region = 'eu-central-1';
export const credentials = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'a/secret+key' };
export const password = 'correct-horse';

/** As fast as the real work inside allows. */
export const noPaces: RdsPaces = {
  creating: 0,
  restoring: 0,
  backingUp: 0,
  settling: 0,
  modifying: 0,
  rebooting: 0,
  snapshot: 0,
  deleting: 0,
  archiving: 0,
};

/** An RDS behind the real front door, with the real client before it. */
export interface TestRegion {
  readonly household: Household;
  readonly rds: Rds;
  readonly front: AwsFront;
  readonly client: RDSClient;
  create(id: string, more?: Partial<CreateDBInstanceCommandInput>): Promise<DBInstance>;
  restore(
    id: string,
    snapshot: string,
    more?: Partial<RestoreDBInstanceFromDBSnapshotCommandInput>,
  ): Promise<DBInstance>;
  /** Restores to a time and waits for `available`. */
  pointInTime(
    id: string,
    more: Omit<RestoreDBInstanceToPointInTimeCommandInput, 'TargetDBInstanceIdentifier'>,
  ): Promise<DBInstance>;
  /** Waits until everything that was committed before now can be restored. */
  restorableUntilNow(id: string): Promise<Date>;
  /** Deletes without a final snapshot and waits until it is gone. */
  remove(id: string): Promise<void>;
  /** Waits for `available` and returns the instance; `seen` collects the statuses on the way. */
  available(id: string, seen?: string[]): Promise<DBInstance>;
  snapshotAvailable(id: string): Promise<void>;
  sql<T extends pg.QueryResultRow>(id: string, text: string, login?: Partial<pg.ClientConfig>): Promise<T[]>;
  close(): Promise<void>;
}

export async function startTestRegion(options: Partial<RdsOptions> = {}): Promise<TestRegion> {
  const household = openHousehold('pitcrew-rds-test');
  const rds = createRds({ household, account, region, paces: noPaces, ...options });
  const front = await startAws({ services: [rds], account, credentials });
  const client = new RDSClient({ endpoint: front.url, region, credentials, maxAttempts: 1 });
  const describe = async (id: string) => {
    const { DBInstances } = await client.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: id }));
    return DBInstances?.[0] ?? {};
  };
  const available = async (id: string, seen: string[] = []) => {
    for (;;) {
      const instance = await describe(id);
      const status = instance.DBInstanceStatus ?? '';
      if (seen.at(-1) !== status) seen.push(status);
      if (status === 'available') return instance;
      if (status === 'failed' || status === 'incompatible-restore') throw new Error(`${id} is ${status}`);
      await sleep(40);
    }
  };
  return {
    household,
    rds,
    front,
    client,
    available,
    async create(id, more = {}) {
      await client.send(new CreateDBInstanceCommand({ ...plainInstance, DBInstanceIdentifier: id, ...more }));
      return available(id);
    },
    async restore(id, snapshot, more = {}) {
      const target = { DBInstanceIdentifier: id, DBSnapshotIdentifier: snapshot };
      await client.send(new RestoreDBInstanceFromDBSnapshotCommand({ ...target, ...more }));
      return available(id);
    },
    async pointInTime(id, more) {
      await client.send(new RestoreDBInstanceToPointInTimeCommand({ ...more, TargetDBInstanceIdentifier: id }));
      return available(id);
    },
    async restorableUntilNow(id) {
      const asked = new Date();
      for (;;) {
        const { LatestRestorableTime: latest } = await describe(id);
        if (latest && latest > asked) return latest;
        await sleep(40);
      }
    },
    async remove(id) {
      await client.send(new DeleteDBInstanceCommand({ DBInstanceIdentifier: id, SkipFinalSnapshot: true }));
      while (rds.instance(id)) await sleep(40);
    },
    async snapshotAvailable(id) {
      for (;;) {
        const { DBSnapshots } = await client.send(new DescribeDBSnapshotsCommand({ DBSnapshotIdentifier: id }));
        if (DBSnapshots?.[0]?.Status === 'available') return;
        await sleep(40);
      }
    },
    async sql<T extends pg.QueryResultRow>(id: string, text: string, login: Partial<pg.ClientConfig> = {}) {
      const port = rds.instance(id)?.port ?? 0;
      const client = new pg.Client({ host: '127.0.0.1', port, user: 'master', password, database: 'shop', ...login });
      client.on('error', () => {}); // the query in hand says it
      await client.connect();
      try {
        return (await client.query<T>(text)).rows;
      } finally {
        await client.end();
      }
    },
    async close() {
      client.destroy();
      await front.close();
      await rds.close();
      await household.close();
    },
  };
}

/** Without automated backups, for those that don't need them are faster without. */
const plainInstance = {
  Engine: 'postgres',
  DBInstanceClass: 'db.t4g.micro',
  AllocatedStorage: 20,
  MasterUsername: 'master',
  MasterUserPassword: password,
  DBName: 'shop',
  BackupRetentionPeriod: 0,
} satisfies Partial<CreateDBInstanceCommandInput>;
