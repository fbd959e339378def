import { expect, it } from 'vitest';
import { inTurn, type StepGraph, stepsOf } from './step-graph.ts';

const graph: StepGraph<'stop' | 'look' | 'wait' | 'switch' | 'start'> = [
  ['stop', []],
  ['look', ['stop']],
  ['wait', ['look']],
  ['switch', ['wait', 'look']],
  ['start', ['switch']],
];
const inputs = { stop: { n: 1 }, look: {}, wait: {}, switch: {}, start: {} };
const planned = (...left: readonly (typeof graph)[number][0][]) =>
  stepsOf(graph, inputs, new Set(left)).map(({ id, after }) => [id, after]);

it('a plan without anything left out is the graph, each step with its input', () => {
  expect(planned()).toEqual(graph);
  expect(stepsOf(graph, inputs, new Set())[0]).toEqual({ id: 'stop', after: [], input: { n: 1 } });
});

it('who waits for steps that are left out waits for what those would have waited for, once', () => {
  expect(planned('look', 'wait')).toEqual([
    ['stop', []],
    ['switch', ['stop']],
    ['start', ['switch']],
  ]);
  expect(planned('stop')[0]).toEqual(['look', []]);
});

it('steps in turn wait each for the one before it, and the first for none', () => {
  expect(inTurn(['stop', 'look', 'start'] as const, inputs)).toEqual([
    { id: 'stop', after: [], input: { n: 1 } },
    { id: 'look', after: ['stop'], input: {} },
    { id: 'start', after: ['look'], input: {} },
  ]);
});
