import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { compareFingerprints, type Fingerprints, takeFingerprints } from '../fingerprints.ts';
import { hurtShop } from '../hurt.ts';
import { closed, type Incident, incidentChannel, openIncident, planned } from '../incident.ts';
import { type LedgerEvent, outputOf } from '../ledger.ts';
import { names } from '../settings.ts';
import { downtime, readAttempts } from '../shop/attempts.ts';
import { sandboxWorkspace } from '../slack/workspace.ts';
import type { World } from '../world.ts';
import { type Finding, printTable, type Report } from './table.ts';

type Say = (line: string) => void;

/** The incident, told while it happens. True only if every row is back and the loss was told right. */
export async function tellStory(world: World, say: Say): Promise<boolean> {
  const incident = openIncident(world);
  const quiet = followChannel(incident, say);
  try {
    say('Customers are ordering, ten times a second.');
    await sleep(4_000);
    say('For a moment nobody orders, so that a copy kept aside and the snapshot show the same instant.');
    const kept = await pausedWhile(world, async () => {
      const copy = await takeFingerprints(masterConnection(world));
      say(`Kept aside: fingerprints of ${count(rowsOf(copy))} rows. Rosa types /backup snapshot production.`);
      const snapshot = await incident.snapshot('rosa');
      const end = await incident.until(snapshot, closed);
      if (end.outcome !== 'succeeded') throw new Error(`the snapshot ended as ${String(end.outcome)}`);
      return copy;
    });
    const snapshotAt = new Date();
    say('The snapshot stands. Customers order on.');
    await sleep(8_000);
    say(`Then somebody makes a mistake. ${await hurtShop('drop-orders', world.env)}`);
    await sleep(2_000);
    const chain = await restore(incident, say);
    say('Some more orders on the restored database …');
    await sleep(3_000);
    const [findings, report] = await examine(world, chain, kept, snapshotAt);
    printTable(findings, report);
    return findings.every(({ holds }) => holds);
  } finally {
    quiet();
    incident.close();
  }
}

async function restore(incident: Incident, say: Say): Promise<readonly LedgerEvent[]> {
  say('03:14. Rosa types /backup restore production and fills in the modal.');
  const operation = await incident.restore('rosa', { reason: 'a clean-up job deleted the orders' });
  await incident.until(operation, planned);
  say('Amir reads the card and approves.');
  await incident.approve('amir', operation);
  say('Wei reads it in Chinese, and approves.');
  await incident.approve('wei', operation);
  const end = await incident.until(operation, closed, 300);
  if (end.outcome !== 'succeeded')
    throw new Error(`the restore ended as ${String(end.outcome)}: ${JSON.stringify(end.error)}`);
  return incident.ledger.chain(operation);
}

/** Holds customers back while the work is done; orders under way are let through first. */
async function pausedWhile<T>(world: World, work: () => Promise<T>): Promise<T> {
  world.pauseCustomers();
  try {
    await sleep(1_000);
    return await work();
  } finally {
    world.resumeCustomers();
  }
}

interface MeasuredTable {
  readonly table: string;
  readonly before: number;
  readonly after: number;
  readonly lost: number;
  readonly returned: number;
  readonly changed: number | null;
}

/**
 * Looks at both databases itself, as their master user, and at what customers saw, and holds what pitcrew said against
 * it. (A customer who gave up waiting may have an order all the same: the database counts, the customers' record is a part of it.)
 */
