import { expect, it } from 'vitest';
import { pointerOf } from './pointer.ts';

const digest = 'a'.repeat(64);

it('a button points to one operation and one plan', () => {
  expect(pointerOf(`op-0123456789ab:${digest}`)).toEqual({ operation: 'op-0123456789ab', digest });
});

it.each([
  '',
  'op-0123456789ab',
  `op-../secrets:${digest}`,
  `op-0123456789ab:${digest}x`,
  `x op-0123456789ab:${digest}`,
  `op-0123456789AB:${digest}`,
  `op-0123456789ab:${'a'.repeat(63)}`,
  `op-0123456789ab:${digest}\n`,
])('F23: %j is no pointer', (value) => {
  expect(() => pointerOf(value)).toThrow('slack.bad-button');
});
