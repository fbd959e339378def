import type { Draft } from '../../src/domain/events.ts';
import { runOperation } from '../../src/engine/run-operation.ts';
import { Chains } from '../../src/ledger/chain.ts';
import { appendOperation, operationChain } from '../../src/ledger/operations.ts';
import { MemoryStore } from '../memory-store.ts';
import { author, engineOf, human, minutes, promises, start, vote, worker } from './cast.ts';
import { askForCutOver, create, type Outside, outside, publish, stop } from './outside.ts';
import { approved, definition, ends, op, outcome, type Scenario } from './scenario.ts';
import type { Ports } from './spec.ts';

/** As restore-first has them: the instance is made beside, people are asked, and only then the application stops. */
const steps = (ports: Ports<Outside>) => [create(ports), askForCutOver(), stop(ports), publish(ports)];
const policy = { cutOver: 2, cutOverWithinMinutes: 10 };

const word = (name: string, digest: string, decision: 'approve' | 'deny' = 'approve'): Draft => {
  const data = { gate: 'cut-over' as const, digest, human: human(name), via: name, decision };
  return { type: 'vote', actor: name, data };
};

/** The instance stands beside, and the step that asks waits for people. */
async function asked(said: readonly string[]) {
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
  for (const name of said) await appendOperation(chains, op, (state) => word(name, state.cutOver?.digest ?? ''));
  const { cutOver, plan } = await chains.load(operationChain, op);
  return { objects: store.objects, world, digest: cutOver?.digest ?? '', plan: plan?.digest ?? '' };
}

const names = {
  one: 'cut-over, and one yes',
  second: 'cut-over: the yes that decides',
  approved: 'cut-over approved, and then a no and a cancel',
  agree: 'cut-over: a yes twice, and of something else',
  disagree: 'cut-over: a no and a cancel among the words',
};

/** People say yes, no, twice, of something else and too late about the cut-over, while two workers look. */
export async function cutOver(who: keyof typeof names, faults = 1, crashes = 1, timeWaits?: true): Promise<Scenario> {
  const { objects, world, digest, plan } = await asked(
    { second: ['ann'], approved: ['ann', 'ben'], one: [], agree: [], disagree: [] }[who],
  );
  const cancels = (): Draft => ({ type: 'cancel-asked', actor: 'rita', data: { human: human('rita') } });
  const people = {
    one: [word('ann', digest)],
    second: [word('ben', digest)],
    approved: [word('rita', digest, 'deny'), cancels()],
    agree: [word('ann', digest), word('ann', digest), word('ben', plan), vote('ben', plan), word('ben', digest)],
    disagree: [word('ann', digest), word('ben', digest), word('rita', digest, 'deny'), cancels()],
  }[who];
  return {
    name: timeWaits ? `${names[who]}; nobody is late` : names[who],
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
      check: (simulation, ended) => {
        const { secret, deployment, instances } = simulation.outside;
        const over = outcome(simulation);
        const { cutOver: gate } = simulation.history(op).state;
        const untouched = secret === 'old' && deployment.replicas > 0;
        return [
          ...promises(simulation, [op]),
          ...ends(simulation, ended),
          ...(gate?.decision !== 'approved' && !untouched ? ['touched, and nobody said so'] : []),
          ...(over === 'succeeded' && secret !== 'new' ? ['succeeded without its effects'] : []),
          ...(over && over !== 'succeeded' && secret === 'new' ? [`${over}, and handed over`] : []),
          ...(ended && over && over !== 'succeeded' && !untouched ? [`${over}, and not as it was`] : []),
          ...(instances.length !== 1 ? [`${instances.length} instances beside`] : []),
        ];
      },
    },
  };
}
