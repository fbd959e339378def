import type { Database } from '../clients/postgres.ts';
import { catalogueQueries } from './catalogue-queries.ts';

type Query = Database['query'];

export const structureKinds = [
  'tables',
  'columns',
  'constraints',
  'indexes',
  'views',
  'functions',
  'triggers',
  'extensions',
  'sequences',
  'types',
  'policies',
  'grants',
] as const;
export type StructureKind = (typeof structureKinds)[number];

/** One thing of the schema: its name, how it is defined, and the table without which it can't be there. */
export interface Thing {
  readonly name: string;
  readonly definition: string;
  readonly owner?: string;
}

export interface ForeignKey {
  readonly name: string;
  readonly from: string;
  readonly fromColumns: readonly string[];
  readonly to: string;
  readonly toColumns: readonly string[];
}

export interface Sequence {
  readonly name: string;
  readonly table: string;
  readonly column: string;
  readonly increment: number;
}

/** What an index keeps unique: columns or expressions as SQL writes them, and for which rows. */
export interface UniqueKey {
  readonly name: string;
  readonly table: string;
  readonly primary: boolean;
  readonly columns: readonly string[];
  readonly condition: string | null;
  readonly nullsAreEqual: boolean;
}

/** What the catalogue itself holds to be wrong, by the names of things. */
export const catalogueFlags = ['unvalidated', 'invalidIndexes', 'emptyMaterialisedViews'] as const;
export type CatalogueFlag = (typeof catalogueFlags)[number];

export type Things = Readonly<Record<StructureKind, ReadonlyMap<string, Thing>>>;

/** A database's structure, as its catalogue says. Table names carry their schema: `public.orders`. */
export interface Catalogue {
  readonly version: string;
  readonly things: Things;
  readonly primaryKeys: ReadonlyMap<string, readonly string[]>;
  readonly uniqueKeys: readonly UniqueKey[];
  readonly foreignKeys: readonly ForeignKey[];
  readonly sequences: readonly Sequence[];
  readonly flags: Readonly<Record<CatalogueFlag, readonly string[]>>;
  /** Empty after crash recovery, which is what a restored snapshot goes through (3-facts.md, PostgreSQL). */
  readonly unloggedTables: readonly string[];
  /** Of a partition or another child, its parents. */
  readonly parents: ReadonlyMap<string, readonly string[]>;
  /** Of tables here and of the system's own. */
  readonly btreeIndexes: readonly { readonly name: string; readonly table: string }[];
  /** Where amcheck's functions are, if they are and this role may call them. */
  readonly amcheckSchema: string | undefined;
}

type Row = { readonly name: string; readonly definition: string; readonly owner: string | null };

/** Everything from the catalogue in one transaction; costs nothing next to a scan. */
export async function readCatalogue(query: Query): Promise<Catalogue> {
  const keys = await query<{ table: string; columns: string[] }>(catalogueQueries.primaryKeys);
  const rows = async <T>(sql: string) => (await query<T & object>(sql)).rows as readonly T[];
  const names = async (sql: string) => (await rows<{ name: string }>(sql)).map(({ name }) => name);
  const [server] = await rows<{ version: string; schema: string | null }>(
    `SELECT current_setting('server_version') AS version, (${catalogueQueries.amcheckSchema}) AS schema`,
  );
  return {
    version: server?.version ?? '',
    amcheckSchema: server?.schema ?? undefined,
    things: await readThings(query),
    primaryKeys: new Map(keys.rows.map(({ table, columns }) => [table, columns])),
    uniqueKeys: await rows<UniqueKey>(catalogueQueries.uniqueKeys),
    foreignKeys: await rows<ForeignKey>(catalogueQueries.foreignKeys),
    sequences: await rows<Sequence>(catalogueQueries.ownedSequences),
    flags: {
      unvalidated: await names(catalogueQueries.unvalidated),
      invalidIndexes: await names(catalogueQueries.invalidIndexes),
      emptyMaterialisedViews: await names(catalogueQueries.emptyMaterialisedViews),
    },
    unloggedTables: await names(catalogueQueries.unloggedTables),
    parents: grouped(await rows<{ name: string; parent: string }>(catalogueQueries.children)),
    btreeIndexes: await rows<{ name: string; table: string }>(catalogueQueries.btreeIndexes),
  };
}

/** What things there are, and how they are defined. */
export async function readThings(query: Query): Promise<Things> {
  const things = {} as Record<StructureKind, Map<string, Thing>>;
  for (const kind of structureKinds) {
    const { rows } = await query<Row>(catalogueQueries[kind]);
    things[kind] = new Map(
      rows.map(({ owner, ...thing }) => [thing.name, { ...thing, ...(owner === null ? {} : { owner }) }]),
    );
  }
  return things;
}

function grouped(rows: readonly { name: string; parent: string }[]): ReadonlyMap<string, readonly string[]> {
  const parents = new Map<string, string[]>();
  for (const { name, parent } of rows) parents.set(name, [...(parents.get(name) ?? []), parent]);
  return parents;
}

/** True for the table itself and for whatever hangs below it: partitions, and partitions of theirs. */
export function isWithin(catalogue: Pick<Catalogue, 'parents'>, table: string, roots: ReadonlySet<string>): boolean {
  if (roots.has(table)) return true;
  return (catalogue.parents.get(table) ?? []).some((parent) => isWithin(catalogue, parent, roots));
}
