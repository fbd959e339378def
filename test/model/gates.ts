import type { Draft } from '../../src/domain/events.ts';
import type { Step } from '../../src/domain/step.ts';
import { gateOf, type StepGateName } from '../../src/domain/step-gates.ts';
import { runOperation } from '../../src/engine/run-operation.ts';
import { Chains } from '../../src/ledger/chain.ts';
import { appendOperation, operationChain } from '../../src/ledger/operations.ts';
import { MemoryStore } from '../memory-store.ts';
import { author, engineOf, human, minutes, promises, start, vote, worker } from './cast.ts';
import { type Outside, outside } from './outside.ts';
import { approved, definition, ends, op, outcome, type Scenario } from './scenario.ts';
import type { Simulation } from './simulation.ts';
import type { Ports } from './spec.ts';

/** One of the gates half-way, at which people decide while the operation runs. */
export interface Gate {
  readonly gate: StepGateName;
  /** As its plan has them. */
  readonly steps: (ports: Ports<Outside>) => readonly Step[];
  readonly policy: object;
  /** What must hold beside the promises, whatever people say. */
  holds(simulation: Simulation<Outside>, ended: boolean): readonly string[];
}

const names = {
  one: 'one yes',
  second: 'the yes that decides',
  decided: 'approved, and then a no and a cancel',
  agree: 'a yes twice, and of something else',
  disagree: 'a no and a cancel among the words',
};
type Said = keyof typeof names;

const word = (gate: StepGateName, name: string, digest: string, decision: 'approve' | 'deny' = 'approve'): Draft => {
  const data = { gate, digest, human: human(name), via: name, decision };
  return { type: 'vote', actor: name, data };
};

/** The step that asks waits for people. */
async function asked({ gate, steps, policy }: Gate, said: readonly string[]) {
  const { objects } = await approved(steps, policy);
  const store = new MemoryStore({ now: () => new Date(start), objects });
  let count = 0;
  const chains = new Chains({ store, nonce: () => `q${++count}` });
  const world = outside();
  const now = () => new Date(start);
  const act = async <T>(_: string, apply: () => T) => apply();
  const ports = { outside: world, act, look: act } as unknown as Ports<Outside>;
  const engine = engineOf({ chains, now }, store, store.markers, definition(steps)(ports));
  await runOperation(engine, { operation: op, run: 'q', signal: new AbortController().signal, stalls: 0 });
  for (const name of said)
    await appendOperation(chains, op, (state) => word(gate, name, gateOf(state, gate)?.digest ?? ''));
  const state = await chains.load(operationChain, op);
  return { objects: store.objects, world, digest: gateOf(state, gate)?.digest ?? '', plan: state.plan?.digest ?? '' };
}

/** People say yes, no, twice, of something else and too late at the gate, while two workers look. */
export const atGate =
  (at: Gate) =>
  async (who: Said, faults = 1, crashes = 1, timeWaits?: true): Promise<Scenario> => {
    const { gate, steps, holds } = at;
    const { objects, world, digest, plan } = await asked(
      at,
      { second: ['ann'], decided: ['ann', 'ben'], one: [], agree: [], disagree: [] }[who],
    );
    const yes = (name: string, to = digest) => word(gate, name, to);
    const against = [
      word(gate, 'rita', digest, 'deny'),
      { type: 'cancel-asked', actor: 'rita', data: { human: human('rita') } } satisfies Draft,
    ];
    const people = {
      one: [yes('ann')],
      second: [yes('ben')],
      decided: against,
      agree: [yes('ann'), yes('ann'), yes('ben', plan), vote('ben', plan), yes('ben')],
      disagree: [yes('ann'), yes('ben'), ...against],
    }[who];
    return {
      name: `${gate}: ${names[who]}${timeWaits ? '; nobody is late' : ''}`,
      spec: {
        objects,
        clock: start,
        outside: () => structuredClone(world),
        faults,
        crashes,
        jumps: [minutes(11)],
        ...(timeWaits ? { timeWaits } : {}),
        processes: [
          ...people.map((draft, n) => author<Outside>(`${draft.actor}${n}`, op, () => draft)),
          worker('worker1', op, definition(steps), { passes: 4 }),
          ...(who === 'one' ? [] : [worker('worker2', op, definition(steps), { passes: 2 })]),
          worker('sweeper', op, definition(steps), { sweeper: true, passes: 8 }),
        ],
        check: (simulation, ended) => [
          ...promises(simulation, [op]),
          ...ends(simulation, ended),
          ...handedOver(simulation),
          ...holds(simulation, ended),
        ],
      },
    };
  };

/** The service is on what the operation made if, and only if, it succeeded. */
function handedOver(simulation: Simulation<Outside>): readonly string[] {
  const { secret } = simulation.outside;
  const over = outcome(simulation);
  return [
    ...(over === 'succeeded' && secret !== 'new' ? ['succeeded without its effects'] : []),
    ...(over && over !== 'succeeded' && secret === 'new' ? [`${over}, and handed over`] : []),
  ];
}
