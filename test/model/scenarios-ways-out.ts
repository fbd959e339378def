import { permanent } from '../../src/domain/errors.ts';
import type { Draft } from '../../src/domain/events.ts';
import type { RunnableOperation } from '../../src/domain/operation.ts';
import { done, type Step, undoBy } from '../../src/domain/step.ts';
import { runOperation } from '../../src/engine/run-operation.ts';
import { Chains } from '../../src/ledger/chain.ts';
import { acquire } from '../../src/ledger/locks.ts';
import { appendOperation, operationChain } from '../../src/ledger/operations.ts';
import { MemoryStore } from '../memory-store.ts';
import { author, calm, engineOf, human, policy, promises, start, worker } from './cast.ts';
import { type Outside, outside, refuse } from './outside.ts';
import { approved, definition, ends, op, outcome, type Scenario } from './scenario.ts';
import { oneHolder } from './scenarios-people.ts';
import type { Ports } from './spec.ts';

const closedMark = Number.POSITIVE_INFINITY;

/**
 * A patch under the fence of an operation: only ever raised, and closed for good by whoever lets go. What another
 * operation left open is taken over, as a plan may that names it.
 */
function patch(world: Outside, operation: string, epoch: number, replicas?: number): boolean {
  const { deployment, holder, past } = world;
  const letsGo = epoch === closedMark;
  if (past.includes(operation)) return false;
  // Tests the fence that was seen: what is closed already isn't closed once more.
  if (holder === operation && deployment.returned) return letsGo;
  if (holder === operation && !letsGo && deployment.fence > epoch) return false;
  if (holder !== operation && holder !== '') past.push(holder);
  world.holder = operation;
  Object.assign(deployment, { fence: letsGo ? 0 : epoch, returned: letsGo });
  if (replicas !== undefined) Object.assign(deployment, { replicas });
  world.effects.push(operation);
  return true;
}

/** Stops the application; its way back fails while its cause is there. */
function stop(ports: Ports<Outside>, operation = op): Step {
  const change = async (epoch: number, replicas: number) => {
    const stands = await ports.act(`patch replicas=${replicas} of ${operation}/${epoch}`, () =>
      patch(ports.outside, operation, epoch, replicas),
    );
    if (!stands) throw permanent('stop.fenced');
    return done({});
  };
  return {
    id: 'stop',
    fence: 'annotation-test',
    run: ({ epoch }) => change(epoch, 0),
    undo: undoBy(async ({ epoch }) => {
      if (await ports.look('cause', () => ports.outside.broken)) throw permanent('cluster.gone');
      return change(epoch, 3);
    }),
  };
}

const steps = (ports: Ports<Outside>) => [stop(ports), refuse()];

/** What lets go, as it is or forgotten. */
const restore =
  (forgets: boolean) =>
  (ports: Ports<Outside>): RunnableOperation => ({
    ...definition(steps)(ports),
    async letGo() {
      if (forgets) return;
      await ports.act(`let go of ${op}`, () => patch(ports.outside, op, closedMark));
    },
  });

/** Stopped, failed, and its way back too: it waits for people. */
async function parked(...said: readonly ((digest: string) => Draft)[]) {
  const { objects } = await approved(steps);
  const store = new MemoryStore({ now: () => new Date(start), objects });
  let count = 0;
  const chains = new Chains({ store, nonce: () => `q${++count}` });
  const world = outside();
  const act = async <T>(_: string, apply: () => T) => apply();
  const ports = { outside: world, act, look: act } as unknown as Ports<Outside>;
  const engine = engineOf({ chains, now: () => new Date(start) }, store, store.markers, definition(steps)(ports));
  await runOperation(engine, { operation: op, run: 'q', signal: new AbortController().signal, stalls: 0 });
  for (const draft of said) await appendOperation(chains, op, (state) => draft(state.supersede?.digest ?? ''));
  const { supersede, phase } = await chains.load(operationChain, op);
  if (phase !== 'parked') throw new Error(`it is ${phase}`);
  return { objects: store.objects, world, digest: supersede?.digest ?? '' };
}

