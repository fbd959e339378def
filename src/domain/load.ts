import { z } from 'zod';
import type { RestoreOutputs, SessionNamed } from './restore.ts';
import type { Instant } from './time.ts';

// A dump goes back into a database: what the Job is told that loads it, and what the steps around it hand on. (Type
// aliases, not interfaces: they are JSON.)

/**
 * Where a dump is restored to. `own-instance`: on an instance of its own, the default. `beside`: into a new database on
 * the instance that serves, whose name is then swapped with the live one's. `in-place`: over the live database.
 */
export type DumpMode = 'own-instance' | 'beside' | 'in-place';
export const dumpModes = ['own-instance', 'beside', 'in-place'] as const satisfies readonly DumpMode[];

/**
 * What a database is made with, so that a dump fits: as the dumped one was, else as the server's template says.
 * `CREATE DATABASE … TEMPLATE template0`.
 */
export const databaseShape = z.strictObject({
  /** `UTF8`; null where nobody knows: then the server's own. */
  encoding: z.string().min(1).nullable(),
  collation: z.string().min(1).nullable(),
  ctype: z.string().min(1).nullable(),
  /** Who compares texts, and by which of its locales (PostgreSQL 15 and later); null: the C library, by the two above. */
  provider: z.enum(['icu', 'builtin']).nullable(),
  locale: z.string().min(1).nullable(),
});
export type DatabaseShape = z.infer<typeof databaseShape>;

const words = z.string().min(1);

/** Which dump a Job loads where. What runs inside the Job is told this and no more; its login is the master user's. */
export const loadTask = z.strictObject({
  kind: z.literal('load'),
  operation: words,
  environment: words,
  region: words,
  bucket: words,
  key: words,
  /** Exactly these bytes; null in a bucket without versions. */
  versionId: words.nullable(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  sizeBytes: z.int().positive(),
  host: words,
  port: z.int().positive(),
  /** The one that is loaded into. */
  database: words,
  /** Of the server, whose pg_restore is used. */
  major: z.int().positive(),
  /** `pg_restore --jobs`: more than one only from a file. */
  jobs: z.int().positive(),
  /** `file`: downloaded to the Job's own disk first; `stream`: from S3 into pg_restore, with nothing in between. */
  via: z.enum(['file', 'stream']),
  /**
   * `new-database`: the database is this operation's own, made by `create-database`; whoever begins anew drops it and makes
   * it anew. `in-place`: `--clean --if-exists --single-transaction`, all of it or nothing; always with one job.
   */
  mode: z.enum(['new-database', 'in-place']),
  /** Owns the database and whatever is restored (`--no-owner --role`); the login must be a member of it. */
  role: words,
  shape: databaseShape,
  /** On an instance of its own: roles that get what they begin their sessions with, as the dump's manifest has it. */
  settingsOf: z.array(words).exactOptional(),
});
export type LoadTask = z.infer<typeof loadTask>;

/** What a dump's database needs around it that the archive doesn't bring along. Null in a manifest: nobody looked. */
export type DumpNeeds = {
  readonly shape: DatabaseShape;
  /** Of the dumped database. */
  readonly owner: string | null;
  /** Who owns something in it, with how many things. */
  readonly owners: Readonly<Record<string, number>>;
  /** Roles that own or are granted something, sorted; PUBLIC and roles of PostgreSQL's own are left out. */
  readonly roles: readonly string[];
  /** Without what every database has. `version` is null where only an archive was read: it doesn't say. */
  readonly extensions: readonly NeededExtension[];
  /** `ALTER DATABASE … SET`, or with a role `ALTER ROLE … IN DATABASE … SET`, as `pg_db_role_setting` has them: `name=value`. */
  readonly settings: readonly { readonly role: string | null; readonly setting: string }[];
  /** `ALTER ROLE … SET`, of the roles above and their members, in whatever database; null where nobody looked. */
  readonly roleSettings: readonly { readonly role: string; readonly setting: string }[] | null;
  /** Who may do what with the database itself; null where they are PostgreSQL's defaults. `role` null is PUBLIC. */
  readonly grants: readonly DatabaseGrant[] | null;
};
export type NeededExtension = { readonly name: string; readonly version: string | null; readonly schema: string };
export type DatabaseGrant = {
  readonly role: string | null;
  readonly privilege: 'CONNECT' | 'CREATE' | 'TEMPORARY';
  readonly grantable: boolean;
};

/** What each step of a restore from a dump returns that a restore from a snapshot doesn't have. */
export type LoadOutputs = {
  /** `host` and `port` as later steps want them. */
  readonly 'create-database': {
    readonly host: string;
    readonly port: number;
    readonly database: string;
    readonly adopted: boolean;
  };
  readonly 'start-load-job': { readonly job: string; readonly adopted: boolean };
  /** `attempts`: pods that the Job needed. `left`: settings that its master user may not set, by name. */
  readonly 'await-load': { readonly attempts: number; readonly left?: readonly string[] };
  /** Who is connected to the live database could be ended, all of them. */
  readonly 'prove-swappable': { readonly sessions: number };
  /** `kept`: the name that the live database has now; `outageMs` by the swap's own clock, null when another run did it. */
  readonly 'swap-names': {
    readonly database: string;
    readonly oid: number;
    readonly kept: string;
    readonly keptOid: number;
    readonly at: Instant;
    readonly outageMs: number | null;
    readonly ended: readonly SessionNamed[];
    readonly endedSessions: number;
  };
  /** The application's sessions are on the new database, and none on the kept one. */
  readonly 'prove-swapped': { readonly sessions: number; readonly firstSessionAt: Instant | null };
};

/** What each step of `restore --from <dump> --beside` returns. */
export type BesideOutputs = LoadOutputs &
  Pick<
    RestoreOutputs,
    | 'await-instance'
    | 'verify-database'
    | 'start-check-job'
    | 'await-check-job'
    | 'judge-verification'
    | 'measure-loss'
    | 'verify-deeply'
  >;

/** Of the instance's disk: what RDS gave it, what its databases and their log take now, and what the second one will; bytes. */
export type DiskShown = { readonly allocated: number; readonly used: number; readonly needed: number };
