import type { ListedDump } from '../domain/dump.ts';
import { recorded } from '../domain/errors.ts';
import type { SnapshotPoint } from '../domain/restore.ts';
import type { Environment } from '../domain/settings.ts';
import { errorLine } from './views/answers.ts';
import { asModalView, type Modal } from './views/blocks.ts';
import { listUnusable } from './views/list.ts';
import { errorModal, loadingModal, longestValue, type RestoreGiven, restoreModal } from './views/modals.ts';
import { type Handling, openModal, type Visit, within } from './visit.ts';

/** How long the snapshots are waited for before the modal opens without them: a trigger lives 3 s. */
const pointsWithinMs = 900;

type Read =
  | { readonly points: readonly SnapshotPoint[]; readonly dumps: readonly ListedDump[] }
  | { readonly error: unknown };

/** Opens the restore modal: at once where RDS answers quickly, else with a word of patience first. */
export async function openRestoreDialog(
  given: Handling,
  visit: Visit,
  triggerId: string,
  environment: Environment,
  typed: RestoreGiven = {},
): Promise<void> {
  const reading = read(given, environment);
  const quick = await within(reading, pointsWithinMs);
  const carried = { channel: visit.channel, environment: environment.name };
  if (quick) {
    await openModal(given, triggerId, drawn(quick, visit, environment, typed));
    return;
  }
  const viewId = await openModal(given, triggerId, loadingModal(carried, visit.locale));
  await fill(given, visit, viewId, environment, reading, typed);
}

/** Puts the restore modal into one that is already open, once the snapshots are read. */
export async function fill(
  { client }: Pick<Handling, 'client'>,
  visit: Visit,
  viewId: string,
  environment: Environment,
  reading: Promise<Read>,
  typed: RestoreGiven = {},
): Promise<void> {
  const view = drawn(await reading, visit, environment, typed);
  await client.views.update({ view_id: viewId, view: asModalView(view) });
}

export async function read({ listRecoveryPoints, listDumps }: Handling, environment: Environment): Promise<Read> {
  try {
    // Dumps that can't be listed now are no reason to keep the snapshots from anybody.
    const dumps = listDumps(environment).catch(() => undefined);
    return { points: await listRecoveryPoints(environment), dumps: restorable((await dumps) ?? []) };
  } catch (error) {
    return { error };
  }
}

/** What has no manifest is no backup; what a menu can't carry is typed. */
const restorable = (dumps: readonly ListedDump[]) =>
  dumps.filter(({ key, manifest }) => manifest === 'there' && key.length <= longestValue);

/** The restore modal, or why there is none. */
export function drawn(answer: Read, visit: Visit, environment: Environment, typed: RestoreGiven): Modal {
  const { locale, now, channel } = visit;
  if ('error' in answer) return errorModal(errorLine(recorded(answer.error), locale), locale);
  const { points, dumps } = answer;
  if (dumps.length === 0 && !points.some(({ status }) => status === 'available'))
    return errorModal(listUnusable(environment.name, points.length, locale), locale);
  return restoreModal(
    { channel, environment: environment.name, settings: environment, points, dumps, now, typed },
    locale,
  );
}
