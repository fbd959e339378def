import { recorded } from '../../domain/errors.ts';
import type { Environment } from '../../domain/settings.ts';
import { instant } from '../../domain/time.ts';
import { type EnvironmentHealth, statusView } from '../../slack/views/status.ts';
import { whereItStands } from '../../slack/views/where-it-stands.ts';
import { cardText } from '../card-text.ts';
import { gatesOpen, gateText, operationObject, planText, situationOf } from '../situations.ts';
import { document, exits, type Session } from '../terminal.ts';

/** What is under way, and whether every environment could go back far enough right now. */
export async function status(session: Session): Promise<number> {
  const { terminal, io, locale, json } = session;
  const { requests, settings } = terminal;
  const [open, environments] = await Promise.all([
    requests.open(),
    Promise.all(Object.values(settings.environments).map((one) => healthOf(session, one))),
  ]);
  if (json) document(session, { operations: open.map((state) => operationObject({ state })), environments });
  else io.out(cardText(statusView(open, environments, instant(io.now()), locale)));
  return exits.succeeded;
}

async function healthOf({ terminal }: Session, environment: Environment): Promise<EnvironmentHealth> {
  const of = { environment: environment.name, rpoMinutes: environment.objectives.rpoMinutes };
  try {
    const points = await terminal.recoveryPoints(environment);
    return { ...of, newest: points.find((point) => point.status === 'available') ?? 'none' };
  } catch (error) {
    return { ...of, newest: { error: recorded(error) } };
  }
}

/** Where one operation stands: the plan while people decide, what was found, or the card that would stand. */
export async function statusOf(session: Session, operation: string): Promise<number> {
  const { terminal, io, json } = session;
  const state = await terminal.requests.state(operation);
  const situation = await situationOf(session, state);
  const [gate] = gatesOpen(situation);
  if (json) document(session, operationObject(situation));
  else if (state.phase === 'planned') io.out(planText(session, situation));
  else if (gate) io.out(gateText(session, situation, gate));
  else io.out(cardText(whereItStands(situation)));
  return exits.succeeded;
}
