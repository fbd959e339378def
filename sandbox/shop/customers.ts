// The shop's customers: they order at a steady pace, whether the shop answers or not, and note what they saw.
// usage: node customers.ts --url http://127.0.0.1:PORT --file attempts.jsonl [--per-second 10]
import { request } from 'node:http';
import { parseArgs } from 'node:util';
import { type Attempt, noteAttempt } from './attempts.ts';

const TIMEOUT_MS = 2000;

const { values } = parseArgs({
  options: {
    url: { type: 'string' },
    file: { type: 'string' },
    'per-second': { type: 'string', default: '10' },
  },
});
const { url, file } = values;
const perSecond = Number(values['per-second']);
if (!url || !file || !(perSecond > 0)) throw new Error('usage: customers.ts --url URL --file FILE [--per-second N]');

function order(shop: string): Promise<Attempt> {
  const started = performance.now();
  const seen = (outcome: Pick<Attempt, 'ok' | 'id' | 'error'>): Attempt => ({
    at: new Date().toISOString(),
    tookMs: Math.round(performance.now() - started),
    ...outcome,
  });
  return new Promise((resolve) => {
    const fail = (error: string) => resolve(seen({ ok: false, error }));
    // a connection of its own for every order: one that is kept would stick to one pod
    const attempt = request(new URL('/orders', shop), { method: 'POST', agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('error', ({ message }) => fail(message));
      response.on('end', () => {
        if (response.statusCode === 201) resolve(seen({ ok: true, id: (JSON.parse(text) as { id: number }).id }));
        else fail(String(response.statusCode));
      });
    });
    const giveUp = setTimeout(() => attempt.destroy(new Error('timeout')), TIMEOUT_MS);
    attempt.on('error', ({ message }) => fail(message));
    attempt.on('close', () => clearTimeout(giveUp));
    attempt.end();
  });
}

const pace = setInterval(async () => noteAttempt(file, await order(url)), 1000 / perSecond);
process.once('SIGTERM', () => {
  clearInterval(pace);
  setTimeout(() => process.exit(0), TIMEOUT_MS + 100).unref();
});
