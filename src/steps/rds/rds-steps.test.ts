import { CreateDBInstanceCommand, RDSClient } from '@aws-sdk/client-rds';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { region, startDatabaseCloud } from '../../clients/cloud.fixture.ts';
import { type DatabaseInstance, type Rds, rds } from '../../clients/rds.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { Step, StepContext } from '../../domain/step.ts';
import { rescueId } from '../../planning/names.ts';
import { recoveryPoints } from '../../planning/recovery-points.ts';
import { ownTags } from '../../planning/restore-parameters.ts';
import { planInstance } from '../../planning/restore-request.ts';
import { liveSource } from '../../planning/source-settings.ts';
import { alignInstance } from './align-instance.ts';
import { awaitInstance } from './await-instance.ts';
import { awaitSnapshot } from './await-snapshot.ts';
import { checkSnapshot } from './check-snapshot.ts';
import { createSnapshot } from './create-snapshot.ts';
import { proveAligned } from './prove-aligned.ts';
import { rescueSnapshot } from './rescue-snapshot.ts';
import { restoreInstance } from './restore-instance.ts';

const operation = 'op-0123456789ab';
const operationTag = 'pitcrew:operation';
let cloud: Awaited<ReturnType<typeof startDatabaseCloud>>;
let here: Rds;
let source: DatabaseInstance;
const clients = { rds: () => here };

beforeAll(async () => {
  cloud = await startDatabaseCloud();
  here = rds(region);
  await new RDSClient({ region }).send(
    new CreateDBInstanceCommand({
      DBInstanceIdentifier: 'shop',
      Engine: 'postgres',
      DBInstanceClass: 'db.r5.xlarge',
      AllocatedStorage: 100,
      MaxAllocatedStorage: 500,
      MasterUsername: 'shop_admin',
      MasterUserPassword: 'not-a-secret-1',
      DBParameterGroupName: 'prod-pg15',
      DBSubnetGroupName: 'prod',
      VpcSecurityGroupIds: ['sg-production'],
      CACertificateIdentifier: 'rds-ca-rsa4096-g1',
      EnableIAMDatabaseAuthentication: true,
      DeletionProtection: true,
      MultiAZ: true,
      BackupRetentionPeriod: 1,
      PreferredMaintenanceWindow: 'tue:02:00-tue:02:30',
      MonitoringInterval: 60,
      MonitoringRoleArn: 'arn:aws:iam::123456789012:role/monitoring',
      Tags: [{ Key: 'team', Value: 'shop' }],
    }),
  );
  source = await available('shop');
});
afterAll(() => cloud.close());
beforeEach(() => cloud.aws.faults.clear());

