import { CreateDBInstanceCommand, RDSClient } from '@aws-sdk/client-rds';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { region, startDatabaseCloud } from './cloud.fixture.ts';
import { type Rds, rds } from './rds.ts';

const ids = Array.from({ length: 5 }, (_, at) => `shop-${at}`);
let cloud: Awaited<ReturnType<typeof startDatabaseCloud>>;
let here: Rds;
beforeAll(async () => {
  cloud = await startDatabaseCloud();
  const client = new RDSClient({ region });
  for (const DBInstanceIdentifier of ids)
    await client.send(
      new CreateDBInstanceCommand({
        ...{ DBInstanceIdentifier, Engine: 'postgres', DBInstanceClass: 'db.r5.large', AllocatedStorage: 100 },
        ...{ MasterUsername: 'shop_admin', MasterUserPassword: 'not-a-secret-1', BackupRetentionPeriod: 0 },
      }),
    );
  client.destroy();
});
afterAll(() => cloud?.close());
beforeEach(() => {
  cloud.aws.faults.clear();
  here = rds(region);
});

const calls = () => cloud.aws.faults.calls('rds', 'DescribeDBInstances');
async function counted<T>(work: () => Promise<T>): Promise<{ found: T; calls: number }> {
  const before = calls();
  const found = await work();
  return { found, calls: calls() - before };
}
const all = (...names: readonly string[]) => Promise.all(names.map((id) => here.findInstance(id)));

describe('instances that are looked for at the same moment', () => {
  it('are found by one call, each its own, and what is not there is undefined', async () => {
    const { found, calls: made } = await counted(() => all(...ids, 'nowhere', 'shop-0'));
    expect(found.map((one) => one?.id)).toEqual([...ids, undefined, 'shop-0']);
    expect(made).toBe(1);
  });

  it('are looked for anew, never answered with what was seen before they were asked for', async () => {
    cloud.aws.faults.order({
      ...{ service: 'rds', action: 'DescribeDBInstances', times: 1 },
      fault: { kind: 'delay', seconds: 0.3 },
    });
    const { found, calls: made } = await counted(async () => {
      const first = here.findInstance('shop-0');
      await new Promise((resolve) => setTimeout(resolve, 100));
      return Promise.all([first, ...['shop-0', 'shop-1', 'shop-2'].map((id) => here.findInstance(id))]);
    });
    expect(found.map((one) => one?.id)).toEqual(['shop-0', 'shop-0', 'shop-1', 'shop-2']);
    expect(made).toBe(2);
  });

  it('are asked for one by one where the role may not list them', async () => {
    cloud.aws.faults.order({ service: 'rds', action: 'DescribeDBInstances', times: 1, fault: { kind: 'deny' } });
    const { found, calls: made } = await counted(() => all('shop-0', 'shop-1'));
    expect(found.map((one) => one?.id)).toEqual(['shop-0', 'shop-1']);
    expect(made).toBe(3);
  });

  it('fail each by its own name when RDS refuses, and the next look is well again', async () => {
    cloud.aws.faults.order({ service: 'rds', action: 'DescribeDBInstances', times: 6, fault: { kind: 'throttle' } });
    const results = await Promise.allSettled(['shop-0', 'shop-1'].map((id) => here.findInstance(id)));
    const told = results.map((result) => result.status === 'rejected' && [result.reason.code, result.reason.params.on]);
    expect(told).toEqual([
      ['aws.throttled', 'shop-0'],
      ['aws.throttled', 'shop-1'],
    ]);
    cloud.aws.faults.clear();
    expect((await here.findInstance('shop-1'))?.id).toBe('shop-1');
  });

  it('of more than one page’s worth are asked for in as many calls as pages', async () => {
    const many = Array.from({ length: 230 }, (_, at) => `nowhere-${at}`);
    const { found, calls: made } = await counted(() => all(...many, 'shop-3'));
    expect(found.filter((one) => one !== undefined).map((one) => one?.id)).toEqual(['shop-3']);
    expect(made).toBe(3);
  });
});
