import { setTimeout as sleep } from 'node:timers/promises';
import { keepDesks } from './cli/keep-desks.ts';
import { takesWords, takeVote } from './cli/take-vote.ts';
import { sts } from './clients/sts.ts';
import type { Core } from './compose-core.ts';
import { every } from './compose-every.ts';
import type { Variables } from './config/environment.ts';
import { retryable } from './domain/errors.ts';
import type { Settings } from './domain/settings.ts';
import { operationChain } from './ledger/operations.ts';
import type { MarkerStore } from './ledger/store.ts';
import type { Log } from './observability/log.ts';
import { operationKinds } from './operations/registry.ts';
import { type Directory, Requests } from './requests/requests.ts';

/** How soon a gate that opened, or closed, is seen. */
const lookMs = 5_000;
const serveMs = 1_000;
/** A vote stands once it is written; waking a worker only makes things sooner. */
const wakeWithinMs = 3_000;

interface DesksGiven {
  readonly settings: Settings;
  readonly core: Core;
  readonly markers: MarkerStore;
  readonly variables: Variables;
  readonly log: Log;
  wake(operation: string): Promise<void>;
}

/** Takes the words of approvers at terminals, so that they can decide while Slack is down. */
export function startDesks({ settings, core, markers, variables, log, wake }: DesksGiven): { stop(): Promise<void> } {
  if (!takesWords(settings)) return { stop: async () => undefined };
  const requests = new Requests({
    ...core,
    settings,
    kinds: operationKinds,
    directory: directoryOf(settings),
    wake: (operation) => Promise.race([wake(operation), sleep(wakeWithinMs, undefined, { ref: false })]),
  });
  const desks = keepDesks({
    shelf: { store: core.store, markers },
    identity: terminalIdentity(settings, variables),
    operations: async () => (await core.markers.list()).map(({ operation }) => operation),
    state: (operation) => core.chains.load(operationChain, operation),
    take: (word, caller) => takeVote({ settings, requests }, word, caller),
    failed: (operation, error) => log.warn({ operation, error }, 'a desk could not be served'),
    now: () => new Date(),
  });
  const failed = (error: unknown) => log.warn({ error }, 'desks could not be looked after');
  const stops = [every(lookMs, true, desks.look, failed), every(serveMs, false, desks.serve, failed)];
  return {
    async stop() {
      for (const stop of stops) stop();
      await desks.close();
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
