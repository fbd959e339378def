import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { by, cancel, planned, refused, requested, vote } from '../../test/drafts.ts';
import type { Draft, OperationEvent } from '../domain/events.ts';
import { locales } from '../domain/people.ts';
import { type Chronicle, emptyOperation, fold, type Sealed } from '../domain/state.ts';
import { chronicled } from '../slack/views/events.fixture.ts';
import { restorePlanOf } from '../slack/views/plans.fixture.ts';
import { reportedOf, stories } from './report.fixture.ts';
import { writeDocument, writeReport } from './report.ts';
import { timelineOf } from './timeline.ts';

const textOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const story = (name: string, locale: 'en' | 'zh-TW' = 'en') => {
  const told = stories[name];
  if (!told) throw new Error(`there is no story "${name}"`);
  return reportedOf(chronicled(told(locale)), locale);
};
const sizeOf = (png: Uint8Array) => {
  const view = new DataView(png.buffer, png.byteOffset);
  return { signature: textOf(png.slice(1, 4)), width: view.getUint32(16), height: view.getUint32(20) };
};

describe('a report', () => {
  it.each(locales)('has who, what, when and the witness, in %s', (locale) => {
    const reported = story('succeeded', locale);
    const { markdown, summary } = writeReport(reported);
    const text = textOf(markdown);
    expect(text).toContain(reported.state.head?.sha256);
    expect(text).toContain(reported.state.plan?.digest);
    for (const who of ['U0ROSA', 'U0AMIR', 'U0WEI']) expect(text).toContain(who);
    for (const { step } of reported.state.steps) expect(text, step).not.toContain(`| ${step} |`);
    expect(text).toContain(summary);
    expect(text).toMatch(locale === 'en' ? /## The checklist[\s\S]*fail/ : /## 檢查清單[\s\S]*不通過/);
    expect(text).toMatch(locale === 'en' ? /## Post-mortem/ : /## 事後檢討/);
  });

  it('of one that failed says what failed, what was taken back and how often it was tried', () => {
    const text = textOf(writeReport(story('failed and back')).markdown);
    expect(text).toMatch(/Judge what the verification found: .*\(`restore\.verification-failed`\)/);
    expect(text).toMatch(/taken back: Stop the application \| .* \| 1 time \| 1 \|/);
    expect(text).toContain('taken back: Note how the application runs');
  });

  it('is the same bytes for the same chain', () => {
    const hash = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
    const [first, again] = [writeReport(story('succeeded')), writeReport(story('succeeded'))];
    expect(hash(again.markdown)).toBe(hash(first.markdown));
    expect(hash(again.picture)).toBe(hash(first.picture));
  });

  it('has a picture that Slack shows whole', () => {
    expect(sizeOf(writeReport(story('succeeded')).picture)).toEqual({ signature: 'PNG', width: 1600, height: 900 });
  });

  it('lets nothing that was typed become a table, a heading or a link', () => {
    const typed = '| a | b |\n# heading [x](http://evil.example) `code` <b> ' + '*bold*';
    const reported = story('succeeded');
    const { request } = reported.state;
    if (!request) throw new Error('the story has a request');
    const state = { ...reported.state, request: { ...request, reason: typed } };
    const text = textOf(writeReport({ ...reported, state }).markdown);
    expect(text).not.toMatch(/^# heading|\[x\]\(http|<b>/m);
    expect(text).toContain('\\| a \\| b \\| \\# heading \\[x\\](http://evil.example) \\`code\\` \\<b\\> \\*bold\\*');
  });
});

describe('the timeline', () => {
  it('is down from the order to stop until the first session, or until it ran again as before', () => {
    const at = (name: string) => timelineOf(story(name))?.down;
    expect(at('succeeded')).toEqual({ from: '2026-11-20T03:16:28.000Z', to: '2026-11-20T03:28:12.000Z' });
    expect(at('failed and back')?.to).toBe('2026-11-20T03:27:20.000Z');
  });

  it('counts every begin and every failed try, and leaves out what had no effect', () => {
    const { stretches = [] } = timelineOf(story('failed and back')) ?? {};
    const undone = stretches.find(({ step, direction }) => step === 'stop-application' && direction === 'undo');
    expect(undone).toMatchObject({ tries: 1, failedAt: ['2026-11-20T03:26:51.000Z'] });
    expect(stretches.find(({ step }) => step === 'judge-verification')?.to).toBeUndefined();
  });
});

const secret = 'hunter2-never-shown';
const steps = [
  'prove-stopped',
  'verify-database',
  'measure-loss',
  'hand-over',
  'await-instance',
  'rescue-snapshot',
  'x',
];
/** What a step may have returned in a release that isn't this one. */
const output = fc.dictionary(
  fc.constantFrom('tables', 'report', 'notes', 'at', 'taken', 'snapshotId', 'keptInstance', 'password'),
  fc.oneof(fc.constant(secret), fc.integer(), fc.constant(null), fc.boolean(), fc.constant([]), fc.constant([{}])),
);
const direction = fc.constantFrom('do' as const, 'undo' as const);
const error = { code: 'restore.not-up', kind: 'permanent' as const, params: {} };
const anyEvent: fc.Arbitrary<Draft> = fc.oneof(
  fc.constantFrom<Draft>(requested(), planned(), vote('ann'), vote('ben'), vote('rita'), cancel, refused),
  fc
    .record({ step: fc.constantFrom(...steps), direction })
    .map((data): Draft => ({ type: 'intent', ...by('w', 1), data })),
  fc
    .record({ step: fc.constantFrom(...steps), direction, output })
    .map((data): Draft => ({ type: 'done', ...by('w', 1), data: data as never })),
  fc
    .record({ step: fc.constantFrom(...steps), direction })
    .map((data): Draft => ({ type: 'failed', ...by('w', 1), data: { ...data, error, attempt: 1 } })),
  fc.constantFrom<Draft>(
    { type: 'turned-back', ...by('w', 1), data: { step: 'x', error } },
    { type: 'parked', ...by('w', 1), data: { error } },
    { type: 'closed', ...by('w', 1), data: { outcome: 'failed', service: 'stopped', error } },
  ),
);

/** Folded as the ledger would: what breaks a rule is void, and in the chain all the same. */
function chainOf(drafts: readonly Draft[]): Chronicle {
  let state = emptyOperation('op-0123456789ab');
  const events: Sealed<OperationEvent>[] = drafts.map((draft, seq) => {
    const at = new Date(Date.parse('2026-11-20T03:00:00Z') + seq * 7000).toISOString();
    const event = { ...draft, v: 1, seq, nonce: `n${seq}` } as OperationEvent;
    const sealed = { event, at, sha256: String(seq).padStart(64, '0') };
    state = fold(state, sealed);
    return sealed;
  });
  return { state, events };
}

const anyChain = fc.oneof(
  fc.array(anyEvent, { maxLength: 25 }).map((rest) => [requested(), planned(), vote('ann'), vote('ben'), ...rest]),
  fc.array(anyEvent, { minLength: 1, maxLength: 8 }),
);

it('whatever is in a chain there is a report of it, and what a step returned is shown only by name', () => {
  fc.assert(
    fc.property(anyChain, fc.constantFrom(...locales), (drafts, locale) => {
      const reported = reportedOf(chainOf(drafts), locale);
      const text = textOf(writeDocument({ ...reported, plan: restorePlanOf() }).markdown);
      expect(text).toMatch(/^# /);
      // The name of a snapshot and of an instance that is kept.
      const rest = text.replaceAll(/(snapshot|instance) `hunter2-never-shown`/g, '');
      expect(rest).not.toContain(secret);
    }),
    { numRuns: 400 },
  );
});

it('whatever is in a chain there is a picture of it', () => {
  fc.assert(
    fc.property(anyChain, fc.constantFrom(...locales), (drafts, locale) => {
      const { picture } = writeReport(reportedOf(chainOf(drafts), locale));
      expect(sizeOf(picture)).toMatchObject({ width: 1600, height: 900 });
    }),
    { numRuns: 8 },
  );
});
