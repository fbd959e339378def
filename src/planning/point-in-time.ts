import type { AutomatedBackup, Rds } from '../clients/rds.ts';
import { userError } from '../domain/errors.ts';
import type { InstantPoint, RestoreWindow } from '../domain/restore.ts';
import type { Instant } from '../domain/time.ts';
import { lineageOf } from './names.ts';
import type { Descendant } from './recovery-points.ts';

/** A moment that the database can be taken to, and the automated backups that reach it. */
export interface ResolvedInstant {
  readonly kind: 'point-in-time';
  readonly point: InstantPoint;
  readonly backup: AutomatedBackup;
  readonly window: RestoreWindow;
}

interface Reached {
  readonly backup: AutomatedBackup;
  readonly window: RestoreWindow;
}

/**
 * What point-in-time recovery reaches, of the current instance and of those that it was restored from, the nearest
 * first. An instance that was replaced counts up to when the next one was made: what its log holds of later is not what
 * the application had.
 * @throws PitcrewError `aws.*`
 */
export async function windowsOf(
  rds: Pick<Rds, 'listAutomatedBackups'>,
  instance: Descendant,
): Promise<readonly RestoreWindow[]> {
  return (await reachedOf(rds, instance)).map(({ window }) => window);
}

async function reachedOf(rds: Pick<Rds, 'listAutomatedBackups'>, instance: Descendant): Promise<readonly Reached[]> {
  const lists = await Promise.all(
    lineageOf(instance).map(async (resourceId) => ({
      resourceId,
      all: await rds.listAutomatedBackups({ resourceId }),
    })),
  );
  const reached: Reached[] = [];
  let until: Instant | null = null;
  for (const { resourceId, all } of lists) {
    const backup = all.find(({ window }) => window !== undefined);
    const { instanceId = '', window } = backup ?? {};
    if (backup && window) reached.push({ backup, window: { instanceId, resourceId, ...window, until } });
    const made = resourceId === instance.resourceId ? instance.createdAt : all[0]?.instanceCreatedAt;
    until = made ?? window?.earliest ?? until;
  }
  return reached;
}

/**
 * A moment, or `latest`, as one recovery point. `latest` of a database that runs is not known before nothing writes any
 * more; of one that doesn't run it is where its log ends.
 * @throws PitcrewError `pitr.no-window`, `pitr.after-window`, `pitr.outside-window` with what can be reached,
 *   `time.in-future`
 */
export async function resolveInstant(
  rds: Pick<Rds, 'listAutomatedBackups'>,
  instance: Descendant,
  { to, askedAt, runs }: { readonly to: string; readonly askedAt: Instant; readonly runs: boolean },
): Promise<ResolvedInstant> {
  if (to !== 'latest' && to > askedAt) throw userError('time.in-future', { given: to, at: to });
  const reached = await reachedOf(rds, instance);
  const own = reached.find(({ window }) => window.resourceId === instance.resourceId);
  if (to === 'latest') {
    if (!own) throw userError('pitr.no-window', { instance: instance.id });
    return resolved(own, runs ? null : own.window.latest);
  }
  const found = reached.find(({ window }) => reaches(window, to));
  return found ? resolved(found, to) : refuse(to, instance, reached);
}

/** Whether point-in-time recovery of this instance comes to that moment. */
export const reaches = ({ earliest, latest, until }: RestoreWindow, at: Instant) =>
  earliest <= at && at <= latest && (until === null || at <= until);

function resolved({ backup, window }: Reached, at: Instant | null): ResolvedInstant {
  const { instanceId, resourceId, arn: backupArn, status, sizeGiB, engineVersion, encrypted } = backup;
  return {
    kind: 'point-in-time',
    point: {
      ...{ kind: 'point-in-time', at, instanceId, resourceId, backupArn, backup: status },
      ...{ sizeGiB, engineVersion, encrypted },
    },
    backup,
    window,
  };
}

function refuse(at: Instant, instance: Descendant, reached: readonly Reached[]): never {
  const [nearest] = reached;
  if (!nearest) throw userError('pitr.no-window', { instance: instance.id });
  const { latest, instanceId, resourceId } = nearest.window;
  if (resourceId === instance.resourceId && at > latest)
    throw userError('pitr.after-window', { at, latest, instance: instanceId });
  const windows = reached.map(({ window }) => `${window.earliest} … ${endOf(window)} (${window.instanceId})`);
  throw userError('pitr.outside-window', { at, windows });
}

const endOf = ({ latest, until }: RestoreWindow) => (until !== null && until < latest ? until : latest);

/** How RDS is told whose log it is: a live instance by its id, as the runbook has it; one that is gone by its resource id. */
export const sourceOfRestore = ({ backup, instanceId, resourceId }: InstantPoint) =>
  backup === 'retained' ? { resourceId } : { instanceId };
