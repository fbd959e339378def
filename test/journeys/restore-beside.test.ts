import { readFileSync } from 'node:fs';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closed, incidentChannel, planned } from '../../sandbox/incident.ts';
import { names } from '../../sandbox/settings.ts';
import { readAttempts } from '../../sandbox/shop/attempts.ts';
import { eventually, openStage, type Stage } from '../stage.ts';

let stage: Stage;
let key = '';
beforeAll(async () => {
  stage = await openStage({
    config: { production: { database: { masterRole: { secret: names.masterSecret } } } },
  });
  await stage.worker();
  const dump = await stage.incident.command('rosa', '/backup dump production');
  expect(await stage.incident.until(dump, closed)).toMatchObject({ outcome: 'succeeded' });
  key = `database/production/${dump}.dump`;
});
afterAll(() => stage?.close());

const bucket = names.backupsBucket;
interface Manifest {
  readonly counts: Readonly<Record<string, number>>;
  readonly needs: { readonly roles: readonly string[]; readonly extensions: readonly { readonly name: string }[] };
}
const manifestOf = (of: string) =>
  JSON.parse(stage.world.s3.read(bucket, `${of}.manifest.json`).toString()) as Manifest;

/** Asks a database of the instance as its master, as an auditor would. */
async function asked<Row>(sql: string, database: string = names.database): Promise<readonly Row[]> {
  const { rds, secrets } = stage.world;
  const { username, password } = JSON.parse(secrets.value(names.masterSecret) ?? '{}') as Record<string, string>;
  const ssl = { ca: readFileSync(rds.caFile, 'utf8') };
  const { DB_HOST: host, DB_PORT: port } = stage.secret();
  const client = new pg.Client({ host, port: Number(port), user: username, password, database, ssl });
  await client.connect();
  try {
    return (await client.query(sql)).rows as Row[];
  } finally {
    await client.end();
  }
}

const databases = async () =>
  Object.fromEntries(
    (
      await asked<{ name: string; oid: number; open: boolean }>(
        `SELECT datname AS name, oid::int AS oid, datallowconn AS open FROM pg_database WHERE datname LIKE '${names.database}%'`,
      )
    ).map(({ name, oid, open }) => [name, { oid, open }]),
  );

async function put(to: string, bytes: Buffer | string): Promise<void> {
  const { AWS_ENDPOINT_URL, AWS_ACCESS_KEY_ID = '', AWS_SECRET_ACCESS_KEY = '' } = stage.world.env;
  const client = new S3Client({
    endpoint: AWS_ENDPOINT_URL ?? '',
    region: names.region,
    credentials: { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY },
    forcePathStyle: true,
  });
  await client.send(new PutObjectCommand({ Bucket: bucket, Key: to, Body: bytes }));
  client.destroy();
}

/** Types the command in full, confirms it, and returns the operation's id. */
async function askBeside(from: string): Promise<string> {
  const { incident } = stage;
  const known = await incident.ledger.operations();
  const rosa = incident.person('rosa');
  await rosa.slash(
    `/backup restore production --from ${from} --beside --reason "a migration emptied a table"`,
    incidentChannel,
  );
  await rosa.waitForView('restore-confirm', 10);
  const { errors } = await rosa.submit({ confirm: 'production' });
  expect(errors).toEqual({});
  let operation = '';
  await eventually('the request is recorded', async () => {
    operation = (await incident.ledger.operations()).find((id) => !known.includes(id)) ?? '';
    return operation !== '';
  });
  return operation;
}

const refusal = async (from: string) => {
  const operation = await askBeside(from);
  const { outcome, error } = (await stage.incident.until(operation, closed)) as {
    outcome: string;
    error: { code: string; params: Record<string, unknown> };
  };
  expect(outcome).toBe('refused');
  expect((await stage.incident.ledger.chain(operation)).some(({ type }) => type === 'intent')).toBe(false);
  return error;
};

/** The customers' own view of the swap: the longest they got no order through around it, and whose order failed at all. */
function aroundSwap(swappedAt: number, from: Date) {
  const all = readAttempts(stage.world.attemptsFile).filter(({ at }) => Date.parse(at) >= from.getTime());
  const taken = all.filter(({ ok }) => ok).map(({ at }) => Date.parse(at));
  const before = taken.findLast((at) => at <= swappedAt) ?? Number.NEGATIVE_INFINITY;
  const after = taken.find((at) => at > swappedAt) ?? Number.POSITIVE_INFINITY;
  return { failed: all.filter(({ ok }) => !ok).map(({ at }) => at), gapMs: after - before };
}

