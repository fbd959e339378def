import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inPlaceSteps } from '../domain/in-place.ts';
import { ownInstanceSteps } from '../domain/own-instance.ts';
import { locales } from '../domain/people.ts';
import { restoreSteps } from '../domain/restore.ts';
import { snapshotSteps } from '../domain/snapshot.ts';
import { checklistPoints } from '../domain/verification.ts';
import { commandNames, commandTexts } from './commands.ts';
import { describeError, describeFinding, describeWait, errors, findings, waits } from './index.ts';
import { checklistTexts } from './outcome.ts';
import { stepTitle, stepUndo } from './steps.ts';

const source = new URL('..', import.meta.url).pathname;
const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(
  (name) => name.endsWith('.ts') && !/\.(test|fixture)\.ts$/.test(name) && !name.startsWith('messages/'),
);
const read = (name: string) => readFileSync(join(source, name), 'utf8');

/** Codes as they are raised, as rules return them, and as directories and handlers name them. */
function codes(): readonly string[] {
  const raised = files.flatMap((name) => [
    ...read(name).matchAll(
      /(?:userError|permanent|retryable|bug|fault|new PitcrewError)\(\s*'([a-z]+(?:[.-][a-z]+)*\.[a-z-]+)'/g,
    ),
  ]);
  const rules = [...read('domain/rules.ts').matchAll(/'([a-z]+\.[a-z-]+)'/g)];
  const people = [...read('slack/directory.ts').matchAll(/'(person\.[a-z-]+)'/g)];
  const votes = [...read('requests/requests.ts').matchAll(/code: '([a-z]+\.[a-z-]+)'/g)];
  return [...new Set([...raised, ...rules, ...people, ...votes].map(([, code]) => code ?? ''))].sort();
}

const lists = { known: ['a'], possible: ['b'], closest: ['c'], allowed: ['#d'] };
/** Has every parameter that a text may ask for. */
const params = new Proxy<Record<string, string | string[]>>(lists, { get: (all, name) => all[String(name)] ?? 'x' });
const everyText = () => [
  ...Object.entries(errors).flatMap(([code, { what, hint }]) => [
    [`${code} what`, what] as const,
    [`${code} hint`, hint] as const,
  ]),
  ...Object.entries({ ...waits, ...findings }),
];

describe('the catalogue', () => {
  it('has a text for every code that is raised anywhere', () => {
    const all = codes();
    expect(all.length).toBeGreaterThan(60);
    expect(all.filter((code) => !Object.hasOwn(errors, code))).toEqual([]);
  });

  it('says everything in both languages, never the same', () => {
    for (const [name, text] of everyText()) {
      const english = text('en', params);
      const chinese = text('zh-TW', params);
      expect(english, name).not.toMatch(/[\u4e00-\u9fff]|undefined|\[object/);
      expect(chinese, name).toMatch(/[\u4e00-\u9fff]/);
      expect(chinese, name).not.toMatch(/undefined|\[object/);
    }
  });

  it('is written for Taiwan, not in simplified characters', () => {
    const simplified = /[数据库备份恢复应连接验证拒绝时间请务]/g;
    const traditional = new Set('份恢接拒'.split(''));
    for (const [name, text] of everyText()) {
      const found = (text('zh-TW', params).match(simplified) ?? []).filter((sign) => !traditional.has(sign));
      expect(found, name).toEqual([]);
    }
  });

  it('names every step, what takes it back, and every point of the checklist, in both languages', () => {
    for (const step of [...restoreSteps, ...ownInstanceSteps, ...inPlaceSteps, ...snapshotSteps]) {
      expect(stepTitle('en', step)).not.toBe(step);
      expect(stepTitle('zh-TW', step)).not.toBe(stepTitle('en', step));
      expect(stepUndo('zh-TW', step) === '').toBe(stepUndo('en', step) === '');
    }
    for (const point of checklistPoints) expect(checklistTexts[point]('zh-TW')).not.toBe(checklistTexts[point]('en'));
    for (const name of commandNames) expect(commandTexts[name].does('zh-TW')).not.toBe(commandTexts[name].does('en'));
  });

  it('never throws, whatever code and parameters a chain holds', () => {
    const value = fc.oneof(fc.string(), fc.double(), fc.boolean(), fc.constant(null), fc.array(fc.string()));
    const code = fc.oneof(
      fc.string(),
      fc.constantFrom(...Object.keys({ ...errors, ...waits, ...findings }), '__proto__', 'constructor'),
    );
    fc.assert(
      fc.property(fc.constantFrom(...locales), code, fc.dictionary(fc.string(), value), (locale, code, params) => {
        const { what, hint } = describeError(locale, { code, params });
        expect(`${what}${hint}`.length).toBeGreaterThan(0);
        expect(typeof describeFinding(locale, code, params)).toBe('string');
        expect(typeof describeWait(locale, { code, params: {} })).toBe('string');
      }),
    );
  });
});
