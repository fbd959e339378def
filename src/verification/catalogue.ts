import type { Database } from '../clients/postgres.ts';
import { catalogueQueries } from './catalogue-queries.ts';

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

/** A database's structure, as its catalogue says. Table names carry their schema: `public.orders`. */
export interface Catalogue {
  readonly version: string;
  readonly things: Readonly<Record<StructureKind, ReadonlyMap<string, Thing>>>;
  readonly primaryKeys: ReadonlyMap<string, readonly string[]>;
  readonly foreignKeys: readonly ForeignKey[];
  readonly sequences: readonly Sequence[];
  readonly unvalidated: readonly string[];
  readonly invalidIndexes: readonly string[];
  /** Empty after crash recovery, which is what a restored snapshot goes through (3-facts.md, PostgreSQL). */
  readonly unloggedTables: readonly string[];
}

type Row = { readonly name: string; readonly definition: string; readonly owner: string | null };

/** Everything from the catalogue in one transaction; costs nothing next to a scan. */
export async function readCatalogue(query: Database['query']): Promise<Catalogue> {
  const things = {} as Record<StructureKind, Map<string, Thing>>;
  for (const kind of structureKinds) {
    const { rows } = await query<Row>(catalogueQueries[kind]);
    things[kind] = new Map(
      rows.map(({ owner, ...thing }) => [thing.name, { ...thing, ...(owner === null ? {} : { owner }) }]),
    );
  }
  const keys = await query<{ table: string; columns: string[] }>(catalogueQueries.primaryKeys);
  const names = async (sql: string) => (await query<{ name: string }>(sql)).rows.map(({ name }) => name);
  const version = await query<{ version: string }>(`SELECT current_setting('server_version') AS version`);
  return {
    version: version.rows[0]?.version ?? '',
    things,
    primaryKeys: new Map(keys.rows.map(({ table, columns }) => [table, columns])),
    foreignKeys: (await query<ForeignKey & Record<string, unknown>>(catalogueQueries.foreignKeys)).rows,
    sequences: (await query<Sequence & Record<string, unknown>>(catalogueQueries.ownedSequences)).rows,
    unvalidated: await names(catalogueQueries.unvalidated),
    invalidIndexes: await names(catalogueQueries.invalidIndexes),
    unloggedTables: await names(catalogueQueries.unloggedTables),
  };
}
