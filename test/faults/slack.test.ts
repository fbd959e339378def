import { WebClient } from '@slack/web-api';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { closed, incidentChannel, planned } from '../../sandbox/incident.ts';
import type { LedgerEvent } from '../../sandbox/ledger.ts';
import { allMessages, type Message, snapshot } from '../../sandbox/slack/control.ts';
import { sandboxWorkspace } from '../../sandbox/slack/workspace.ts';
import type { Call } from '../slack-front.ts';
import { eventually, openStage, type Stage } from '../stage.ts';

const { business, audit } = sandboxWorkspace.channels;
const { rosa } = sandboxWorkspace.users;

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
  await stage.snapshot();
  await stage.worker();
});
afterEach(() => {
  stage.front.fault = () => undefined;
});
afterAll(() => stage?.close());

const slack = () => {
  if (!stage.world.slack) throw new Error('no Slack');
  return stage.world.slack;
};

/** Everything of an operation in a channel that is no reply and no private word. */
async function cards(operation: string, channel = incidentChannel): Promise<readonly Message[]> {
  const all = await allMessages(slack(), channel);
  return all.filter(
    (one) => one.subtype !== 'ephemeral' && !one.thread_ts && JSON.stringify(one.blocks ?? []).includes(operation),
  );
}
const reads = (wanted: RegExp) => (message: Message) => wanted.test(JSON.stringify(message.blocks));

async function approvedRestore(): Promise<string> {
  const { incident } = stage;
  const operation = await incident.restore('rosa', { reason: 'a drill' });
  await incident.until(operation, planned);
  await incident.approve('amir', operation);
  await incident.approve('wei', operation);
  return operation;
}

const intended = (step: string) => (chain: readonly LedgerEvent[]) =>
  chain.find(({ type, data }) => type === 'intent' && data.step === step);

const posts = ({ method }: Call) => method === 'chat.postMessage';
const operationOf = ({ body }: Call) => {
  const metadata =
    typeof body.metadata === 'string' ? (JSON.parse(body.metadata) as Record<string, unknown>) : body.metadata;
  return (metadata as { event_payload?: { operation?: string; surface?: string } } | undefined)?.event_payload;
};

/** What stands at the end of a restore that succeeded, each once. */
async function expectWholeStory(operation: string): Promise<void> {
  await eventually('the result card stands', async () => (await cards(operation)).some(reads(/Restored · /)), 90);
  await eventually(
    'the progress card is finished',
    async () => (await cards(operation)).some(reads(/Finished · /)),
    60,
  );
  await eventually(
    'stakeholders read that it is back',
    async () => (await cards(operation, business.id)).some(reads(/is back, since/)),
    60,
  );
  await eventually(
    'the auditor has the last line',
    async () => (await cards(operation, audit.id)).some(reads(/closed, succeeded/)),
    60,
  );
  const standing = await cards(operation);
  for (const card of [/Approved · |Approval needed/, /Finished · |Under way/, /Restored · /])
    expect(standing.filter(reads(card)), String(card)).toHaveLength(1);
}

