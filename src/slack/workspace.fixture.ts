import { openHousehold } from '../../sandbox/household.ts';
import { allMessages, control, type Message } from '../../sandbox/slack/control.ts';
import { startSlack } from '../../sandbox/slack/local-slack.ts';
import { asPerson } from '../../sandbox/slack/person.ts';
import { sandboxWorkspace } from '../../sandbox/slack/workspace.ts';
import { MemoryStore } from '../../test/memory-store.ts';
import { openSlackFront } from '../../test/slack-front.ts';
import { composeReports } from '../compose-report.ts';
import { PitcrewError } from '../domain/errors.ts';
import type { Draft } from '../domain/events.ts';
import { usualCommand } from '../domain/people.ts';
import type { Plan } from '../domain/plan.ts';
import type { SnapshotPoint } from '../domain/restore.ts';
import { Secret } from '../domain/secret.ts';
import type { Settings } from '../domain/settings.ts';
import type { OperationState } from '../domain/state.ts';
import { Chains } from '../ledger/chain.ts';
import { OpenMarkers, OperationIndex } from '../ledger/markers.ts';
import { appendOperation, operationChain } from '../ledger/operations.ts';
import { Plans } from '../ledger/plans.ts';
import { createNotifier } from '../notify/notifier.ts';
import { operationKinds } from '../operations/registry.ts';
import { Requests } from '../requests/requests.ts';
import { interactionClient, notificationClient, type SlackAccess } from './access.ts';
import { createSlackApp } from './app.ts';
import { createDirectory } from './directory.ts';
import { createSlackTransport } from './transport.ts';
import { uploads } from './upload.ts';
import { lastGoodOf } from './views/find.fixture.ts';
import { points, production, windows } from './views/plans.fixture.ts';
import { render } from './views/render.ts';

/** A bot without a worker on a real local-slack, over a ledger in memory: what a worker would append, the test appends. */
export async function openWorkspace({
  environments = { production },
  command = usualCommand,
}: {
  environments?: Settings['environments'];
  /** What the workspace calls the slash command. */
  command?: string;
} = {}) {
  const household = openHousehold();
  const slack = await startSlack({
    household,
    workspace: { ...sandboxWorkspace, app: { ...sandboxWorkspace.app, commands: [command] } },
  });
  const front = await openSlackFront(slack);
  const access: SlackAccess = {
    botToken: new Secret(slack.botToken),
    connection: { kind: 'socket', appToken: new Secret(slack.appToken) },
    apiUrl: front.apiUrl,
  };
  const settings = {
    ledger: { bucket: 'b', region: 'r', prefix: '' },
    slack: { commands: command, incidentChannels: ['inc-*'], language: 'en' as const },
    people: { approvers: { users: ['U0AMIR', 'U0WEI', 'U0DANA'], groups: [] }, breakGlass: { users: [] } },
    environments,
  };
  const store = new MemoryStore();
  const chains = new Chains({ store });
  const plans = new Plans(store);
  const cards = new OpenMarkers(store.markers, 'cards');
  const logged: unknown[] = [];
  const keep = (message: string, fields?: object) => void logged.push({ message, ...fields });
  const log = { info: keep, warn: keep, error: keep };
  const transport = createSlackTransport({ client: notificationClient(access) });
  const notifier = createNotifier({
    chains,
    plans,
    cards,
    transport,
    render,
    settings,
    log,
    paces: { coalesceMs: 100, postEveryMs: 0, catchUpMs: 300, firstRetryMs: 100 },
  });
  const directory = createDirectory({ client: interactionClient(access), log });
  const rds: { answer: () => Promise<readonly SnapshotPoint[]> } = { answer: async () => points };
  const markers = new OpenMarkers(store.markers);
  const requests = new Requests({
    settings,
    kinds: operationKinds,
    chains,
    plans,
    markers,
    cards,
    index: new OperationIndex(store.markers),
    directory,
    wake: async (operation) => notifier.update(operation),
  });
  const index = new OperationIndex(store.markers);
  const app = createSlackApp({
    access,
    requests,
    settings,
    directory,
    cardOf: (operation) => notifier.cardOf(operation),
    listRecoveryPoints: () => rds.answer(),
    listAllRecoveryPoints: () => rds.answer(),
    listWindows: async () => windows,
    listDumps: async () => undefined,
    listStandings: async () => ({}),
    report: composeReports({ store, plans }, settings),
    upload: uploads(notificationClient(access)),
    findLastGood: async (sought) => lastGoodOf(sought.environment.name),
    log,
  });
  await app.start();
  return {
    slack,
    /** Through which everything that the bot says goes, held against Slack's limits. */
    front,
    household,
    store,
    access,
    transport,
    directory,
    rds,
    logged,
    /** Presses what no card has there: a forged button. */
    press: (
      { channel, ts }: { readonly channel: string; readonly ts: string },
      { user, action, value }: { readonly user: string; readonly action: string; readonly value: string },
    ) =>
      control(slack, 'interact', {
        channel,
        messageTs: ts,
        user,
        action: { type: 'button', action_id: action, block_id: 'x', value },
      }),
    person: (id: string) => asPerson(slack, id),
    /** The operations there are, in the order of their markers. */
    operations: async (): Promise<readonly OperationState[]> =>
      Promise.all((await markers.list()).map(({ operation }) => chains.load(operationChain, operation))),
    state: (operation: string) => chains.load(operationChain, operation),
    async append(operation: string, ...drafts: readonly Draft[]) {
      for (const draft of drafts) {
        const appended = await appendOperation(chains, operation, () => draft);
        if (appended.kind !== 'appended') throw new PitcrewError(appended.code, 'bug');
      }
      notifier.update(operation);
    },
    /** As a worker does once an operation is closed: it is among the past ones then. */
    async file(operation: string) {
      const { request, closed } = await chains.load(operationChain, operation);
      if (request && closed) await index.put(request.environment, closed.at, operation);
    },
    async plan(operation: string, plan: Plan) {
      const digest = await plans.put(plan);
      await this.append(operation, {
        type: 'planned',
        actor: 'worker',
        data: { digest, steps: plan.bound.steps.length },
      });
      return digest;
    },
    messages: (channel: string): Promise<readonly Message[]> => allMessages(slack, channel),
    async close() {
      await app.stop();
      await notifier.close();
      const bad = await front.badPayloads();
      await front.close();
      await household.close();
      if (bad.length > 0) throw new Error(`Slack would refuse or show broken:\n${bad.join('\n')}`);
    },
  };
}

export const textOf = ({ text = '', blocks = [] }: Message): string => `${text}\n${JSON.stringify(blocks)}`;
