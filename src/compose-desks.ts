import { setTimeout as sleep } from 'node:timers/promises';
import { keepDesk } from './cli/keep-desk.ts';
import { takesWords, takeVote } from './cli/take-vote.ts';
import { sts } from './clients/sts.ts';
import type { Core } from './compose-core.ts';
import { every } from './compose-every.ts';
import type { Variables } from './config/environment.ts';
import { retryable } from './domain/errors.ts';
import type { Settings } from './domain/settings.ts';
import type { MarkerStore } from './ledger/store.ts';
import type { Log } from './observability/log.ts';
import { operationKinds } from './operations/registry.ts';
import { type Directory, Requests } from './requests/requests.ts';

const serveMs = 1_000;
/** A vote stands once it is written; waking a worker only makes things sooner. */
const wakeWithinMs = 3_000;

interface DeskGiven {
  readonly settings: Settings;
  readonly core: Core;
  readonly markers: MarkerStore;
  readonly variables: Variables;
  readonly log: Log;
  wake(operation: string): Promise<void>;
}

/** Takes the words of approvers at terminals, so that they can decide while Slack is down. */
export function startDesk({ settings, core, markers, variables, log, wake }: DeskGiven): { stop(): Promise<void> } {
  if (!takesWords(settings)) return { stop: async () => undefined };
  const requests = new Requests({
    ...core,
    settings,
    kinds: operationKinds,
    directory: directoryOf(settings),
    wake: (operation) => Promise.race([wake(operation), sleep(wakeWithinMs, undefined, { ref: false })]),
  });
  const desk = keepDesk({ store: core.store, markers }, terminalIdentity(settings, variables), (word, caller) =>
    takeVote({ settings, requests }, word, caller),
  );
  const stop = every(serveMs, true, desk.serve, (error) => log.warn({ error }, 'the desk could not be served'));
  return {
    async stop() {
      stop();
      await desk.close();
    },
  };
}

/** Who somebody at a terminal is, as AWS's STS says it. */
export function terminalIdentity({ ledger }: Settings, variables: Variables): ReturnType<typeof sts> {
  const endpoint = variables.AWS_ENDPOINT_URL_STS ?? variables.AWS_ENDPOINT_URL;
  return sts({ region: ledger.region, endpoint });
}

/** Without Slack: whom the config maps to a principal is known, and nobody is in a group that can't be read. */
export function directoryOf({ people }: Settings): Directory {
  return {
    rejects: async ({ slackUser }) =>
      Object.hasOwn(people.identities ?? {}, slackUser) ? undefined : 'person.unknown',
    groupMembers: async (group) => {
      throw retryable('slack.group-unreadable', { group });
    },
  };
}
