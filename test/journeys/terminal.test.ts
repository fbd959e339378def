import { GetObjectCommand, ListObjectVersionsCommand, S3Client } from '@aws-sdk/client-s3';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LedgerReader, openLedger } from '../../sandbox/ledger.ts';
import { principals } from '../../sandbox/principals.ts';
import { names } from '../../sandbox/settings.ts';
import { startWorld, type World } from '../../sandbox/world.ts';
import { operationIn, pitcrewAs, startAs, type Who } from '../people-at-terminals.ts';
import { eventually } from '../stage.ts';

let world: World;
let ledger: LedgerReader;
beforeAll(async () => {
  world = await startWorld({
    slack: false,
    orders: 2_000,
    replicas: 2,
    ordersPerSecond: 5,
    config: { provenSeconds: 3 },
  });
  // What is there now is what has to be there afterwards.
  world.pauseCustomers();
  // Nothing of Slack, and a Redis that is gone.
  process.kill(world.redis.pid, 'SIGKILL');
  ledger = openLedger(world.env);
});
afterAll(async () => {
  ledger?.close();
  await world?.close();
});

const start = (who: Who, ...words: readonly string[]) => startAs(world, who, ...words);
const pitcrew = (who: Who, ...words: readonly string[]) => pitcrewAs(world, who, ...words);

async function database<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const secret = (id: string) => JSON.parse(world.secrets.value(id) ?? '{}') as Record<string, string>;
  const { DB_HOST: host = '', DB_PORT: port } = secret(names.configSecret);
  const { username: user = '', password = '' } = secret(names.masterSecret);
  const client = new pg.Client({
    host,
    port: Number(port),
    user,
    password,
    database: names.database,
    ssl: { rejectUnauthorized: false },
  });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Of the rows that were there before the incident. */
const itemsHash = (upTo: number) =>
  database(async (client) => {
    const { rows } = await client.query<{ count: string; hash: string }>(
      `select count(*), md5(string_agg(i::text, chr(10) order by order_id, line)) as hash from order_items i where order_id <= ${upTo}`,
    );
    return rows[0];
  });

/** Everything that ever lay in the ledger's bucket, deleted objects too. */
async function everWritten(): Promise<string> {
  const client = new S3Client({
    endpoint: world.aws.url,
    region: names.region,
    credentials: {
      accessKeyId: world.env.AWS_ACCESS_KEY_ID ?? '',
      secretAccessKey: world.env.AWS_SECRET_ACCESS_KEY ?? '',
    },
    forcePathStyle: true,
  });
  const Bucket = names.ledgerBucket;
  let all = '';
  let KeyMarker: string | undefined;
  let VersionIdMarker: string | undefined;
  do {
    const page = await client.send(new ListObjectVersionsCommand({ Bucket, KeyMarker, VersionIdMarker }));
    for (const { Key, VersionId } of page.Versions ?? []) {
      const { Body } = await client.send(new GetObjectCommand({ Bucket, Key, VersionId }));
      all += `${Key} ${await Body?.transformToString()}\n`;
    }
    [KeyMarker, VersionIdMarker] = page.IsTruncated
      ? [page.NextKeyMarker, page.NextVersionIdMarker]
      : [undefined, undefined];
  } while (KeyMarker);
  client.destroy();
  return all;
}

