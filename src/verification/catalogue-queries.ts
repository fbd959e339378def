// PostgreSQL's system catalogues (manual, chapter "System Catalogs"). What belongs to an extension comes and goes with the
// extension and is left out; temporary and system schemas too.

const ours = (namespace: string) =>
  `${namespace}.nspname <> 'information_schema' AND ${namespace}.nspname NOT LIKE 'pg\\_%'`;
const notOfExtension = (catalogue: string, oid: string) =>
  `NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = '${catalogue}'::regclass AND e.objid = ${oid} AND e.deptype = 'e')`;
const tableName = (namespace: string, relation: string) => `${namespace}.nspname || '.' || ${relation}.relname`;

const relations = (kinds: string) => `FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE ${ours('n')} AND c.relkind IN (${kinds}) AND ${notOfExtension('pg_class', 'c.oid')}`;
const ofTables = `JOIN pg_class c ON c.oid = x.relation JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE ${ours('n')} AND c.relkind IN ('r', 'p', 'f') AND ${notOfExtension('pg_class', 'c.oid')}`;

export const catalogueQueries = {
  tables: `SELECT ${tableName('n', 'c')} AS name, c.relkind::text || c.relpersistence::text AS definition, NULL AS owner
    ${relations("'r', 'p', 'f'")}`,

  columns: `SELECT ${tableName('n', 'c')} || '.' || x.attname AS name, ${tableName('n', 'c')} AS owner,
    format_type(x.atttypid, x.atttypmod) || CASE WHEN x.attnotnull THEN ' not null' ELSE '' END AS definition
    FROM (SELECT *, attrelid AS relation FROM pg_attribute WHERE attnum > 0 AND NOT attisdropped) x ${ofTables}`,

  // Whether a constraint was validated is a check of its own.
  constraints: `SELECT ${tableName('n', 'c')} || ': ' || x.conname AS name, ${tableName('n', 'c')} AS owner,
    regexp_replace(pg_get_constraintdef(x.oid), ' NOT VALID$', '') AS definition
    FROM (SELECT *, conrelid AS relation FROM pg_constraint WHERE contype IN ('p', 'u', 'f', 'c', 'x')) x ${ofTables}`,

  indexes: `SELECT n.nspname || '.' || x.indexname AS name, ${tableName('n', 'c')} AS owner, x.indexdef AS definition
    FROM (SELECT i.indrelid AS relation, r.relname AS indexname, pg_get_indexdef(i.indexrelid) AS indexdef
      FROM pg_index i JOIN pg_class r ON r.oid = i.indexrelid) x ${ofTables}`,

  views: `SELECT ${tableName('n', 'c')} AS name, md5(pg_get_viewdef(c.oid)) || c.relkind::text AS definition, NULL AS owner
    ${relations("'v', 'm'")}`,

  functions: `SELECT n.nspname || '.' || p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')' AS name,
    md5(pg_get_functiondef(p.oid)) AS definition, NULL AS owner
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE ${ours('n')} AND p.prokind IN ('f', 'p') AND ${notOfExtension('pg_proc', 'p.oid')}`,

  triggers: `SELECT ${tableName('n', 'c')} || ': ' || x.tgname AS name, ${tableName('n', 'c')} AS owner,
    pg_get_triggerdef(x.oid) || x.tgenabled::text AS definition
    FROM (SELECT *, tgrelid AS relation FROM pg_trigger WHERE NOT tgisinternal) x ${ofTables}`,

  extensions: `SELECT extname AS name, extversion AS definition, NULL AS owner FROM pg_extension`,

  sequences: `SELECT ${tableName('n', 'c')} AS name, format_type(s.seqtypid, NULL) || ' ' || s.seqincrement AS definition,
    (SELECT on_.nspname || '.' || o.relname FROM pg_depend d JOIN pg_class o ON o.oid = d.refobjid
      JOIN pg_namespace on_ ON on_.oid = o.relnamespace
      WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.refclassid = 'pg_class'::regclass
        AND d.deptype IN ('a', 'i') LIMIT 1) AS owner
    FROM pg_class c JOIN pg_sequence s ON s.seqrelid = c.oid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE ${ours('n')} AND ${notOfExtension('pg_class', 'c.oid')}`,

  types: `SELECT n.nspname || '.' || t.typname AS name, NULL AS owner, t.typtype::text ||
    coalesce((SELECT string_agg(e.enumlabel, ',' ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid), '')
      AS definition
    FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
    WHERE ${ours('n')} AND t.typtype IN ('e', 'd') AND ${notOfExtension('pg_type', 't.oid')}`,

  // The owner's rights are there without a grant; who else may do what is what an application trips over.
  grants: `SELECT x.name || ': ' || x.grantee || ' ' || x.privilege AS name, '' AS definition, x.name AS owner
    FROM (SELECT DISTINCT ${tableName('n', 'c')} AS name, coalesce(g.rolname, 'PUBLIC') AS grantee, a.privilege_type AS privilege
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      CROSS JOIN LATERAL aclexplode(c.relacl) a LEFT JOIN pg_roles g ON g.oid = a.grantee
      WHERE ${ours('n')} AND c.relkind IN ('r', 'p', 'f', 'v', 'm') AND a.grantee <> c.relowner
        AND ${notOfExtension('pg_class', 'c.oid')}) x`,

  primaryKeys: `SELECT ${tableName('n', 'c')} AS "table", array(SELECT a.attname::text
      FROM unnest(x.conkey) WITH ORDINALITY k(attnum, position)
      JOIN pg_attribute a ON a.attrelid = x.conrelid AND a.attnum = k.attnum ORDER BY k.position) AS columns
    FROM (SELECT *, conrelid AS relation FROM pg_constraint WHERE contype = 'p') x ${ofTables}`,

  // One for the whole of a partitioned table: those of its partitions have a parent.
  foreignKeys: `SELECT x.conname AS name, ${tableName('n', 'c')} AS "from", tn.nspname || '.' || t.relname AS "to",
    array(SELECT a.attname::text FROM unnest(x.conkey) WITH ORDINALITY k(attnum, position)
      JOIN pg_attribute a ON a.attrelid = x.conrelid AND a.attnum = k.attnum ORDER BY k.position) AS "fromColumns",
    array(SELECT a.attname::text FROM unnest(x.confkey) WITH ORDINALITY k(attnum, position)
      JOIN pg_attribute a ON a.attrelid = x.confrelid AND a.attnum = k.attnum ORDER BY k.position) AS "toColumns"
    FROM (SELECT *, conrelid AS relation FROM pg_constraint WHERE contype = 'f' AND conparentid = 0) x
    JOIN pg_class t ON t.oid = x.confrelid JOIN pg_namespace tn ON tn.oid = t.relnamespace ${ofTables}
    ORDER BY name`,

  // Owned by the column (serial, identity), or merely named in its default.
  ownedSequences: `SELECT DISTINCT ${tableName('sn', 's')} AS name, ${tableName('n', 'c')} AS "table", a.attname::text AS "column",
    q.seqincrement::float8 AS increment
    FROM (SELECT objid AS sequence, refobjid AS relation, refobjsubid AS attnum FROM pg_depend
        WHERE classid = 'pg_class'::regclass AND refclassid = 'pg_class'::regclass AND deptype IN ('a', 'i') AND refobjsubid > 0
      UNION SELECT d.refobjid, f.adrelid, f.adnum FROM pg_depend d JOIN pg_attrdef f ON f.oid = d.objid
        WHERE d.classid = 'pg_attrdef'::regclass AND d.refclassid = 'pg_class'::regclass) x
    JOIN pg_class s ON s.oid = x.sequence AND s.relkind = 'S' JOIN pg_sequence q ON q.seqrelid = s.oid
    JOIN pg_namespace sn ON sn.oid = s.relnamespace
    JOIN pg_attribute a ON a.attrelid = x.relation AND a.attnum = x.attnum
      AND a.atttypid IN ('int2'::regtype, 'int4'::regtype, 'int8'::regtype) ${ofTables} ORDER BY name`,

  unvalidated: `SELECT ${tableName('n', 'c')} || ': ' || x.conname AS name
    FROM (SELECT *, conrelid AS relation FROM pg_constraint WHERE NOT convalidated) x ${ofTables} ORDER BY name`,

  // An index of a partitioned table is invalid until every partition has its own: those are listed by themselves.
  invalidIndexes: `SELECT n.nspname || '.' || x.indexname AS name
    FROM (SELECT i.indrelid AS relation, r.relname AS indexname FROM pg_index i JOIN pg_class r ON r.oid = i.indexrelid
      WHERE NOT (i.indisvalid AND i.indisready AND i.indislive)) x ${ofTables} ORDER BY name`,

  unloggedTables: `SELECT ${tableName('n', 'c')} AS name ${relations("'r'")} AND c.relpersistence = 'u' ORDER BY name`,
} as const;
