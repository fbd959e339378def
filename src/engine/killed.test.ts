import { describe, expect, it } from 'vitest';
import { ballot, mortal, op, type Stage, stage } from '../../test/engine-stage.ts';
import { permanent } from '../domain/errors.ts';
import { done, irreversible, keptAsEvidence, nothingToUndo, type Step, undoBy, wait } from '../domain/step.ts';

interface Outside {
  replicas: number;
  readonly instances: string[];
  secret: string;
  writes: number;
}
type Act = <T>(work: () => Promise<T>) => Promise<T>;

/** Steps that look before they act, over a world in which a life may end before and after every act. */
function steps(world: Outside, act: () => Act, fails: boolean): (Step & { after: readonly string[] })[] {
  const set = (change: Partial<Outside>) =>
    act()(async () => {
      Object.assign(world, change);
      world.writes++;
    });
  let looks = 0;
  return [
    {
      id: 'stop',
      after: [],
      fence: 'annotation-test',
      run: async () => {
        if (world.replicas > 0) await set({ replicas: 0 });
        return done({ before: 3 });
      },
      undo: undoBy(async () => {
        if (world.replicas === 0) await set({ replicas: 3 });
        return done({});
      }),
    },
    {
      id: 'create',
      after: [],
      fence: 'derived-name+tag',
      run: async ({ operation }) => {
        await act()(async () => {
          if (!world.instances.includes(operation)) world.instances.push(operation);
        });
        return done({ id: operation });
      },
      undo: keptAsEvidence,
    },
    {
      id: 'verify',
      after: ['stop', 'create'],
      fence: 'read-only',
      polls: true,
      run: async () => {
        if (fails) throw permanent('verification.failed');
        return ++looks % 2 ? wait(1, 'wait.rds') : done({});
      },
      undo: nothingToUndo,
    },
    {
      id: 'publish',
      after: ['verify'],
      fence: 'version-cas',
      publishes: true,
      run: async () => {
        if (world.secret === 'old') await set({ secret: 'new' });
        return done({});
      },
      undo: irreversible,
    },
  ];
}

async function live(fails: boolean, deaths: readonly number[], when: 'before' | 'after') {
  const world: Outside = { replicas: 3, instances: [], secret: 'old', writes: 0 };
  let act: Act = (work) => work();
  const one = await stage(
    steps(world, () => act, fails),
    { required: 1 },
  );
  const queue = [...deaths];
  let died = 0;
  let stalls = 0;
  for (let lives = 0; lives < 40; lives++) {
    const hands = mortal(one.store, queue.shift() ?? Number.POSITIVE_INFINITY, when);
    act = hands.once;
    const end = await Promise.race([passes(one, hands, stalls), hands.died]);
    if (end !== 'died') return { one, world, died, end };
    died++;
    stalls++;
  }
  throw new Error('it never ends');
}

/** What the queue does with one worker: passes until the end, people vote as soon as they can. */
async function passes(one: Stage, hands: ReturnType<typeof mortal>, stalls: number): Promise<string> {
  for (let pass = 0; pass < 30; pass++) {
    const state = await one.state();
    if (state.phase === 'planned') await one.append(({ plan }) => ballot('ann', plan?.digest));
    const end = await one.pass({ run: `${stalls}/${pass}`, stalls }, hands);
    if (end.kind === 'closed' || end.kind === 'parked') return end.kind;
  }
  return 'in circles';
}

async function expectSame(fails: boolean, { one, world, end }: Awaited<ReturnType<typeof live>>, told: string) {
  const { closed, steps: ran, voided } = await one.state();
  const seen = {
    end,
    outcome: closed?.outcome,
    world,
    voided,
    ran: Object.fromEntries(ran.map(({ step, status }) => [step, status])),
  };
  expect(seen, told).toEqual(
    fails
      ? {
          end: 'closed',
          outcome: 'failed',
          voided: [],
          world: { replicas: 3, instances: [op], secret: 'old', writes: 2 },
          ran: { stop: 'undone', create: 'done', verify: 'intended' },
        }
      : {
          end: 'closed',
          outcome: 'succeeded',
          voided: [],
          world: { replicas: 0, instances: [op], secret: 'new', writes: 2 },
          ran: { stop: 'done', create: 'done', verify: 'done', publish: 'done' },
        },
  );
  expect(
    [...one.store.marks.keys()].filter((key) => key.startsWith('open/')),
    told,
  ).toEqual([]);
}

describe.each([
  ['a restore', false],
  ['a restore that fails and goes back', true],
])('%s, killed', (_, fails) => {
  it.each(['before', 'after'] as const)(
    'F1, F2, F37: once, %s every call to the store and every act: same final state, each effect once',
    async (when) => {
      let at = 0;
      for (;;) {
        at++;
        const ended = await live(fails, [at], when);
        await expectSame(fails, ended, `killed ${when} call ${at}`);
        if (ended.died === 0) break;
      }
      expect(at).toBeGreaterThan(35);
    },
  );

  it('F12: five times in one life, finishes all the same', async () => {
    for (const deaths of [
      [12, 13, 14, 15, 16],
      [18, 17, 16, 17, 18],
      [9, 18, 18, 18, 18],
    ]) {
      const ended = await live(fails, deaths, 'after');
      expect(ended.died).toBe(5);
      await expectSame(fails, ended, `killed at ${deaths}`);
    }
  });
});
