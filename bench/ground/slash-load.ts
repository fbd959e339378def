// A process that types slash commands at a steady pace, as Slack sends them over HTTP, and says how it was answered. What it is
// to do stands in SLASH_LOAD; its findings are one JSON object on standard output.
import { createHmac } from 'node:crypto';
import { Agent, createServer, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';

export interface SlashLoad {
  /** Where Slack would send it. */
  readonly port: number;
  readonly signingSecret: string;
  readonly perSecond: number;
  readonly seconds: number;
  /** What is typed after `/backup`; `''` asks for nothing. */
  readonly typed: string;
  readonly user: string;
  readonly team: string;
  readonly channel: string;
  /** How long it is waited for what is said after the acknowledgements. */
  readonly patienceSeconds: number;
}

export interface SlashFindings {
  /** From sending a command to its acknowledgement. Milliseconds, in the order of sending. */
  readonly acksMs: readonly number[];
  /** What was answered other than 200, or not at all. */
  readonly failed: number;
  /** From "recording…" to "recorded", of every command for which both were said. */
  readonly recordedMs: readonly number[];
}

interface Said {
  recordingAt?: number;
  recordedAt?: number;
}

async function load(wanted: SlashLoad): Promise<SlashFindings> {
  const { perSecond, seconds, patienceSeconds, typed } = wanted;
  const said = new Map<string, Said>();
  const ears = createServer(async (incoming, response) => {
    const body = await text(incoming);
    response.end('ok');
    const one = said.get((incoming.url ?? '').slice(1));
    if (one && /"text":"Recording/.test(body)) one.recordingAt = performance.now();
    if (one && /"text":"Recorded/.test(body)) one.recordedAt = performance.now();
  });
  await new Promise<void>((resolve) => ears.listen(0, '127.0.0.1', resolve));
  const address = ears.address();
  const heardAt = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  const agent = new Agent({ keepAlive: true });
  const count = Math.round(perSecond * seconds);
  const acks: Promise<number | undefined>[] = [];
  const from = performance.now();
  for (let at = 0; at < count; at++) {
    const late = from + (at * 1000) / perSecond - performance.now();
    if (late > 0) await sleep(late);
    const id = `${process.pid}-${at}`;
    said.set(id, {});
    acks.push(type(agent, wanted, id, `${heardAt}/${id}`));
  }
  const acksMs = await Promise.all(acks);
  const expected = /^(snapshot|dump) /.test(typed) ? count : 0;
  const both = () => [...said.values()].flatMap(({ recordingAt: a, recordedAt: b }) => (a && b ? [b - a] : []));
  for (const end = performance.now() + patienceSeconds * 1000; performance.now() < end; await sleep(20))
    if (both().length >= expected) break;
  return {
    acksMs: acksMs.filter((ms) => ms !== undefined),
    failed: acksMs.filter((ms) => ms === undefined).length,
    recordedMs: both(),
  };
}

/** @returns undefined when it was not acknowledged */
function type(agent: Agent, to: SlashLoad, id: string, responseUrl: string): Promise<number | undefined> {
  const body = new URLSearchParams({
    ...{ command: '/backup', text: to.typed, user_id: to.user, user_name: 'somebody', team_id: to.team },
    ...{ channel_id: to.channel, channel_name: 'inc-production', api_app_id: 'A1', team_domain: 'sandbox' },
    ...{ trigger_id: `trigger.${id}`, response_url: responseUrl, token: 'unused' },
  }).toString();
  // docs.slack.dev, "Verifying requests from Slack"
  const at = String(Math.floor(Date.now() / 1000));
  const signature = `v0=${createHmac('sha256', to.signingSecret).update(`v0:${at}:${body}`).digest('hex')}`;
  const headers = {
    ...{ 'content-type': 'application/x-www-form-urlencoded', 'content-length': Buffer.byteLength(body) },
    ...{ 'x-slack-request-timestamp': at, 'x-slack-signature': signature },
  };
  const sentAt = performance.now();
  return new Promise((resolve) => {
    const options = { agent, headers, port: to.port, host: '127.0.0.1', path: '/slack/events', method: 'POST' };
    const asked = request(options, (response) => {
      const ms = performance.now() - sentAt;
      response.resume().once('end', () => resolve(response.statusCode === 200 ? ms : undefined));
    });
    asked.once('error', () => resolve(undefined));
    asked.end(body);
  });
}

if (process.env.SLASH_LOAD) {
  console.log(JSON.stringify(await load(JSON.parse(process.env.SLASH_LOAD) as SlashLoad)));
  process.exit(0);
}