async function available(id: string): Promise<DatabaseInstance> {
  for (;;) {
    const found = await here.findInstance(id);
    if (found?.status === 'available') return found;
    if (found?.status === 'failed') throw new Error(`${id} failed`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function context(input: JsonObject, of = operation): StepContext {
  return {
    operation: of,
    environment: 'production',
    epoch: 1,
    since: new Date().toISOString(),
    signal: new AbortController().signal,
    input: { region, pollSeconds: 1, operationTag, ...input },
    output: () => ({}),
    isDone: () => false,
    note: async () => {},
  };
}

/** As the engine does: again and again until it is done; retryable errors too. */
async function through(step: Step, at: StepContext): Promise<{ output: JsonObject; waits: readonly string[] }> {
  const waits: string[] = [];
  for (;;) {
    const result = await step.run(at);
    if (result.kind === 'done') return { output: result.output, waits };
    waits.push(`${result.because.code} ${result.because.params.status}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

let snapshotName = 'none';
async function takeSnapshot(): Promise<string> {
  if (snapshotName !== 'none') return snapshotName;
  const input = { snapshot: 'shop-pitcrew-01234567', instance: 'shop', tags: ownTags(operation, 'production', []) };
  await available('shop');
  await createSnapshot(clients).run(context(input));
  await through(awaitSnapshot(clients), context(input));
  snapshotName = input.snapshot;
  return snapshotName;
}

async function planFor(targetId: string, of = operation) {
  const snapshot = await here.findSnapshot(await takeSnapshot());
  if (!snapshot) throw new Error('the snapshot is gone');
  const tags = ownTags(of, 'production', [source.resourceId]);
  const given = { source: liveSource(source), backup: snapshot, snapshot, profile: {}, parameterFamily: 'postgres15' };
  return planInstance({ ...given, targetId, tags });
}

const restoreCalls = () => cloud.aws.faults.calls('rds', 'RestoreDBInstanceFromDBSnapshot');

describe('a snapshot', () => {
  test('is created once, waited for, and checked; a second run adopts it', async () => {
    const id = await takeSnapshot();
    const input = { snapshot: id, instance: 'shop', tags: ownTags(operation, 'production', []) };
    expect(await createSnapshot(clients).run(context(input))).toEqual({
      kind: 'done',
      output: { snapshotId: id, adopted: true },
    });
    const { output } = await through(awaitSnapshot(clients), context(input));
    expect(output).toMatchObject({ snapshotId: id, sizeGiB: 100, at: expect.stringMatching(/^2.*Z$/) });
    const checked = context({ ...input, resourceId: source.resourceId, encrypted: false });
    expect((await checkSnapshot(clients).run(checked)).kind).toBe('done');
    const points = await recoveryPoints(here, source);
    expect(points.map(({ snapshotId, type }) => [snapshotId, type])).toContainEqual([id, 'manual']);
  });

  test('under a name that somebody else took is refused', async () => {
    const input = { snapshot: await takeSnapshot(), instance: 'shop', tags: {} };
    await expect(createSnapshot(clients).run(context(input, 'op-ffffffffffff'))).rejects.toMatchObject({
      code: 'snapshot.name-taken',
    });
  });

  test('of another instance, or with another encryption, does not pass the check', async () => {
    const snapshot = await takeSnapshot();
    const check = (input: JsonObject) => checkSnapshot(clients).run(context({ snapshot, ...input }));
    await expect(check({ resourceId: 'db-OTHER', encrypted: false })).rejects.toMatchObject({
      code: 'snapshot.of-other-instance',
    });
    await expect(check({ resourceId: source.resourceId, encrypted: true })).rejects.toMatchObject({
      code: 'snapshot.encryption-differs',
    });
  });
});

describe('a restored instance', () => {
  test('F2, F3: stands once although the answer was lost, gets the source’s settings, and is proven to have them', async () => {
    const targetId = 'shop-r01234567';
    const { request, afterwards, expected } = await planFor(targetId);
    const restoring = context({ request: request as unknown as JsonObject });
    cloud.aws.faults.order({
      service: 'rds',
      action: 'RestoreDBInstanceFromDBSnapshot',
      times: 1,
      fault: { kind: 'lose-answer' },
    });
    expect(await restoreInstance(clients).run(restoring)).toMatchObject({ output: { adopted: true } });
    const calls = restoreCalls();
    expect(await restoreInstance(clients).run(restoring)).toMatchObject({ output: { adopted: true } });
    expect(restoreCalls()).toBe(calls);

    const input = { instance: targetId, settings: afterwards as JsonObject, expected: expected as JsonObject };
    const awaited = await through(awaitInstance(clients), context(input));
    expect(awaited.waits[0]).toBe('wait.rds-status creating');
    const found = await here.findInstanceByEndpoint(String(awaited.output.host), Number(awaited.output.port));
    expect(found).toMatchObject({ id: targetId, arn: awaited.output.arn, resourceId: awaited.output.resourceId });

    expect(await alignInstance(clients).run(context(input))).toMatchObject({
      output: {
        changed: ['MaxAllocatedStorage', 'MonitoringInterval', 'MonitoringRoleArn', 'PreferredMaintenanceWindow'],
      },
    });
    const proven = await through(proveAligned(clients), context(input));
    expect(proven.output).toEqual({ compared: Object.keys(expected).length });
    const { Port: _, AvailabilityZone: __, ...same } = source.settings;
    // What no client feels may follow after the cut-over; it does follow.
    await expect.poll(async () => (await available(targetId)).settings, { timeout: 10_000 }).toMatchObject(same);
    const restored = await available(targetId);
    expect(restored.tags).toMatchObject({ team: 'shop', [operationTag]: operation });
    expect(await alignInstance(clients).run(context(input))).toMatchObject({ output: { changed: [] } });
  });

  test('F4: is not put under a name that somebody else took, and theirs is not touched', async () => {
    const { request } = await planFor('shop', 'op-ffffffffffff');
    const calls = restoreCalls();
    const taken = context({ request: request as unknown as JsonObject }, 'op-ffffffffffff');
    await expect(restoreInstance(clients).run(taken)).rejects.toMatchObject({
      code: 'restore.name-taken',
      kind: 'permanent',
    });
    expect(restoreCalls()).toBe(calls);
    const theirs = context({ instance: 'shop', settings: { MaxAllocatedStorage: 900 } });
    await expect(alignInstance(clients).run(theirs)).rejects.toMatchObject({ code: 'restore.name-taken' });
  });

  test('F31: of a snapshot that is gone is refused', async () => {
    const { request } = await planFor('shop-r11111111');
    const gone = { ...request, DBSnapshotIdentifier: 'nowhere' } as unknown as JsonObject;
    await expect(restoreInstance(clients).run(context({ request: gone }))).rejects.toMatchObject({
      code: 'restore.snapshot-gone',
      params: { snapshot: 'nowhere' },
    });
  });

  test.each(['incompatible-restore', 'failed', 'storage-full', 'inaccessible-encryption-credentials'])(
    'F28: that ends as %s is given up at once',
    async (status) => {
      cloud.rds.force('shop', status);
      const at = context({ instance: 'shop', expected: {} });
      for (const step of [awaitInstance(clients), proveAligned(clients)])
        await expect(step.run(at)).rejects.toMatchObject({
          code: 'restore.instance-failed',
          kind: 'permanent',
          params: { status },
        });
      cloud.rds.force('shop', undefined);
    },
  );

  test('F29: hours in backing-up are waited out, and a change too early is tried again', async () => {
    cloud.rds.force('shop', 'backing-up');
    expect(await awaitInstance(clients).run(context({ instance: 'shop' }))).toMatchObject({
      kind: 'wait',
      because: { code: 'wait.rds-status', params: { status: 'backing-up', instance: 'shop' } },
    });
    const early = here.modifyInstance({ DBInstanceIdentifier: 'shop', MaxAllocatedStorage: 900 });
    await expect(early).rejects.toMatchObject({ code: 'aws.busy', kind: 'retryable' });
    cloud.rds.force('shop', undefined);
  });

  test('F30: is waited for while AWS throttles or doesn’t answer, but not where a right is missing', async () => {
    const { faults } = cloud.aws;
    const at = context({ instance: 'shop', expected: {} });
    for (const step of [awaitInstance(clients), proveAligned(clients)]) {
      faults.outage('rds', true);
      expect(await step.run(at)).toMatchObject({
        kind: 'wait',
        because: { code: 'wait.aws', params: { error: 'aws.unreachable', action: 'rds:DescribeDBInstances' } },
      });
      faults.clear('rds');
      faults.order({ service: 'rds', action: 'DescribeDBInstances', times: 1, fault: { kind: 'deny' } });
      await expect(step.run(at)).rejects.toMatchObject({ code: 'aws.denied', kind: 'permanent' });
      expect((await step.run(at)).kind).toBe('done');
    }
  });

  test('F29: is given up after a day, so that nothing is waited for without end', async () => {
    cloud.rds.force('shop', 'backing-up');
    const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3600 * 1000).toISOString();
    const at = (hours: number) => ({ ...context({ instance: 'shop', expected: {} }), since: hoursAgo(hours) });
    expect((await awaitInstance(clients).run(at(23))).kind).toBe('wait');
    await expect(awaitInstance(clients).run(at(25))).rejects.toMatchObject({
      code: 'aws.too-long',
      kind: 'permanent',
      params: { on: 'shop', status: 'backing-up' },
    });
    cloud.rds.force('shop', undefined);
    expect((await awaitInstance(clients).run(at(25))).kind).toBe('done');
  });

  test('F32: whose parameter group was changed meanwhile blocks the cut-over: the values would come at a reboot only', async () => {
    const pending = { ...(await available('shop')), parameterStatus: 'pending-reboot' };
    const changed = { rds: () => ({ findInstance: async () => pending }) };
    await expect(proveAligned(changed).run(context({ instance: 'shop', expected: {} }))).rejects.toMatchObject({
      code: 'restore.parameters-pending',
      kind: 'permanent',
      params: { instance: 'shop', group: 'prod-pg15' },
    });
  });

  test('F32: with other settings than asked for blocks the cut-over and names them', async () => {
    const expected = { ...(await planFor('shop-r22222222')).expected, VpcSecurityGroupIds: ['sg-default'] };
    const at = context({ instance: 'shop', expected: expected as JsonObject });
    await expect(proveAligned(clients).run(at)).rejects.toMatchObject({
      code: 'restore.settings-differ',
      params: {
        differences: [{ setting: 'VpcSecurityGroupIds', expected: 'sg-default', found: 'sg-production' }],
      },
    });
    cloud.rds.force('shop', 'modifying');
    expect(await proveAligned(clients).run(at)).toMatchObject({
      kind: 'wait',
      because: { code: 'wait.rds-settings', params: { settings: 'VpcSecurityGroupIds' } },
    });
    cloud.rds.force('shop', undefined);
  });
});

describe('the rescue snapshot of the old instance', () => {
  const id = rescueId('shop', operation);
  const input = { snapshot: id, instance: 'shop', tags: ownTags(operation, 'production', []) };
  const rescue = (more: JsonObject = {}, of = operation) =>
    rescueSnapshot(clients).run(context({ ...input, ...more }, of));
  const told = (because: string, snapshotId = id) => ({
    kind: 'done',
    output: { taken: false, snapshotId, because, params: expect.any(Object) },
  });

  test('is asked for once, and not waited for', async () => {
    await available('shop');
    cloud.aws.faults.order({ service: 'rds', action: 'CreateDBSnapshot', times: 1, fault: { kind: 'lose-answer' } });
    expect(await rescue()).toEqual({ kind: 'done', output: { taken: true, snapshotId: id } });
    const calls = cloud.aws.faults.calls('rds', 'CreateDBSnapshot');
    expect(await rescue()).toEqual({ kind: 'done', output: { taken: true, snapshotId: id } });
    expect(cloud.aws.faults.calls('rds', 'CreateDBSnapshot')).toBe(calls);
    expect((await here.findSnapshot(id))?.tags[operationTag]).toBe(operation);
  });

  test.each<[string, () => void, string]>([
    ['a state that allows none', () => cloud.rds.force('shop', 'storage-full'), 'snapshot.instance-busy'],
    [
      'a used-up quota',
      () => {
        cloud.rds.quotas = { manualSnapshots: 0 };
      },
      'snapshot.quota',
    ],
    [
      'a missing right',
      () => cloud.aws.faults.order({ service: 'rds', action: 'CreateDBSnapshot', times: 1, fault: { kind: 'deny' } }),
      'aws.denied',
    ],
    ['AWS’s silence', () => cloud.aws.faults.outage('rds', true), 'aws.unreachable'],
  ])('is left out for %s, told, and the restore goes on', async (_, given, because) => {
    await available('shop');
    given();
    expect(await rescue({ snapshot: 'shop-pitcrew-rescue-other' })).toEqual(told(because, 'shop-pitcrew-rescue-other'));
    cloud.rds.force('shop', undefined);
    cloud.rds.quotas = { manualSnapshots: 100 };
  });

  test('under somebody else’s name is theirs', async () => {
    expect(await rescue({}, 'op-ffffffffffff')).toEqual(told('snapshot.name-taken'));
    expect(await rescue({ instance: 'nowhere', snapshot: 'nowhere' })).toEqual(
      told('restore.instance-gone', 'nowhere'),
    );
  });
});
