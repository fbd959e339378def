import { afterAll, beforeAll, expect, it } from 'vitest';
import { closed, incidentChannel, planned } from '../../sandbox/incident.ts';
import { names } from '../../sandbox/settings.ts';
import { waitForMessage } from '../../sandbox/slack/person.ts';
import { eventually, openStage, type Stage } from '../stage.ts';

// Every way to another instance and back, in one world. A snapshot with the application stopped first stands in the
// journeys of rollback and cleanup.

let stage: Stage;
/** Around the snapshot: what was ordered before is in it, what was ordered after isn't. */
const snapshotted = { from: 0, to: 0 };
let moment = 0;
beforeAll(async () => {
  stage = await openStage();
  snapshotted.from = Date.now();
  await stage.snapshot();
  snapshotted.to = Date.now();
  await stage.worker();
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  moment = Math.floor(Date.now() / 1000) * 1000 - 1000;
});
afterAll(() => stage?.close());

interface Order {
  readonly id: string;
  readonly at: Date;
}

/** Orders on an instance, as its master sees them. */
const orders = (instance: string) =>
  stage.sql<Order>(instance, 'SELECT id::text AS id, created_at AS at FROM orders ORDER BY id');

/** Types a command, answers its dialog and has two people approve. Returns the new operation's id. */
async function ask(typed: string, view: string, answers: Readonly<Record<string, string>>): Promise<string> {
  const { incident } = stage;
  const operation = await stage.ask(`/backup ${typed}`, view, { reason: 'orders were changed', ...answers });
  await incident.until(operation, planned);
  await incident.approve('amir', operation);
  await incident.approve('wei', operation);
  return operation;
}

/** Lets what was restored first, compared and shown take the place of what serves. */
async function approveCutOver(operation: string): Promise<void> {
  const { slack } = stage.world;
  if (!slack) throw new Error('this world has no Slack');
  const isCard = (message: { readonly blocks?: unknown }) => {
    const text = JSON.stringify(message.blocks ?? []);
    return text.includes(operation) && text.includes('approve-cut-over');
  };
  const card = await waitForMessage(slack, incidentChannel, isCard, { seconds: 240 });
  await stage.incident.person('amir').click({ channel: incidentChannel, ts: card.ts }, 'approve-cut-over');
}

const isOver = (operation: string, service: string) =>
  expect(stage.incident.until(operation, closed, 240)).resolves.toMatchObject({ outcome: 'succeeded', service });

interface Path {
  readonly kind: 'restore' | 'pitr';
  readonly order: 'stop-first' | 'restore-first';
}
const paths: readonly Path[] = [
  { kind: 'restore', order: 'restore-first' },
  { kind: 'pitr', order: 'stop-first' },
  { kind: 'pitr', order: 'restore-first' },
];

/** All that was ordered until the backup, and nothing of what came between it and the request. */
function holdsExactly(fresh: readonly Order[], old: readonly Order[], kind: Path['kind'], askedAt: number): void {
  // An order may be committed a little after the time that it carries.
  const [from, to] = kind === 'pitr' ? [moment - 200, moment + 200] : [snapshotted.from - 200, snapshotted.to];
  const ids = (all: readonly Order[], after: number, until: number) =>
    all.filter(({ at }) => at.getTime() > after && at.getTime() < until).map(({ id }) => id);
  expect(ids(old, 0, from).length).toBeGreaterThan(2_000);
  expect(ids(fresh, 0, from)).toEqual(ids(old, 0, from));
  expect(ids(old, to, askedAt).length).toBeGreaterThan(0);
  expect(ids(fresh, to, askedAt)).toEqual([]);
}

it.each(paths)('$kind, $order: what comes back is the backup’s, row by row; rolled back; cleaned up', async (path) => {
  const { kind, order } = path;
  const secret = stage.secret();
  const askedAt = Date.now();
  const point = kind === 'pitr' ? { to: new Date(moment).toISOString() } : {};
  const restore = await ask(`${kind} production`, kind, { order, ...point });
  if (order === 'restore-first') await approveCutOver(restore);
  await isOver(restore, 'new-database');
  const fresh = (await stage.instances()).find((id) => id !== names.instance) ?? '';
  expect(stage.secret().DB_PORT).toBe(String(stage.world.rds.instance(fresh)?.port));
  holdsExactly(await orders(fresh), await orders(names.instance), kind, askedAt);

  await isOver(await ask(`rollback ${restore}`, 'rollback', {}), 'old-database');
  expect(stage.secret()).toEqual(secret);
  expect(await stage.replicas()).toEqual({ wanted: 2, ready: 2 });
  const before = (await orders(names.instance)).length;
  await eventually('customers order there again', async () => (await orders(names.instance)).length > before);

  await isOver(await ask(`cleanup ${restore} --now`, 'cleanup', {}), 'unchanged');
  expect(await stage.instances()).toEqual([names.instance]);
});

it('what the cleanups kept of instances that are gone is in the list, and each can be gone back to by its name', async () => {
  const { incident } = stage;
  const rosa = incident.person('rosa');
  await rosa.slash('/backup list production', incidentChannel);
  const finals = async () =>
    JSON.stringify(await rosa.ephemerals(incidentChannel)).match(/[a-z0-9-]+-r[0-9a-f]{8}-pitcrew-final-[0-9a-f]{8}/g);
  await eventually('the list has all of them', async () => new Set(await finals()).size === paths.length);
  const [kept = ''] = (await finals()) ?? [];
  const answers = { reason: 'it was the right one', confirm: 'production' };
  const again = await stage.ask(`/backup restore production --from ${kept}`, 'restore', answers);
  await incident.until(again, planned);
  await eventually('the card names it', async () => {
    const cards = await rosa.messages(incidentChannel);
    return cards.some((card) => JSON.stringify(card).includes(again) && JSON.stringify(card).includes(kept));
  });
});
