import pg from 'pg';

/** For every table: primary key → MD5 of the whole row as text. Taken and compared outside pitcrew. */
export type Fingerprints = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** Fingerprints of every row of every logged table of `public`, in one transaction. */
export async function takeFingerprints(connection: pg.ClientConfig): Promise<Fingerprints> {
  const client = new pg.Client(connection);
  client.on('error', () => {}); // the query in hand fails by itself
  await client.connect();
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const tables = await client.query<{ name: string; key: string[] }>(`
      SELECT c.relname AS name, array_agg(a.attname::text ORDER BY array_position(k.conkey, a.attnum)) AS key
      FROM pg_class c
      JOIN pg_constraint k ON k.conrelid = c.oid AND k.contype = 'p'
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (k.conkey)
      WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relpersistence = 'p'
      GROUP BY c.relname ORDER BY c.relname`);
    const all = new Map<string, ReadonlyMap<string, string>>();
    for (const { name, key } of tables.rows) {
      const columns = key.map((column) => pg.escapeIdentifier(column)).join(', ');
      const { rows } = await client.query<[string, string]>({
        text: `SELECT concat_ws('/', ${columns}), md5(t::text) FROM ${pg.escapeIdentifier(name)} t`,
        rowMode: 'array',
      });
      all.set(name, new Map(rows));
    }
    await client.query('COMMIT');
    return all;
  } finally {
    await client.end();
  }
}

export interface Comparison {
  /** Rows of the copy that are not there any more. */
  readonly missing: number;
  /** Rows of the copy that are there with other content. */
  readonly changed: number;
  readonly same: number;
  /** Keys that the copy did not have, by table. */
  readonly added: ReadonlyMap<string, readonly string[]>;
}

export function compareFingerprints(kept: Fingerprints, now: Fingerprints): Comparison {
  let [missing, changed, same] = [0, 0, 0];
  const added = new Map<string, readonly string[]>();
  for (const [table, rows] of kept) {
    const present = now.get(table) ?? new Map<string, string>();
    for (const [key, hash] of rows) {
      const found = present.get(key);
      if (found === undefined) missing++;
      else if (found === hash) same++;
      else changed++;
    }
    added.set(
      table,
      [...present.keys()].filter((key) => !rows.has(key)),
    );
  }
  return { missing, changed, same, added };
}
