import { afterAll, beforeAll, expect, it } from 'vitest';
import { incidentChannel, planned } from '../../sandbox/incident.ts';
import { waitForMessage } from '../../sandbox/slack/person.ts';
import { openSlowDoor, type SlowDoor } from '../slow-door.ts';
import { eventually, openStage, type Stage } from '../stage.ts';

const slowSeconds = 2;
/** Requests that keep every place of the worker busy while Redis and S3 are slow. */
const flood = 24;

let stage: Stage;
let redisDoor: SlowDoor;
beforeAll(async () => {
  stage = await openStage({
    // The hardest case: the bot's process is the worker's too.
    role: 'start',
    botEnv: async ({ redis }) => {
      redisDoor = await openSlowDoor(redis.port);
      return { REDIS_URL: `redis://127.0.0.1:${redisDoor.port}` };
    },
  });
});
afterAll(async () => {
  await stage?.close();
  await redisDoor?.close();
});

/** Seconds until Slack had its acknowledgement. */
async function ackOf(act: () => Promise<unknown>): Promise<number> {
  const fromMs = performance.now();
  await act();
  return (performance.now() - fromMs) / 1000;
}

const heard = async (name: 'rosa' | 'amir', wanted: RegExp) =>
  (await stage.incident.person(name).ephemerals(incidentChannel)).filter(({ text = '' }) => wanted.test(text)).length;

it('acknowledges commands, buttons and modals within 1 s with Redis and S3 slowed to 2 s and the worker saturated, and does them', async () => {
  const { incident, world } = stage;
  if (!world.slack) throw new Error('no Slack');
  const waiting = await incident.restore('rosa', { reason: 'a drill' });
  await incident.until(waiting, planned);
  const card = await waitForMessage(
    world.slack,
    incidentChannel,
    ({ blocks }) => JSON.stringify(blocks ?? []).includes(`"${waiting}:`),
    { seconds: 60 },
  );
  const before = (await incident.ledger.operations()).length;

  world.aws.faults.slow('s3', slowSeconds);
  redisDoor.delayMs = slowSeconds * 1000;
  const acks: Record<string, number> = {};
  const rosa = incident.person('rosa');
  await Promise.all(
    Array.from({ length: flood }, async (_, at) => {
      acks[`snapshot ${at}`] = await ackOf(() => rosa.slash('/backup snapshot production', incidentChannel));
    }),
  );
  acks.status = await ackOf(() => rosa.slash('/backup status', incidentChannel));
  acks.approve = await ackOf(() => incident.person('amir').click({ channel: incidentChannel, ts: card.ts }, 'approve'));
  acks.restore = await ackOf(() => rosa.slash('/backup restore production', incidentChannel));
  await rosa.waitForView('restore', 10);
  const recordedBefore = await heard('rosa', /^Recorded as/);
  acks.submit = await ackOf(() => rosa.submit({ reason: 'another drill', confirm: 'production' }));
  // Nothing is said to be recorded that isn't: while S3 still thinks, only the first word is there.
  expect(await heard('rosa', /^Recording your request/)).toBeGreaterThan(0);

  console.log('acknowledged within', Math.max(...Object.values(acks)).toFixed(3), 's at most', {
    approve: acks.approve?.toFixed(3),
    restore: acks.restore?.toFixed(3),
    submit: acks.submit?.toFixed(3),
  });
  expect(Object.entries(acks).filter(([, seconds]) => seconds >= 1)).toEqual([]);

  // What was asked for takes effect while both are still slow.
  await eventually(
    'the approval is in the chain',
    async () => (await incident.ledger.chain(waiting)).some(({ type }) => type === 'vote'),
    120,
  );
  await eventually(
    'every request is recorded, and said to be',
    async () =>
      (await incident.ledger.operations()).length === before + flood + 1 &&
      (await heard('rosa', /^Recorded as/)) >= recordedBefore + 1,
    180,
  );
  const toldAmir = () => heard('amir', /Your approval counts: 1 of 2/);
  await eventually('Amir is told that his approval counts', async () => (await toldAmir()) > 0, 60);
  world.aws.faults.slow('s3', 0);
  redisDoor.delayMs = 0;
  expect(await toldAmir()).toBe(1);
});
