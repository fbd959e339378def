import { recorded } from '../domain/errors.ts';
import type { Environment } from '../domain/settings.ts';
import { newestPast } from '../requests/newest-past.ts';
import { linksTo } from './links.ts';
import { type EnvironmentHistory, historyMost, historyView, type Past } from './views/history.ts';
import { type Handling, type Visit, within } from './visit.ts';

/** What a private answer waits for at most, beside the ledger. */
const extrasWithinMs = 2_000;

/** `/backup history`: what was done in these environments, told privately. */
export async function tellHistory(
  given: Handling,
  { tell, locale, now }: Visit,
  environments: readonly Environment[],
): Promise<void> {
  const all = await Promise.all(
    environments.map(async ({ name, database }): Promise<EnvironmentHistory> => {
      const past = await pastOf(given, name).catch((error: unknown) => ({ error: recorded(error) }));
      return { environment: name, timeZone: database.timeZone, past };
    }),
  );
  await tell(historyView(all, now, locale));
}

/** Plans and links are extras: an operation is listed without them. */
async function pastOf(given: Handling, environment: string): Promise<readonly Past[]> {
  const states = await newestPast(given.requests, environment, historyMost);
  const [links, plans] = await Promise.all([
    within(linksTo(given, states), extrasWithinMs),
    within(Promise.all(states.map(({ plan }) => planOf(given, plan?.digest))), extrasWithinMs),
  ]);
  return states.map((state, index) => {
    const plan = plans?.[index];
    const url = links?.get(state.id);
    return { state, ...(plan ? { plan } : {}), ...(url ? { url } : {}) };
  });
}

const planOf = ({ requests }: Handling, digest: string | undefined) =>
  digest === undefined ? undefined : requests.plan(digest).catch(() => undefined);
