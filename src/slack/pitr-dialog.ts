import type { Environment } from '../domain/settings.ts';
import type { Modal } from './views/blocks.ts';
import { type PitrGiven, pitrModal } from './views/pitr-modal.ts';
import { type Handling, openModal, type Visit, within } from './visit.ts';

/** How long the window is waited for before the modal opens without it: a trigger lives 3 s. */
const windowsWithinMs = 900;

/** Opens the dialog, with what the log reaches where RDS says it in time; the plan checks it in any case. */
export async function openPitrDialog(
  given: Handling,
  visit: Visit,
  triggerId: string,
  environment: Environment,
  typed: PitrGiven = {},
): Promise<void> {
  await openModal(given, triggerId, await pitrView(given, visit, environment, typed));
}

export async function pitrView(
  given: Pick<Handling, 'listWindows'>,
  { channel, now, locale }: Visit,
  environment: Environment,
  typed: PitrGiven,
): Promise<Modal> {
  const reading = given.listWindows(environment).catch(() => undefined);
  const windows = (await within(reading, windowsWithinMs)) ?? null;
  return pitrModal({ channel, environment: environment.name, settings: environment, windows, now, typed }, locale);
}
