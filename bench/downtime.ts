import { setTimeout as sleep } from 'node:timers/promises';
import { closed, type Incident, incidentChannel, openIncident, planned } from '../sandbox/incident.ts';
import { type LedgerEvent, outputOf } from '../sandbox/ledger.ts';
import { startPitcrew } from '../sandbox/pitcrew.ts';
import { downtime as downtimeOf, readAttempts } from '../sandbox/shop/attempts.ts';
import { waitForMessage } from '../sandbox/slack/person.ts';
import { startWorld, type World } from '../sandbox/world.ts';
import { typeRunbook } from './ground/typed-runbook.ts';
import type { Bench, Findings, Part } from './runner/part.ts';
import { ratios } from './runner/statistics.ts';

export const downtime: Part = {
  name: 'downtime',
  title: 'How long the shop is down',
  how: `In one sandbox, with the paces of the demo, the same snapshot is restored three times while customers order ten times a
second: by \`restore-first\`, by \`stop-first\`, and by the runbook typed by a script with the real \`aws\` and \`kubectl\`. Down is
what the customers saw: from the last order that was accepted to the first one after. A new sandbox each round.`,
  minutes: { full: 18, quick: 4 },
  run: measure,
};

type Order = 'restore-first' | 'stop-first';
const replicas = 4;

async function measure(bench: Bench): Promise<Findings> {
  const rounds = bench.rounds ?? (bench.quick ? 1 : 3);
  const seconds: Record<Order | 'runbook', number[]> = { 'restore-first': [], 'stop-first': [], runbook: [] };
  const refused: Record<Order | 'runbook', number[]> = { 'restore-first': [], 'stop-first': [], runbook: [] };
  for (let round = 0; round < rounds; round++) {
    const orders: readonly Order[] =
      round % 2 === 0 ? ['restore-first', 'stop-first'] : ['stop-first', 'restore-first'];
    await inWorld(bench, async (world, incident) => {
      const snapshot = await snapshotOf(incident);
      const note = (how: Order | 'runbook', from: Date) => {
        const { longestMs, failed } = downtimeOf(world.attemptsFile, from);
        seconds[how].push(longestMs / 1000);
        refused[how].push(failed);
        bench.say(`round ${round}: ${how}: ${(longestMs / 1000).toFixed(1)} s without an order, ${failed} refused`);
      };
      for (const order of orders) {
        const from = new Date();
        await restore(incident, world, order, snapshot);
        await takesOrders(world, bench);
        note(order, from);
      }
      const from = new Date();
      await typeRunbook(world, snapshot, replicas, bench);
      await takesOrders(world, bench);
      note('runbook', from);
    });
  }
  const first = seconds['restore-first'];
  return {
    measured: [
      { what: '`restore-first`', unit: 's', samples: first, budget: { is: '<', value: 30 } },
      { what: '`stop-first`', unit: 's', samples: seconds['stop-first'] },
      { what: 'The runbook, typed by a script', unit: 's', samples: seconds.runbook },
      { what: 'The runbook against `restore-first`', unit: '×', samples: ratios(seconds.runbook, first) },
      { what: 'The runbook against `stop-first`', unit: '×', samples: ratios(seconds.runbook, seconds['stop-first']) },
      { what: 'Orders refused, `restore-first`', unit: '', samples: refused['restore-first'] },
      { what: 'Orders refused, `stop-first`', unit: '', samples: refused['stop-first'] },
      { what: 'Orders refused, the runbook', unit: '', samples: refused.runbook },
    ],
    facts: [
      'RDS takes seconds here where it takes minutes: `stop-first` and the runbook are down for as long as the instance is made, `restore-first` is not.',
      'The runbook verifies nothing before it starts the application, types without thinking, and `aws … wait` asks every 30 s; pitcrew verifies the database, every pod and who is connected.',
    ],
  };
}

async function inWorld(bench: Bench, work: (world: World, incident: Incident) => Promise<void>): Promise<void> {
  const world = await startWorld({ orders: bench.quick ? 5_000 : 100_000, replicas, config: { provenSeconds: 5 } });
  let open = true;
  const close = async () => {
    if (open) await world.close();
    open = false;
  };
  bench.atEnd(close);
  const incident = openIncident(world);
  try {
    await startPitcrew(world.household, world.env, 'start');
    await work(world, incident);
  } finally {
    incident.close();
    await close();
  }
}

async function snapshotOf(incident: Incident): Promise<string> {
  const operation = await incident.snapshot('rosa');
  const end = await incident.until(operation, closed);
  if (end.outcome !== 'succeeded') throw new Error(`the snapshot ended as ${JSON.stringify(end)}`);
  return String(outputOf(await incident.ledger.chain(operation), 'await-snapshot')?.snapshotId);
}

async function restore(incident: Incident, world: World, order: Order, from: string): Promise<void> {
  const known = await incident.ledger.operations();
  const rosa = incident.person('rosa');
  await rosa.slash('/backup restore production', incidentChannel);
  await rosa.waitForView('restore', 10);
  const { errors } = await rosa.submit({ order, from, reason: 'a measurement', confirm: 'production' });
  if (Object.keys(errors).length > 0) throw new Error(`the modal was refused: ${JSON.stringify(errors)}`);
  let operation: string | undefined;
  while (!operation) {
    await sleep(100);
    operation = (await incident.ledger.operations()).find((one) => !known.includes(one));
  }
  await incident.until(operation, planned);
  await incident.approve('amir', operation);
  await incident.approve('wei', operation);
  if (order === 'restore-first') await approveCutOver(incident, world, operation);
  const end = await incident.until(operation, closed, 300);
  if (end.outcome !== 'succeeded') throw new Error(`${order} ended as ${JSON.stringify(end)}`);
}

const asksForCutOver = (chain: readonly LedgerEvent[]) =>
  chain.find(({ type, data }) => type === 'intent' && data.gate === 'cut-over');

async function approveCutOver(incident: Incident, { slack }: World, operation: string): Promise<void> {
  if (!slack) throw new Error('this world has no Slack');
  await incident.until(operation, asksForCutOver, 300);
  const card = await waitForMessage(slack, incidentChannel, ({ blocks }) => {
    const text = JSON.stringify(blocks ?? []);
    return text.includes(operation) && text.includes('approve-cut-over');
  });
  await incident.person('amir').click({ channel: incidentChannel, ts: card.ts }, 'approve-cut-over');
}

/** Some orders in a row are accepted again: the gap is over. */
async function takesOrders({ attemptsFile }: World, { signal }: Bench): Promise<void> {
  const wanted = 20;
  for (const end = performance.now() + 120_000; performance.now() < end; await sleep(200, undefined, { signal })) {
    const last = readAttempts(attemptsFile).slice(-wanted);
    if (last.length === wanted && last.every(({ ok }) => ok)) return;
  }
  throw new Error('the shop takes no orders');
}
