import type { CheckSettings, RoleSecret } from '../src/domain/settings.ts';
import { readCatalogue } from '../src/verification/catalogue.ts';
import type { Facts } from '../src/verification/check.ts';
import { verify, verifyDeeply } from '../src/verification/checklist.ts';
import { catalogueFlags } from '../src/verification/checks/catalogue-flags.ts';
import { duplicateChecks } from '../src/verification/checks/duplicates.ts';
import { flagChecks } from '../src/verification/checks/flags.ts';
import { foreignKeyChecks } from '../src/verification/checks/foreign-keys.ts';
import { openSnapshot, type ReadingSession, withSessions } from '../src/verification/reader.ts';
import { budgetOf, runChecks } from '../src/verification/run-checks.ts';
import { type BigShop, openBigShop, smallShop, tenMillionRows } from './ground/big-shop.ts';
import { typed, typedSeconds } from './ground/program.ts';
import { interleaved } from './runner/interleave.ts';
import type { Bench, Findings, Part } from './runner/part.ts';
import { ratios } from './runner/statistics.ts';

export const verification: Part = {
  name: 'verification',
  title: 'Verification',
  how: `A shop of 10 million rows. The runbook’s own three queries (orphans by \`NOT IN\`, \`convalidated\`, duplicates by \`GROUP BY\`)
as it has them, by psql, beside pitcrew’s checks of the same questions and beside its gate and its deep verification, which
ask far more. The runbook’s search for duplicates reads the primary key’s index, by PostgreSQL’s choice; pitcrew’s reads the heap,
for the index may be what is corrupt ([decision 21](decisions/0021-duplicates-are-looked-for-in-the-heap.md)). Where PostgreSQL doesn’t hash a \`NOT IN\` (past 262,144 rows at default settings) it would run for days: it is
run over a sample of the referring rows, and the time of one is multiplied by how many there are.`,
  minutes: { full: 20, quick: 1 },
  run: measure,
};

/** docs/runbook, "Data Integrity Checks". */
const runbooksOrphans = 'SELECT COUNT(*) FROM orders WHERE customer_id NOT IN (SELECT id FROM customers)';
const runbook = [
  runbooksOrphans,
  `SELECT conname, conrelid::regclass, confrelid::regclass FROM pg_constraint WHERE contype = 'f' AND convalidated = false`,
  'SELECT id, COUNT(*) FROM orders GROUP BY id HAVING COUNT(*) > 1',
];

const role = (secret: string): RoleSecret => ({ region: '', secret, keys: { user: '', password: '' } });
const nothing: CheckSettings = {
  ...{ gateMinutes: 60, deepMinutes: 60, critical: [], relations: [], queries: [], rules: [] },
};
/** What the runbook asks about. */
const likeTheRunbook: CheckSettings = { ...nothing, critical: ['orders'] };
/** What the sandbox's pitcrew.yaml calls critical, within the default budget. */
const asConfigured: CheckSettings = {
  ...nothing,
  gateMinutes: 5,
  critical: ['customers', 'orders', 'order_items', 'payments'],
};

const seconds = async (work: () => Promise<unknown>) => {
  const fromMs = performance.now();
  await work();
  return (performance.now() - fromMs) / 1000;
};

