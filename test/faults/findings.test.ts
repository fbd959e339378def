import { readFileSync } from 'node:fs';
import { ModifyDBInstanceCommand, RDSClient } from '@aws-sdk/client-rds';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hurtShop } from '../../sandbox/hurt.ts';
import { closed, incidentChannel, type Name, planned } from '../../sandbox/incident.ts';
import { names } from '../../sandbox/settings.ts';
import { waitForMessage } from '../../sandbox/slack/person.ts';
import { sandboxWorkspace } from '../../sandbox/slack/workspace.ts';
import { eventually, openStage, type Stage } from '../stage.ts';

const { users } = sandboxWorkspace;
let stage: Stage;
const snapshotId = 'somebody-elses-before-the-repair';

/** A snapshot that nobody measured holds damage that the live database no longer has, and passwords that nobody has any more. */
beforeAll(async () => {
  stage = await openStage();
  await stage.worker();
  await onLive('CREATE SCHEMA aside', 'CREATE TABLE aside.customers AS TABLE customers');
  await hurtShop('delete-customers', stage.world.env);
  await stage.snapshotByHand(snapshotId);
  await onLive(
    'INSERT INTO customers SELECT a.* FROM aside.customers a WHERE NOT EXISTS (SELECT FROM customers c WHERE c.id = a.id)',
    'ALTER TABLE orders ADD CONSTRAINT orders_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers (id)',
  );
  await changePasswords();
}, 180_000);
afterAll(() => stage?.close());

const secret = (id: string) => JSON.parse(stage.world.secrets.value(id) ?? '{}') as Record<string, string>;

async function onLive(...statements: readonly string[]): Promise<void> {
  const { username, password } = secret(names.masterSecret);
  const { DB_HOST, DB_PORT } = stage.secret();
  const ssl = { ca: readFileSync(stage.world.rds.caFile, 'utf8') };
  const login = { user: username, password, database: names.database, ssl };
  const client = new pg.Client({ host: DB_HOST, port: Number(DB_PORT), ...login });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

/** The application's, and then the master's own: as a security team rotates them, after the snapshot. */
async function changePasswords(): Promise<void> {
  await onLive(`ALTER ROLE ${names.applicationRole} PASSWORD 'younger-than-the-snapshot'`);
  const put = (id: string, over: object) => stage.world.secrets.put(id, JSON.stringify({ ...secret(id), ...over }));
  put(names.configSecret, { DB_PASSWORD: 'younger-than-the-snapshot' });
  const MasterUserPassword = 'younger-as-well';
  const { aws, env } = stage.world;
  const credentials = { accessKeyId: env.AWS_ACCESS_KEY_ID ?? '', secretAccessKey: env.AWS_SECRET_ACCESS_KEY ?? '' };
  const rds = new RDSClient({ endpoint: aws.url, region: names.region, credentials });
  const which = { DBInstanceIdentifier: names.instance, ApplyImmediately: true };
  await rds.send(new ModifyDBInstanceCommand({ ...which, MasterUserPassword }));
  rds.destroy();
  put(names.masterSecret, { password: MasterUserPassword });
  const works = () =>
    onLive('SELECT 1').then(
      () => true,
      () => false,
    );
  await eventually('the master’s new password works', works);
}

async function restoreUntilFound(): Promise<string> {
  const { incident } = stage;
  const operation = await incident.restore('rosa', { reason: 'a drill with a bad snapshot', from: snapshotId });
  await incident.until(operation, planned);
  await incident.approve('amir', operation);
  await incident.approve('wei', operation);
  return operation;
}

async function decide(by: Name, operation: string, button: 'accept-findings' | 'refuse-findings'): Promise<void> {
  const { incident, world } = stage;
  if (!world.slack) throw new Error('this world has no Slack');
  const isAsked = (text: string) => text.includes('accept-findings') && text.includes(`"${operation}:`);
  const card = await waitForMessage(world.slack, incidentChannel, (one) => isAsked(JSON.stringify(one.blocks ?? [])), {
    seconds: 120,
  });
  await incident.person(by).click({ channel: incidentChannel, ts: card.ts }, button);
}

const voted = (decision: string) => (chain: readonly { type: string; data: Record<string, unknown> }[]) =>
  chain.find(({ type, data }) => type === 'vote' && data.gate === 'findings' && data.decision === decision);

describe('F44: the verification finds what nobody knew of, and people decide', () => {
  it('one no, and the application is back on the old database', async () => {
    const { incident } = stage;
    const operation = await restoreUntilFound();
    await decide('rosa', operation, 'accept-findings');
    await incident.until(operation, (chain) => chain.find(({ type }) => type === 'refused'));
    await decide('amir', operation, 'accept-findings');
    await incident.until(operation, voted('approve'));
    await decide('dana', operation, 'refuse-findings');
    const end = await incident.until(operation, closed);
    expect(end).toMatchObject({ outcome: 'failed', service: 'old-database', error: { params: { asked: 'denied' } } });
    const chain = await incident.ledger.chain(operation);
    expect(chain.find(({ type }) => type === 'refused')?.data).toMatchObject({ code: 'approval.own-request' });
    expect(chain.some(({ data }) => data.step === 'switch-secret')).toBe(false);
    expect(await stage.replicas()).toEqual({ wanted: 2, ready: 2 });
  });

  it('two yes, and it is cut over with them; every login of the snapshot’s time was brought in step', async () => {
    const { incident } = stage;
    const operation = await restoreUntilFound();
    await decide('amir', operation, 'accept-findings');
    await incident.until(operation, voted('approve'));
    await decide('wei', operation, 'accept-findings');
    const end = await incident.until(operation, closed);
    expect(end).toMatchObject({ outcome: 'succeeded', service: 'new-database' });
    const chain = await incident.ledger.chain(operation);
    const output = (step: string) => chain.find(({ type, data }) => type === 'done' && data.step === step)?.data.output;
    expect(output('judge-verification')).toMatchObject({ outcome: 'accepted', by: [users.amir.id, users.wei.id] });
    expect(output('align-login')).toMatchObject({ repaired: [names.applicationRole], masterReset: true });
    expect(await stage.replicas()).toEqual({ wanted: 2, ready: 2 });
  });

  it('no password is in the ledger, whatever was repaired', async () => {
    const ledger = JSON.stringify(
      await Promise.all((await stage.incident.ledger.operations()).map(stage.incident.ledger.chain)),
    );
    expect(ledger).toContain('align-login');
    for (const password of ['younger-than-the-snapshot', 'younger-as-well']) expect(ledger).not.toContain(password);
  });
});
