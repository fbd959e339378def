import { recorded } from '../../domain/errors.ts';
import type { Environment } from '../../domain/settings.ts';
import { instant } from '../../domain/time.ts';
import { newestPast } from '../../requests/newest-past.ts';
import { type EnvironmentHistory, historyMost, historyView, type Past } from '../../slack/views/history.ts';
import { cardText } from '../card-text.ts';
import { operationObject } from '../situations.ts';
import { document, exits, type Session } from '../terminal.ts';

/** What was done in environments. Fails when one of them can't be told, after showing the others. */
export async function history(session: Session, environments: readonly Environment[]): Promise<number> {
  const { io, locale, json } = session;
  const all = await Promise.all(
    environments.map(async ({ name, database }): Promise<EnvironmentHistory> => {
      const past = await pastOf(session, name).catch((error: unknown) => ({ error: recorded(error) }));
      return { environment: name, timeZone: database.timeZone, past };
    }),
  );
  if (json) document(session, { environments: all.map(historyObject) });
  else io.out(cardText(historyView(all, instant(io.now()), locale)));
  return all.some(({ past }) => 'error' in past) ? exits.failed : exits.succeeded;
}

/** A plan that can't be read takes no operation from the list. */
async function pastOf({ terminal: { requests } }: Session, environment: string): Promise<readonly Past[]> {
  const states = await newestPast(requests, environment, historyMost);
  return Promise.all(
    states.map(async (state): Promise<Past> => {
      const plan = state.plan && (await requests.plan(state.plan.digest).catch(() => undefined));
      return plan ? { state, plan } : { state };
    }),
  );
}

const historyObject = ({ environment, past }: EnvironmentHistory) => ({
  environment,
  ...('error' in past ? past : { operations: past.map(({ state }) => operationObject({ state })) }),
});
