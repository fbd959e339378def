import {
  type DBInstance,
  DescribeDBInstancesCommand,
  DescribeDBSnapshotsCommand,
  RDSClient,
  RestoreDBInstanceFromDBSnapshotCommand,
} from '@aws-sdk/client-rds';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { closed, incidentChannel, planned } from '../../sandbox/incident.ts';
import type { LedgerEvent } from '../../sandbox/ledger.ts';
import { names } from '../../sandbox/settings.ts';
import { eventually, openStage, type Stage } from '../stage.ts';

let stage: Stage;
let rds: RDSClient;
beforeAll(async () => {
  stage = await openStage({ config: { production: { restore: { prestage: true } } } });
  await stage.snapshot();
  await stage.worker();
  const { env, aws } = stage.world;
  const credentials = { accessKeyId: env.AWS_ACCESS_KEY_ID ?? '', secretAccessKey: env.AWS_SECRET_ACCESS_KEY ?? '' };
  rds = new RDSClient({ endpoint: aws.url, region: names.region, credentials });
});
afterAll(async () => {
  rds?.destroy();
  await stage?.close();
});

const described = async (id: string): Promise<DBInstance | undefined> =>
  (await rds.send(new DescribeDBInstancesCommand({}))).DBInstances?.find((one) => one.DBInstanceIdentifier === id);

/** What a worker that slept over its call sends once it wakes: the same name, the same tags. */
async function sentLate({ DBInstanceIdentifier, TagList = [], DBSubnetGroup }: DBInstance): Promise<void> {
  const { DBSnapshots = [] } = await rds.send(new DescribeDBSnapshotsCommand({ SnapshotType: 'manual' }));
  await rds.send(
    new RestoreDBInstanceFromDBSnapshotCommand({
      DBInstanceIdentifier,
      DBSnapshotIdentifier: DBSnapshots[0]?.DBSnapshotIdentifier ?? '',
      DBSubnetGroupName: DBSubnetGroup?.DBSubnetGroupName ?? '',
      Tags: TagList,
    }),
  );
}

const position = (chain: readonly LedgerEvent[], type: string, step?: string, direction = 'do') =>
  chain.findIndex((one) => one.type === type && one.data.step === step && (!step || one.data.direction === direction));

/** A restore for which people are asked, and whose instance stands before anybody said anything. */
async function made(): Promise<{ operation: string; ts: string; instance: string }> {
  const { incident } = stage;
  const operation = await incident.restore('rosa', { reason: 'orders are gone' });
  await incident.until(operation, planned);
  const ready = await incident.until(
    operation,
    (chain) => chain.find(({ type, data }) => type === 'done' && data.step === 'await-instance'),
    240,
  );
  const instance = String((ready.data.output as { id?: unknown }).id);
  let ts = '';
  await eventually('the approval card says that the instance stands', async () => {
    const cards = await incident.person('sam').messages(incidentChannel);
    const card = cards.find(({ blocks }) => JSON.stringify(blocks ?? []).includes(`"${operation}:`));
    ts = card?.ts ?? '';
    return JSON.stringify(card?.blocks ?? []).includes('It stands since');
  });
  return { operation, ts, instance };
}

it('a no: the instance that was made meanwhile is deleted, nothing else was touched, and only then it is closed', async () => {
  const { incident } = stage;
  const before = { instances: await stage.instances(), secret: stage.secret() };
  const { operation, ts, instance } = await made();
  expect(await stage.instances()).toContain(instance);
  expect(await stage.replicas()).toEqual({ wanted: 2, ready: 2 });
  await incident.person('dana').click({ channel: incidentChannel, ts }, 'deny');
  await incident.person('dana').waitForView('deny');
  await incident.person('dana').submit({ reason: 'the wrong snapshot' });
  const end = await incident.until(operation, closed, 120);
  expect(end).toMatchObject({ outcome: 'denied', service: 'unchanged' });
  const chain = await incident.ledger.chain(operation);
  const steps = new Set(chain.filter(({ type }) => type === 'intent').map(({ data }) => data.step));
  expect([...steps]).toEqual(['restore-instance', 'await-instance']);
  expect(position(chain, 'done', 'restore-instance', 'undo')).toBeGreaterThan(position(chain, 'turned-back', ''));
  await eventually('the instance is gone', async () => !(await stage.instances()).includes(instance));
  expect({ instances: await stage.instances(), secret: stage.secret() }).toEqual(before);
  await eventually('the card says what became of it', async () =>
    JSON.stringify(await incident.person('sam').messages(incidentChannel)).includes('is deleted.'),
  );
});

it('a call that comes late all the same: `cleanup` finds what it made by its tag, and deletes it; else it says that nothing is left', async () => {
  const { incident } = stage;
  const { operation, ts, instance } = await made();
  const before = await described(instance);
  await incident.person('dana').click({ channel: incidentChannel, ts }, 'deny');
  await incident.person('dana').waitForView('deny');
  await incident.person('dana').submit({ reason: 'not tonight' });
  expect(await incident.until(operation, closed, 120)).toMatchObject({ outcome: 'denied' });
  await eventually('the instance is gone', async () => !(await stage.instances()).includes(instance));
  const asked = () => stage.ask(`/backup cleanup ${operation} --now`, 'cleanup', { reason: 'nobody needs it' });
  const nothing = await incident.until(await asked(), closed);
  expect(nothing.error).toMatchObject({ code: 'cleanup.taken-back' });

  await sentLate(before ?? {});
  await eventually('it stands', async () => (await described(instance))?.DBInstanceStatus === 'available', 120);
  expect((await described(instance))?.DbiResourceId).not.toBe(before?.DbiResourceId);
  const cleanup = await asked();
  await incident.until(cleanup, planned);
  await incident.approve('amir', cleanup);
  await incident.approve('wei', cleanup);
  expect(await incident.until(cleanup, closed, 180)).toMatchObject({ outcome: 'succeeded', service: 'unchanged' });
  expect(await stage.instances()).not.toContain(instance);
});

it('a yes: the restore goes on with the instance that was made already, and nobody waits for RDS', async () => {
  const { incident } = stage;
  const { operation, instance } = await made();
  await incident.approve('amir', operation);
  await incident.approve('wei', operation);
  expect(await incident.until(operation, closed, 240)).toMatchObject({ outcome: 'succeeded', service: 'new-database' });
  const chain = await incident.ledger.chain(operation);
  const approved = chain.findLastIndex(({ type, data }) => type === 'vote' && data.gate === 'start');
  expect(position(chain, 'done', 'await-instance')).toBeLessThan(approved);
  expect(position(chain, 'intent', 'stop-application')).toBeGreaterThan(approved);
  expect(chain.filter(({ type, data }) => type === 'intent' && data.step === 'restore-instance')).toHaveLength(1);
  expect(stage.secret().DB_HOST).toBeDefined();
  expect(await stage.instances()).toContain(instance);
});
