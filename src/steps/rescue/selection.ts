import { userError } from '../../domain/errors.ts';
import { quoted, tableSql } from '../../verification/names.ts';
import type { ForeignKey } from './shapes.ts';

export interface Selection {
  readonly table: string;
  /** What stands after WHERE in the database beside. */
  readonly where: string;
}

/**
 * Which rows of each table are meant, in the order in which they can be inserted: parents first. The condition is about
 * the first table that was named; of the others those rows come along that belong to its rows by foreign keys, as children
 * or as parents. Without a condition every row is meant.
 * @param keys foreign keys of the named tables, as the live database has them
 * @throws PitcrewError `rescue.not-related`, `rescue.cycle`
 */
export function selectionOf(
  named: readonly string[],
  condition: string | null,
  keys: readonly ForeignKey[],
): readonly Selection[] {
  const among = keys.filter(({ from, to }) => from !== to && named.includes(from) && named.includes(to));
  const where = condition === null ? new Map(named.map((table) => [table, 'true'])) : related(named, condition, among);
  return parentsFirst(named, among).map((table) => ({ table, where: where.get(table) ?? 'false' }));
}

/** Outwards from the first table: each other one by the foreign keys between it and the nearest that is known already. */
function related(named: readonly string[], condition: string, keys: readonly ForeignKey[]): Map<string, string> {
  const [first = '', ...others] = named;
  // On lines of its own: PostgreSQL's message about it names a line of the condition.
  const where = new Map([[first, `(\n${condition}\n)`]]);
  for (const known of where.keys()) {
    for (const table of others) {
      if (where.has(table)) continue;
      const links = keys.flatMap((key) => {
        if (key.from === table && key.to === known) return [belongs(key, 'from', 'to', known, where.get(known) ?? '')];
        if (key.to === table && key.from === known) return [belongs(key, 'to', 'from', known, where.get(known) ?? '')];
        return [];
      });
      if (links.length > 0) where.set(table, links.length === 1 ? (links[0] ?? '') : `(${links.join(' OR ')})`);
    }
  }
  const alone = others.find((table) => !where.has(table));
  if (alone !== undefined) throw userError('rescue.not-related', { table: alone, of: first });
  return where;
}

type End = 'from' | 'to';

function belongs({ columns }: ForeignKey, own: End, other: End, table: string, where: string): string {
  const list = (end: End) => columns.map((column) => quoted(column[end])).join(', ');
  return `(${list(own)}) IN (SELECT ${list(other)} FROM ${tableSql(table)} WHERE ${where})`;
}

/** As they were named where nothing else decides. A circle is none where a key in it may wait until the end. */
function parentsFirst(named: readonly string[], keys: readonly ForeignKey[]): readonly string[] {
  const order: string[] = [];
  const binding = keys.filter(({ deferrable }) => !deferrable);
  while (order.length < named.length) {
    const open = named.filter((table) => !order.includes(table));
    const waitsFor = (table: string, by: readonly ForeignKey[]) =>
      by.some(({ from, to }) => from === table && open.includes(to));
    const next = open.find((table) => !waitsFor(table, keys)) ?? open.find((table) => !waitsFor(table, binding));
    if (next === undefined) throw userError('rescue.cycle', { tables: open });
    order.push(next);
  }
  return order;
}
