import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Database } from '../clients/postgres.ts';
import type { PostgresPrograms } from '../clients/postgres-programs.ts';
import type { ObjectHead } from '../clients/s3.ts';
import { permanent } from '../domain/errors.ts';
import type { DumpNeeds, LoadTask } from '../domain/load.ts';
import { readManifest } from '../planning/dumps.ts';
import { dropOwn, findDatabase, isEmpty, makeDatabase, markOf, run } from '../verification/new-database.ts';
import { storeSettings } from '../verification/stored-settings.ts';
import { needsOfArchive } from './archive-needs.ts';
import { type ArchiveSource, askArchive } from './ask-archive.ts';
import { giveProperties, makeExtensions, vacuumAnalyze } from './database-properties.ts';
import { attempt, type JobParts, type Progress } from './job.ts';
import { loadArchive } from './load-archive.ts';
import { grantAsMaster, isOfTheProvider, providerGrants } from './provider-grants.ts';

/** A big index, or VACUUM of all, may take long. */
const longestStatementSeconds = 12 * 3600;
const serverDatabase = 'postgres';

/** Does the task and says what became of it; never throws. @returns whether it is done */
export function runLoadJob(task: LoadTask, parts: JobParts): Promise<boolean> {
  const folder = join(parts.folder, `pitcrew-${task.operation}`);
  return attempt(task.major, task.via === 'file' ? 'fetch' : 'load', parts, async (programs, progress) => {
    await mkdir(folder, { recursive: true });
    return load(task, parts, { programs, progress, folder }).finally(() =>
      rm(folder, { recursive: true, force: true }),
    );
  });
}

interface Means {
  readonly programs: PostgresPrograms;
  readonly progress: Progress;
  readonly folder: string;
}

/** @returns settings that were refused, by name */
async function load(
  task: LoadTask,
  parts: JobParts,
  { programs, progress, folder }: Means,
): Promise<readonly string[]> {
  if (task.mode === 'new-database' && (await isLoaded(task, parts))) return [];
  const head = await theBytes(task, parts);
  const reading = hashing(task);
  const source = await sourceOf(task, parts, { head, progress, folder, reading });
  const { signal, environment, complain } = parts;
  const needs = await needsOf(task, parts, programs.restore, source);
  const { listFile, tables, grants } = await selected(programs.restore, source, { folder, needs, signal });
  if (task.mode === 'new-database') await begin(task, parts);
  await inDatabase(task, parts, task.database, (inside) => makeExtensions(inside, needs.extensions, task.role));
  progress.enters('load');
  progress.now.tables = 0;
  progress.now.ofTables = tables;
  await loadArchive({
    ...{ program: programs.restore, task, source, listFile, environment, signal, complain },
    onChunk: (chunk) => progress.bytes(reading.take(chunk)),
    onTable: () => {
      progress.now.tables++;
    },
  });
  if (task.via === 'stream') reading.prove();
  progress.enters('analyze');
  // What extensions had granted is there still where none was made anew.
  if (task.mode === 'new-database')
    await inDatabase(task, parts, task.database, (inside) => grantAsMaster(inside, grants, complain));
  return end(task, parts, needs);
}

/** Exactly the bytes that people approved. @throws PitcrewError `dump.gone`, `dump.changed` */
async function theBytes({ bucket, key, versionId, sizeBytes }: LoadTask, { s3 }: JobParts): Promise<ObjectHead> {
  const head = await s3.head({ bucket, key }, versionId);
  if (!head) throw permanent('dump.gone', { bucket, key });
  if (head.sizeBytes !== sizeBytes) throw permanent('dump.changed', { key });
  return head;
}

/** Follows the bytes, and says whether they were the archive's. */
function hashing({ key, sizeBytes, sha256 }: LoadTask) {
  const hash = createHash('sha256');
  let bytes = 0;
  return {
    take(chunk: Uint8Array): number {
      hash.update(chunk);
      bytes += chunk.length;
      return bytes;
    },
    /** @throws PitcrewError `load.differs` */
    prove() {
      if (bytes !== sizeBytes || hash.digest('hex') !== sha256) throw permanent('load.differs', { key });
    },
  };
}

interface Fetching {
  readonly head: ObjectHead;
  readonly progress: Progress;
  readonly folder: string;
  readonly reading: ReturnType<typeof hashing>;
}

