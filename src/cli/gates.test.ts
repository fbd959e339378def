import { expect, it } from 'vitest';
import { situationOf } from '../slack/views/cards.fixture.ts';
import { gates, gatesHere } from './gates.ts';

const openGates = (name: string, at?: string) => {
  const { state, now } = situationOf(name, 'en');
  return gates.filter((gate) => gatesHere[gate].isOpen(state, at ?? now));
};

it.each([
  ['waiting for approval', 'start'],
  ['asked about findings', 'findings'],
  ['asked to give up', 'supersede'],
])('an operation that is %s has the gate %s open, and none once it is too late', (name, gate) => {
  expect(openGates(name)).toEqual([gate]);
  expect(openGates(name, '2026-11-25T00:00:00.000Z')).toEqual([]);
});

it.each(['planning', 'running', 'succeeded', 'parked', 'about to be given up', 'not given up'])(
  'no gate is open while it is %s',
  (name) => {
    expect(openGates(name)).toEqual([]);
  },
);
