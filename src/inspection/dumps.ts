import type { Kubernetes } from '../clients/kubernetes.ts';
import type { FindPrograms } from '../clients/postgres-programs.ts';
import type { S3 } from '../clients/s3.ts';
import { userError } from '../domain/errors.ts';
import type { Inspector } from '../domain/inspection.ts';
import type { Environment } from '../domain/settings.ts';
import type { CurrentInstance } from '../planning/current-instance.ts';
import { dumpSettings, toolsOf } from '../planning/dump-plan.ts';
import { type DumpPlace, dumpKey, listDumps } from '../planning/dumps.ts';
import { type RemoteDump, toolsPod } from '../steps/kubernetes/dump-by-exec.ts';
import { execRights, noteMissing } from './rights.ts';

export interface DumpLooks {
  readonly cluster: Kubernetes;
  readonly s3: Pick<S3, 'head' | 'list' | 'unfinished' | 'proveWritable' | 'proveAbortable'>;
  readonly findPrograms: FindPrograms;
  /** src/jobs/dump-by-exec.ts. @throws PitcrewError `dump.exec-client`, `dump.exec-shell`, `kubernetes.*` */
  proveTools(tools: Parameters<RemoteDump['end']>[0], server: { readonly major: number }): Promise<void>;
}

/**
 * Whether dumps can be made, kept and read: where they lie, and what makes them. The rights of a Job in Kubernetes are looked
 * at elsewhere. @param current undefined where the instance isn't known: then nothing says which version is needed
 */
export async function inspectDumps(
  inspector: Inspector,
  clients: DumpLooks,
  environment: Environment,
  current: CurrentInstance | undefined,
): Promise<void> {
  const { name, dumps } = environment;
  if (!dumps) return;
  const at = `environments.${name}.dumps`;
  const major = current && Number.parseInt(current.instance.engineVersion, 10);
  await Promise.all([
    inspectPlace(inspector, clients.s3, { at, name, dumps }),
    major && inspector.look(at, 'programs', () => programsFor(clients.findPrograms, major)),
    dumps.runner === 'exec'
      ? inspectTools(inspector, clients, environment, major)
      : inspector.look(`${at}.image`, 'image', async () => dumpSettings(environment)),
  ]);
}

/**
 * The worker's own rights in the bucket. With a Job it never writes there, and what the Job may do only the Job can show.
 */
async function inspectPlace(
  inspector: Inspector,
  s3: DumpLooks['s3'],
  { at, name, dumps }: { readonly at: string; readonly name: string; readonly dumps: DumpPlace },
): Promise<void> {
  const { bucket, runner, serviceAccount } = dumps;
  const path = `${at}.bucket`;
  // No operation is called so, and none of these looks leaves anything there.
  const probe = { bucket, key: dumpKey(dumps, name, 'check-config') };
  const [listed] = await Promise.all([
    inspector.look(path, 'dump-list', () => listDumps(s3, dumps)),
    inspector.look(path, 'dump-uploads', () => s3.unfinished(probe)),
    inspector.look(path, 'dump-abort', () => s3.proveAbortable(probe)),
    runner === 'exec' && inspector.look(path, 'dump-write', () => s3.proveWritable(probe)),
  ]);
  await inspector.look(path, 'dump-read', () => readable(s3, { bucket, key: listed?.[0]?.key ?? probe.key }));
  if (runner === 'job')
    inspector.remark(
      path,
      serviceAccount === undefined
        ? { code: 'inspection.job-as-default', params: { bucket } }
        : { code: 'inspection.job-as', params: { serviceAccount, bucket } },
    );
}

/** S3 refuses before it says that nothing is there. Exact versions take a right of their own (`s3:GetObjectVersion`). */
async function readable(s3: Pick<S3, 'head'>, at: { readonly bucket: string; readonly key: string }): Promise<void> {
  const head = await s3.head(at);
  if (head?.versionId) await s3.head(at, head.versionId);
}

/** pitcrew runs in the image that its Jobs run in, and reads back itself what was made elsewhere. */
async function programsFor(findPrograms: FindPrograms, major: number): Promise<void> {
  if (!(await findPrograms(major))) throw userError('dump.client-missing', { major });
}

async function inspectTools(
  inspector: Inspector,
  { cluster, proveTools }: DumpLooks,
  environment: Environment,
  major: number | undefined,
): Promise<void> {
  const path = `environments.${environment.name}.dumps.tools`;
  const { cluster: at = '', namespace, deployment, container = null } = toolsOf(environment);
  const place = { cluster: at, namespace };
  const pod = await inspector.look(path, 'tools', () => toolsPod(cluster, { ...place, deployment, container }));
  const may = await inspector.look(path, 'exec-rights', () =>
    noteMissing(inspector, cluster, { path, place }, execRights),
  );
  if (pod && may && major) await inspector.look(path, 'exec-programs', () => proveTools(pod, { major }));
}
