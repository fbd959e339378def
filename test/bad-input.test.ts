import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { locales } from '../src/domain/people.ts';
import { describeError } from '../src/messages/index.ts';
import type { Answer, Group } from './bad-input/cases.ts';
import { dumps } from './bad-input/dumps.ts';
import { createSnapshot, type Ground, openGround } from './bad-input/ground.ts';
import { forgedDialogs, people } from './bad-input/people.ts';
import { pastOperations, rescuedRows } from './bad-input/rows.ts';
import { orders } from './bad-input/terminal.ts';
import { options, terminals, times, typedCases } from './bad-input/typed.ts';
import { moments, rights, secrets, snapshots, surroundings } from './bad-input/world.ts';

const groups: readonly Group[] = [
  typedCases,
  times,
  people,
  forgedDialogs,
  snapshots,
  moments,
  dumps,
  pastOperations,
  rescuedRows,
  secrets,
  surroundings,
  rights,
  options,
  terminals,
  orders,
];

let ground: Ground;
const answered = new Map<string, Record<'en' | 'zh-TW', string>>();

beforeAll(async () => {
  ground = await openGround();
  await createSnapshot(ground.rds, 'before-the-migration');
});
afterAll(() => ground?.close());

function worded(answer: Answer): Record<'en' | 'zh-TW', string> {
  if ('en' in answer) return answer;
  const [en, zhTW] = locales.map((locale) => {
    const { what, hint } = describeError(locale, answer);
    expect(hint, `${answer.code} has a hint`).not.toBe('');
    return locale === 'en' ? `${what} ${hint}` : what + hint;
  });
  return { en: en ?? '', 'zh-TW': zhTW ?? '' };
}

/** A hint says what to do, so an answer is two sentences at least, and a few at most. */
function readsWell({ en, 'zh-TW': chinese }: Record<'en' | 'zh-TW', string>): void {
  // What was typed is said back as it was typed.
  expect(en.replaceAll(/“[^”]*”/g, '“…”')).toMatch(/^[^\u4e00-\u9fff]{20,600}$/);
  expect(chinese).toMatch(/[\u4e00-\u9fff]/);
  for (const text of [en, chinese]) {
    expect(text).not.toMatch(/undefined|\[object|\bat .+:\d+:\d+|Error:|pw-of-|hunter2|\n/);
    expect(text).toMatch(/[.。`?？}\w\])"]$/);
  }
}

for (const { title, cases } of groups)
  describe(title, () => {
    it.each(cases)('$input', async ({ input, code, given, ask }) => {
      const before = await ground.standing();
      const undo = await given?.(ground);
      let answer: Answer;
      try {
        answer = await ask(ground);
      } finally {
        await undo?.();
      }
      if (code !== undefined) expect('code' in answer ? answer.code : 'words').toBe(code);
      const words = worded(answer);
      readsWell(words);
      answered.set(input, words);
      expect(await ground.standing(), 'nothing was started').toEqual(before);
    });
  });

it('stands in docs as it is answered (npm run docs writes it anew)', async () => {
  const sections = groups.map(({ title, cases }) => {
    const rows = cases.map(({ input }) => {
      const { en = '', 'zh-TW': chinese = '' } = answered.get(input) ?? {};
      return `| ${[input, en, chinese].map(cell).join(' | ')} |`;
    });
    return [`## ${title}`, '', '| asked | answer | 回答 |', '| --- | --- | --- |', ...rows].join('\n');
  });
  const page = [
    '# What bad input is answered',
    'Asked of the real code over the sandbox’s RDS, Secrets Manager and Kubernetes by `test/bad-input.test.ts`, which also',
    'holds that nothing was started: no instance, no snapshot, no secret’s version, no Deployment touched. `npm run docs` writes',
    'this page anew.',
  ];
  await expect(`${page[0]}\n\n${page.slice(1).join('\n')}\n\n${sections.join('\n\n')}\n`).toMatchFileSnapshot(
    '../docs/bad-input.md',
  );
});

/** What AWS chooses by chance is another at every run. */
const cell = (text: string) =>
  text
    .replaceAll('|', '\\|')
    .replaceAll('<', '&lt;')
    .replaceAll(String(ground.port), '5432')
    .replaceAll(/db-[A-Z0-9]{20,}/g, 'db-ABCDEFGHIJKLMNOPQRSTUVWXYZ')
    .replaceAll(/(production\/ecommerce\/config)-\w{6}/g, '$1-a1B2c3');
