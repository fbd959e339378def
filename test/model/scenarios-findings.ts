import type { Draft } from '../../src/domain/events.ts';
import { runOperation } from '../../src/engine/run-operation.ts';
import { Chains } from '../../src/ledger/chain.ts';
import { appendOperation, operationChain } from '../../src/ledger/operations.ts';
import { MemoryStore } from '../memory-store.ts';
import { author, engineOf, human, minutes, promises, start, vote, worker } from './cast.ts';
import { judge, type Outside, outside, publish, stop, verify } from './outside.ts';
import { approved, definition, ends, op, outcome, type Scenario } from './scenario.ts';
import type { Ports } from './spec.ts';

const steps = (ports: Ports<Outside>) => [stop(ports), verify(), judge(), publish(ports)];
const policy = { findingsWithinMinutes: 10 };

const word = (name: string, digest: string, decision: 'approve' | 'deny' = 'approve'): Draft => {
  const data = { gate: 'findings' as const, digest, human: human(name), via: name, decision };
  return { type: 'vote', actor: name, data };
};

/** Stopped, verified, and something is wrong: the step that judges waits for people. */
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
  for (const name of said) await appendOperation(chains, op, (state) => word(name, state.findings?.digest ?? ''));
  const { findings, plan } = await chains.load(operationChain, op);
  return { objects: store.objects, world, digest: findings?.digest ?? '', plan: plan?.digest ?? '' };
}

const names = {
  one: 'findings, and one yes',
  second: 'findings: the yes that decides',
  accepted: 'findings accepted, and then a no and a cancel',
  agree: 'findings: a yes twice, and of something else',
  disagree: 'findings: a no and a cancel among the words',
};

/** People say yes, no, twice, of something else and too late about what was found, while two workers look. */
export async function findings(who: keyof typeof names, faults = 1, crashes = 1, timeWaits?: true): Promise<Scenario> {
  const { objects, world, digest, plan } = await asked(
    { second: ['ann'], accepted: ['ann', 'ben'], one: [], agree: [], disagree: [] }[who],
  );
  const cancels = (): Draft => ({ type: 'cancel-asked', actor: 'rita', data: { human: human('rita') } });
  const people = {
    one: [word('ann', digest)],
    second: [word('ben', digest)],
    accepted: [word('rita', digest, 'deny'), cancels()],
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
        const { secret, deployment } = simulation.outside;
        const over = outcome(simulation);
        return [
          ...promises(simulation, [op]),
          ...ends(simulation, ended),
          ...(over === 'succeeded' && secret !== 'new' ? ['succeeded without its effects'] : []),
          ...(over && over !== 'succeeded' && secret === 'new' ? [`${over}, and handed over`] : []),
          ...(ended && over && over !== 'succeeded' && deployment.replicas === 0 ? [`${over}, and stopped`] : []),
        ];
      },
    },
  };
}