async function measure(bench: Bench): Promise<Findings> {
  const shop = await openBigShop(bench.quick ? smallShop : tenMillionRows, bench);
  await shop.sql(
    shop.database,
    'CREATE EXTENSION IF NOT EXISTS amcheck',
    'GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO pitcrew_verify',
  );
  const plan = await typed(`psql -At -c "EXPLAIN ${runbooksOrphans}"`, shop.reader, bench);
  const rounds = bench.rounds ?? (bench.quick ? 2 : 5);
  const notChecked: (readonly string[])[] = [];
  const found = await interleaved(
    rounds,
    {
      runbook: () => typedSeconds(runbook.map((sql) => `psql -At -c "${sql}"`).join(' && '), shop.reader, bench),
      same: () => seconds(() => sameQuestions(shop, bench)),
      gate: () => seconds(() => gate(shop, likeTheRunbook, bench)),
      whole: () => seconds(async () => notChecked.push((await gate(shop, asConfigured, bench)).notChecked)),
      deep: () => seconds(() => deep(shop, bench)),
    },
    bench.signal,
  );
  const days = await unhashed(shop, rounds, bench);
  const [rows] = await shop.sql<{ rows: string }>(
    shop.database,
    `SELECT sum(n) AS rows FROM (SELECT count(*) n FROM customers UNION ALL SELECT count(*) FROM products UNION ALL
      SELECT count(*) FROM orders UNION ALL SELECT count(*) FROM order_items UNION ALL SELECT count(*) FROM payments) t`,
  );
  return {
    measured: [
      {
        ...{ what: 'The runbook’s SQL, `NOT IN` hashed, against pitcrew’s checks of the same questions', unit: '×' },
        ...{ samples: ratios(found.runbook, found.same), budget: { is: '≥', value: 1.8 } },
      },
      {
        ...{ what: 'The runbook’s SQL, `NOT IN` hashed, against pitcrew’s gate for the same table', unit: '×' },
        ...{ samples: ratios(found.runbook, found.gate), budget: { is: '≥', value: 1.8 } },
        note: 'the gate also compares the structure, counts, checks every other key and index of the table, and the newest rows of all others',
      },
      {
        ...{
          what: '`order_items.order_id NOT IN (SELECT id FROM orders)`, not hashed, against pitcrew’s check',
          unit: '×',
        },
        ...{ samples: ratios(days.notIn, days.antiJoin), budget: { is: '≥', value: 10_000 } },
        note: `extrapolated from ${days.sample} of ${days.outer.toLocaleString('en')} rows; PostgreSQL’s plan: ${days.plan}`,
      },
      { what: 'The runbook’s SQL, hashed', unit: 's', samples: found.runbook },
      { what: 'pitcrew’s checks of the same questions', unit: 's', samples: found.same },
      { what: 'pitcrew’s gate, orders critical', unit: 's', samples: found.gate },
      {
        ...{ what: 'pitcrew’s gate, four tables critical', unit: 's', samples: found.whole },
        budget: { is: '≤', value: 300, of: 'max' },
        note: `in the default 5 minutes; not checked: ${notChecked.flat().join(', ') || 'nothing'}`,
      },
      { what: 'pitcrew’s deep verification: every table, key, index and row', unit: 's', samples: found.deep },
      {
        what: 'The runbook’s orphans, not hashed, extrapolated',
        unit: 'hours',
        samples: days.notIn.map((s) => s / 3600),
      },
      { what: 'pitcrew’s check of the same relation', unit: 's', samples: days.antiJoin },
    ],
    facts: [
      `${Number(rows?.rows).toLocaleString('en')} rows, ${Math.round(shop.bytes / 1e6)} MB on disk. The runbook’s query on orders: ${/hashed/.test(plan) ? 'hashed, by its plan' : 'NOT hashed, by its plan'}.`,
      'Both begin with warm caches alike: they run by turns on the same server, which is restarted by nobody.',
    ],
  };
}

const gate = (shop: BigShop, settings: CheckSettings, bench: Bench) =>
  verify(shop.access, { ...asked(shop, settings, bench), application: role('ecommerce_app') });
const deep = (shop: BigShop, bench: Bench) => verifyDeeply(shop.access, asked(shop, asConfigured, bench));

const asked = (shop: BigShop, settings: CheckSettings, { signal }: Bench) =>
  ({
    restored: { host: '127.0.0.1', port: shop.port, database: shop.database },
    ...{ live: null, verifyRole: role('pitcrew_verify'), settings, baseline: undefined },
    ...{ asOf: '2026-01-01T00:00:00.000Z', timeZone: 'UTC', signal },
  }) as const;

