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
    format_type(x.atttypid, x.atttypmod) || CASE WHEN x.attnotnull THEN ' not null' ELSE '' END ||
    coalesce(' default ' || (SELECT pg_get_expr(f.adbin, f.adrelid) FROM pg_attrdef f
      WHERE f.adrelid = x.attrelid AND f.adnum = x.attnum), '') AS definition
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

  policies: `SELECT ${tableName('n', 'c')} || ': ' || x.polname AS name, ${tableName('n', 'c')} AS owner,
    md5(concat_ws('|', x.polcmd, x.polpermissive, pg_get_expr(x.polqual, x.polrelid), pg_get_expr(x.polwithcheck, x.polrelid)))
      AS definition
    FROM (SELECT *, polrelid AS relation FROM pg_policy) x ${ofTables}`,

  // The owner's rights are there without a grant; who else may do what is what an application trips over.
  grants: `SELECT DISTINCT x.name || ': ' || coalesce(g.rolname, 'PUBLIC') || ' ' || a.privilege_type AS name, '' AS definition,
    x.owner AS owner
    FROM (SELECT ${tableName('n', 'c')} AS name, ${tableName('n', 'c')} AS owner, c.relacl AS acl, c.relowner AS role
        ${relations("'r', 'p', 'f', 'v', 'm', 'S'")}
      UNION ALL SELECT 'schema ' || n.nspname, NULL, n.nspacl, n.nspowner FROM pg_namespace n WHERE ${ours('n')}
      UNION ALL SELECT 'function ' || n.nspname || '.' || p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')',
        NULL, p.proacl, p.proowner FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
        WHERE ${ours('n')} AND ${notOfExtension('pg_proc', 'p.oid')}
      UNION ALL SELECT 'database', NULL, datacl, datdba FROM pg_database WHERE datname = current_database()) x
    CROSS JOIN LATERAL aclexplode(x.acl) a LEFT JOIN pg_roles g ON g.oid = a.grantee WHERE a.grantee <> x.role`,

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

  /** Partitions and other children: a count of the parent counts them too. */
  children: `SELECT ${tableName('n', 'c')} AS name, ${tableName('pn', 'p')} AS parent
    FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_class p ON p.oid = i.inhparent JOIN pg_namespace pn ON pn.oid = p.relnamespace
    WHERE ${ours('n')} AND c.relkind IN ('r', 'p', 'f')`,

  // As the index itself has them: columns or expressions, and of a partial one the condition. Of a partitioned table the
  // indexes of its partitions are meant.
  uniqueKeys: `SELECT x.indexname AS name, ${tableName('n', 'c')} AS "table", x.indisprimary AS "primary", x.columns, x.condition,
    x.nulls AS "nullsAreEqual"
    FROM (SELECT i.indrelid AS relation, r.relname AS indexname, i.indisprimary, pg_get_expr(i.indpred, i.indrelid) AS condition,
        array(SELECT pg_get_indexdef(i.indexrelid, k, false) FROM generate_series(1, i.indnkeyatts) k) AS columns,
        coalesce((to_jsonb(i) ->> 'indnullsnotdistinct')::boolean, false) AS nulls
      FROM pg_index i JOIN pg_class r ON r.oid = i.indexrelid
      WHERE i.indisunique AND r.relkind IN ('i', 'I')) x ${ofTables} ORDER BY name`,

  btreeIndexes: `SELECT n.nspname || '.' || r.relname AS name, ${tableName('n', 'c')} AS "table"
    FROM pg_index i JOIN pg_class r ON r.oid = i.indexrelid AND r.relkind = 'i' JOIN pg_am m ON m.oid = r.relam AND m.amname = 'btree'
    JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE i.indisvalid AND i.indisready AND i.indislive AND c.relpersistence = 'p'
      AND (${ours('n')} OR n.nspname = 'pg_catalog') ORDER BY name`,

  // One function of each library that an extension brings, to try whether it loads.
  extensionLibraries: `SELECT DISTINCT ON (e.extname, f.probin) e.extname AS name, f.oid::int8 AS oid,
    EXISTS (SELECT FROM pg_available_extensions a WHERE a.name = e.extname) AS available
    FROM pg_extension e LEFT JOIN (SELECT d.refobjid AS extension, p.oid, p.probin
      FROM pg_depend d JOIN pg_proc p ON p.oid = d.objid JOIN pg_language l ON l.oid = p.prolang AND l.lanname = 'c'
      WHERE d.classid = 'pg_proc'::regclass AND d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e'
        AND has_function_privilege(p.oid, 'EXECUTE')) f ON f.extension = e.oid ORDER BY e.extname, f.probin`,

  // Both of its functions, and callable: neither is for everybody unless somebody says so.
  amcheckSchema: `SELECT n.nspname FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
    WHERE e.extname = 'amcheck' AND (SELECT count(DISTINCT p.proname) FROM pg_depend d JOIN pg_proc p ON p.oid = d.objid
      WHERE d.classid = 'pg_proc'::regclass AND d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid AND d.deptype = 'e'
        AND (p.proname = 'bt_index_check' AND p.pronargs >= 2 OR p.proname = 'verify_heapam')
        AND has_function_privilege(p.oid, 'EXECUTE')) = 2`,

  checkableFunctions: `SELECT n.nspname || '.' || p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')' AS name,
    p.oid::int8 AS oid, l.lanname AS language
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_language l ON l.oid = p.prolang
    WHERE ${ours('n')} AND p.prokind IN ('f', 'p') AND l.lanname IN ('sql', 'plpgsql') AND ${notOfExtension('pg_proc', 'p.oid')}
      AND has_function_privilege(p.oid, 'EXECUTE') AND has_schema_privilege(n.oid, 'USAGE')
      AND p.prorettype <> 'event_trigger'::regtype ORDER BY name`,

  /** Never filled, or emptied by hand: a query of it fails. */
  emptyMaterialisedViews: `SELECT ${tableName('n', 'c')} AS name ${relations("'m'")} AND NOT c.relispopulated ORDER BY name`,

  unloggedTables: `SELECT ${tableName('n', 'c')} AS name ${relations("'r'")} AND c.relpersistence = 'u' ORDER BY name`,
} as const;
