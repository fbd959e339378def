import { expect, test } from 'vitest';
import type { GateSeen, StepContext } from '../../domain/step.ts';
import { contextOf, failure } from '../../steps/kubernetes/step-context.fixture.ts';
import { approveCutOver } from './approve-cut-over.ts';

const asked = (gate?: Partial<GateSeen>): StepContext => ({
  ...contextOf({ input: {} }),
  ...(gate ? { gate: { decision: 'open', leftSeconds: 600, approvedBy: [], required: 2, ...gate } } : {}),
});
const run = (gate?: Partial<GateSeen>) => approveCutOver().run(asked(gate));

test('it waits for people, says how many there are, and looks again when their time is over at the latest', async () => {
  expect(await run({ approvedBy: ['U1'] })).toMatchObject({
    kind: 'wait',
    againSeconds: 20,
    because: { code: 'wait.cut-over', params: { approved: 1, required: 2 } },
  });
  expect(await run({ leftSeconds: 3 })).toMatchObject({ againSeconds: 4 });
});

test('it goes on by their word alone, and says whose it was', async () => {
  expect(await run({ decision: 'approved', approvedBy: ['U1', 'U2'] })).toEqual({
    kind: 'done',
    output: { by: ['U1', 'U2'] },
  });
});

test.each([
  ['denied', 'cut-over.denied', 'user'],
  ['late', 'cut-over.late', 'user'],
  ['nobody', 'cut-over.nobody-decides', 'permanent'],
] as const)('%s: there is no cut-over', async (decision, code, kind) => {
  expect(await failure(run({ decision }))).toMatchObject({ code, kind });
});

test('without a gate at all there is none either', async () => {
  expect(await failure(run())).toMatchObject({ code: 'cut-over.nobody-decides' });
});
