import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { credentials, region, startTestRegion, type TestRegion } from './test-region.ts';

const missing = spawnSync('aws', ['--version']).error !== undefined;
const title = "the runbook's aws rds commands work as they stand";

describe.skipIf(missing)(missing ? `${title} (skipped: there is no aws CLI on this machine)` : title, () => {
  let world: TestRegion;
  beforeAll(async () => {
    world = await startTestRegion();
    await world.create('ecommerce-production');
  });
  afterAll(() => world.close());

  const aws = async (...args: string[]) => {
    const env = {
      PATH: process.env.PATH,
      HOME: world.household.folder,
      AWS_ENDPOINT_URL: world.front.url,
      AWS_REGION: region,
      AWS_DEFAULT_REGION: region,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      AWS_PAGER: '',
    };
    const { stdout } = await promisify(execFile)('aws', ['rds', ...args], { env });
    return stdout;
  };

  test('snapshot, wait, list, restore and wait until available', async () => {
    const production = ['--db-instance-identifier', 'ecommerce-production'];
    const manual = ['--db-snapshot-identifier', 'ecommerce-prod-manual-1'];
    const restored = ['--db-instance-identifier', 'ecommerce-prod-restored'];
    const created: unknown = JSON.parse(await aws('create-db-snapshot', ...production, ...manual));
    expect(created).toMatchObject({ DBSnapshot: { Status: 'creating', SnapshotType: 'manual', Engine: 'postgres' } });
    await world.snapshotAvailable('ecommerce-prod-manual-1'); // the CLI's waiters look every 30 s
    await aws('wait', 'db-snapshot-available', ...manual);
    const query = ['--query', 'DBSnapshots[*].[DBSnapshotIdentifier,Status]', '--output', 'text'];
    expect(await aws('describe-db-snapshots', ...production, ...query)).toBe('ecommerce-prod-manual-1\tavailable\n');
    const shape = ['--db-instance-class', 'db.r5.xlarge', '--multi-az'];
    await aws('restore-db-instance-from-db-snapshot', ...restored, ...manual, ...shape);
    await world.available('ecommerce-prod-restored');
    await aws('wait', 'db-instance-available', ...restored);
    const { DBInstances } = JSON.parse(await aws('describe-db-instances', ...restored));
    expect(DBInstances[0]).toMatchObject({ DBInstanceClass: 'db.r5.xlarge', MultiAZ: true, MasterUsername: 'master' });
    expect(DBInstances[0].InstanceCreateTime).toMatch(/^\d{4}-\d\d-\d\dT/);
  });

  test('an error shows its wire code', async () => {
    const call = aws('describe-db-instances', '--db-instance-identifier', 'nobody');
    await expect(call).rejects.toThrow('(DBInstanceNotFound)');
  });
});
