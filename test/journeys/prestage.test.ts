import { afterAll, beforeAll, expect, it } from 'vitest';
import { closed, incidentChannel, planned } from '../../sandbox/incident.ts';
import type { LedgerEvent } from '../../sandbox/ledger.ts';
import { eventually, openStage, type Stage } from '../stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ config: { production: { restore: { prestage: true } } } });
  await stage.snapshot();
  await stage.worker();
});
afterAll(() => stage?.close());

const position = (chain: readonly LedgerEvent[], type: string, step?: string, direction = 'do') =>
  chain.findIndex((one) => one.type === type && one.data.step === step && (!step || one.data.direction === direction));

/** A restore for which people are asked, and whose instance stands before anybody said anything. */
async function made(): Promise<{ operation: string; ts: string; instance: string }> {
  const { incident } = stage;
  const operation = await incident.restore('rosa', { reason: 'orders are gone' });
  await incident.until(operation, planned);
  const ready = await incident.until(
    operation,
    (chain) => chain.find(({ type, data }) => type === 'done' && data.step === 'await-instance'),
    240,
  );
  const instance = String((ready.data.output as { id?: unknown }).id);
  let ts = '';
  await eventually('the approval card says that the instance stands', async () => {
    const cards = await incident.person('sam').messages(incidentChannel);
    const card = cards.find(({ blocks }) => JSON.stringify(blocks ?? []).includes(`"${operation}:`));
    ts = card?.ts ?? '';
    return JSON.stringify(card?.blocks ?? []).includes('It stands since');
  });
  return { operation, ts, instance };
}

it('a no: the instance that was made meanwhile is deleted, nothing else was touched, and only then it is closed', async () => {
  const { incident } = stage;
  const before = { instances: await stage.instances(), secret: stage.secret() };
  const { operation, ts, instance } = await made();
  expect(await stage.instances()).toContain(instance);
  expect(await stage.replicas()).toEqual({ wanted: 2, ready: 2 });
  await incident.person('dana').click({ channel: incidentChannel, ts }, 'deny');
  await incident.person('dana').waitForView('deny');
  await incident.person('dana').submit({ reason: 'the wrong snapshot' });
  const end = await incident.until(operation, closed, 120);
  expect(end).toMatchObject({ outcome: 'denied', service: 'unchanged' });
  const chain = await incident.ledger.chain(operation);
  const steps = new Set(chain.filter(({ type }) => type === 'intent').map(({ data }) => data.step));
  expect([...steps]).toEqual(['restore-instance', 'await-instance']);
  expect(position(chain, 'done', 'restore-instance', 'undo')).toBeGreaterThan(position(chain, 'turned-back', ''));
  await eventually('the instance is gone', async () => !(await stage.instances()).includes(instance));
  expect({ instances: await stage.instances(), secret: stage.secret() }).toEqual(before);
  await eventually('the card says what became of it', async () =>
    JSON.stringify(await incident.person('sam').messages(incidentChannel)).includes('is deleted.'),
  );
});

it('a yes: the restore goes on with the instance that was made already, and nobody waits for RDS', async () => {
  const { incident } = stage;
  const { operation, instance } = await made();
  await incident.approve('amir', operation);
  await incident.approve('wei', operation);
  expect(await incident.until(operation, closed, 240)).toMatchObject({ outcome: 'succeeded', service: 'new-database' });
  const chain = await incident.ledger.chain(operation);
  const approved = chain.findLastIndex(({ type, data }) => type === 'vote' && data.gate === 'start');
  expect(position(chain, 'done', 'await-instance')).toBeLessThan(approved);
  expect(position(chain, 'intent', 'stop-application')).toBeGreaterThan(approved);
  expect(chain.filter(({ type, data }) => type === 'intent' && data.step === 'restore-instance')).toHaveLength(1);
  expect(stage.secret().DB_HOST).toBeDefined();
  expect(await stage.instances()).toContain(instance);
});
