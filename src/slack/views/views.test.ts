import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Locale, locales } from '../../domain/people.ts';
import type { SnapshotPoint } from '../../domain/restore.ts';
import { errors, findings, waits } from '../../messages/index.ts';
import { errorAnswer } from './answers.ts';
import { limits, message, section } from './blocks.ts';
import { situationOf, stories } from './cards.fixture.ts';
import { gallery } from './gallery.fixture.ts';
import { faultsOfMessage, faultsOfModal } from './limits.fixture.ts';
import { listView } from './list.ts';
import {
  chooseEnvironmentModal,
  confirmRestoreModal,
  denyModal,
  errorModal,
  loadingModal,
  restoreModal,
  snapshotModal,
} from './modals.ts';
import { cut, escaped, roomy } from './mrkdwn.ts';
import { digest, after as later, points, production, restorePlanOf, windows } from './plans.fixture.ts';
import { type Card, render } from './render.ts';
import type { Situation } from './situation.ts';
import { whereItStands } from './where-it-stands.ts';

const cards: readonly Card[] = [
  { kind: 'approval', digest },
  { kind: 'approval', digest: 'f'.repeat(64), cardPlan: restorePlanOf() },
  { kind: 'commands' },
  { kind: 'settings' },
  { kind: 'refused' },
  { kind: 'findings' },
  { kind: 'cut-over' },
  { kind: 'progress' },
  { kind: 'outcome' },
  ...(['requested', 'approved', 'denied', 'started', 'findings-accepted', 'findings-denied'] as const).map(
    (event) => ({ kind: 'audit', event }) as const,
  ),
  ...(['published', 'turned-back', 'parked', 'closed'] as const).map((event) => ({ kind: 'audit', event }) as const),
  { kind: 'checks' },
  { kind: 'stakeholders' },
  { kind: 'stakeholders-reply', milestone: 'stopped' },
  { kind: 'stakeholders-reply', milestone: 'asked' },
  { kind: 'stakeholders-reply', milestone: 'verified' },
  { kind: 'stakeholders-reply', milestone: 'back' },
  { kind: 'stakeholders-reply', milestone: 'turned-back' },
  { kind: 'stakeholders-reply', milestone: 'ended' },
];

/** A message as one reads it: a line a text, so that a snapshot can be read aloud. */
function aloud({ text, blocks }: { readonly text: string; readonly blocks: readonly object[] }): string {
  const texts = (value: unknown): string[] => {
    if (typeof value === 'string' || typeof value !== 'object' || value === null) return [];
    const { text: own } = value as { text?: unknown };
    return [
      ...(typeof own === 'string' ? [own] : []),
      ...Object.values(value).flatMap((one) => (typeof one === 'object' ? texts(one) : [])),
    ];
  };
  return [`(${text})`, ...blocks.map((block) => texts(block).join('\n'))].join('\n\n');
}

describe.each(locales)('every message in %s', (locale) => {
  it.each(Object.entries(gallery(locale)))('%s stands as it was read and found good', async (name, shown) => {
    expect(faultsOfMessage(shown)).toEqual([]);
    await expect(aloud(shown)).toMatchFileSnapshot(`__snapshots__/${name.replaceAll(' ', '-')}.${locale}.txt`);
  });

  it.each(Object.keys(stories))('every card can be drawn when it is: %s', (name) => {
    const situation = situationOf(name, locale);
    for (const card of cards) expect(faultsOfMessage(render(card, situation)), card.kind).toEqual([]);
    expect(faultsOfMessage(whereItStands(situation))).toEqual([]);
  });

  it('says "restored" only of what was verified and proven to run, and never of what was accepted with findings', () => {
    const reached = [
      ...['succeeded', 'checked in depth', 'restore first succeeded', 'swapped with the dump beside'],
      ...['on an instance of its own from a dump', 'loaded over the live database'],
    ];
    for (const name of Object.keys(stories).filter((story) => ![...reached, 'parked'].includes(story))) {
      const situation = situationOf(name, locale);
      for (const kind of ['progress', 'outcome', 'stakeholders'] as const) {
        const shown = render({ kind }, situation);
        const own = aloud({ ...shown, blocks: shown.blocks.slice(0, 2) });
        expect(own, `${name}: ${kind}`).not.toMatch(/\bRestored\b|is restored|has been restored|Restore 成功/);
      }
    }
    for (const name of reached)
      expect(render({ kind: 'outcome' }, situationOf(name, locale)).text).toMatch(/^(Restored|Restore 成功) · /);
  });

  it('offers buttons only while there is something to decide', () => {
    const offers = Object.keys(stories).filter((name) =>
      JSON.stringify(render({ kind: 'approval', digest }, situationOf(name, locale)).blocks).includes('"approve"'),
    );
    expect(offers).toEqual([
      'rollback waits',
      'swap back waits',
      'cleanup waits',
      'rescue waits',
      'restore first waits for approval',
      'waiting for approval',
      'waiting for approval of a point in time',
      'waiting for approval of the latest moment',
      'approved by one',
    ]);
  });
});

