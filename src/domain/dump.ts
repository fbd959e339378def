import { z } from 'zod';
import type { VersionRecorded } from './application-version.ts';
import type { JsonObject } from './json.ts';
import type { DumpNeeds } from './load.ts';
import type { Instant } from './time.ts';

/**
 * What is written beside a dump, last of all: without it a dump doesn't exist. Who restores one reads this first. (A type
 * alias, not an interface: it is JSON.)
 */
export type DumpManifest = {
  readonly v: 1;
  readonly operation: string;
  readonly environment: string;
  readonly bucket: string;
  readonly key: string;
  /** S3's id of exactly these bytes; null in a bucket without versions. */
  readonly versionId: string | null;
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly database: string;
  /** Of the server that was dumped, and of the pg_dump that did it: `15.4`. */
  readonly serverVersion: string;
  readonly clientVersion: string;
  /** Resource id of the instance that the environment ran on: the lineage that the dump belongs to. */
  readonly resourceId: string;
  /** When the dump's snapshot was taken, by the database's clock; of an adopted one, when S3 had the object. */
  readonly at: Instant;
  /** Rows of the critical tables in that very snapshot, by `schema.table`; null: nobody counted, so nothing is proven. */
  readonly counts: Readonly<Record<string, number>> | null;
  /** Somebody else made it; pitcrew has read it whole. */
  readonly adopted: boolean;
  /** What its database needs around it; null where nobody looked, as before pitcrew knew to. */
  readonly needs: DumpNeeds | null;
  /** `pg_database_size` when it was dumped, indexes among it; null where nobody asked. */
  readonly databaseBytes: number | null;
};

/** What each step of a dump returns; those of an adoption are the same. */
export type DumpOutputs = {
  readonly 'record-version': VersionRecorded;
  readonly 'start-dump-job': { readonly job: string; readonly adopted: boolean };
  /** `attempts`: pods that the Job needed. */
  readonly 'await-dump': { readonly attempts: number };
  /** Without Jobs: in which pod pg_dump ran. */
  readonly 'dump-by-exec': { readonly pod: string };
  readonly 'check-dump': DumpFacts;
  readonly 'start-adopt-job': { readonly job: string; readonly adopted: boolean };
  readonly 'await-adopt': { readonly attempts: number };
  readonly 'check-adopt': DumpFacts;
};

/** What people are told of a dump that is complete. */
export type DumpFacts = {
  readonly bucket: string;
  readonly key: string;
  readonly versionId: string | null;
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly serverVersion: string;
  readonly at: Instant;
  /** Critical tables that were counted in its snapshot; null where nobody counted. */
  readonly counted: number | null;
};

export const manifestSuffix = '.manifest.json';
/** Where the manifest of a dump lies. */
export const manifestKey = (key: string) => `${key}${manifestSuffix}`;

/** A dump as it lies in S3. One without a manifest was made by somebody else, or is not complete. */
export interface ListedDump {
  readonly key: string;
  readonly sizeBytes: number;
  readonly at: Instant;
  readonly manifest: 'there' | 'none';
}

const words = z.string().min(1);

/** Which dump an operation makes, and what is known of it before. What runs inside the Job is told this and no more. */
export const dumpTask = z.strictObject({
  /** `dump` makes one, `adopt` reads one that is there. */
  kind: z.enum(['dump', 'adopt']),
  operation: words,
  environment: words,
  region: words,
  bucket: words,
  key: words,
  host: words,
  port: z.int().positive(),
  database: words,
  resourceId: words,
  /** Of the server. */
  major: z.int().positive(),
  /** Tables to count, as the config names them. */
  critical: z.array(words),
  /** How large the database is: S3 takes 10,000 parts at most, so large ones need larger parts. */
  databaseBytes: z.int().nonnegative(),
});
export type DumpTask = z.infer<typeof dumpTask>;

/** The variable in which a Job finds its task: no secret is in it, so it may stand in the Job's own description. */
export const taskVariable = 'PITCREW_TASK';

/** What a Job says of itself, a line each, as JSON. */
export type DumpReport =
  | {
      readonly said: 'progress';
      readonly phase: DumpPhase;
      readonly bytes: number;
      /** Tables begun, of how many; 0 of 0 while that isn't known. */
      readonly tables: number;
      readonly ofTables: number;
    }
  /** `left`: settings that were refused, by name. */
  | { readonly said: 'done'; readonly left?: readonly string[] }
  | { readonly said: 'failed'; readonly code: string; readonly final: boolean; readonly params: JsonObject };

/**
 * `write`: the archive is made and sent; `read`: it is read back. Of a load: `fetch`: the archive comes to the Job's own disk;
 * `load`: pg_restore is at it; `analyze`: VACUUM ANALYZE.
 */
export type DumpPhase = 'write' | 'read' | 'fetch' | 'load' | 'analyze';

const shape: Readonly<Record<keyof DumpManifest, (value: unknown) => boolean>> = {
  v: (value) => value === 1,
  operation: isText,
  environment: isText,
  bucket: isText,
  key: isText,
  versionId: (value) => value === null || isText(value),
  sizeBytes: isCount,
  sha256: (value) => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value),
  database: isText,
  serverVersion: isText,
  clientVersion: isText,
  resourceId: isText,
  at: (value) => typeof value === 'string' && !Number.isNaN(Date.parse(value)),
  counts: (value) => value === null || (typeof value === 'object' && Object.values(value as object).every(isCount)),
  adopted: (value) => typeof value === 'boolean',
  databaseBytes: (value) => value === undefined || value === null || isCount(value),
  needs: (value) => value === undefined || value === null || areNeeds(value),
};

const shapeText = z.string().nullable();
const needs = z.object({
  shape: z.object({
    encoding: shapeText,
    collation: shapeText,
    ctype: shapeText,
    provider: z.enum(['icu', 'builtin']).nullable(),
    locale: shapeText,
  }),
  owner: shapeText,
  owners: z.record(z.string(), z.number()),
  roles: z.array(words),
  extensions: z.array(z.object({ name: words, version: shapeText, schema: words })),
  settings: z.array(z.object({ role: shapeText, setting: z.string().regex(/^[^=]+=/s) })),
  roleSettings: z
    .array(z.object({ role: words, setting: z.string().regex(/^[^=]+=/s) }))
    .nullable()
    .optional(),
  grants: z
    .array(z.object({ role: shapeText, privilege: z.enum(['CONNECT', 'CREATE', 'TEMPORARY']), grantable: z.boolean() }))
    .nullable(),
});

const areNeeds = (value: unknown) => needs.safeParse(value).success;

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** A manifest out of its text; undefined for anything that isn't one, whole. */
export function manifestOf(text: string): DumpManifest | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return undefined;
    const given = parsed as Readonly<Record<string, unknown>>;
    const whole = Object.entries(shape).every(([field, fits]) => fits(given[field]));
    const needed = given.needs ? { roleSettings: null, ...given.needs } : null;
    const later = { needs: needed, databaseBytes: given.databaseBytes ?? null };
    return whole ? ({ ...parsed, ...later } as DumpManifest) : undefined;
  } catch {
    return undefined;
  }
}
