import type { Kubernetes } from '../clients/kubernetes.ts';
import type { Connect, DatabaseAddress, DatabaseLogin } from '../clients/postgres.ts';
import {
  type RecordedVersion,
  type RunningVersion,
  recordedVersion,
  type WorkloadImages,
} from '../domain/application-version.ts';
import { PitcrewError } from '../domain/errors.ts';
import type { JsonObject } from '../domain/json.ts';
import { type Records, versionKey } from '../domain/records.ts';
import { type RoleSecret, type WorkloadRef, workloadName } from '../domain/settings.ts';
import type { Instant } from '../domain/time.ts';
import { migrationsRun } from './migrations-run.ts';

export interface VersionClients {
  readonly cluster: Pick<Kubernetes, 'find'>;
  readonly access: { readonly connect: Connect; credentials(role: RoleSecret): Promise<DatabaseLogin> };
}

export interface VersionSought {
  readonly workloads: readonly WorkloadRef[];
  readonly address: DatabaseAddress;
  readonly verifyRole: RoleSecret;
  readonly at: Instant;
}

const querySeconds = 10;

/** The application as it runs now. What can't be read is left out: a backup is worth more than what is known of it. */
export async function runningVersion(clients: VersionClients, sought: VersionSought): Promise<RunningVersion> {
  const [images, migrations] = await Promise.all([
    Promise.all(sought.workloads.map((one) => imagesOf(clients, one).catch(unread))),
    migrationsOf(clients, sought).catch(unread),
  ]);
  return { at: sought.at, images: images.filter((one) => one !== null), migrations };
}

function unread(error: unknown): null {
  if (error instanceof PitcrewError) return null;
  throw error;
}

async function imagesOf({ cluster }: VersionClients, ref: WorkloadRef): Promise<WorkloadImages | null> {
  const found = await cluster.find(ref);
  if (!found) return null;
  const { template, jobTemplate } = found.spec as PodTemplates;
  const containers = (template ?? jobTemplate?.spec?.template)?.spec?.containers ?? [];
  return { workload: workloadName(ref), images: containers.map(({ image }) => image ?? '') };
}

interface PodTemplate {
  readonly spec?: { readonly containers?: readonly { readonly image?: string }[] };
}
interface PodTemplates {
  readonly template?: PodTemplate;
  /** Of a CronJob. */
  readonly jobTemplate?: { readonly spec?: { readonly template?: PodTemplate } };
}

async function migrationsOf({ access }: VersionClients, { address, verifyRole }: VersionSought) {
  const login = await access.credentials(verifyRole);
  const session = await access.connect(address, login, { statementTimeoutSeconds: querySeconds });
  return migrationsRun((sql, parameters) => session.query(sql, parameters)).finally(() => session.close());
}

/** Writes down what ran when a backup was made; the first to write wins. */
export async function writeVersion(
  records: Records,
  backup: string,
  operation: string,
  { at, images, migrations }: RunningVersion,
): Promise<void> {
  const newest = migrations?.ids.at(-1);
  const document: RecordedVersion = {
    v: 1,
    operation,
    at,
    images: images.map(({ workload, images: of }) => ({ workload, images: [...of] })),
    migrations:
      migrations && newest !== undefined ? { tool: migrations.tool, newest, count: migrations.ids.length } : null,
  };
  await records.write(versionKey(backup), document as unknown as JsonObject);
}

/** Undefined where nobody wrote it down, or not as this release understands it. */
export async function readVersion(records: Records, backup: string): Promise<RecordedVersion | undefined> {
  const parsed = recordedVersion.safeParse(await records.read(versionKey(backup)));
  return parsed.success ? parsed.data : undefined;
}
