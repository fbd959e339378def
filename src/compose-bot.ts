import type { Composition } from './compose.ts';
import type { Core } from './compose-core.ts';
import type { Operations } from './compose-operations.ts';
import type { SlackAccess } from './config/environment.ts';
import { bug, permanent } from './domain/errors.ts';
import { createNotifier, defaultPaces } from './notify/notifier.ts';
import { operationKinds } from './operations/registry.ts';
import { listen } from './queue/changes.ts';
import type { OperationsQueue } from './queue/operations-queue.ts';
import type { connect } from './queue/redis.ts';
import { sharedEdits } from './queue/shared-edits.ts';
import { Requests } from './requests/requests.ts';
import { interactionClient, notificationClient, type SlackLog } from './slack/access.ts';
import { createSlackApp } from './slack/app.ts';
import { createDirectory } from './slack/directory.ts';
import { createSlackTransport } from './slack/transport.ts';
import { uploads } from './slack/upload.ts';
import { render } from './slack/views/render.ts';

interface BotParts {
  readonly composition: Composition & { readonly environment: { readonly slack?: SlackAccess } };
  readonly core: Core;
  readonly queue: OperationsQueue;
  readonly operations: Operations;
  readonly commands: ReturnType<typeof connect>;
  /** A connection that does nothing but listen for changes. */
  readonly listening: ReturnType<typeof connect>;
}

/** The bot: hears Slack, calls the use cases, keeps the cards. */
export async function composeBot(parts: BotParts): Promise<{ stop(): Promise<void> }> {
  const { composition, core, queue, operations, listening, commands } = parts;
  const { settings, environment } = composition;
  const access = environment.slack;
  if (!access) throw bug('config.no-slack');
  const log = slackLog(composition.log);
  const cards = notificationClient(access);
  const notifier = createNotifier({
    ...core,
    transport: createSlackTransport({ client: cards }),
    render,
    settings,
    log,
    sharedEdits: sharedEdits(commands, { perMinute: defaultPaces.editsPerMinute, burst: defaultPaces.editBurst }),
  });
  // Who somebody is decides a click, so it is asked with the patience of a click.
  const directory = createDirectory({ client: interactionClient(access), log });
  const requests = new Requests({
    ...core,
    settings,
    kinds: operationKinds,
    directory,
    // Nobody waits for the queue before they are told: what is recorded is done all the same, this only makes it sooner.
    async wake(operation) {
      notifier.update(operation);
      queue.wake(operation).catch((error: unknown) => log.warn('no worker could be woken', { operation, error }));
    },
  });
  const app = createSlackApp({
    access,
    requests,
    settings,
    directory,
    cardOf: (operation) => notifier.cardOf(operation),
    listRecoveryPoints: (of) => operations.recoveryPoints(of),
    listAllRecoveryPoints: (of) => operations.allRecoveryPoints(of),
    listWindows: (of) => operations.windows(of),
    listDumps: (of) => operations.dumps(of),
    listStandings: (of, backups) => operations.standings(of, backups),
    // It draws a picture: nothing else should wait for what that needs.
    report: async (operation, language) =>
      (await import('./compose-report.ts')).composeReports(core, settings)(operation, language),
    upload: uploads(cards),
    findLastGood: (sought) => operations.findLastGood(sought),
    log,
  });
  await listen(listening, ({ operation, waiting }) => notifier.update(operation, waiting));
  await app.start().catch((error: unknown) => {
    throw permanent('slack.start-failed', { error: slackWord(error) }, error);
  });
  return {
    async stop() {
      await app.stop();
      await notifier.close();
    },
  };
}

/** Slack's own word for what is wrong (`invalid_auth`), or the name of the error. */
function slackWord(error: unknown): string {
  const { data, name } = error as { data?: { error?: string }; name?: string };
  return data?.error ?? name ?? 'unknown';
}

/** The Slack side says the message first. */
function slackLog(log: Composition['log']): SlackLog {
  return {
    info: (message, fields = {}) => log.info(fields, message),
    warn: (message, fields = {}) => log.warn(fields, message),
    error: (message, fields = {}) => log.error(fields, message),
  };
}