/** A file is proven before anything of it is loaded; of a stream that is only known at its end. */
async function sourceOf(task: LoadTask, { s3, signal }: JobParts, fetching: Fetching): Promise<ArchiveSource> {
  const { head, progress, folder, reading } = fetching;
  const { bucket, via } = task;
  if (via === 'stream') return { kind: 's3', s3, bucket, head };
  const file = join(folder, 'archive.dump');
  async function* chunks() {
    for await (const chunk of s3.read(bucket, head)) {
      progress.bytes(reading.take(chunk));
      yield chunk;
    }
  }
  await pipeline(Readable.from(chunks(), { objectMode: false }), createWriteStream(file, { mode: 0o600 }), { signal });
  reading.prove();
  return { kind: 'file', file };
}

/** The manifest's, or, of an old one, what the archive itself says. */
async function needsOf(task: LoadTask, { s3, signal }: JobParts, program: string, source: ArchiveSource) {
  const manifest = await readManifest(s3, task);
  return manifest?.needs ?? (await needsOfArchive(program, source, signal));
}

/**
 * The entries of the archive that pg_restore loads: not the extensions, nor the schemas that they lie in, which only their
 * owner may drop and make. The master user makes what is missing of these before. @throws PitcrewError `load.unreadable`, `aws.*`
 */
async function selected(
  program: string,
  source: ArchiveSource,
  { folder, needs, signal }: { readonly folder: string; readonly needs: DumpNeeds; readonly signal: AbortSignal },
): Promise<{ readonly listFile: string; readonly tables: number; readonly grants: readonly string[] }> {
  const schemas = new Set(needs.extensions.map(({ schema }) => `SCHEMA - ${schema} `));
  const madeBefore = (entry: string) =>
    /^(EXTENSION - |COMMENT - EXTENSION )/.test(entry) || [...schemas].some((schema) => entry.startsWith(schema));
  const lines: string[] = [];
  const provided: string[] = [];
  let tables = 0;
  await askArchive(program, ['--list'], source, {
    signal,
    take(line) {
      const entry = /^\d+; \d+ \d+ (.*)$/.exec(line)?.[1];
      if (entry === undefined || madeBefore(entry)) return;
      if (isOfTheProvider(entry)) return void provided.push(line);
      if (entry.startsWith('TABLE DATA ')) tables++;
      lines.push(line);
    },
  });
  const listFile = join(folder, 'archive.list');
  await writeFile(listFile, `${lines.join('\n')}\n`, { mode: 0o600 });
  const grantsFile = join(folder, 'grants.list');
  await writeFile(grantsFile, `${provided.join('\n')}\n`, { mode: 0o600 });
  const grants = provided.length === 0 ? [] : await providerGrants(program, source, grantsFile, signal);
  return { listFile, tables, grants };
}

const inDatabase = async <T>(
  { host, port }: LoadTask,
  { connect, login }: JobParts,
  database: string,
  work: (session: Database) => Promise<T>,
): Promise<T> => {
  const session = await connect({ host, port, database }, login, { statementTimeoutSeconds: longestStatementSeconds });
  return work(session).finally(() => session.close());
};

/** An attempt before this one was done and was killed before it could say so: by now the database may serve. */
const isLoaded = (task: LoadTask, parts: JobParts): Promise<boolean> =>
  inDatabase(task, parts, serverDatabase, async (server) => {
    const found = await findDatabase(server, task.database);
    return found?.mark === markOf(task.operation, true);
  });

/** An attempt before this one may have been killed in the middle: of what it loaded nothing is kept. */
async function begin(task: LoadTask, parts: JobParts): Promise<void> {
  const { database: name, role: owner, shape, operation } = task;
  await inDatabase(task, parts, serverDatabase, async (server) => {
    const empty = () => inDatabase(task, parts, name, isEmpty);
    const found = await findDatabase(server, name);
    if (found && !(await empty())) await dropOwn(server, name, operation);
    await makeDatabase(server, { name, owner, shape, operation }, empty);
  });
}

async function end(task: LoadTask, parts: JobParts, needs: DumpNeeds): Promise<readonly string[]> {
  const { database, role, mode, operation, settingsOf = [] } = task;
  await inDatabase(task, parts, database, (inside) => vacuumAnalyze(inside, role));
  if (mode === 'in-place') return [];
  return inDatabase(task, parts, serverDatabase, async (server) => {
    const ofRoles = (needs.roleSettings ?? []).filter((one) => settingsOf.includes(one.role));
    const left = [
      ...(await giveProperties(server, database, needs)),
      // Last of all: what they begin with must not get in the way of the load.
      ...(await storeSettings(server, ofRoles, null)),
    ];
    await run(server, 'COMMENT ON DATABASE %I IS %L', database, markOf(operation, true));
    return left;
  });
}
