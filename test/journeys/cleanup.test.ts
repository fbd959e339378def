import { readFileSync } from 'node:fs';
import { DescribeDBSnapshotsCommand, RDSClient } from '@aws-sdk/client-rds';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { closed, incidentChannel, planned } from '../../sandbox/incident.ts';
import type { LedgerEvent } from '../../sandbox/ledger.ts';
import type { Pitcrew } from '../../sandbox/pitcrew.ts';
import { names } from '../../sandbox/settings.ts';
import { eventually, openStage, type Stage } from '../stage.ts';

let stage: Stage;
let worker: Pitcrew;
let rds: RDSClient;
beforeAll(async () => {
  stage = await openStage();
  await stage.snapshot();
  worker = await stage.worker();
  const { env, aws } = stage.world;
  const credentials = { accessKeyId: env.AWS_ACCESS_KEY_ID ?? '', secretAccessKey: env.AWS_SECRET_ACCESS_KEY ?? '' };
  rds = new RDSClient({ endpoint: aws.url, region: names.region, credentials });
});
afterAll(async () => {
  rds?.destroy();
  await stage?.close();
});

/** As somebody with psql and the master's password. */
async function openSession(instance: string): Promise<pg.Client> {
  const { rds: instances, secrets } = stage.world;
  const { username, password } = JSON.parse(secrets.value(names.masterSecret) ?? '{}') as Record<string, string>;
  const client = new pg.Client({
    host: stage.secret().DB_HOST ?? '',
    port: instances.instance(instance)?.port ?? 0,
    user: username,
    password,
    database: 'postgres',
    application_name: 'psql',
    ssl: { ca: readFileSync(instances.caFile, 'utf8') },
  });
  await client.connect();
  return client;
}

async function restored(): Promise<{ operation: string; target: string }> {
  const { incident } = stage;
  const before = await stage.instances();
  const operation = await incident.restore('rosa', { reason: 'a migration went wrong' });
  await incident.approve('amir', operation);
  await incident.approve('wei', operation);
  expect(await incident.until(operation, closed, 240)).toMatchObject({ outcome: 'succeeded' });
  return { operation, target: (await stage.instances()).find((id) => !before.includes(id)) ?? '' };
}

const asked = (typed: string) => stage.ask(`/backup cleanup ${typed}`, 'cleanup', { reason: 'nobody needs it' });
const refusal = async (typed: string) =>
  (await stage.incident.until(await asked(typed), closed)).error as { code: string; params: Record<string, unknown> };
const toldAbout = async (operation: string) =>
  JSON.stringify(
    (await stage.incident.person('sam').messages(incidentChannel)).filter((card) =>
      JSON.stringify(card).includes(operation),
    ),
  );
async function approved(operation: string): Promise<void> {
  await stage.incident.until(operation, planned);
  await stage.incident.approve('amir', operation);
  expect((await stage.incident.ledger.chain(operation)).some(({ type }) => type === 'intent')).toBe(false);
  await stage.incident.approve('wei', operation);
}
const intended = (step: string) => (chain: readonly LedgerEvent[]) =>
  chain.find(({ type, data }) => type === 'intent' && data.step === step);
const finals = async (instance: string) =>
  ((await rds.send(new DescribeDBSnapshotsCommand({}))).DBSnapshots ?? []).filter(({ DBSnapshotIdentifier: id }) =>
    id?.startsWith(`${instance}-pitcrew-final-`),
  );

let first: { operation: string; target: string };

it('what serves, what somebody uses and what was left just now is not deleted: refused by name, before anybody is asked', async () => {
  first = await restored();
  expect((await refusal(first.operation)).code).toBe('cleanup.too-soon');
  const session = await openSession(names.instance);
  try {
    const { code, params } = await refusal(`${first.operation} --now`);
    expect(code).toBe('cleanup.in-use');
    expect(params).toMatchObject({ instance: names.instance, sessions: 1, who: [{ application: 'psql' }] });
  } finally {
    await session.end();
  }
  expect(await stage.instances()).toEqual([names.instance, first.target].sort());
});

it('somebody who comes while the final snapshot is made keeps the instance: the snapshot stays, nothing else happened', async () => {
  const operation = await asked(`${first.operation} --now`);
  await approved(operation);
  await stage.incident.until(operation, intended('await-final'));
  const session = await openSession(names.instance);
  try {
    const end = await stage.incident.until(operation, closed);
    expect(end).toMatchObject({ outcome: 'failed', service: 'unchanged', error: { code: 'cleanup.in-use' } });
  } finally {
    await session.end();
  }
  expect(await finals(names.instance)).toHaveLength(1);
  expect(await stage.instances()).toContain(names.instance);
});

it('killed right after the deletion, its answer lost: it stands once, and its data is kept', async () => {
  const { incident } = stage;
  const { faults } = stage.world.aws;
  const secret = stage.secret();
  const operation = await asked(`${first.operation} --now`);
  await incident.until(operation, planned);
  await eventually('the card says what can’t be taken back, and that it is early', async () =>
    /can’t be taken back.*left only.*Deletion protection is on/s.test(await toldAbout(operation)),
  );
  faults.order({ service: 'rds', action: 'DeleteDBInstance', fault: { kind: 'lose-answer' } });
  await approved(operation);
  await incident.until(operation, intended('delete-instance'));
  await eventually('the deletion took effect', async () => !(await stage.instances()).includes(names.instance), 90);
  worker.child.kill('SIGKILL');
  faults.clear('rds');
  worker = await stage.worker();
  expect(await incident.until(operation, closed, 240)).toMatchObject({ outcome: 'succeeded', service: 'unchanged' });
  const done = (await incident.ledger.chain(operation))
    .filter(({ type }) => type === 'done')
    .map(({ data }) => data.step);
  expect(done.filter((step) => step === 'delete-instance')).toHaveLength(1);
  expect(await stage.instances()).toEqual([first.target]);
  expect(stage.secret()).toEqual(secret);
  expect((await stage.replicas()).ready).toBe(2);
  const own = (await finals(names.instance)).filter(({ TagList = [] }) =>
    TagList.some(({ Key, Value }) => Key === 'pitcrew:operation' && Value === operation),
  );
  expect(own.map(({ Status }) => Status)).toEqual(['available']);
  await eventually('the result says what is kept', async () =>
    /is deleted\. Nobody was on it.*automated backups from/s.test(await toldAbout(operation)),
  );
  expect((await refusal(`${first.operation} --now`)).code).toBe('cleanup.gone');
});
