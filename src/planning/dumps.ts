import type { ObjectHead, S3 } from '../clients/s3.ts';
import { type DumpManifest, type ListedDump, manifestKey, manifestOf, manifestSuffix } from '../domain/dump.ts';
import { userError } from '../domain/errors.ts';
import type { Environment } from '../domain/settings.ts';

/** Where an environment's dumps lie. */
export type DumpPlace = NonNullable<Environment['dumps']>;

/** The key of the dump that an operation makes: the same operation, the same key. */
export const dumpKey = ({ prefix }: Pick<DumpPlace, 'prefix'>, environment: string, operation: string) =>
  `${prefix}${environment}/${operation}.dump`;

/**
 * The key in what was given, a key or an `s3://` address, where it lies among the environment's dumps: nothing else may be
 * read through this. @throws PitcrewError `adopt.outside`, `adopt.no-dump` for a folder or a manifest
 */
export function keyIn(given: string, { bucket, prefix }: Pick<DumpPlace, 'bucket' | 'prefix'>, environment: string) {
  const [, named, rest] = /^s3:\/\/([^/]+)\/(.*)$/s.exec(given) ?? [];
  const key = rest ?? given;
  const inside = (named ?? bucket) === bucket && key.startsWith(prefix);
  if (!inside) throw userError('adopt.outside', { given, environment, bucket, prefix });
  if (key === prefix || key.endsWith('/') || key.endsWith(manifestSuffix))
    throw userError('adopt.no-dump', { given, environment });
  return key;
}

/**
 * What lies under the prefix, newest first. Manifests are not read: a list must not take a call a dump.
 * @throws PitcrewError `aws.*`
 */
export async function listDumps(
  s3: Pick<S3, 'list'>,
  { bucket, prefix }: Pick<DumpPlace, 'bucket' | 'prefix'>,
): Promise<readonly ListedDump[]> {
  const objects = await s3.list(bucket, prefix);
  const keys = new Set(objects.map(({ key }) => key));
  return objects
    .filter(({ key }) => !key.endsWith(manifestSuffix) && !key.endsWith('/'))
    .map((object): ListedDump => ({ ...object, manifest: keys.has(manifestKey(object.key)) ? 'there' : 'none' }))
    .sort((a, b) => (a.at < b.at ? 1 : -1));
}

/** @returns undefined where there is none, or what lies there is none. @throws PitcrewError `aws.*` */
export async function readManifest(
  s3: Pick<S3, 'text'>,
  at: { readonly bucket: string; readonly key: string },
): Promise<DumpManifest | undefined> {
  const text = await s3.text({ bucket: at.bucket, key: manifestKey(at.key) });
  const manifest = text === undefined ? undefined : manifestOf(text);
  // A manifest that was copied with its dump speaks of another place.
  return manifest?.bucket === at.bucket && manifest.key === at.key ? manifest : undefined;
}

/** Whether the bytes are still those that the manifest speaks of, as far as S3 says without reading them. */
export function isOf(manifest: DumpManifest, head: ObjectHead | undefined): boolean {
  return (
    head !== undefined &&
    head.sizeBytes === manifest.sizeBytes &&
    (manifest.versionId === null || head.versionId === manifest.versionId)
  );
}