/** Orphans of orders' foreign key to customers, constraints never validated, duplicates of orders: as the gate asks them. */
function sameQuestions(shop: BigShop, bench: Bench): Promise<void> {
  return withReading(shop, bench, async (sessions, facts) => {
    const checks = [
      ...flagChecks(catalogueFlags, facts),
      ...foreignKeyChecks(facts).filter(({ name }) => name === 'foreign-key:orders_customer_id_fkey'),
      ...duplicateChecks(facts).filter(({ name }) => name === 'duplicates:orders'),
    ];
    if (checks.length < 3) throw new Error('the gate no longer asks what the runbook asks');
    const { outcome } = await runChecks(checks, { restored: sessions, live: undefined }, budgetOf(60), bench.signal);
    if (outcome !== 'pass') throw new Error(`a sound shop was found ${outcome}`);
  });
}

function withReading(
  { access, port, database }: BigShop,
  { signal }: Bench,
  work: (sessions: readonly ReadingSession[], facts: Facts) => Promise<void>,
): Promise<void> {
  return withSessions(signal, async (open) => {
    const address = { host: '127.0.0.1', port, database };
    const options = { address, role: role('pitcrew_verify'), timeZone: 'UTC', remainingSeconds: () => 3600 };
    const first = await open(openSnapshot(access, options));
    const second = await open(openSnapshot(access, { ...options, snapshot: first.snapshot }));
    const restored = await first.reader.within('plain', readCatalogue);
    const known = { settings: likeTheRunbook, baseline: undefined, asOf: '2026-01-01T00:00:00.000Z', live: undefined };
    await work([first, second], { ...known, restored });
  });
}

interface Unhashed {
  readonly sample: number;
  readonly outer: number;
  readonly plan: string;
  /** Seconds for all rows, by the time that a sample took. */
  readonly notIn: readonly number[];
  readonly antiJoin: readonly number[];
}

/** The runbook's form where the list is too long to be hashed, over rows from everywhere in the table. */
async function unhashed(shop: BigShop, rounds: number, bench: Bench): Promise<Unhashed> {
  const [counted] = await shop.sql<{ outer: string }>(shop.database, 'SELECT count(*) AS outer FROM order_items');
  const outer = Number(counted?.outer);
  const sample = bench.quick ? 100 : 200;
  const every = Math.max(1, Math.floor(outer / sample));
  await shop.sql(
    shop.database,
    'DROP TABLE IF EXISTS sampled_items',
    `CREATE TABLE sampled_items AS SELECT order_id FROM (SELECT order_id, row_number() OVER () AS n FROM order_items) t
       WHERE n % ${every} = 0 LIMIT ${sample}`,
    'ANALYZE sampled_items',
  );
  // So few outer rows would be hashed or not by the size of the list alone, as all of them are; small shops need a hint.
  const settings = bench.quick ? 'SET work_mem = 64; SET hash_mem_multiplier = 1; ' : '';
  const sql = 'SELECT count(*) FROM sampled_items WHERE order_id NOT IN (SELECT id FROM orders)';
  const psql = (statement: string) => `psql -qAt -c "${settings}${statement}"`;
  const plan = (await typed(psql(`EXPLAIN ${sql}`), shop.reader, bench)).split('\n').map((line) => line.trim());
  if (plan.some((line) => line.includes('hashed'))) throw new Error(`this list is hashed: ${plan.join(' / ')}`);
  const connect = await seconds(() => typed(psql('SELECT 1'), shop.reader, bench));
  const found = await interleaved(
    rounds,
    {
      notIn: async () => ((await typedSeconds(psql(sql), shop.reader, bench)) - connect) * (outer / sample),
      antiJoin: () => seconds(() => antiJoin(shop, bench)),
    },
    bench.signal,
  );
  await shop.sql(shop.database, 'DROP TABLE sampled_items');
  return { sample, outer, plan: plan.find((line) => line.startsWith('Filter')) ?? plan.join(' / '), ...found };
}

function antiJoin(shop: BigShop, bench: Bench): Promise<void> {
  return withReading(shop, bench, async (sessions, facts) => {
    const checks = foreignKeyChecks(facts).filter(({ name }) => name === 'foreign-key:order_items_order_id_fkey');
    const { outcome } = await runChecks(checks, { restored: sessions, live: undefined }, budgetOf(60), bench.signal);
    if (checks.length !== 1 || outcome !== 'pass') throw new Error(`${checks.length} checks came to ${outcome}`);
  });
}
