import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Checksum } from './checksums.ts';
import { insertKey, removeKey } from './key-order.ts';

/** What a caller says of an object; S3 gives it back with every read. */
export interface ObjectFacts {
  /** Content-Type and its like, names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** User metadata, without `x-amz-meta-`. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly encryption: { readonly algorithm: string; readonly keyId?: string };
}

export interface ObjectContent extends ObjectFacts {
  readonly size: number;
  /** Without its quotes. */
  readonly etag: string;
  readonly checksum: Checksum;
  readonly partCount?: number;
}

export interface ObjectVersion {
  readonly key: string;
  /** `null` for objects written while versioning was off. */
  readonly versionId: string;
  /** Milliseconds, whole seconds only: real S3 keeps no fraction. */
  readonly lastModified: number;
  /** Grows with every write to the bucket; names the files. */
  readonly sequence: number;
  /** Undefined for a delete marker. */
  readonly content: ObjectContent | undefined;
}

export interface Bucket {
  readonly name: string;
  readonly createdAt: number;
  readonly region: string;
  versioning: 'Enabled' | 'Suspended' | undefined;
  /** Newest first; never an empty list. */
  readonly objects: Map<string, ObjectVersion[]>;
  /** The keys of `objects` in S3's order, that of their UTF-8 bytes. */
  readonly keys: string[];
  nextSequence: number;
}

export interface Store {
  readonly buckets: ReadonlyMap<string, Bucket>;
  createBucket(name: string, region: string, createdAt: number): Bucket;
  setVersioning(bucket: Bucket, state: 'Enabled' | 'Suspended'): void;
  removeBucket(bucket: Bucket): void;
  /** A path for a body that is still arriving. */
  temporary(): string;
  /** Makes the file at `path` the object's newest version (or, without content, a delete marker), in one instant. */
  commit(
    bucket: Bucket,
    key: string,
    content: ObjectContent | undefined,
    path: string | undefined,
    at: number,
  ): ObjectVersion;
  /** Takes one version away for good. */
  remove(bucket: Bucket, version: ObjectVersion): void;
  /** Replaces a version by another description of itself. */
  describe(bucket: Bucket, version: ObjectVersion): void;
  dataPath(bucket: Bucket, version: ObjectVersion): string;
}

/**
 * Buckets as folders: `<sequence>.data` holds a version's bytes and `<sequence>.json` what is known of it. A version
 * exists from the rename of its `.json` on, so a crash leaves it whole or absent. One process at a time.
 */
export function openStore(folder: string): Store {
  const files = openFiles(folder);
  const buckets = new Map(files.bucketNames().map((name) => [name, loadBucket(files.path({ name }, ''))]));
  return {
    buckets,
    temporary: files.temporary,
    createBucket(name, region, createdAt) {
      const facts = { name, createdAt, region, versioning: undefined };
      const bucket: Bucket = { ...facts, objects: new Map(), keys: [], nextSequence: 1 };
      mkdirSync(files.path(bucket, ''), { recursive: true });
      saveBucket(files, bucket);
      buckets.set(name, bucket);
      return bucket;
    },
    setVersioning(bucket, state) {
      bucket.versioning = state;
      saveBucket(files, bucket);
    },
    removeBucket(bucket) {
      rmSync(files.path(bucket, ''), { recursive: true, force: true });
      buckets.delete(bucket.name);
    },
    commit: (...write) => commit(files, ...write),
    remove: (bucket, version) => remove(files, bucket, version),
    describe(bucket, version) {
      files.publish(files.path(bucket, `${version.sequence}.json`), version);
      const versions = bucket.objects.get(version.key) ?? [];
      const at = versions.findIndex(({ sequence }) => sequence === version.sequence);
      if (at >= 0) versions[at] = version;
    },
    dataPath: (bucket, version) => files.path(bucket, `${version.sequence}.data`),
  };
}

type Files = ReturnType<typeof openFiles>;

function openFiles(folder: string) {
  const incoming = join(folder, 'incoming');
  rmSync(incoming, { recursive: true, force: true });
  mkdirSync(incoming, { recursive: true });
  mkdirSync(join(folder, 'buckets'), { recursive: true });
  const temporary = () => join(incoming, randomBytes(12).toString('hex'));
  return {
    temporary,
    bucketNames: () => readdirSync(join(folder, 'buckets')),
    path: (bucket: { readonly name: string }, file: string) => join(folder, 'buckets', bucket.name, file),
    /** Writes a file so that it is there whole or not at all. */
    publish(target: string, value: unknown) {
      const draft = temporary();
      writeFileSync(draft, JSON.stringify(value));
      renameSync(draft, target);
    },
  };
}

function saveBucket(files: Files, { name, createdAt, region, versioning }: Bucket): void {
  files.publish(files.path({ name }, 'bucket.json'), { name, createdAt, region, versioning });
}

// Nothing is awaited here: what a caller found true before the call is still true when the version stands.
function commit(files: Files, ...[bucket, key, content, source, at]: Parameters<Store['commit']>): ObjectVersion {
  const versionId = bucket.versioning === 'Enabled' ? randomBytes(24).toString('base64url') : 'null';
  const sequence = bucket.nextSequence++;
  const version = { key, versionId, lastModified: Math.floor(at / 1000) * 1000, sequence, content };
  if (source !== undefined) renameSync(source, files.path(bucket, `${sequence}.data`));
  files.publish(files.path(bucket, `${sequence}.json`), version);
  const replaced = bucket.objects.get(key)?.find((old) => versionId === 'null' && old.versionId === 'null');
  remember(bucket, version);
  if (replaced) remove(files, bucket, replaced);
  return version;
}

function remove(files: Files, bucket: Bucket, version: ObjectVersion): void {
  forget(bucket, version);
  rmSync(files.path(bucket, `${version.sequence}.json`), { force: true });
  rmSync(files.path(bucket, `${version.sequence}.data`), { force: true });
}

function loadBucket(folder: string): Bucket {
  const facts: Pick<Bucket, 'name' | 'createdAt' | 'region' | 'versioning'> = readJson(join(folder, 'bucket.json'));
  const bucket: Bucket = { ...facts, versioning: facts.versioning, objects: new Map(), keys: [], nextSequence: 1 };
  const versions = readdirSync(folder)
    .filter((file) => /^\d+\.json$/.test(file))
    .map((file): ObjectVersion => readJson(join(folder, file)))
    .sort((a, b) => a.sequence - b.sequence);
  for (const version of versions) {
    remember(bucket, version);
    bucket.nextSequence = version.sequence + 1;
  }
  return bucket;
}

// What is read here was written by this file; nothing else writes into a household's folder.
function readJson<T>(path: string): T {
  return JSON.parse(readFileSync(path, 'utf8'));
}

function remember(bucket: Bucket, version: ObjectVersion): void {
  const versions = bucket.objects.get(version.key);
  if (versions) versions.unshift(version);
  else {
    bucket.objects.set(version.key, [version]);
    insertKey(bucket.keys, version.key);
  }
}

function forget(bucket: Bucket, version: ObjectVersion): void {
  const left = (bucket.objects.get(version.key) ?? []).filter(({ sequence }) => sequence !== version.sequence);
  if (left.length > 0) bucket.objects.set(version.key, left);
  else {
    bucket.objects.delete(version.key);
    removeKey(bucket.keys, version.key);
  }
}
