import type { LoadTask } from '../../../domain/load.ts';
import type { Environment } from '../../../domain/settings.ts';
import { dumpSettings } from '../../../planning/dump-plan.ts';
import type { ResolvedDump } from '../../../planning/dump-point.ts';
import { masterSecret } from '../../../steps/step-input.ts';

export interface LoadPlace {
  readonly instance: string;
  /** Null: the instance that `await-instance` comes to. */
  readonly at: { readonly host: string; readonly port: number } | null;
  readonly database: string;
  /** Owns what is restored. */
  readonly owner: string;
  /** Of the server. */
  readonly major: number;
  readonly mode: LoadTask['mode'];
  /** Roles that get their settings back: on an instance of its own. */
  readonly settingsOf?: readonly string[];
}

const unknownShape = { encoding: null, collation: null, ctype: null, provider: null, locale: null };
export const shapeOf = ({ manifest }: ResolvedDump) => ({ ...(manifest.needs?.shape ?? unknownShape) });

/** Several tables at once are faster, and need the archive on a disk; a node of a cluster has that much to give, and no more. */
const jobsAtOnce = 4;
const largestFile = 20 * 1024 ** 3;

/** Over the live database nothing may commit before every byte is proven to be the archive's: that takes a file. */
function howToLoad(mode: LoadTask['mode'], sizeBytes: number): Pick<LoadTask, 'via' | 'jobs'> {
  if (mode === 'in-place') return { via: 'file', jobs: 1 };
  return sizeBytes <= largestFile ? { via: 'file', jobs: jobsAtOnce } : { via: 'stream', jobs: 1 };
}

/** What the Job that loads a dump is told, and where it runs: beside the application, as the dump's own Job does. */
export function jobFor(environment: Environment, dump: ResolvedDump, place: LoadPlace) {
  const { image, serviceAccount } = dumpSettings(environment);
  const { region, name } = environment;
  const [beside] = environment.workloads;
  const { bucket, key, versionId, sha256, sizeBytes } = dump.point;
  const { instance, at, database, owner, major, mode, settingsOf = [] } = place;
  return {
    cluster: beside?.cluster ?? '',
    namespace: beside?.namespace ?? 'default',
    image,
    serviceAccount,
    region,
    instance,
    at,
    masterRole: masterSecret(environment),
    task: {
      ...{ kind: 'load' as const, environment: name, region, bucket, key, versionId, sha256, sizeBytes, major },
      ...{ database, mode, role: owner, shape: shapeOf(dump), ...howToLoad(mode, sizeBytes) },
      ...(settingsOf.length > 0 ? { settingsOf: [...settingsOf] } : {}),
    },
  };
}
