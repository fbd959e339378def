import type { Environment } from '../domain/settings.ts';
import type { OperationState } from '../domain/state.ts';
import { humanOf } from './directory.ts';
import { healthOf } from './health.ts';
import { linksTo } from './links.ts';
import { asHomeView, type Home } from './views/blocks.ts';
import { type HomeGiven, homeRefused, homeView, type Linked } from './views/home.ts';
import { type Handling, localeFor, nowOf, within } from './visit.ts';

/** What one part of the tab may take; what is slower is said to be so, the rest is shown. */
const partWithinMs = 5_000;
const pastEach = 4;

/** Somebody opened the Home tab: it is drawn anew for them, in their language, as far as each thing can be read. */
export async function publishHome(given: Handling, user: string, team: string): Promise<void> {
  const locale = await localeFor(given, user);
  const rejected = await given.directory.rejects(humanOf(team, user));
  const view: Home = rejected ? homeRefused(rejected, locale) : homeView(await read(given, user), locale);
  await given.client.views.publish({ user_id: user, view: asHomeView(view) });
}

async function read(given: Handling, user: string): Promise<HomeGiven> {
  const all = Object.values(given.settings.environments);
  const { seen, readable } = await visible(given, user, all);
  const names = new Set(seen.map(({ name }) => name));
  const [environments, open, past] = await Promise.all([
    Promise.all(seen.map(async (one) => ({ ...(await patiently(given, one)), channel: one.channels.incident }))),
    within(openOf(given, names), partWithinMs),
    within(pastOf(given, seen), partWithinMs),
  ]);
  const links = await linksTo(given, [...(open ?? []), ...(past ?? [])]);
  const withLinks = (states: readonly OperationState[]): readonly Linked[] =>
    states.map((state) => {
      const url = links.get(state.id);
      return { state, ...(url ? { url } : {}) };
    });
  return {
    environments,
    hidden: readable ? all.length - seen.length : 'unreadable',
    ...(open ? { open: withLinks(open) } : {}),
    ...(past ? { past: withLinks(past) } : {}),
    now: nowOf(given),
  };
}

/** Whoever is in an environment's incident or audit channel may see it, and whoever may approve there. */
async function visible({ directory, settings }: Handling, user: string, all: readonly Environment[]) {
  const channels = await directory.channelsOf(user);
  if (settings.people.approvers.users.includes(user)) return { seen: all, readable: true };
  const seen = all.filter((one) =>
    [one.channels.incident, one.channels.audit].some((channel) => channel && channels?.has(channel)),
  );
  return { seen, readable: channels !== undefined };
}

async function patiently(given: Handling, environment: Environment) {
  const health = await within(healthOf(given, environment), partWithinMs);
  const { name, objectives } = environment;
  return (
    health ?? {
      environment: name,
      rpoMinutes: objectives.rpoMinutes,
      newest: { error: { code: 'slack.health-slow', params: {} } },
    }
  );
}

const openOf = ({ requests }: Handling, names: ReadonlySet<string>) =>
  requests
    .open()
    .then((states) => states.filter(({ request }) => names.has(request?.environment ?? '')))
    .catch(() => undefined);

async function pastOf({ requests }: Handling, seen: readonly Environment[]) {
  try {
    const all = await Promise.all(seen.map(({ name }) => requests.past(name, pastEach)));
    return all.flat().sort((a, b) => ((a.closed?.at ?? '') < (b.closed?.at ?? '') ? 1 : -1));
  } catch {
    return undefined;
  }
}
