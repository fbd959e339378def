import { type Locale, slashOf } from '../../domain/people.ts';
import type { OperationState } from '../../domain/state.ts';
import { type Instant, secondsBetween } from '../../domain/time.ts';
import { homeTexts as texts } from '../../messages/home.ts';
import { describeError } from '../../messages/index.ts';
import { showAge, showClock, showDuration } from '../../messages/units.ts';
import { whatOf } from './approval.ts';
import { type Block, context, divider, type Home, header, home, section, sections } from './blocks.ts';
import { outcomeOf } from './history.ts';
import { channelMention, code, escaped } from './mrkdwn.ts';
import { type EnvironmentHealth, healthLine, linked, operationLine } from './status.ts';

/** An operation, and where its newest card can be opened. */
export interface Linked {
  readonly state: OperationState;
  readonly url?: string;
}

export interface HomeGiven {
  readonly environments: readonly (EnvironmentHealth & { readonly channel: string })[];
  /** How many environments the person may not see; `unreadable` when Slack doesn't say where they belong. */
  readonly hidden: number | 'unreadable';
  /** Absent where the ledger doesn't answer. */
  readonly open?: readonly Linked[];
  readonly past?: readonly Linked[];
  readonly now: Instant;
}

const pastShown = 8;
const openShown = 10;

/** The Home tab of one person: health, what is under way, what was, how to start. */
export function homeView(given: HomeGiven, locale: Locale): Home {
  const { environments, open, past, now } = given;
  if (environments.length === 0) return home('home', [...health(given, locale), context(texts.help(locale))]);
  return home('home', [
    header(texts.environments(locale)),
    ...health(given, locale),
    header(texts.running(locale)),
    ...operations(open, openShown, texts.nothingRunning(locale), (one) => openLine(one, now, locale), locale),
    header(texts.past(locale)),
    ...operations(past, pastShown, texts.nothingPast(locale), (one) => pastLine(one, now, locale), locale),
    divider,
    section(startLines(given, locale)),
    context(texts.asOf(locale, { at: showClock(now, 'UTC') })),
  ]);
}

/** Whoever may not use pitcrew at all is told why, and shown nothing. */
export function homeRefused(code: string, locale: Locale): Home {
  const { what, hint } = describeError(locale, { code, params: {} });
  return home('home', [section(`${escaped(what)}\n${escaped(hint)}`)]);
}

function health({ environments, hidden, now }: HomeGiven, locale: Locale): Block[] {
  const lines = environments.map((one) => healthLine(one, now, locale));
  const rest =
    hidden === 'unreadable'
      ? [context(texts.membershipUnreadable(locale))]
      : hidden > 0 && lines.length > 0
        ? [context(texts.hidden(locale, { count: hidden }))]
        : [];
  return [...(lines.length > 0 ? sections(lines) : [section(texts.noEnvironments(locale))]), ...rest];
}

function operations(
  all: readonly Linked[] | undefined,
  most: number,
  none: string,
  line: (one: Linked) => string,
  locale: Locale,
): Block[] {
  if (!all) return [section(`❔  ${texts.operationsUnreadable(locale)}`)];
  return all.length === 0 ? [section(none)] : sections(all.slice(0, most).map(line));
}

const openLine = ({ state, url }: Linked, now: Instant, locale: Locale) =>
  linked(operationLine(state, now, locale), url, locale);

function pastLine({ state, url }: Linked, now: Instant, locale: Locale): string {
  const { closed, request } = state;
  if (!closed || !request) return operationLine(state, now, locale);
  const parts = [
    outcomeOf(state, locale),
    escaped(whatOf({ state, locale })),
    showAge(closed.at, now, locale),
    showDuration(secondsBetween(request.at, closed.at), locale),
    code(state.id),
  ];
  return linked(parts.join(' · '), url, locale);
}

/** By example, for the first environment: what one types where. */
function startLines({ environments }: HomeGiven, locale: Locale): string {
  const [first] = environments;
  const said = {
    channel: channelMention(first?.channel ?? ''),
    command: code(`${slashOf(locale)} restore ${first?.environment ?? ''}`),
  };
  return `*${texts.start(locale)}*\n${texts.startLines(locale, said)}\n${texts.help(locale)}`;
}
