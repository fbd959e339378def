import type { S3 } from '../clients/s3.ts';
import type { DumpManifest } from '../domain/dump.ts';
import { userError } from '../domain/errors.ts';
import type { DumpPoint } from '../domain/restore.ts';
import type { Environment } from '../domain/settings.ts';
import { dumpSettings } from './dump-plan.ts';
import { isOf, keyIn, readManifest } from './dumps.ts';

/** A dump that can be restored, with all that its manifest says. */
export interface ResolvedDump {
  readonly kind: 'dump';
  readonly point: DumpPoint;
  readonly manifest: DumpManifest;
}

/** Whether what `--from` names is a dump: neither ids nor ARNs of snapshots have a slash. */
export const isDumpName = (from: string) => from.includes('/');

/**
 * A dump by its key or `s3://` address: one that was read whole once, of this environment, and that is still the same bytes.
 * @throws PitcrewError `dump.*`, `adopt.outside`, `adopt.empty`; `load.no-manifest` with how it is taken in;
 *   `load.of-other-environment`; `aws.*`
 */
export async function resolveDump(
  { s3 }: { s3(region: string): Pick<S3, 'head' | 'text'> },
  environment: Environment,
  from: string,
): Promise<ResolvedDump> {
  const { name, region } = environment;
  const settings = dumpSettings(environment);
  const at = { bucket: settings.bucket, key: keyIn(from, settings, name) };
  const head = await s3(region).head(at);
  if (!head) throw userError('dump.gone', at);
  if (head.sizeBytes === 0) throw userError('adopt.empty', { key: at.key });
  const manifest = await readManifest(s3(region), at);
  if (!manifest) throw userError('load.no-manifest', { key: at.key, environment: name });
  if (!isOf(manifest, head))
    throw userError('load.replaced', { key: at.key, expected: manifest.sizeBytes, found: head.sizeBytes });
  if (manifest.environment !== name)
    throw userError('load.of-other-environment', { key: at.key, of: manifest.environment, environment: name });
  const { versionId, sizeBytes, sha256, serverVersion, database, resourceId, adopted } = manifest;
  return {
    kind: 'dump',
    point: {
      ...{ kind: 'dump', at: manifest.at, ...at, versionId, sizeBytes, sha256 },
      ...{ serverVersion, database, resourceId, adopted },
    },
    manifest,
  };
}

/** An older server can't load what a newer one's pg_dump wrote. @throws PitcrewError `load.server-older` */
export function refuseNewer({ serverVersion, clientVersion, key }: DumpManifest, major: number): void {
  const newest = Math.max(...[serverVersion, clientVersion].map((version) => Number.parseInt(version, 10)));
  if (newest > major) throw userError('load.server-older', { key, archive: newest, server: major });
}
