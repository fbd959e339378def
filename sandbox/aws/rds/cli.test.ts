import { execFile, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AwsFront, startAws } from '../front.ts';
import { createS3, type S3 } from '../s3/s3.ts';
import { createSecrets, type Secrets } from '../secrets/secrets.ts';
import { account, credentials, region, startTestRegion, type TestRegion } from './test-region.ts';

const missing = spawnSync('aws', ['--version']).error !== undefined;
const title = "the runbook's aws lines work as they stand";

describe.skipIf(missing)(missing ? `${title} (skipped: there is no aws CLI on this machine)` : title, () => {
  let world: TestRegion;
  let front: AwsFront;
  let s3: S3;
  let secrets: Secrets;
  beforeAll(async () => {
    world = await startTestRegion();
    world.rds.paces = { archiving: 0.5 };
    s3 = createS3({ household: world.household });
    secrets = createSecrets({ account, region });
    front = await startAws({ services: [world.rds, s3, secrets], account, credentials });
    await world.create('ecommerce-production', { BackupRetentionPeriod: 7 });
  });
  afterAll(async () => {
    await front.close();
    await world.close();
  });

  /** Types lines into a shell; `date` says the same at every call, unless the clock is to go on. */
  const type = async (lines: string, { clock = 'stopped' }: { clock?: 'stopped' | 'running' } = {}) => {
    const env = {
      PATH: process.env.PATH,
      HOME: world.household.folder,
      AWS_ENDPOINT_URL: front.url,
      AWS_REGION: region,
      AWS_DEFAULT_REGION: region,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      AWS_PAGER: '',
      SNAPSHOT_ID: 'ecommerce-prod-manual-20251025-103000',
      BACKUP_FILE: 'backup-20251025.dump',
    };
    const prelude = clock === 'stopped' ? 'date() { command date -u -d \'2025-10-25 10:30:00\' "$@"; }\n' : '';
    const { stdout } = await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', prelude + lines], {
      env,
      cwd: world.household.folder,
      maxBuffer: 8 << 20,
    });
    return stdout;
  };
  const json = async (lines: string) => JSON.parse(await type(`${lines} --output json`));
  const manual = 'ecommerce-prod-manual-$(date +%Y%m%d-%H%M%S)';

  test('Create Manual Snapshot: create, wait, describe', async () => {
    const created = await json(
      `aws rds create-db-snapshot --db-instance-identifier ecommerce-production --db-snapshot-identifier ${manual}`,
    );
    expect(created.DBSnapshot).toMatchObject({ Status: 'creating', SnapshotType: 'manual', Engine: 'postgres' });
    await world.snapshotAvailable(created.DBSnapshot.DBSnapshotIdentifier); // the CLI's waiters look every 30 s
    await type(`aws rds wait db-snapshot-available --db-snapshot-identifier ${manual}`);
    const { DBSnapshots } = await json(`aws rds describe-db-snapshots --db-snapshot-identifier ${manual}`);
    expect(DBSnapshots).toMatchObject([
      { Status: 'available', DBSnapshotIdentifier: expect.stringMatching(/-103000$/) },
    ]);
  });

  test('with a clock that goes on, the name that is waited for is one that nobody created: DBSnapshotNotFound', async () => {
    const lines = `aws rds create-db-snapshot --db-instance-identifier ecommerce-production --db-snapshot-identifier ${manual} >/dev/null
      sleep 1.1
      aws rds describe-db-snapshots --db-snapshot-identifier ${manual}`;
    await expect(type(lines, { clock: 'running' })).rejects.toThrow('(DBSnapshotNotFound)');
    const wait = `aws rds wait db-snapshot-available --db-snapshot-identifier ${manual}`;
    await expect(type(wait, { clock: 'running' })).rejects.toThrow(/DBSnapshotNotFound|not found/i);
    await world.available('ecommerce-production');
  });

  test('List Available Snapshots: a table of names and times', async () => {
    const table = await type(`aws rds describe-db-snapshots \\
      --db-instance-identifier ecommerce-production \\
      --query 'DBSnapshots[*].[DBSnapshotIdentifier,SnapshotCreateTime]' \\
      --output table | head -20`);
    expect(table).toMatch(/\|\s+ecommerce-prod-manual-20251025-103000\s+\|\s+\d{4}-\d\d-\d\dT[\d:.+]+\S*\s+\|/);
    expect(table).toMatch(/\|\s+rds:ecommerce-production-[\d-]+\s+\|/);
  });

  test('Restore Snapshot: to a new instance, Multi-AZ, and wait for it', async () => {
    await type(`aws rds restore-db-instance-from-db-snapshot \\
      --db-instance-identifier ecommerce-prod-restored \\
      --db-snapshot-identifier \${SNAPSHOT_ID} \\
      --db-instance-class db.r5.xlarge \\
      --multi-az`);
    await world.available('ecommerce-prod-restored');
    await type('aws rds wait db-instance-available --db-instance-identifier ecommerce-prod-restored');
    const describeLine = 'aws rds describe-db-instances --db-instance-identifier ecommerce-prod-restored';
    const { DBInstances } = await json(describeLine);
    expect(DBInstances[0]).toMatchObject({ DBInstanceClass: 'db.r5.xlarge', MultiAZ: true, MasterUsername: 'master' });
    expect(DBInstances[0].InstanceCreateTime).toMatch(/^\d{4}-\d\d-\d\dT/);
  });

  test('Restore to Specific Time, and to the latest; what is out of the window is refused', async () => {
    const restore = (time: string, target = 'ecommerce-prod-pitr') =>
      type(`aws rds restore-db-instance-to-point-in-time \\
        --source-db-instance-identifier ecommerce-production \\
        --target-db-instance-identifier ${target} \\
        ${time} \\
        --db-instance-class db.r5.xlarge`);
    await expect(restore('--restore-time 2025-10-25T10:30:00Z')).rejects.toThrow('(InvalidParameterValue)');
    const now = await world.restorableUntilNow('ecommerce-production');
    await restore(`--restore-time ${now.toISOString().slice(0, 19)}Z`);
    await world.available('ecommerce-prod-pitr');
    await type('aws rds wait db-instance-available --db-instance-identifier ecommerce-prod-pitr');
    await restore('--use-latest-restorable-time --backup-retention-period 0', 'latest');
    await world.available('latest');
  });

  test('what happened, and what automated backups there are', async () => {
    const about = '--source-identifier ecommerce-production --source-type db-instance --duration 60';
    const { Events } = await json(`aws rds describe-events ${about}`);
    expect(Events.map(({ Message }: { Message: string }) => Message)).toContain('DB instance created');
    const production = '--db-instance-identifier ecommerce-production';
    const { DBInstanceAutomatedBackups } = await json(`aws rds describe-db-instance-automated-backups ${production}`);
    expect(DBInstanceAutomatedBackups).toMatchObject([
      { Status: 'active', RestoreWindow: { EarliestTime: expect.any(String), LatestTime: expect.any(String) } },
    ]);
    const latest = "--query 'DBInstances[0].LatestRestorableTime' --output text";
    expect(await type(`aws rds describe-db-instances ${production} ${latest}`)).toMatch(
      /^\d{4}-\d\d-\d\dT[\d:.]+(\+00:00|Z)$/m,
    );
  });

  test('Update Application Configuration: the whole document is replaced', async () => {
    const id = 'production/ecommerce/config';
    secrets.create(id, JSON.stringify({ DB_HOST: 'old', PAYMENT_API_KEY: 'kept nowhere' }));
    const updated = await json(`aws secretsmanager update-secret \\
      --secret-id ${id} \\
      --secret-string '{
        "DB_HOST": "ecommerce-prod-restored.xxxxx.rds.amazonaws.com",
        "DB_NAME": "ecommerce_production",
        "DB_USERNAME": "ecommerce_app",
        "DB_PASSWORD": "..."
      }'`);
    expect(updated).toMatchObject({ Name: id, VersionId: expect.any(String) });
    const document = JSON.parse(secrets.value(id) ?? '{}');
    expect(document.DB_HOST).toBe('ecommerce-prod-restored.xxxxx.rds.amazonaws.com');
    expect(document.PAYMENT_API_KEY).toBeUndefined();
    expect(secrets.value(id, 'AWSPREVIOUS')).toContain('PAYMENT_API_KEY');
  });

  test('Upload to S3 and Download Backup: a dump of 20 MB in parts, both ways, byte for byte', async () => {
    s3.buckets.create('ecommerce-backups', { versioning: true, region });
    const bytes = randomBytes(20_000_000);
    writeFileSync(join(world.household.folder, 'backup-20251025.dump'), bytes);
    await type(`aws s3 cp ./backup-$(date +%Y%m%d).dump \\
      s3://ecommerce-backups/database/backup-$(date +%Y%m%d).dump --no-progress`);
    expect(front.faults.calls('s3', 'UploadPart')).toBe(3);
    expect(await type('aws s3 ls s3://ecommerce-backups/database/')).toMatch(/ 20000000 backup-20251025\.dump\n$/);
    await type(`aws s3 cp s3://ecommerce-backups/database/\${BACKUP_FILE} \\
      ./restore-backup.dump --no-progress`);
    expect(readFileSync(join(world.household.folder, 'restore-backup.dump')).equals(bytes)).toBe(true);
  });

  test('an error shows its wire code', async () => {
    const call = type('aws rds describe-db-instances --db-instance-identifier nobody');
    await expect(call).rejects.toThrow('(DBInstanceNotFound)');
  });
});
