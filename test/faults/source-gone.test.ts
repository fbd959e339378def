import { DeleteDBInstanceCommand, ModifyDBInstanceCommand, RDSClient } from '@aws-sdk/client-rds';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { closed, incidentChannel, planned } from '../../sandbox/incident.ts';
import { names } from '../../sandbox/settings.ts';
import { eventually, openStage, type Stage } from '../stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
  await stage.worker();
});
afterAll(() => stage?.close());

/** As somebody does it who meant another instance, or a `terraform destroy` in the wrong folder. */
async function deleteInstance(): Promise<void> {
  const { env, aws } = stage.world;
  const credentials = { accessKeyId: env.AWS_ACCESS_KEY_ID ?? '', secretAccessKey: env.AWS_SECRET_ACCESS_KEY ?? '' };
  const rds = new RDSClient({ endpoint: aws.url, region: names.region, credentials });
  const DBInstanceIdentifier = names.instance;
  const unprotected = { DBInstanceIdentifier, DeletionProtection: false, ApplyImmediately: true };
  await rds.send(new ModifyDBInstanceCommand(unprotected));
  await rds.send(new DeleteDBInstanceCommand({ DBInstanceIdentifier, SkipFinalSnapshot: true }));
  await eventually('the instance is gone', async () => !(await stage.instances()).includes(names.instance));
  rds.destroy();
}

/** What stands in the incident channel about an operation, cards and their threads. */
async function toldAbout(operation: string): Promise<string> {
  const dana = stage.incident.person('dana');
  const cards = (await dana.messages(incidentChannel)).filter((card) => JSON.stringify(card).includes(operation));
  const threads = await Promise.all(cards.map(({ ts }) => dana.thread(incidentChannel, ts)));
  return JSON.stringify([cards, threads]);
}

it('F57: with the instance deleted, the application is brought back from its last snapshot, every setting with its origin on the card', async () => {
  const { incident } = stage;
  const snapshot = await incident.snapshot('rosa');
  expect(await incident.until(snapshot, closed)).toMatchObject({ outcome: 'succeeded' });
  await deleteInstance();

  const operation = await incident.restore('rosa', {
    reason: 'somebody deleted the instance',
    onFailure: 'return',
  });
  await incident.until(operation, planned);
  let card = '';
  await eventually('the card and its thread say where every setting comes from', async () => {
    card = await toldAbout(operation);
    return ['DBInstanceClass', 'VpcSecurityGroupIds', 'DBSubnetGroupName', 'DBParameterGroupName'].every((setting) =>
      new RegExp(`${setting}[^•]*as pitcrew wrote it down at`).test(card),
    );
  });
  expect(card).toMatch(/no way back/i);

  await incident.approve('amir', operation);
  await incident.approve('wei', operation);
  expect(await incident.until(operation, closed, 240)).toMatchObject({ outcome: 'succeeded', service: 'new-database' });

  const [restored, ...others] = await stage.instances();
  expect(others).toEqual([]);
  expect(restored).toMatch(new RegExp(`^${names.instance}-r[0-9a-f]{8}$`));
  expect(stage.world.rds.instance(restored ?? '')?.port).toBe(Number(stage.secret().DB_PORT));
  expect(await stage.replicas()).toEqual({ wanted: 2, ready: 2 });
  const steps = new Set((await incident.ledger.chain(operation)).map(({ data }) => data.step));
  expect(steps.has('fence-old') || steps.has('rescue-snapshot')).toBe(false);

  // The lineage goes on: the new instance is the current one, and can be backed up like any.
  const again = await incident.snapshot('rosa');
  expect(await incident.until(again, closed)).toMatchObject({ outcome: 'succeeded' });
});