async function examine(
  world: World,
  chain: readonly LedgerEvent[],
  kept: Fingerprints,
  snapshotAt: Date,
): Promise<readonly [readonly Finding[], Report]> {
  const [restored, old] = await pausedWhile(world, () =>
    Promise.all([takeFingerprints(masterConnection(world)), takeFingerprints(masterConnection(world, 'AWSPREVIOUS'))]),
  );
  const { missing, changed, same, added } = compareFingerprints(kept, restored);
  const cameAfter = new Set(compareFingerprints(kept, old).added.get('orders'));
  const requestedAt = chain[0]?.at ?? snapshotAt;
  // Before the request customers were held back for the snapshot: that is no downtime.
  const gap = downtime(world.attemptsFile, requestedAt);
  const accepted = readAttempts(world.attemptsFile).filter(({ ok, at }) => ok && new Date(at) >= snapshotAt);
  const promised = accepted.filter(({ at }) => !gap.to || at < gap.to).map(({ id }) => String(id));
  const since = accepted.filter(({ at }) => gap.to && at >= gap.to);
  const newOrders = new Set(added.get('orders'));
  const tables = (outputOf(chain, 'measure-loss')?.tables ?? []) as readonly MeasuredTable[];
  const orders = tables.find(({ table }) => table === 'orders' || table === 'public.orders');
  const verification = outputOf(chain, 'verify-database')?.report as { outcome?: string } | undefined;
  const lostAt = accepted.findLast(({ at }) => !gap.to || at < gap.to)?.at;
  return [
    [
      {
        what: `every row of the snapshot is back, bit for bit: ${count(same)} of ${count(rowsOf(kept))}`,
        holds: missing + changed === 0 && same === rowsOf(kept),
      },
      {
        what: `orders reported as lost: ${orders?.lost}; in the old database, and not in the snapshot: ${cameAfter.size}`,
        holds: orders?.lost === cameAfter.size,
      },
      {
        what: `the ${promised.length} orders that customers were promised after the snapshot are among them`,
        holds: promised.length > 0 && promised.every((id) => cameAfter.has(id)),
      },
      {
        what: `the ${since.length} orders that customers were promised since the restart are in the restored database`,
        holds: since.length > 0 && since.every(({ id }) => newOrders.has(String(id))),
      },
      {
        what: 'the verification found nothing wrong',
        holds: verification?.outcome === 'pass' || verification?.outcome === 'not-proven',
      },
      { what: 'the secret points to the restored database and kept its other keys', holds: secretIsWhole(world) },
    ],
    {
      before: orders?.before ?? 0,
      lost: orders?.lost ?? 0,
      returned: orders?.returned ?? 0,
      after: orders?.after ?? 0,
      downtimeSeconds: gap.longestMs / 1000,
      failedRequests: gap.failed,
      rtoSeconds: (Date.parse(since[0]?.at ?? '') - requestedAt.getTime()) / 1000,
      rpoSeconds: lostAt ? (Date.parse(lostAt) - snapshotAt.getTime()) / 1000 : 0,
    },
  ];
}

function secretIsWhole({ secrets }: World): boolean {
  const read = (stage: string) =>
    JSON.parse(secrets.value(names.configSecret, stage) ?? '{}') as Record<string, string>;
  const [now, before] = [read('AWSCURRENT'), read('AWSPREVIOUS')];
  const moved = now.DB_HOST !== before.DB_HOST || now.DB_PORT !== before.DB_PORT;
  return moved && Object.keys(before).every((key) => key.startsWith('DB_') || now[key] === before[key]);
}

/** The database that the secret points to, or pointed to, as its master user: not one of pitcrew's own logins. */
function masterConnection({ secrets, rds }: World, stage = 'AWSCURRENT') {
  const read = (id: string, at?: string) => JSON.parse(secrets.value(id, at) ?? '{}') as Record<string, string>;
  const [application, master] = [read(names.configSecret, stage), read(names.masterSecret)];
  return {
    host: application.DB_HOST,
    port: Number(application.DB_PORT),
    database: application.DB_NAME,
    user: master.username,
    password: master.password,
    ssl: { ca: readFileSync(rds.caFile, 'utf8') },
  };
}

/** Says what the incident channel's cards say, as it changes. Returns how to stop. */
function followChannel(incident: Incident, say: Say): () => void {
  const said = new Map<string, string>();
  const timer = setInterval(async () => {
    const messages = await incident
      .person('sam')
      .messages(incidentChannel)
      .catch(() => []);
    for (const { ts, text } of messages) {
      const line = named(text?.split('\n')[0] ?? '');
      const gist = line.replaceAll(/\d+/g, '#'); // a clock that moves is no news
      if (line === '' || said.get(ts) === gist) continue;
      said.set(ts, gist);
      say(`   #inc-production  ${line}`);
    }
  }, 500);
  return () => clearInterval(timer);
}

/** Mentions as a reader sees them. */
const named = (line: string) =>
  Object.values(sandboxWorkspace.users).reduce(
    (text, { id, realName }) => text.replaceAll(`<@${id}>`, `@${realName}`),
    line,
  );

const rowsOf = (all: Fingerprints) => [...all.values()].reduce((sum, rows) => sum + rows.size, 0);
const count = (number: number) => number.toLocaleString('en');
