import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { createHasher } from './checksums.ts';
import type { Bucket, ObjectContent, ObjectVersion, Store } from './store.ts';

/** What an intruder or a failing disk does to a bucket behind S3's back. Each throws if there is nothing to do it to. */
export interface Tampering {
  /**
   * Replaces the bytes of the current version and leaves its version id and time. ETag and checksum follow, so that only
   * whoever knows the true hash can tell; with `bitRot` they stay, so that S3's own checksum tells.
   */
  tamper(bucket: string, key: string, bytes: Uint8Array, options?: { readonly bitRot?: boolean }): void;
  /** Takes one version away without a trace; without a version id, the current one. */
  removeVersion(bucket: string, key: string, versionId?: string): void;
  /** The bytes of the current version. */
  read(bucket: string, key: string): Buffer;
}

export function createTampering(store: Store): Tampering {
  const find = (bucketName: string, key: string, versionId?: string): { bucket: Bucket; version: ObjectVersion } => {
    const bucket = store.buckets.get(bucketName);
    const versions = bucket?.objects.get(key) ?? [];
    const version = versionId === undefined ? versions[0] : versions.find((one) => one.versionId === versionId);
    if (!bucket || !version) throw new Error(`there is no ${bucketName}/${key} ${versionId ?? ''}`);
    return { bucket, version };
  };
  const withContent = (bucketName: string, key: string) => {
    const { bucket, version } = find(bucketName, key);
    if (!version.content) throw new Error(`${bucketName}/${key} is deleted`);
    return { bucket, version, content: version.content };
  };
  return {
    tamper(bucketName, key, bytes, { bitRot = false } = {}) {
      const { bucket, version, content } = withContent(bucketName, key);
      writeFileSync(store.dataPath(bucket, version), bytes);
      const size = bytes.length;
      store.describe(bucket, { ...version, content: bitRot ? { ...content, size } : describing(content, bytes) });
    },
    removeVersion(bucketName, key, versionId) {
      const { bucket, version } = find(bucketName, key, versionId);
      store.remove(bucket, version);
    },
    read(bucketName, key) {
      const { bucket, version } = withContent(bucketName, key);
      return readFileSync(store.dataPath(bucket, version));
    },
  };
}

function describing(content: ObjectContent, bytes: Uint8Array): ObjectContent {
  const hasher = createHasher(content.checksum.algorithm);
  hasher.update(bytes);
  const value = hasher.digest().toString('base64');
  return {
    ...content,
    size: bytes.length,
    etag: createHash('md5').update(bytes).digest('hex'),
    checksum: { algorithm: content.checksum.algorithm, value, type: 'FULL_OBJECT' },
  };
}