const resume = (name: string): Draft => {
  const via = name === 'rita' ? {} : { via: name };
  return { type: 'resumed', actor: name, data: { human: human(name), ...via } };
};

/** The cause is removed at some time, two people let it go on, one of them perhaps too early, and somebody who may not. */
export async function retry(faults = 1, crashes = 1): Promise<Scenario> {
  const { objects, world } = await parked();
  return {
    name: 'parked, and people let it go on',
    spec: {
      objects,
      clock: start,
      outside: () => structuredClone(world),
      faults,
      crashes,
      happenings: [
        {
          label: 'the cause is removed',
          can: ({ broken }) => broken,
          happen: (changing) => Object.assign(changing, { broken: false }),
        },
      ],
      processes: [
        ...['rita', 'ann', 'eve'].map((name) => author<Outside>(name, op, () => resume(name))),
        worker('worker1', op, definition(steps), { passes: 4, patient: true }),
        worker('worker2', op, definition(steps), { passes: 2, patient: true }),
        worker('sweeper', op, definition(steps), { sweeper: true, passes: 8 }),
      ],
      check: (simulation, ended) => [
        ...promises(simulation, [op]),
        ...ends(simulation, ended),
        ...(outcome(simulation) && simulation.outside.deployment.replicas === 0
          ? ['closed as returned, and stopped']
          : []),
      ],
    },
  };
}

/**
 * Two people give it up while somebody lets it go on and a worker of it sleeps before its patch; the next operation waits
 * for the lock. `decided`: they have said so already. `forgets`: that, and a protocol that lets nothing go.
 */
export async function supersede(
  faults = 1,
  crashes = 1,
  how: 'asked' | 'decided' | 'forgets' = 'asked',
): Promise<Scenario> {
  const forgets = how === 'forgets';
  const word = (name: string, digest: string): Draft => {
    const data = { gate: 'supersede' as const, digest, human: human(name), via: name, decision: 'approve' as const };
    return { type: 'vote', actor: name, data };
  };
  const said = how === 'asked' ? [] : ['ann', 'ben'];
  const { objects, world, digest } = await parked(
    () => ({
      type: 'supersede-asked',
      actor: 'rita',
      data: { human: human('rita'), reason: 'the next must begin', policy },
    }),
    ...said.map((name) => (of: string) => word(name, of)),
  );
  const people = [
    ...['ann', 'ben', 'rita'].map((name) => author<Outside>(name, op, () => word(name, digest))),
    author<Outside>('rita1', op, () => resume('rita')),
  ];
  return {
    name:
      how === 'asked'
        ? 'parked, given up, and the next one begins'
        : 'given up: the next one begins while a worker sleeps',
    spec: {
      objects,
      clock: start,
      outside: () => structuredClone(world),
      faults,
      crashes,
      processes: [
        ...(how === 'asked' ? people : []),
        worker('worker1', op, restore(forgets), { passes: 4, patient: true }),
        {
          name: 'slept',
          body: async (ports) =>
            void (await calm(
              stop(ports)
                .run({ epoch: 1 } as never)
                .catch(() => undefined),
            )),
        },
        {
          name: 'next',
          body: async (ports) => {
            for (let looks = 0; looks < 4; looks++) {
              const got = await calm(acquire(ports.chains, 'op2', ['db']));
              if (got?.kind !== 'mine') {
                await ports.idle();
                continue;
              }
              await calm(ports.act('the lock is op2’s', () => void ports.outside.effects.push('op2')));
              return void (await calm(stop(ports, 'op2').run({ epoch: 1 } as never)));
            }
          },
        },
        worker('sweeper', op, restore(forgets), { sweeper: true, passes: 8 }),
      ],
      check: (simulation, ended) => {
        const { effects } = simulation.outside;
        const after = effects.slice(effects.indexOf('op2') + 1);
        return [
          ...promises(simulation, [op]),
          ...ends(simulation, ended),
          ...oneHolder(simulation),
          ...(effects.includes('op2') && after.includes(op) ? ['changed by what was given up'] : []),
        ];
      },
    },
  };
}
