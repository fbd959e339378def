import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { names } from '../../sandbox/settings.ts';
import { startWorld, type World } from '../../sandbox/world.ts';
import { type Block, commandsOf, runbookBlocks } from '../runbook/blocks.ts';

// The runbook typed by hand into the sandbox, with the real `aws`, `kubectl` and `psql`: what pitcrew automates has to work
// by itself first. Each block is run as it stands; only names are filled in, and `Ctrl-C` is pressed on `logs -f`.

const run = promisify(execFile);
const present = await run('bash', ['-c', 'command -v aws && command -v kubectl && command -v psql']).then(
  () => true,
  () => false,
);

it('the two languages of the runbook say the same commands', () => {
  expect(runbookBlocks('zh-TW').map(commandsOf)).toEqual(runbookBlocks('en').map(commandsOf));
});

describe.skipIf(!present)('the runbook’s own lines, typed into the sandbox', () => {
  let world: World;
  let folder: string;
  const played = new Set<string>();
  const atNight = Math.floor(Date.now() / 1000);

  beforeAll(async () => {
    world = await startWorld({ orders: 3_000, replicas: 2, ordersPerSecond: 5, slack: false });
    folder = join(world.household.folder, 'laptop');
    mkdirSync(folder);
    cpSync(new URL('../../sandbox/shop/scripts/', import.meta.url), join(folder, 'scripts'), { recursive: true });
  });
  afterAll(() => world?.close());

  const block = (heading: string): Block => {
    const found = runbookBlocks('en').find((one) => one.heading.endsWith(heading));
    if (!found) throw new Error(`the runbook has no “${heading}”`);
    played.add(found.heading);
    return found;
  };

  /** Runs a block with its names filled in, every `date` at the same instant. */
  async function type(text: string, fill: Readonly<Record<string, string>> = {}): Promise<string> {
    const filled = Object.entries(fill).reduce((line, [from, to]) => line.replaceAll(from, to), text);
    const env = { ...process.env, ...world.env, ...(await variables()) };
    const { stdout } = await run('bash', ['-euo', 'pipefail', '-c', `${prelude(atNight)}\n${filled}`], {
      cwd: folder,
      env,
      maxBuffer: 16 << 20,
    });
    return stdout;
  }

  const master = () => JSON.parse(world.secrets.value(names.masterSecret) ?? '{}') as Record<string, string>;
  const document = () => JSON.parse(world.secrets.value(names.configSecret) ?? '{}') as Record<string, string>;

  /** What somebody at the keyboard has in their shell. */
  async function variables(): Promise<Record<string, string>> {
    const { DB_HOST = '', DB_PORT = '', DB_NAME = '' } = document();
    const { username = '', password = '' } = master();
    const pod = await run('kubectl', ['get', 'pods', '-n', names.namespace, '-l', 'app=tools', '-o', 'name'], {
      env: { ...process.env, ...world.env },
    });
    return {
      ...{ DB_HOST, DB_NAME, DB_USER: username, POD_NAME: pod.stdout.trim().replace('pod/', '') },
      ...{ PGHOST: DB_HOST, PGPORT: DB_PORT, PGUSER: username, PGPASSWORD: password, PGDATABASE: DB_NAME },
      BACKUP_FILE: `backup-${new Date(atNight * 1000).toISOString().slice(0, 10).replaceAll('-', '')}.dump`,
      SNAPSHOT_ID: snapshotId(atNight),
    };
  }

  async function count(table: string, where = 'true'): Promise<number> {
    const { DB_HOST, DB_PORT, DB_NAME } = document();
    const { username, password } = master();
    const client = new pg.Client({
      ...{ host: DB_HOST, port: Number(DB_PORT), database: DB_NAME, user: username, password },
      ssl: { rejectUnauthorized: false },
    });
    await client.connect();
    try {
      const { rows } = await client.query(`SELECT count(*)::int AS count FROM ${table} WHERE ${where}`);
      return rows[0].count as number;
    } finally {
      await client.end();
    }
  }

  let dumped = 0;

  it('Create Manual Snapshot: created, waited for, described', async () => {
    const said = await type(block('Create Manual Snapshot').code);
    expect(said).toContain(`"DBSnapshotIdentifier": "${snapshotId(atNight)}"`);
    expect(said).toMatch(/"Status": "available"/);
  }, 120_000);

  it('… and as it is written, with a clock that goes on, it waits for a name that nobody created', async () => {
    const [create = '', wait = ''] = block('Create Manual Snapshot').code.split(/\n\n/);
    const later = `unset -f date; NOW=${atNight}`;
    const asWritten = [create, 'sleep 1.1', wait].join('\n');
    await expect(type(`${later}\n${asWritten}`)).rejects.toMatchObject({
      stderr: expect.stringMatching(/DBSnapshotNotFound|not found/i),
    });
  }, 120_000);

  it('Export Database Dump: dumped in a pod, copied here, uploaded', async () => {
    world.pauseCustomers();
    dumped = await count('orders');
    await type(block('Export Database Dump').code);
    const { BACKUP_FILE = '' } = await variables();
    expect(existsSync(join(folder, BACKUP_FILE))).toBe(true);
    expect(await type(`aws s3 ls s3://${names.backupsBucket}/database/`)).toContain(BACKUP_FILE);
    world.resumeCustomers();
  }, 120_000);

  it('Restore from RDS Snapshot: the shop comes up on the restored instance', async () => {
    expect(await type(block('Step 1: List Available Snapshots').code)).toContain(snapshotId(atNight));
    await type(block('Restore from RDS Snapshot / Step 2: Stop Application').code);
    await type('kubectl wait --for=delete pod -l app=ecommerce-backend -n production --timeout=60s');
    await type(block('Step 3: Restore Snapshot').code);
    const address = `aws rds describe-db-instances --db-instance-identifier ecommerce-prod-restored --query 'DBInstances[0].Endpoint' --output text`;
    const [host = '', , port = ''] = (await type(address)).trim().split(/\s+/);
    await type(block('Step 4: Update Application Configuration').code, {
      'ecommerce-prod-restored.xxxxx.rds.amazonaws.com': host,
      '"DB_PASSWORD": "..."': `"DB_PASSWORD": "${document().DB_PASSWORD}", "DB_PORT": "${port}"`,
    });
    const logs = await type(block('Restore from RDS Snapshot / Step 5: Restart Application').code);
    expect(logs).toMatch(/scaled/);
    await type('kubectl rollout status deployment/ecommerce-backend -n production --timeout=60s');
    expect(await count('orders')).toBeGreaterThanOrEqual(3_000);
    expect(document()).not.toHaveProperty('PAYMENT_API_KEY'); // what the runbook's own update-secret loses
  }, 240_000);

  it('Restore from Database Dump: what was dumped is what is there', async () => {
    await type(block('Step 1: Download Backup').code);
    await type(block('Restore from Database Dump / Step 2: Stop Application').code);
    await type('kubectl wait --for=delete pod -l app=ecommerce-backend -n production --timeout=60s');
    // As on RDS: who may use an extension's functions was granted by RDS's own role, whose name nobody else may take. Only that is refused.
    const refused = await type(block('Step 3: Restore Database').code).catch(
      ({ stderr }: { stderr: string }) => stderr,
    );
    const complaints = refused.split('\n').filter((line) => /^pg_restore: error/.test(line));
    const others = complaints.filter((line) => !line.includes('set session authorization "rds_superuser"'));
    expect(others).toEqual([]);
    // It went to its end with these, or without any: nothing else may have kept it from running.
    if (refused.includes('terminated')) expect(refused).toContain(`errors ignored on restore: ${complaints.length}`);
    const verify = block('Step 4: Verify Restore').code;
    // The view's column is called relname: as it is written, this line works on no PostgreSQL.
    await expect(type(verify)).rejects.toMatchObject({ stderr: expect.stringContaining('"tablename" does not exist') });
    const verified = await type(verify, { tablename: 'relname AS tablename' });
    expect(verified).toMatch(/public\s*\|\s*orders/);
    expect(verified).toContain('orders without a customer: 0');
    expect(await count('orders')).toBe(dumped);
    await type(block('Restore from Database Dump / Step 5: Restart Application').code);
    await type('kubectl rollout status deployment/ecommerce-backend -n production --timeout=60s');
  }, 240_000);

  it('Restore to Specific Time: an instance of that time', async () => {
    const at = await latestRestorableTime();
    await type(block('Restore to Specific Time').code, { '2025-10-25T10:30:00Z': at });
    const described = await type('aws rds describe-db-instances --db-instance-identifier ecommerce-prod-pitr');
    expect(described).toContain('"DBInstanceStatus": "available"');
  }, 240_000);

  it('Data Integrity Checks: its queries find nothing in a sound database', async () => {
    const { code } = block('Data Integrity Checks');
    const answer = await type(`psql -At <<'SQL'\n${code}\nSQL`);
    expect(answer.trim()).toBe('0');
  });

  it('and no block of it was left out', () => {
    expect([...played].sort()).toEqual(
      runbookBlocks('en')
        .map(({ heading }) => heading)
        .sort(),
    );
  });

  async function latestRestorableTime(): Promise<string> {
    const query = `aws rds describe-db-instances --db-instance-identifier ${names.instance} --query 'DBInstances[0].LatestRestorableTime' --output text`;
    for (let tries = 0; tries < 60; tries++) {
      const at = (await type(query)).trim();
      if (/^\d{4}-/.test(at)) return at;
      await sleep(1000);
    }
    throw new Error('RDS named no LatestRestorableTime within a minute');
  }
});

const pad = (number: number) => String(number).padStart(2, '0');

function snapshotId(epochSeconds: number): string {
  const at = new Date(epochSeconds * 1000);
  const day = `${at.getUTCFullYear()}${pad(at.getUTCMonth() + 1)}${pad(at.getUTCDate())}`;
  return `ecommerce-prod-manual-${day}-${pad(at.getUTCHours())}${pad(at.getUTCMinutes())}${pad(at.getUTCSeconds())}`;
}

/** A clock that stands still, and fingers that press Ctrl-C on a log that never ends. */
const prelude = (epochSeconds: number) => `
date() { command date -u -d "@${epochSeconds}" "$@"; }
kubectl() {
  if [ "\${1:-}" = logs ] && [ "\${2:-}" = -f ]; then
    timeout 5 kubectl "$@" || [ $? = 124 ]
  else
    command kubectl "$@"
  fi
}`;
