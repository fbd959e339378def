import type { Draft } from '../../src/domain/events.ts';
import type { Plan } from '../../src/domain/plan.ts';
import { author, human, minutes, operationOf, planOf, prologue, promises, start, vote, worker } from './cast.ts';
import { type Outside, outside, prestage, publish, stop } from './outside.ts';
import { ends, op, outcome, type Scenario } from './scenario.ts';
import type { Ports } from './spec.ts';

/** The instance beside is made while people decide; the application is stopped and handed over once they approved. */
const steps = (ports: Ports<Outside>) => [prestage(ports), stop(ports), publish(ports)];

const planned = (made: ReturnType<typeof steps>, facts: number): Plan => {
  const plan = planOf(made, { decided: { facts } });
  const early = plan.bound.steps.map((step) =>
    step.id === 'create' ? { ...step, beforeApproval: true as const } : step,
  );
  return { ...plan, bound: { ...plan.bound, steps: early } };
};
const definition = (ports: Ports<Outside>) => {
  const made = steps(ports);
  return operationOf(made, () => planned(made, ports.outside?.facts ?? 1));
};

const names = {
  yes: 'prestage: people approve, too late or in time',
  no: 'prestage: a yes, a no, and a cancel',
  deny: 'prestage: a no',
  cancel: 'prestage: approved, and cancelled',
  changes: 'prestage: approved, and the facts change',
};

/** People decide while the instance beside is made, and two workers look. */
export async function prestaged(who: keyof typeof names, faults = 1, crashes = 1, timeWaits?: true): Promise<Scenario> {
  const cancels = (): Draft => ({ type: 'cancel-asked', actor: 'rita', data: { human: human('rita') } });
  const approved = { yes: ['ann'], no: [], deny: [], cancel: ['ann'], changes: ['ann'] }[who];
  const { objects, digest } = await prologue(op, definition({} as Ports<Outside>), approved);
  const people = {
    yes: [vote('ben', digest)],
    no: [vote('ann', digest), vote('ben', digest, 'deny'), cancels()],
    deny: [vote('ben', digest, 'deny')],
    cancel: [vote('ben', digest), cancels()],
    changes: [vote('ben', digest)],
  }[who];
  return {
    name: timeWaits ? `${names[who]}; nobody is late` : names[who],
    spec: {
      objects,
      clock: start,
      outside,
      faults,
      crashes,
      jumps: [minutes(31), minutes(62)],
      ...(timeWaits ? { timeWaits } : {}),
      ...(who === 'changes'
        ? {
            happenings: [
              {
                label: 'the facts change',
                can: ({ facts }: Outside) => facts === 1,
                happen: (world: Outside) => void Object.assign(world, { facts: 2 }),
              },
            ],
          }
        : {}),
      processes: [
        ...people.map((draft, n) => author<Outside>(`${draft.actor}${n}`, op, () => draft)),
        worker('worker1', op, definition, { passes: 5 }),
        ...(who === 'yes' ? [worker('worker2', op, definition, { passes: 2 })] : []),
        worker('sweeper', op, definition, { sweeper: true, passes: 12 }),
      ],
      check: (simulation, ended) => {
        const { secret, deployment, instances } = simulation.outside;
        const { entries, state } = simulation.history(op);
        // By the events, not by what the fold makes of them.
        const began = entries.some(
          ({ type, effective, before }) => type === 'intent' && effective && before.phase === 'approved',
        );
        const over = outcome(simulation);
        const untouched = secret === 'old' && deployment.replicas === 3;
        return [
          ...promises(simulation, [op]),
          ...ends(simulation, ended),
          ...(!state.approvedAt && !untouched ? ['touched, and nobody said so'] : []),
          ...(over && !began && instances.length > 0 ? [`${over}, and what nobody approved is left`] : []),
          ...(over && !began && !untouched ? [`${over}, and not as it was`] : []),
          ...(over === 'succeeded' && (secret !== 'new' || instances.length !== 1)
            ? ['succeeded without its effects']
            : []),
          ...(began && over === 'denied' ? ['denied after it began'] : []),
        ];
      },
    },
  };
}