describe('the night on which Slack and Redis are both down', () => {
  it('a snapshot is asked for and driven from a terminal, and Ctrl-C on the way costs nothing', async () => {
    const asked = await pitcrew('rosa', 'snapshot', 'production', '--no-wait');
    expect(asked.code, asked.said).toBe(0);
    expect(asked.out).toContain('No worker is told');
    const operation = operationIn(asked.out);
    const first = start('worker', 'run', operation);
    await eventually('a step is begun', () => first.out().includes('begun: '), 60);
    first.child.kill('SIGINT');
    expect(await first.code, first.err()).toBe(130);
    expect(first.err()).toContain(`pitcrew run ${operation}`);
    const again = await pitcrew('worker', 'run', operation);
    expect(again.code, again.said).toBe(0);
    const chain = await ledger.chain(operation);
    expect(chain.at(-1)?.data).toMatchObject({ outcome: 'succeeded' });
    expect((await pitcrew('rosa', 'list', '--json')).out).toContain(`pitcrew-${operation.slice(3, 11)}`);
  });

  it('a restore is asked for, approved by two people under their own AWS identities, and driven to its end', async () => {
    const newest = await database((client) => client.query<{ id: number }>('select max(id)::int as id from orders'));
    const upTo = newest.rows[0]?.id ?? 0;
    const before = await itemsHash(upTo);
    await database((client) => client.query('delete from order_items where order_id % 3 = 0'));
    expect(await itemsHash(upTo)).not.toEqual(before);

    const asking = start(
      'rosa',
      'restore',
      'production',
      '--reason',
      'a third of the items is gone',
      '--yes',
      '--json',
    );
    await eventually('it is recorded', () => operationIn(asking.out()) !== '', 60);
    const operation = operationIn(asking.out());
    const nobody = await pitcrew('amir', 'approve', operation, '--digest', '0'.repeat(12));
    expect([nobody.code, nobody.said]).toEqual([1, expect.stringContaining('approval.no-plan')]);

    const driving = start('worker', 'run', operation);
    await eventually(
      'the plan is shown',
      () => driving.out().includes('aws rds restore-db-instance-from-db-snapshot'),
      120,
    );
    const status = JSON.parse((await pitcrew('amir', 'status', operation, '--json')).out) as { digest: string };
    const decide = (who: Who, ...more: readonly string[]) =>
      pitcrew(who, 'approve', operation, '--digest', status.digest.slice(0, 12), ...more);

    const own = await decide('rosa');
    expect([own.code, own.said]).toEqual([1, expect.stringContaining('approval.own-request')]);
    const stranger = await decide('mallory', '--json');
    expect(stranger.code).toBe(1);
    expect(JSON.parse(stranger.out)).toMatchObject({ ok: false, error: { code: 'identity.unknown' } });
    const wrong = await pitcrew('amir', 'approve', operation, '--digest', '0'.repeat(12));
    expect([wrong.code, wrong.said]).toEqual([1, expect.stringContaining('terminal.other-digest')]);
    expect((await ledger.chain(operation)).some(({ type }) => type === 'vote')).toBe(false);

    expect(await decide('amir')).toMatchObject({ code: 0 });
    const twice = await decide('amir');
    expect([twice.code, twice.said]).toEqual([1, expect.stringContaining('approval.already-voted')]);
    expect((await ledger.chain(operation)).some(({ type }) => type === 'intent')).toBe(false);
    expect(await decide('wei')).toMatchObject({ code: 0 });
    world.resumeCustomers();

    expect(await driving.code, driving.err()).toBe(0);
    expect(await asking.code, asking.err()).toBe(0);
    expect(await itemsHash(upTo)).toEqual(before);
    const lines = asking
      .out()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string; outcome?: string });
    expect(lines[0]?.type).toBe('recorded');
    expect(lines.at(-1)).toMatchObject({ type: 'closed', outcome: 'succeeded' });
    expect(driving.out()).toContain('@U0WEI approved: 2 of 2.');
    const votes = (await ledger.chain(operation)).filter(({ type }) => type === 'vote').map(({ data }) => data);
    expect(votes).toMatchObject([
      { human: { slackUser: 'U0AMIR' }, principal: 'arn:aws:iam::123456789012:user/amir' },
      { human: { slackUser: 'U0WEI' }, principal: expect.stringMatching(/assumed-role\/AWSReservedSSO_Dba_\w+\/wei@/) },
    ]);

    const future = await pitcrew(
      'rosa',
      'pitr',
      'production',
      '--to',
      '2099-01-01T00:00:00Z',
      '--reason',
      'x',
      '--yes',
    );
    expect([future.code, future.said]).toEqual([1, expect.stringContaining('time.in-future')]);
    const unwanted = await pitcrew('rosa', 'restore', 'production', '--reason', 'a mistake', '--yes', '--no-wait');
    const stopped = await pitcrew('rosa', 'cancel', operationIn(unwanted.out));
    expect([stopped.code, stopped.said]).toEqual([0, expect.any(String)]);
    expect(await pitcrew('worker', 'run', operationIn(unwanted.out))).toMatchObject({ code: 1 });
    expect((await ledger.chain(operationIn(unwanted.out))).at(-1)?.data).toMatchObject({ outcome: 'cancelled' });

    const late = await decide('amir');
    expect([late.code, late.said]).toEqual([3, expect.stringContaining('terminal.no-desk')]);
    const written = await everWritten();
    expect(written).toContain(`/desk/${operation}/`);
    for (const secret of [principals.wei.session.token, ...Object.values(principals).map((one) => one.secretAccessKey)])
      expect(written).not.toContain(secret);
    expect((await pitcrew('worker', 'status', operation, '--language', 'zh-TW')).code).toBe(0);
  });
});
