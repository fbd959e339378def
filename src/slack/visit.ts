import { setTimeout as sleep } from 'node:timers/promises';
import type { WebClient } from '@slack/web-api';
import type { ListedDump } from '../domain/dump.ts';
import { PitcrewError, recorded } from '../domain/errors.ts';
import type { LastGood, Sought } from '../domain/last-good.ts';
import type { Human, Language, Locale } from '../domain/people.ts';
import type { Report } from '../domain/report.ts';
import type { RestoreWindow, SnapshotPoint } from '../domain/restore.ts';
import { type Environment, type Settings, spokenIn } from '../domain/settings.ts';
import { type Instant, instant } from '../domain/time.ts';
import type { BackupSources } from '../requests/list-backups.ts';
import type { Requests } from '../requests/requests.ts';
import type { SlackLog } from './access.ts';
import type { SlackDirectory } from './directory.ts';
import type { Tell } from './privately.ts';
import type { Upload } from './upload.ts';
import { errorAnswer, errorLine } from './views/answers.ts';
import { asModalView, type Modal } from './views/blocks.ts';
import { errorModal, readingModal } from './views/modals.ts';

/** What handlers are given: the use cases, and little else. */
export interface Handling {
  readonly requests: Pick<
    Requests,
    'request' | 'vote' | 'state' | 'plan' | 'open' | 'past' | 'cancel' | 'retry' | 'supersede'
  >;
  readonly settings: Settings;
  readonly directory: SlackDirectory;
  /** Newest first. @throws PitcrewError when RDS can't be asked */
  readonly listRecoveryPoints: (environment: Environment) => Promise<readonly SnapshotPoint[]>;
  readonly listAllRecoveryPoints: BackupSources['allRecoveryPoints'];
  /** What point-in-time recovery reaches, the current instance first. @throws PitcrewError when RDS can't be asked */
  readonly listWindows: (environment: Environment) => Promise<readonly RestoreWindow[]>;
  /** Newest first; undefined where the environment makes none. @throws PitcrewError when S3 can't be asked */
  readonly listDumps: (environment: Environment) => Promise<readonly ListedDump[] | undefined>;
  /** What is known of backups beyond that: the tier, when proven, whether the application fits. @throws PitcrewError */
  readonly listStandings: BackupSources['standings'];
  /** When the data was last good. @throws PitcrewError `find.*` and when the instance can't be told */
  readonly findLastGood: (sought: Sought) => Promise<LastGood>;
  /** Writes the report of an operation and keeps it. @throws PitcrewError `request.unknown-id`, `ledger.*` */
  readonly report: (operation: string, language: Language) => Promise<Report>;
  /** Shows files in a thread, by the client of the cards: it isn't waited for while a trigger lives. */
  readonly upload: Upload;
  /** Where the newest card of an operation stands; `undefined` while there is none. @throws when the ledger doesn't answer */
  readonly cardOf: (operation: string) => Promise<{ readonly channel: string; readonly ts: string } | undefined>;
  /** For what has to be done while a trigger lives. */
  readonly client: Pick<WebClient, 'chat' | 'views' | 'conversations'>;
  readonly log: SlackLog;
  readonly now: () => Date;
}

/** Somebody who typed or pressed something, as the signed payload names them. */
export interface Visit {
  readonly human: Human;
  readonly team: string;
  readonly channel: string;
  readonly locale: Locale;
  readonly now: Instant;
  readonly tell: Tell;
}

/** A trigger lives 3 s, so nobody's language is waited for longer than this. */
const languageWithinMs = 500;

/** In their own language as far as Slack tells it, with the workspace's name of the slash command. */
export async function localeFor({ directory, settings }: Handling, user: string): Promise<Locale> {
  const known = directory.locale(user).catch(() => undefined);
  return spokenIn(settings, await within(known, languageWithinMs));
}

export const nowOf = ({ now }: Pick<Handling, 'now'>): Instant => instant(now());

/** The result if it comes in time, else `undefined`; the call goes on. */
export async function within<T>(promise: Promise<T>, ms: number): Promise<T | undefined> {
  const ended = new AbortController();
  try {
    const late = sleep(ms, undefined, { signal: ended.signal }).catch(() => undefined);
    return await Promise.race([promise, late]);
  } finally {
    ended.abort();
  }
}

/** Does it, and tells the person what failed; what pitcrew did not foresee goes to the log with its cause. */
export async function guarded(
  { log }: Pick<Handling, 'log'>,
  { tell, locale, human }: Visit,
  what: string,
  act: () => Promise<void>,
): Promise<void> {
  try {
    await act();
  } catch (error) {
    const foreseen = error instanceof PitcrewError && error.kind === 'user';
    if (!foreseen) log.error('an interaction failed', { what, user: human.slackUser, error });
    await tell(errorAnswer(recorded(error), locale));
  }
}

/** Opens a modal. A trigger that is too old is told, so that the person can try again. */
export async function openModal({ client }: Handling, triggerId: string, view: Modal): Promise<string> {
  try {
    const opened = await client.views.open({ trigger_id: triggerId, view: asModalView(view) });
    return opened.view?.id ?? '';
  } catch (error) {
    throw new PitcrewError('slack.too-slow', 'user', {}, error);
  }
}

/**
 * A dialog that takes longer to read than a trigger lives: it opens at once, and shows what was read, or why nothing could be.
 * @throws whatever `read` does
 */
export async function openOnceRead(
  given: Handling,
  { locale }: Visit,
  triggerId: string,
  read: () => Promise<Modal>,
): Promise<void> {
  const viewId = await openModal(given, triggerId, readingModal(locale));
  const show = (view: Modal) => given.client.views.update({ view_id: viewId, view: asModalView(view) });
  try {
    await show(await read());
  } catch (error) {
    await show(errorModal(errorLine(recorded(error), locale), locale)).catch(() => undefined);
    throw error;
  }
}

/** An environment by a name that came from outside; `undefined` when the config has none of that name. */
export function environmentNamed(
  { settings }: Pick<Handling, 'settings'>,
  name: string | undefined,
): Environment | undefined {
  return name !== undefined && Object.hasOwn(settings.environments, name) ? settings.environments[name] : undefined;
}
