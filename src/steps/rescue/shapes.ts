import type { Query } from '../../verification/check.ts';
import { tableSql } from '../../verification/names.ts';

export interface Column {
  readonly name: string;
  readonly type: string;
  /** Computed by the database from the others. */
  readonly generated: boolean;
  /** Neither a value nor a default has to be given. */
  readonly optional: boolean;
}
/** A unique index beside the primary key: columns or expressions, each with its type, and of a partial one the condition. */
export interface UniqueIndex {
  readonly name: string;
  readonly columns: readonly { readonly sql: string; readonly type: string }[];
  readonly condition: string | null;
}
export interface OwnedSequence {
  readonly name: string;
  readonly column: string;
}

/** A table as a database has it. */
export interface TableShape {
  /** With its schema, as the catalogue writes it. */
  readonly table: string;
  /** `pg_class.relkind`: `r` an ordinary table, `p` a partitioned one. */
  readonly kind: string;
  readonly columns: readonly Column[];
  /** Of the primary key, in its order; empty without one. */
  readonly key: readonly Pick<Column, 'name' | 'type'>[];
  readonly uniques: readonly UniqueIndex[];
  /** A unique or exclusion constraint that waits until COMMIT: `ON CONFLICT` can't look at it. */
  readonly deferrableKeys: readonly string[];
  readonly sequences: readonly OwnedSequence[];
  /** User triggers that fire for an inserted row or statement. */
  readonly triggers: readonly string[];
}

export interface ForeignKey {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly columns: readonly { readonly from: string; readonly to: string; readonly type: string }[];
  readonly deferrable: boolean;
}

const typed = `jsonb_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod)`;

const shapeQuery = `SELECT n.nspname || '.' || c.relname AS table, c.relkind::text AS kind,
  (SELECT coalesce(jsonb_agg(${typed}, 'generated', a.attgenerated <> '',
      'optional', NOT a.attnotnull OR a.atthasdef OR a.attidentity <> '') ORDER BY a.attnum), '[]')
    FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns,
  (SELECT coalesce(jsonb_agg(${typed}) ORDER BY k.position), '[]')
    FROM pg_constraint x CROSS JOIN LATERAL unnest(x.conkey) WITH ORDINALITY k(attnum, position)
    JOIN pg_attribute a ON a.attrelid = x.conrelid AND a.attnum = k.attnum
    WHERE x.conrelid = c.oid AND x.contype = 'p') AS key,
  (SELECT coalesce(jsonb_agg(jsonb_build_object('name', r.relname, 'condition', pg_get_expr(i.indpred, i.indrelid),
      'columns', (SELECT jsonb_agg(jsonb_build_object('sql', pg_get_indexdef(i.indexrelid, a.attnum, false),
          'type', format_type(a.atttypid, a.atttypmod)) ORDER BY a.attnum)
        FROM pg_attribute a WHERE a.attrelid = i.indexrelid AND a.attnum <= i.indnkeyatts)) ORDER BY r.relname), '[]')
    FROM pg_index i JOIN pg_class r ON r.oid = i.indexrelid
    WHERE i.indrelid = c.oid AND i.indisunique AND NOT i.indisprimary AND i.indislive) AS uniques,
  ARRAY(SELECT x.conname::text FROM pg_constraint x
    WHERE x.conrelid = c.oid AND x.contype IN ('p', 'u', 'x') AND x.condeferrable ORDER BY 1) AS "deferrableKeys",
  (SELECT coalesce(jsonb_agg(jsonb_build_object('name', sn.nspname || '.' || s.relname, 'column', a.attname) ORDER BY 1), '[]')
    FROM (SELECT objid AS sequence, refobjsubid AS attnum FROM pg_depend
        WHERE classid = 'pg_class'::regclass AND refclassid = 'pg_class'::regclass AND refobjid = c.oid AND deptype IN ('a', 'i')
      UNION SELECT d.refobjid, f.adnum FROM pg_depend d JOIN pg_attrdef f ON f.oid = d.objid AND f.adrelid = c.oid
        WHERE d.classid = 'pg_attrdef'::regclass AND d.refclassid = 'pg_class'::regclass) d
    JOIN pg_class s ON s.oid = d.sequence AND s.relkind = 'S' JOIN pg_namespace sn ON sn.oid = s.relnamespace
    JOIN pg_sequence q ON q.seqrelid = s.oid AND q.seqincrement > 0
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.attnum
      AND a.atttypid IN ('int2'::regtype, 'int4'::regtype, 'int8'::regtype)) AS sequences,
  ARRAY(SELECT g.tgname::text FROM pg_trigger g
    WHERE g.tgrelid = c.oid AND NOT g.tgisinternal AND g.tgenabled IN ('O', 'A') AND g.tgtype & 4 <> 0 ORDER BY 1) AS triggers
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = to_regclass($1)`;

/** @returns undefined where there is no such relation. @throws PitcrewError `database.*` */
export async function shapeOf(query: Query, table: string): Promise<TableShape | undefined> {
  return (await query<TableShape>(shapeQuery, [tableSql(table)])).rows[0];
}

const foreignKeysQuery = `SELECT x.conname::text AS name, n.nspname || '.' || c.relname AS "from", tn.nspname || '.' || t.relname AS "to",
  x.condeferrable AS deferrable,
  (SELECT jsonb_agg(jsonb_build_object('from', a.attname, 'to', b.attname,
      'type', format_type(b.atttypid, b.atttypmod)) ORDER BY k.position)
    FROM unnest(x.conkey, x.confkey) WITH ORDINALITY k(own, other, position)
    JOIN pg_attribute a ON a.attrelid = x.conrelid AND a.attnum = k.own
    JOIN pg_attribute b ON b.attrelid = x.confrelid AND b.attnum = k.other) AS columns
  FROM pg_constraint x JOIN pg_class c ON c.oid = x.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_class t ON t.oid = x.confrelid JOIN pg_namespace tn ON tn.oid = t.relnamespace
  WHERE x.contype = 'f' AND x.conparentid = 0 AND x.conrelid = ANY ($1::text[]::regclass[]) ORDER BY 2, 1`;

/** Of these tables, to whatever table. @throws PitcrewError `database.*` */
export async function foreignKeysOf(query: Query, tables: readonly string[]): Promise<readonly ForeignKey[]> {
  return (await query<ForeignKey>(foreignKeysQuery, [tables.map(tableSql)])).rows;
}
