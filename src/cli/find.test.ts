import { expect, it } from 'vitest';
import type { Sought } from '../domain/last-good.ts';
import { lastGoodOf, unknownOf } from '../slack/views/find.fixture.ts';
import { production, settings } from '../slack/views/plans.fixture.ts';
import { perform } from './perform.ts';
import { readOrder } from './read-order.ts';
import type { Session, Terminal } from './terminal.ts';

/** What a terminal prints for a command line, and what was looked for. */
async function typed(line: readonly string[], found = lastGoodOf('production')) {
  const said: string[] = [];
  const sought: Sought[] = [];
  const read = readOrder(line, { LANG: 'en' });
  if (read?.kind !== 'order') throw new Error(JSON.stringify(read));
  const terminal = {
    settings,
    requests: { environment: () => production },
    async findLastGood(asked: Sought) {
      sought.push(asked);
      return found;
    },
  } as unknown as Terminal;
  const io = {
    out: (text: string) => void said.push(text),
    err: (text: string) => void said.push(text),
    live: () => {},
    now: () => new Date('2026-11-20T02:54:00Z'),
  } as unknown as Session['io'];
  const code = await perform({ terminal, io, locale: read.locale, json: read.json }, read.order);
  return { code, said: said.join('\n'), sought };
}

it('looks a day back unless it is told since when, and prints the moments with how sure they are', async () => {
  const { code, said, sought } = await typed(['find', 'production', '--table', 'orders', '--where', 'total = 0']);
  expect(code).toBe(0);
  expect(sought).toMatchObject([{ since: '2026-11-19T02:54:00.000Z', bad: { table: 'orders', where: 'total = 0' } }]);
  expect(said).toMatch(/proven · 2026-11-20 02:40:15\.204 UTC/);
  const since = await typed(['find', 'production', '--since', '2 hours ago', '--json']);
  expect(since.sought).toMatchObject([{ since: '2026-11-20T00:54:00.000Z', bad: null }]);
  expect(JSON.parse(since.said)).toMatchObject({ candidates: [{ sureness: 'proven' }, {}, {}, {}, {}] });
});

it('“unknown” is an answer', async () => {
  const { code, said } = await typed(['find', 'production'], unknownOf('production'));
  expect(code).toBe(0);
  expect(said).toContain('Unknown: nothing that pitcrew can read says when.');
  expect(said).toContain('pitcrew find production --table orders');
});

it('a table without a condition, and what is no table, are refused before anything is looked for', async () => {
  for (const line of [
    ['find', 'production', '--table', 'orders'],
    ['find', 'production', '--table', 'orders; drop', '--where', 'true'],
  ]) {
    const { code, said, sought } = await typed(line);
    expect([code, sought]).toEqual([1, []]);
    expect(said).toMatch(/find\.(table-and-where|bad-table)/);
  }
});
