import { describe, expect, it } from 'vitest';
import type { Locale } from '../domain/people.ts';
import type { Plan } from '../domain/plan.ts';
import { situationOf } from '../slack/views/cards.fixture.ts';
import { closed, planned, requested, type Timed, told, vote } from '../slack/views/events.fixture.ts';
import { acceptedAll, found, toTheSwitch } from '../slack/views/night.fixture.ts';
import { after, amir, restorePlanOf, settings } from '../slack/views/plans.fixture.ts';
import type { Io, Session, Terminal } from './terminal.ts';
import { createWatch, exitOf } from './watch.ts';

/** What somebody reads who watches these events come in one by one. */
async function watched(events: readonly Timed[], locale: Locale, json = false): Promise<readonly string[]> {
  const said: string[] = [];
  let seconds = 0;
  const io = { out: (text: string) => said.push(text), live: () => {}, now: () => new Date(after(seconds)) };
  const terminal = { settings, requests: { plan: async (): Promise<Plan> => restorePlanOf() } };
  const session: Session = {
    terminal: terminal as unknown as Terminal,
    io: io as unknown as Io,
    locale,
    json,
  };
  const watch = createWatch(session);
  for (let n = 1; n <= events.length; n++) {
    seconds = events[n - 1]?.[0] ?? 0;
    await watch.see(told(events.slice(0, n)));
    // Looked at twice, told once.
    await watch.see(told(events.slice(0, n)));
  }
  return said;
}

const lines = (said: readonly string[]) => said.filter((text) => !text.startsWith('\n'));

describe('whoever watches an operation', () => {
  it.each(['en', 'zh-TW'] as const)('reads a line for each change, once, and the plan once (%s)', async (locale) => {
    const said = await watched(toTheSwitch(locale), locale);
    expect(lines(said)).toMatchSnapshot();
    expect(said.filter((text) => text.includes('aws rds restore-db-instance-from-db-snapshot'))).toHaveLength(1);
  });

  it('reads what was found while people may decide, and who decided', async () => {
    const said = await watched(acceptedAll('en'), 'en');
    expect(said.filter((text) => text.includes('--gate findings'))).toHaveLength(1);
    expect(lines(said).filter((text) => text.includes('approved'))).toHaveLength(4 + 1);
  });

  it('reads the way back', async () => {
    expect(lines(await watched(found('en'), 'en')).at(-1)).toMatch(/now: going back/);
  });

  it('reads how it ended, in the words of the card', async () => {
    const denied: readonly Timed[] = [requested('restore', 'en'), planned(20), vote(60, amir, 'deny', 'not needed')];
    const said = await watched([...denied, closed(61, 'denied', 'unchanged')], 'en');
    expect(said.at(-1)).toMatch(/Denied · restore of production[\s\S]*Nothing was touched/);
  });

  it('a program reads JSON documents and nothing else', async () => {
    const said = await watched(found('en'), 'en', true);
    const documents = said.map((text) => JSON.parse(text) as { type: string });
    expect(documents.every(({ type }) => typeof type === 'string')).toBe(true);
    expect(documents.filter(({ type }) => type === 'planned')).toHaveLength(1);
    expect(documents.some(({ type }) => type === 'step')).toBe(true);
  });
});

describe('the exit code', () => {
  it.each([
    ['succeeded', 0],
    ['expired', 3],
    ['approved and too late', 3],
    ['denied', 1],
    ['failed and back', 1],
    ['cancelled', 1],
    ['parked', 1],
  ])('of an operation that %s is %i', (name, code) => {
    expect(exitOf(situationOf(name, 'en').state)).toBe(code);
  });
});
