import { expect, it } from 'vitest';
import { approvedStage, type Stage } from '../../test/engine-stage.ts';
import { change } from '../../test/engine-steps.ts';
import type { JsonObject } from '../domain/json.ts';
import { done, keptAsEvidence } from '../domain/step.ts';

const human = { id: 'T/rita', slackUser: 'rita' };
const cancelAsked = () => ({ type: 'cancel-asked' as const, actor: 'rita', data: { human } });

/** A step that notes the number of its transaction, and then commits it. */
async function committing(around: { before?(one: Stage): Promise<unknown>; after?(): void }) {
  const seen: (JsonObject | undefined)[] = [];
  const committed: number[] = [];
  const one: Stage = await approvedStage([
    change('commit', [], {
      undo: keptAsEvidence,
      run: async ({ noted, note, signal }) => {
        const transaction = seen.push(noted);
        await around.before?.(one);
        await note({ transaction });
        around.after?.();
        signal.throwIfAborted();
        committed.push(transaction);
        return done({});
      },
    }),
  ]);
  return { one, seen, committed };
}

it('what a step noted before its effect is what the run that takes over is told', async () => {
  const gone = new AbortController();
  const { one, seen, committed } = await committing({ after: () => gone.abort() });
  await one.pass({ run: 'first', signal: gone.signal });
  expect((await one.state()).steps).toMatchObject([{ status: 'intended', failures: 0, noted: { transaction: 1 } }]);
  expect(committed).toEqual([]);
  expect(await one.drive({ run: 'second' })).toEqual({ kind: 'closed' });
  expect(seen).toEqual([undefined, { transaction: 1 }]);
  expect(committed).toEqual([2]);
});

it('a note is refused when somebody asked to stop first: the effect does not come, and nothing counts as failed', async () => {
  const { one, committed } = await committing({ before: (stage) => stage.append(cancelAsked) });
  expect(await one.drive()).toEqual({ kind: 'closed' });
  expect(committed).toEqual([]);
  expect((await one.state()).closed).toMatchObject({ outcome: 'cancelled' });
});

it('F5: a run that another overtook notes nothing, so its effect does not come', async () => {
  const overtaken = { done: false };
  const { one, committed } = await committing({
    async before(stage) {
      if (overtaken.done) return;
      overtaken.done = true;
      await stage.pass({ run: 'other' });
    },
  });
  await one.pass({ run: 'slept' });
  expect(committed).toEqual([2]);
  expect((await one.state()).closed).toMatchObject({ outcome: 'succeeded' });
});