describe('Slack in trouble, the restore unaffected', () => {
  it('F25: every post is cut once after Slack took it: each card stands once', async () => {
    const lost = new Set<string>();
    stage.front.fault = (call) => {
      const of = posts(call) ? operationOf(call) : undefined;
      const name = `${of?.operation} ${of?.surface}`;
      if (!of || lost.has(name)) return undefined;
      lost.add(name);
      return { kind: 'lost' };
    };
    const operation = await approvedRestore();
    expect(await stage.incident.until(operation, closed)).toMatchObject({ outcome: 'succeeded' });
    await expectWholeStory(operation);
    expect(lost.size).toBeGreaterThan(8);
  });

  it('F26: an hour of Slack failing, compressed: the restore takes no longer, cards catch up, few calls are wasted', async () => {
    const operation = await approvedRestore();
    await stage.incident.until(operation, intended('stop-application'));
    let failing = 0;
    const kinds = [
      { kind: 'status', status: 503 },
      { kind: 'status', status: 429, retryAfterSeconds: 2 },
      { kind: 'cut' },
      { kind: 'error', error: 'service_unavailable' },
    ] as const;
    stage.front.fault = () => kinds[failing++ % kinds.length];
    const from = performance.now();
    expect(await stage.incident.until(operation, closed)).toMatchObject({
      outcome: 'succeeded',
      service: 'new-database',
    });
    const seconds = (performance.now() - from) / 1000;
    expect((await cards(operation)).some(reads(/Restored · /))).toBe(false);
    console.log(`Slack failed for ${seconds.toFixed(1)} s, ${failing} calls meanwhile`);
    // Two calls a second at most, and fewer the longer it lasts: every try waits longer than the one before.
    expect(failing).toBeLessThan(seconds * 2 + 20);
    stage.front.fault = () => undefined;
    await expectWholeStory(operation);
  });

  it('F26: Slack allows no edit for half a minute: dialogs open at once all the same', async () => {
    stage.front.fault = ({ method }) =>
      ['chat.update', 'chat.postMessage'].includes(method)
        ? { kind: 'status', status: 429, retryAfterSeconds: 30 }
        : undefined;
    const person = stage.incident.person('rosa');
    await person.slash('/backup snapshot production', incidentChannel);
    const from = performance.now();
    await person.slash('/backup restore production', incidentChannel);
    await person.waitForView('restore', 3);
    expect(performance.now() - from).toBeLessThan(2000);
    await person.dismiss();
    const limited = stage.front.calls.filter(({ method, atMs }) => method === 'chat.update' && atMs > from);
    expect(limited.length).toBeLessThanOrEqual(2);
  });

  it('F27: a card that somebody deletes is posted anew and goes on', async () => {
    const operation = await approvedRestore();
    await stage.incident.until(operation, intended('await-instance'));
    let gone = '';
    await eventually('the progress card stands', async () => {
      gone = (await cards(operation)).find(reads(/Under way/))?.ts ?? '';
      return gone !== '';
    });
    const client = new WebClient(slack().botToken, { slackApiUrl: slack().apiUrl });
    await client.chat.delete({ channel: incidentChannel, ts: gone });
    expect(await stage.incident.until(operation, closed)).toMatchObject({ outcome: 'succeeded' });
    await expectWholeStory(operation);
    expect((await cards(operation)).some(({ ts }) => ts === gone)).toBe(false);
  });

  it.each(['is_archived', 'not_in_channel'])(
    'F27: the incident channel answers %s in mid-restore: the cards go on in another channel and say so',
    async (error) => {
      const operation = await approvedRestore();
      await stage.incident.until(operation, intended('await-instance'));
      stage.front.fault = ({ body }) => (body.channel === incidentChannel ? { kind: 'error', error } : undefined);
      expect(await stage.incident.until(operation, closed)).toMatchObject({ outcome: 'succeeded' });
      await eventually(
        'the result card stands in the audit channel',
        async () => (await cards(operation, audit.id)).some(reads(/Restored · /)),
        90,
      );
      const elsewhere = (await cards(operation, audit.id)).filter(reads(/Restored · /));
      expect(elsewhere).toHaveLength(1);
      expect(JSON.stringify(elsewhere)).toContain(`This belongs into <#${incidentChannel}>`);
      await eventually(
        'the progress card goes on there too',
        async () => (await cards(operation, audit.id)).filter(reads(/Finished · /)).length === 1,
        60,
      );
    },
  );

  it('F27: no channel of the config can be written to: the person who asked is told, alone and once', async () => {
    stage.front.fault = ({ body }) =>
      String(body.channel ?? '').startsWith('C0') ? { kind: 'error', error: 'not_in_channel' } : undefined;
    const { incident } = stage;
    const operation = await incident.restore('rosa', { reason: 'a drill' });
    await incident.until(operation, planned);
    const direct = async () => {
      const { messages } = await snapshot(slack());
      return Object.entries(messages)
        .filter(([channel]) => channel.startsWith('D'))
        .flatMap(([, all]) => all)
        .filter((one) => JSON.stringify(one.blocks ?? []).includes(operation));
    };
    await eventually(
      'the approval card stands in a direct message',
      async () => (await direct()).some(reads(/Approval needed/)),
      60,
    );
    expect((await direct()).filter(reads(/Approval needed/))).toHaveLength(1);
    expect(JSON.stringify(await direct())).toContain(`This belongs into <#${incidentChannel}>`);
    // Whoever may decide decides all the same, once the channel is back; here the person who asked takes it back.
    const [card] = (await direct()).filter(reads(/Approval needed/));
    const person = incident.person('rosa');
    expect(person.userId).toBe(rosa.id);
    await person.click({ channel: card?.channel ?? '', ts: card?.ts ?? '' }, 'deny');
    await person.waitForView('deny');
    await person.submit({ reason: 'the channel is gone' });
    expect(await incident.until(operation, closed)).toMatchObject({ outcome: 'denied' });
  });
});
