import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { StepContext } from '../src/domain/step.ts';
import type { MasterClients } from '../src/steps/postgres/create-database.ts';
import { type SwapNamesInput, swapNames } from '../src/steps/postgres/swap-names.ts';
import { markOf } from '../src/verification/new-database.ts';
import { type BigShop, openBigShop, smallShop } from './ground/big-shop.ts';
import { rotated } from './runner/interleave.ts';
import type { Bench, Findings, Part } from './runner/part.ts';

export const swap: Part = {
  name: 'swap',
  title: 'Swap of names',
  how: `A database that was loaded beside takes the live one’s name, by pitcrew’s step, while a client asks \`SELECT 1\` every 2 ms as
the application’s role and connects anew whenever it is cut off. Down is from the last answer before to the first one after; by
turns with four such clients beside it and with none. How large the databases are makes no difference: two rows of the
catalogue change.`,
  minutes: { full: 2, quick: 1 },
  run: measure,
};

const operation = 'op-0123456789ab';
const names = { live: 'swap_live', restored: 'swap_restored', kept: 'swap_kept' } as const;

async function measure(bench: Bench): Promise<Findings> {
  const shop = await openBigShop(smallShop, bench);
  await shop.sql('postgres', 'GRANT pg_signal_backend, pg_monitor TO shop_owner');
  const down: Record<'alone' | 'crowd', number[]> = { alone: [], crowd: [] };
  const told: number[] = [];
  const rounds = bench.rounds ?? (bench.quick ? 4 : 30);
  for (let round = 0; round < rounds; round++)
    for (const how of rotated(['alone', 'crowd'] as const, round)) {
      await makeBoth(shop);
      const probes = Array.from({ length: how === 'alone' ? 1 : 5 }, () => probe(shop));
      await sleep(250, undefined, { signal: bench.signal });
      const { output } = (await swapNames(clientsOf(shop)).run(context(shop, bench))) as unknown as {
        output: { outageMs: number };
      };
      told.push(output.outageMs);
      await sleep(250);
      const gaps = await Promise.all(probes.map((one) => one.stop()));
      down[how].push(Math.max(...gaps));
    }
  const budget = { is: '<', value: 1000, of: 'max' } as const;
  return {
    measured: [
      { what: 'One client, longest time without an answer', unit: 'ms', samples: down.alone, budget },
      { what: 'Five clients, the longest of all', unit: 'ms', samples: down.crowd, budget },
      { what: 'The transaction, as the step tells it', unit: 'ms', samples: told },
    ],
    facts: [
      'A client that is cut off connects over TLS and logs in anew, which is counted in.',
      'The runbook’s application is down for its whole restore: see the part before.',
    ],
  };
}

async function makeBoth({ sql, database }: BigShop): Promise<void> {
  const drop = Object.values(names).map((name) => `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  const make = [names.live, names.restored].map(
    (name) => `CREATE DATABASE ${name} OWNER shop_owner TEMPLATE ${database}`,
  );
  const mark = `COMMENT ON DATABASE ${names.restored} IS '${markOf(operation, true)}'`;
  await sql('postgres', ...drop, ...make, mark);
}

const clientsOf = ({ access }: BigShop): MasterClients => ({
  access,
  // RDS is asked only whether it manages the master's password itself: here it doesn't.
  rds: () => ({ findInstance: async () => ({ master: { user: 'shop_owner' } }) as never }),
});

function context({ port }: BigShop, { signal }: Bench): StepContext {
  const input: SwapNamesInput = {
    ...{ region: 'eu-west-1', instance: 'shop', at: { host: '127.0.0.1', port }, ...names },
    masterRole: { region: 'eu-west-1', secret: 'shop_owner', keys: { user: 'user', password: 'password' } },
  };
  const none = (id: string) => {
    throw new Error(`no step ${id} was done before`);
  };
  return {
    ...{ operation, environment: 'production', input: { ...input }, epoch: 1, since: new Date().toISOString(), signal },
    ...{ output: none, isDone: () => false, note: async () => {} },
  };
}

/** Asks every 2 ms. `stop` returns the longest time without an answer, in milliseconds. */
function probe({ port, access }: BigShop): { stop(): Promise<number> } {
  let on = true;
  let longest = 0;
  const asking = (async () => {
    const login = await access.credentials({ region: '', secret: 'ecommerce_app', keys: { user: '', password: '' } });
    const connect = async () => {
      const ssl = { rejectUnauthorized: false };
      const address = { host: '127.0.0.1', port, database: names.live, ssl };
      const fresh = new pg.Client({ ...address, user: login.user, password: login.password.reveal() });
      fresh.on('error', () => {}); // it is ended from the other side
      await fresh.connect();
      return fresh;
    };
    let client = await connect();
    for (let last = performance.now(); on; await sleep(2)) {
      try {
        await client.query('SELECT 1');
        longest = Math.max(longest, performance.now() - last);
        last = performance.now();
      } catch {
        await client.end().catch(() => {});
        client = await connect().catch(() => client);
      }
    }
    await client.end().catch(() => {});
  })();
  return {
    async stop() {
      on = false;
      await asking;
      return longest;
    },
  };
}
