import { wrongBefore } from '../baseline.ts';
import { isWithin } from '../catalogue.ts';
import { type Check, type Facts, type Finding, fail, known, pass, type Query, type Together } from '../check.ts';
import { qualifiedName, quoted, tableSql } from '../names.ts';
import { existsIn, orphansOf, relationId, touchesCritical } from './foreign-keys.ts';

/** So many of the newest rows, by primary key descending; a row is read whole, with what is stored outside of it. */
const recent = 200;
/** A table whose key has no index that serves takes a scan: it gives way to the others. */
const eachSeconds = 10;

/** Tables that nobody calls critical: their newest rows can be read, and what those refer to is there. */
export function recentRowsChecks(facts: Facts): readonly Check[] {
  const { restored, settings } = facts;
  const critical = new Set(settings.critical.map(qualifiedName));
  return [...restored.things.tables.values()]
    .filter(({ definition }) => definition === 'rp')
    .filter(({ name }) => !isWithin(restored, name, critical))
    .map(({ name }): Check => {
      const run: Check['run'] = ({ restored: reader }) =>
        reader.within('plain', (query) => look(query, name, facts), eachSeconds);
      return { name: `recent-rows:${name}`, point: 'foreign-keys', together, run };
    });
}

const together: Together = { name: 'recent-rows', finding: 'verification.recent-rows-intact' };

async function look(query: Query, table: string, facts: Facts): Promise<Finding> {
  const { restored, settings, baseline } = facts;
  const key = restored.primaryKeys.get(table);
  const order = key ? `ORDER BY ${key.map((column) => `t.${quoted(column)} DESC`).join(', ')}` : '';
  const newest = `(SELECT t.* FROM ${tableSql(table)} t ${order} LIMIT ${recent})`;
  const read = await query<{ rows: number }>(`SELECT count(md5(r::text)) AS rows FROM ${newest} r`);
  const rows = read.rows[0]?.rows ?? 0;
  // Those that touch a critical table are looked at whole.
  const relations = restored.foreignKeys.filter((one) => one.from === table && !touchesCritical(settings, one));
  for (const relation of relations.filter((one) => existsIn(restored, one))) {
    const orphans = await query<{ count: number }>(`SELECT count(*) AS count ${orphansOf(relation, newest)}`);
    const count = orphans.rows[0]?.count ?? 0;
    if (count === 0) continue;
    const before = wrongBefore(baseline, relationId(relation))?.count ?? 0;
    const said = { table, count, relation: relation.name };
    if (count > before) return fail('verification.recent-orphans', said);
    return known('verification.pre-existing-recent-orphans', said);
  }
  return pass('verification.recent-rows-read', { table, rows });
}
