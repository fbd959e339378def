import { CreateDBInstanceCommand, RDSClient } from '@aws-sdk/client-rds';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { region, startDatabaseCloud } from '../../clients/cloud.fixture.ts';
import { type DatabaseInstance, type Rds, rds } from '../../clients/rds.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { StepContext } from '../../domain/step.ts';
import { instant, plusMinutes } from '../../domain/time.ts';
import { resolveInstant, sourceOfRestore } from '../../planning/point-in-time.ts';
import { ownTags } from '../../planning/restore-parameters.ts';
import { planInstanceAt } from '../../planning/restore-request.ts';
import { liveSource } from '../../planning/source-settings.ts';
import { awaitLog } from './await-log.ts';
import { restoreInstance } from './restore-instance.ts';

const operation = 'op-0123456789ab';
let cloud: Awaited<ReturnType<typeof startDatabaseCloud>>;
let here: Rds;
let source: DatabaseInstance;
const clients = { rds: () => here };

beforeAll(async () => {
  cloud = await startDatabaseCloud();
  cloud.rds.paces = { archiving: 0.3 };
  here = rds(region);
  await new RDSClient({ region }).send(
    new CreateDBInstanceCommand({
      DBInstanceIdentifier: 'shop',
      Engine: 'postgres',
      DBInstanceClass: 'db.r5.xlarge',
      AllocatedStorage: 100,
      BackupRetentionPeriod: 7,
      MasterUsername: 'shop_admin',
      MasterUserPassword: 'not-a-secret-1',
      DBParameterGroupName: 'prod-pg15',
    }),
  );
  for (;;) {
    const found = await here.findInstance('shop');
    if (found?.status === 'available') {
      source = found;
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
});
afterAll(() => cloud.close());

function context(input: JsonObject, more: Partial<StepContext> = {}): StepContext {
  return {
    operation,
    environment: 'production',
    epoch: 1,
    since: instant(Date.now()),
    signal: new AbortController().signal,
    input: { region, pollSeconds: 1, operationTag: 'pitcrew:operation', ...input },
    output: () => ({}),
    isDone: () => false,
    note: async () => {},
    ...more,
  };
}

test('the log is waited for until it has passed the stop by more than two clocks may be apart', async () => {
  const at = instant(Date.now());
  const stopped = { output: (step: string): JsonObject => (step === 'prove-stopped' ? { at } : {}) };
  const look = () => awaitLog(clients).run(context({ resourceId: source.resourceId }, stopped));
  expect(await look()).toMatchObject({ kind: 'wait', because: { code: 'wait.log', params: { at } } });
  for (;;) {
    const result = await look();
    if (result.kind === 'wait') {
      await new Promise((resolve) => setTimeout(resolve, 500));
      continue;
    }
    const { restorable } = result.output as { restorable: string };
    expect(Date.parse(restorable) - Date.parse(at)).toBeGreaterThan(10_000);
    expect(result.output.at).toBe(at);
    return;
  }
}, 60_000);

test('a log that doesn’t come is given up after half an hour, for the application stands still meanwhile', async () => {
  const at = plusMinutes(instant(Date.now()), 5);
  const late = { since: plusMinutes(instant(Date.now()), -31), output: (): JsonObject => ({ at }) };
  const wait = awaitLog(clients).run(context({ resourceId: source.resourceId }, late));
  await expect(wait).rejects.toMatchObject({ code: 'pitr.log-late', kind: 'permanent' });
  const gone = awaitLog(clients).run(context({ resourceId: 'db-GONE' }, late));
  await expect(gone).rejects.toMatchObject({ code: 'pitr.source-gone' });
});

test('a restore to a moment is asked for once, found again by its name and tag, and refused where the source is gone', async () => {
  const { point, backup } = await resolveInstant(here, source, {
    to: 'latest',
    askedAt: instant(Date.now()),
    runs: false,
  });
  const { request } = planInstanceAt({
    source: liveSource(source),
    backup,
    profile: {},
    parameterFamily: 'postgres15',
    targetId: 'shop-r01234567',
    tags: ownTags(operation, 'production', [source.resourceId]),
    from: sourceOfRestore(point),
    to: point.at ?? 'latest',
  });
  const input = { request: request as unknown as JsonObject };
  const run = (more: JsonObject = {}, of = operation) =>
    restoreInstance(clients).run(context({ ...input, ...more }, { operation: of }));
  const output = (adopted: boolean) => ({ kind: 'done', output: { instanceId: 'shop-r01234567', adopted } });
  expect(await run()).toEqual(output(false));
  expect(await run()).toEqual(output(true));
  await expect(run({}, 'op-ffffffffffff')).rejects.toMatchObject({ code: 'restore.name-taken' });
  const other = { ...input.request, TargetDBInstanceIdentifier: 'shop-r00000000', SourceDBInstanceIdentifier: 'gone' };
  await expect(run({ request: other })).rejects.toMatchObject({
    code: 'pitr.source-gone',
    kind: 'permanent',
    params: { instance: 'gone' },
  });
});