it('a button carries a pointer to operation and plan, and nothing else', () => {
  const { blocks } = render({ kind: 'approval', digest }, situationOf('waiting for approval', 'en'));
  const values = blocks.flatMap((block) => (block.type === 'actions' ? block.elements.map(({ value }) => value) : []));
  expect(values).toEqual([`op-0123456789ab:${digest}`, `op-0123456789ab:${digest}`, 'op-0123456789ab']);
});

const wild = fc.oneof(
  fc.string({ maxLength: 80, unit: 'grapheme' }),
  fc.constantFrom(
    '<!here>',
    '<@U0ROSA>',
    '&amp;',
    '*bold* `code`',
    '```',
    '👩‍👩‍👧‍👦'.repeat(400),
    'é'.repeat(5000),
    '&<>'.repeat(2000),
    '',
  ),
);

describe('whatever is in a chain or a plan', () => {
  // Closed sets: whoever writes them checks them.
  const closed = new Set(['outcome', 'point']);
  /** Puts wild texts and numbers everywhere that a text or a number stands. */
  const wilder = (value: unknown, words: () => string, count: () => number, depth = 0): unknown => {
    if (typeof value === 'string') return /^\d{4}-\d\d-\d\dT/.test(value) || depth < 2 ? value : words();
    if (typeof value === 'number') return count();
    if (Array.isArray(value)) return value.concat(value).map((one) => wilder(one, words, count, depth + 1));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, one]) => [name, closed.has(name) ? one : wilder(one, words, count, depth + 1)]),
    );
  };

  it('gives blocks that Slack takes, with nothing from outside formatted or mentioned', () => {
    const many = fc.array(wild, { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.keys(stories)),
        fc.constantFrom<Locale>(...locales),
        many,
        fc.double({ noNaN: true }),
        (name, locale, texts, number) => {
          let at = 0;
          const words = () => texts[at++ % texts.length] ?? '';
          const plan = restorePlanOf();
          const wildPlan = {
            bound: { ...plan.bound, decided: wilder(plan.bound.decided, words, () => number, 1) },
            shown: wilder(plan.shown, words, () => number, 1),
          } as unknown as NonNullable<Situation['plan']>;
          const told = situationOf(name, locale, wildPlan);
          const request = told.state.request && { ...told.state.request, reason: words(), environment: words() };
          const steps = told.state.steps.map((step) => ({ ...step, output: wilder(step.output, words, () => number) }));
          const state = { ...told.state, ...(request ? { request } : {}), steps } as Situation['state'];
          for (const card of cards) expect(faultsOfMessage(render(card, { ...told, state }))).toEqual([]);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('an error with any parameters can be told', () => {
    const code = fc.constantFrom(...Object.keys({ ...errors, ...waits, ...findings }), 'none.such');
    fc.assert(
      fc.property(
        fc.constantFrom<Locale>(...locales),
        code,
        fc.dictionary(fc.string(), wild),
        (locale, one, params) => {
          expect(faultsOfMessage(errorAnswer({ code: one, params }, locale))).toEqual([]);
        },
      ),
    );
  });

  it('a list of any snapshots can be shown, and chosen from', () => {
    const point = fc.record({
      snapshotId: wild,
      type: wild,
      status: fc.constantFrom('available', 'creating'),
      engineVersion: wild,
    });
    fc.assert(
      fc.property(fc.constantFrom<Locale>(...locales), fc.array(point, { maxLength: 120 }), (locale, given) => {
        const all = given.map((one): SnapshotPoint => ({ ...points[0], ...one }) as SnapshotPoint);
        expect(
          faultsOfMessage(
            listView([{ environment: 'production', timeZone: 'UTC', windows, points: all }], later(0), locale),
          ),
        ).toEqual([]);
        const usable = [...all, ...points];
        const carried = { channel: 'C0INCPROD', environment: 'production' };
        expect(
          faultsOfModal(restoreModal({ ...carried, settings: production, points: usable, now: later(0) }, locale)),
        ).toEqual([]);
        const dumps = all.map(({ at }, n) => ({
          key: `database/${n}.dump`,
          sizeBytes: n * 1e7,
          at,
          manifest: 'there' as const,
        }));
        const typed = { from: 'database/production/typed.dump', mode: 'beside' as const };
        const withDumps = { ...carried, settings: production, points: usable, dumps, typed, now: later(0) };
        const offered = restoreModal(withDumps, locale);
        expect(faultsOfModal(offered)).toEqual([]);
        expect(JSON.stringify(offered)).toContain(typed.from);
      }),
      { numRuns: 60 },
    );
  });
});

it.each(locales)('every modal keeps to the limits: %s', (locale) => {
  const carried = { channel: 'C0INCPROD', environment: 'production' };
  const typed = {
    ...carried,
    from: 'x'.repeat(400),
    order: 'restore-first' as const,
    onFailure: 'return' as const,
    reason: 'ä'.repeat(500),
  };
  for (const view of [
    confirmRestoreModal(typed, locale),
    chooseEnvironmentModal(carried, ['production', 'staging'], locale),
    snapshotModal(carried, ['production'], locale),
    denyModal(`op-0123456789ab:${digest}`, 'C0INCPROD', locale),
    loadingModal(carried, locale),
    errorModal('No *snapshot*', locale),
  ])
    expect(faultsOfModal(view)).toEqual([]);
});

describe('cutting', () => {
  it('keeps within the length and cuts neither a character nor an escape nor a mention', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), fc.integer({ min: 8, max: 120 }), (text, most) => {
        const shown = cut(`${escaped(text)}<@U0ROSA>${escaped(text)}`, most);
        expect(shown.length).toBeLessThanOrEqual(most);
        expect(shown.isWellFormed()).toBe(true);
        expect(shown.replaceAll('<@U0ROSA>', '')).not.toMatch(/<|>|&(?!(?:amp|lt|gt);)/);
      }),
    );
  });

  it('closes code that it cuts', () => {
    expect(cut(`run \`${'a'.repeat(50)}\``, 20)).toBe('run `aaaaaaaaaaa…`');
  });

  it('never leaves the buttons out when blocks are too many', () => {
    const shown = render({ kind: 'approval', digest }, situationOf('waiting for approval', 'en'));
    const { blocks } = message('x', [...Array.from({ length: 80 }, () => section('x')), ...shown.blocks]);
    expect(blocks).toHaveLength(limits.blocksOfMessage);
    expect(blocks.at(-1)?.type).toBe('actions');
  });

  it('gives bold words room among Chinese, where Slack would else show the asterisks', () => {
    expect(roomy('遺失：*44 分鐘*；至少 *12 筆*。')).toBe('遺失： *44 分鐘* ；至少 *12 筆* 。');
    expect(roomy('code `a*b` 與 `c*d` 之後')).toBe('code `a*b` 與 `c*d` 之後');
  });
});
