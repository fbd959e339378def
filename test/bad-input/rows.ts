import { PitcrewError } from '../../src/domain/errors.ts';
import type { Case, Group } from './cases.ts';

const of = 'op-0123456789ab';

interface About {
  /** How the operation ended of which it is asked; `null`: there was none. */
  readonly past?: object | null;
  /** Nothing, where it was refused before it was planned. */
  readonly planned?: boolean;
  readonly args?: object;
}

/** Asked of an operation that is over, on real databases: what it left beside, and what serves. */
const about = (operation: 'rescue' | 'cleanup' | 'rollback', input: string, code: string, given: About = {}): Case => ({
  input: `\`${operation}\`: ${input}`,
  code,
  async ask(ground) {
    const { past = {}, planned = true, args = {} } = given;
    const found = past === null ? {} : { past: await ground.leftBeside(past, planned) };
    return ground.refusal({ of, ...(operation === 'rescue' ? { tables: ['orders'] } : {}), ...args }, found, operation);
  },
});

const runs = { phase: 'running', closed: undefined };
const parked = { phase: 'parked', closed: undefined };
const elsewhere = { request: { environment: 'staging', operation: 'restore' } };

const notOver = { rescue: 'rescue.not-over', cleanup: 'cleanup.not-over', rollback: 'cut-over.running' } as const;
const stands = { rescue: 'rescue.parked', cleanup: 'cleanup.parked', rollback: 'cut-over.parked' } as const;
const nothingLeft = {
  rescue: 'rescue.nothing-beside',
  cleanup: 'cleanup.nothing-left',
  rollback: 'cut-over.never-switched',
} as const;

const each = (['rescue', 'cleanup', 'rollback'] as const).flatMap((operation) => [
  about(operation, 'of an operation that there isn’t', 'cut-over.unknown', { past: null }),
  about(operation, 'of another environment’s operation', 'cut-over.of-other', { past: elsewhere }),
  about(operation, 'of one that runs', notOver[operation], { past: runs }),
  about(operation, 'of one that waits for a person', stands[operation], { past: parked }),
  about(operation, 'of one that was denied', nothingLeft[operation], { past: { steps: [] }, planned: false }),
]);

const rows = (input: string, code: string, args: object) => about('rescue', input, code, { args });

const where = (condition: string, code: string): readonly Case[] => [
  rows(`\`--table orders --where "${condition}"\``, code, { where: condition }),
  sought(`\`find production --table orders --where "${condition}"\``, code, { table: 'orders', where: condition }),
];

function sought(input: string, code: string, bad: { readonly table: string; readonly where: string }): Case {
  return {
    input,
    code,
    async ask(ground) {
      const error: unknown = await ground.find(bad).catch((reason: unknown) => reason);
      if (error instanceof PitcrewError) return error;
      throw error instanceof Error ? error : new Error(`"${bad.where}" was looked for`);
    },
  };
}

export const pastOperations: Group = { title: 'Of an earlier operation', cases: each };

export const rescuedRows: Group = {
  title: 'Tables and conditions: rows to bring back, and bad rows to look for',
  cases: [
    rows('`--table ordrs`', 'rescue.no-table', { tables: ['ordrs'] }),
    rows('`--table shop.orders`, a schema that there isn’t', 'rescue.no-table', { tables: ['shop.orders'] }),
    rows('`--table "orders; DROP TABLE orders"`', 'rescue.no-table', { tables: ['orders; DROP TABLE orders'] }),
    rows('`--table open_orders`, a view', 'rescue.not-a-table', { tables: ['open_orders'] }),
    rows('`--table pg_catalog.pg_authid`', 'rescue.system-table', { tables: ['pg_catalog.pg_authid'] }),
    sought('`find production --table ordrs --where "total = 0"`', 'find.no-table', {
      table: 'ordrs',
      where: 'total = 0',
    }),
    ...where('   ', 'condition.malformed'),
    ...where('true; DELETE FROM orders', 'condition.malformed'),
    ...where('true) OR (true', 'condition.malformed'),
    ...where('total = 0 -- and the rest', 'condition.malformed'),
    ...where("total = 'x", 'condition.malformed'),
    ...where('totl = 0', 'condition.refused'),
    ...where('total', 'condition.refused'),
    ...where('total = 0 ORDER BY id', 'condition.refused'),
    ...where('SELECT id FROM orders', 'condition.refused'),
    ...where('count(*) > 1', 'condition.refused'),
    ...where('pg_sleep(600) IS NULL', 'condition.volatile'),
    ...where('EXISTS (SELECT FROM pg_authid)', 'condition.refused'),
    ...where('EXISTS (SELECT FROM pg_class)', 'condition.system'),
  ],
};