describe('/backup restore --from a dump --beside', () => {
  it('brings exactly the dump’s rows back under the live name, while customers order, and keeps the other database', async () => {
    const { incident, world } = stage;
    await asked('DELETE FROM payments');
    const before = await databases();
    const pods = await stage.replicas();
    const asking = new Date();
    const operation = await askBeside(key);
    await incident.approve('amir', operation);
    await incident.approve('wei', operation);
    const end = await incident.until(operation, closed, 240);
    expect(end).toMatchObject({ outcome: 'succeeded', service: 'new-database' });
    const after = await databases();
    const kept = Object.keys(after).find((name) => name.includes('_before_')) ?? '';
    expect(after[kept]).toEqual({ oid: before[names.database]?.oid, open: false });
    expect(after[names.database]?.oid).not.toBe(before[names.database]?.oid);
    expect(Object.keys(after)).toHaveLength(2);
    const { counts } = manifestOf(key);
    const [row] = await asked<{ n: number }>('SELECT count(*)::int AS n FROM payments');
    expect(row?.n).toBeGreaterThanOrEqual(counts['public.payments'] ?? Number.NaN);
    // The verification held every count to the manifest's, by equality.
    const chain = await incident.ledger.chain(operation);
    const outputOf = (step: string) =>
      chain.find(({ type, data }) => type === 'done' && (data as { step?: string }).step === step)?.data as {
        output: { at?: string; outageMs?: number; report?: { outcome: string } };
      };
    expect(outputOf('swap-names').output.outageMs).toBeLessThan(1_000);
    // Nothing was stopped, and customers waited for a moment only.
    expect(chain.some(({ data }) => (data as { step?: string }).step === 'stop-application')).toBe(false);
    expect(await stage.replicas()).toEqual(pods);
    await eventually('customers order again', async () =>
      readAttempts(world.attemptsFile).some(({ ok, at }) => ok && Date.parse(at) > Date.now() - 2_000),
    );
    const swappedAt = Date.parse(outputOf('swap-names').output.at ?? '');
    const { failed, gapMs } = aroundSwap(swappedAt, asking);
    const { outageMs } = outputOf('swap-names').output;
    console.log(
      `swap ${outageMs} ms; no order was taken for ${gapMs} ms around it; failed orders: ${JSON.stringify(failed)}`,
    );
    // What the swap itself may cost a customer: a connection that was ended, and the next one.
    expect(gapMs).toBeLessThan(10_000);
    for (const at of failed) expect(Math.abs(Date.parse(at) - swappedAt)).toBeLessThan(10_000);
    const told = JSON.stringify(await incident.person('sam').messages(incidentChannel));
    expect(told).toContain(kept);
  });

  it('the database that it kept is dropped by a cleanup, after a snapshot that holds both; the shop goes on', async () => {
    const { incident } = stage;
    const all = await incident.ledger.operations();
    const chains = await Promise.all(all.map(async (id) => ({ id, chain: await incident.ledger.chain(id) })));
    const { id = '' } = chains.find(({ chain }) => chain[0]?.data.operation === 'restore') ?? {};
    const rosa = incident.person('rosa');
    await rosa.slash(`/backup cleanup ${id} --now`, incidentChannel);
    await rosa.waitForView('cleanup', 10);
    expect((await rosa.submit({ reason: 'nobody needs it', confirm: 'production' })).errors).toEqual({});
    let cleaning = '';
    await eventually('the request is recorded', async () => {
      cleaning = (await incident.ledger.operations()).find((one) => !all.includes(one)) ?? '';
      return cleaning !== '';
    });
    await incident.until(cleaning, planned);
    const before = await databases();
    await incident.approve('amir', cleaning);
    await incident.approve('wei', cleaning);
    expect(await incident.until(cleaning, closed, 240)).toMatchObject({ outcome: 'succeeded', service: 'unchanged' });
    expect(await databases()).toEqual({ [names.database]: before[names.database] });
    expect(await stage.instances()).toEqual([names.instance]);
    const steps = (await incident.ledger.chain(cleaning))
      .filter(({ type }) => type === 'done')
      .map(({ data }) => data.step);
    expect(steps.indexOf('check-final')).toBeGreaterThan(0);
    expect(steps.indexOf('check-final')).toBeLessThan(steps.indexOf('drop-database'));
    await eventually('customers order on', async () =>
      readAttempts(stage.world.attemptsFile).some(({ ok, at }) => ok && Date.parse(at) > Date.now() - 2_000),
    );
    await eventually('the result says what is kept', async () =>
      JSON.stringify(await incident.person('sam').messages(incidentChannel)).includes('with both databases as of'),
    );
  });

  it('F40: what is truncated, replaced, foreign, empty, or has no manifest is refused in the plan', async () => {
    const before = await databases();
    const bytes = stage.world.s3.read(bucket, key);
    const manifest = stage.world.s3.read(bucket, `${key}.manifest.json`).toString();
    const copied = async (to: string, body: Buffer | string, more: object = {}) => {
      await put(to, body);
      await put(`${to}.manifest.json`, JSON.stringify({ ...JSON.parse(manifest), key: to, versionId: null, ...more }));
    };
    await copied('database/production/half.dump', bytes.subarray(0, bytes.length / 2));
    expect((await refusal('database/production/half.dump')).code).toBe('load.replaced');
    await copied('database/production/empty.dump', '');
    expect((await refusal('database/production/empty.dump')).code).toBe('adopt.empty');
    await copied('database/production/staging.dump', bytes, { environment: 'staging' });
    expect((await refusal('database/production/staging.dump')).code).toBe('load.of-other-environment');
    await copied('database/production/newer.dump', bytes, { serverVersion: '99.1' });
    expect((await refusal('database/production/newer.dump')).code).toBe('load.server-older');
    await put('database/production/bare.dump', bytes);
    expect(await refusal('database/production/bare.dump')).toMatchObject({ code: 'load.no-manifest' });
    // F43: what it needs and the server hasn't; F59: more than the disk has.
    const { needs } = manifestOf(key);
    await copied('database/production/roles.dump', bytes, {
      needs: { ...needs, roles: [...needs.roles, 'reporting'] },
    });
    expect(await refusal('database/production/roles.dump')).toMatchObject({
      code: 'load.roles-missing',
      params: { roles: ['reporting'] },
    });
    const postgis = { name: 'postgis', version: '3.4.0', schema: 'public' };
    await copied('database/production/ext.dump', bytes, {
      needs: { ...needs, extensions: [...needs.extensions, postgis] },
    });
    expect(await refusal('database/production/ext.dump')).toMatchObject({
      code: 'load.extensions-missing',
      params: { extensions: ['postgis'] },
    });
    await copied('database/production/big.dump', bytes, { databaseBytes: 90 * 1024 ** 3 });
    expect((await refusal('database/production/big.dump')).code).toBe('load.disk');
    expect(await databases()).toEqual(before);
  });
});
