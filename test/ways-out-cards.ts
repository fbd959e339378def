import { expect } from 'vitest';
import type { ServiceState } from '../src/domain/events.ts';
import type { Language } from '../src/domain/people.ts';
import type { OperationState } from '../src/domain/state.ts';
import type { Message } from '../src/slack/views/blocks.ts';
import { after, production } from '../src/slack/views/plans.fixture.ts';
import { render } from '../src/slack/views/render.ts';
import type { Situation } from '../src/slack/views/situation.ts';
import { isNotKnown, truth, type Way } from './ways-out.ts';

// What a tired person reads of it: written down here in the words of the cards, not taken from their catalogue.

type Words = Readonly<Record<Language, Readonly<Record<ServiceState, RegExp>>>>;

const ofRestores: Words = {
  en: {
    unchanged: /runs as before:/,
    'beside-only': /runs as before;/,
    'old-database': /in service on the old database|in service with the data that it had/,
    'new-database': /is on the new database|is on the database from the dump|in service with the dump’s data/,
    stopped: /is stopped\./,
  },
  'zh-TW': {
    unchanged: /維持原狀：/,
    'beside-only': /維持原狀；/,
    'old-database': /使用舊的 database 提供服務|使用原本的資料提供服務/,
    'new-database': /使用新的 database。|使用 dump 的 database|使用 dump 的資料提供服務/,
    stopped: /已停止。/,
  },
};
const ofRollbacks: Words = {
  en: {
    ...ofRestores.en,
    'old-database': /is on the old database/,
    'new-database': /in service on the database that it had/,
  },
  'zh-TW': {
    ...ofRestores['zh-TW'],
    'old-database': /使用舊的 database。/,
    'new-database': /使用原本的 database 提供服務/,
  },
};

/** Said only of what is so. */
const boasts: Readonly<Record<Language, RegExp>> = {
  en: /\brestored\b(?! database)|is on the new database|In service on the new/i,
  'zh-TW': /Restore 成功|使用新的 database。|自 .* 起使用新的/,
};

const copied = {
  en: { not: /No row was copied/, done: /were copied into it/, unknown: /Whether the copy was committed/ },
  'zh-TW': { not: /沒有複製任何資料列/, done: /已複製/, unknown: /複製是否已 commit/ },
} as const;
const copyOf = (state: OperationState) => {
  const copy = state.steps.find(({ step }) => step === 'copy-rows');
  return copy?.output ? 'done' : copy?.noted ? 'unknown' : 'not';
};
const deleted = {
  en: { begun: /deletion was begun/, intact: /is still there/ },
  'zh-TW': { begun: /刪除已經開始/, intact: /仍然存在/ },
} as const;

const choicesOfClosed = ['ask-again', 'roll-back', 'clean-up', 'show-report'];
const choicesOfParked = ['retry-operation', 'supersede-operation'];

const actionsOf = ({ blocks }: Message): readonly string[] =>
  blocks.flatMap((block) =>
    block.type === 'actions' ? (block.elements as readonly { action_id: string }[]).map((one) => one.action_id) : [],
  );

/** The card of an operation that did not reach its goal says in both languages what is so, and offers what harms nobody. */
export function expectHonest(way: Way, state: OperationState, log: readonly string[]) {
  if (state.closed?.outcome === 'succeeded') return;
  const { operation } = way.plan.bound;
  const really = truth(way, log, state);
  for (const locale of ['en', 'zh-TW'] as const) {
    const situation: Situation = {
      state: { ...state, ...(state.request ? { request: { ...state.request, operation } } : {}) },
      plan: way.plan,
      waiting: [],
      environment: production,
      locale,
      now: after(900),
    };
    const card = render({ kind: 'outcome' }, situation);
    const said = JSON.stringify(card);
    const words = operation === 'restore' ? ofRestores : operation === 'rollback' ? ofRollbacks : undefined;
    if (words && !isNotKnown(state)) expect(card.text).toMatch(words[locale][really]);
    if (really !== 'stopped' && !isNotKnown(state))
      expect(card.text).not.toMatch(words?.[locale].stopped ?? /\bis stopped|已停止/);
    if (really !== 'new-database') expect(said).not.toMatch(boasts[locale]);
    if (operation === 'rescue') expect(card.text).toMatch(copied[locale][copyOf(state)]);
    if (operation === 'cleanup') expect(card.text).toMatch(deleted[locale][state.published ? 'begun' : 'intact']);
    const choices = actionsOf(card);
    if (state.parked && !state.closed) expect([...choices].sort()).toEqual([...choicesOfParked].sort());
    else expect(choicesOfClosed).toEqual(expect.arrayContaining([...choices]));
    if (!way.stops || !log.includes('stop-application')) continue;
    const told = render({ kind: 'stakeholders' }, situation).text;
    const stopped = locale === 'en' ? /still stopped/ : /仍然停止/;
    if (really === 'stopped') expect(told).toMatch(stopped);
    else if (!isNotKnown(state)) expect(told).not.toMatch(stopped);
  }
}
