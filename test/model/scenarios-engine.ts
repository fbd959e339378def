import { appendOperation } from '../../src/ledger/operations.ts';
import { author, calm, human, operationOf, planOf, prologue, promises, start, vote, worker } from './cast.ts';
import { create, type Outside, outside, publish, refuse, stop } from './outside.ts';
import { approved, definition, ends, op, outcome, type Scenario } from './scenario.ts';
import type { Ports } from './spec.ts';

export async function cancel(faults = 1, crashes = 1): Promise<Scenario> {
  const steps = (ports: Ports<Outside>) => [stop(ports), publish(ports)];
  const { objects } = await approved(steps);
  const asks = () => ({ type: 'cancel-asked' as const, actor: 'rita', data: { human: human('rita') } });
  return {
    name: 'cancel against the hand-over, two workers',
    spec: {
      objects,
      clock: start,
      outside,
      faults,
      crashes,
      processes: [
        author('rita', op, asks),
        worker('worker1', op, definition(steps), { passes: 3 }),
        worker('worker2', op, definition(steps), { passes: 2 }),
        worker('sweeper', op, definition(steps), { sweeper: true, passes: 8 }),
      ],
      check: (simulation, ended) => {
        const { secret, deployment } = simulation.outside;
        const over = outcome(simulation);
        return [
          ...promises(simulation, [op]),
          ...ends(simulation, ended),
          ...(over === 'cancelled' && secret === 'new' ? ['cancelled, and handed over'] : []),
          ...(ended && over === 'cancelled' && deployment.replicas === 0 ? ['cancelled, and stopped'] : []),
          ...(over === 'succeeded' && (secret !== 'new' || deployment.replicas !== 0)
            ? ['succeeded without its effects']
            : []),
        ];
      },
    },
  };
}

export async function takeover(fails: boolean, faults = 1, crashes = 1): Promise<Scenario> {
  const steps = (ports: Ports<Outside>) => [stop(ports), create(ports), ...(fails ? [refuse()] : [])];
  const { objects } = await approved(steps);
  return {
    name: fails
      ? 'two workers, a step that fails, and the way back'
      : 'two workers on one plan, crashes at every await',
    spec: {
      objects,
      clock: start,
      outside,
      faults,
      crashes,
      processes: [
        worker('worker1', op, definition(steps), { passes: 3 }),
        worker('worker2', op, definition(steps), { passes: 2 }),
        worker('sweeper', op, definition(steps), { sweeper: true, passes: 8 }),
      ],
      check: (simulation, ended) => {
        const { deployment, instances } = simulation.outside;
        const over = outcome(simulation);
        return [
          ...promises(simulation, [op]),
          ...ends(simulation, ended),
          ...(instances.length > 1 ? ['two instances'] : []),
          ...(over === 'succeeded' && (fails || deployment.replicas !== 0 || instances.length !== 1)
            ? ['succeeded without its effects']
            : []),
          ...(over === 'failed' && deployment.replicas === 0 ? ['closed as returned, and stopped'] : []),
        ];
      },
    },
  };
}

/** Cancelled when all is done but not yet closed: whoever looked before must not close it as a success. */
export async function cancelAtTheEnd(faults = 0, crashes = 0): Promise<Scenario> {
  const steps = (ports: Ports<Outside>) => [stop(ports)];
  const { spec } = await cancel(faults, crashes);
  const { objects } = await approved(steps);
  return {
    name: 'cancel before the end of a plan that hands nothing over',
    spec: {
      ...spec,
      objects,
      processes: [
        ...spec.processes.slice(0, 1),
        worker('worker1', op, definition(steps), { passes: 2 }),
        worker('worker2', op, definition(steps), { passes: 2 }),
        worker('sweeper', op, definition(steps), { sweeper: true, passes: 8 }),
      ],
      check: (simulation, ended) => [
        ...promises(simulation, [op]),
        ...ends(simulation, ended),
        ...(ended && outcome(simulation) === 'cancelled' && simulation.outside.deployment.replicas === 0
          ? ['cancelled, and stopped']
          : []),
      ],
    },
  };
}

/** A worker sleeps between its look and its first intent; meanwhile the facts change and people approve another plan. */
export async function planChanges(workers: 1 | 2, faults = 0, crashes = 0): Promise<Scenario> {
  const decided = (facts: number) => ({ decided: { facts } });
  const made = (ports: Ports<Outside>) => [create(ports)];
  const planned = (facts: number) => {
    const plan = planOf(made({} as Ports<Outside>), decided(facts));
    const steps = plan.bound.steps.map((step) => ({ ...step, input: { facts } }));
    return { ...plan, bound: { ...plan.bound, steps, resources: ['db', `db${facts}`] } };
  };
  const replanning = (ports: Ports<Outside>) => operationOf(made(ports), () => planned(ports.outside?.facts ?? 1));
  const { objects, digest } = await prologue(op, replanning({} as Ports<Outside>), ['ann'], { required: 1 });
  return {
    name: 'the facts change after the approval',
    spec: {
      objects,
      clock: start,
      outside,
      faults,
      crashes,
      happenings: [
        {
          label: 'the facts change',
          can: ({ facts }) => facts === 1,
          happen: (world) => Object.assign(world, { facts: 2 }),
        },
      ],
      processes: [
        worker('worker1', op, replanning, { passes: workers === 2 ? 2 : 5 }),
        ...(workers === 2 ? [worker('worker2', op, replanning, { passes: 4 })] : []),
        {
          name: 'ben',
          body: async (ports) => {
            for (let looks = 0; looks < 3; looks++) {
              const voted = await calm(
                appendOperation(ports.chains, op, ({ plan }) =>
                  !plan || plan.digest === digest ? { refused: 'nothing new' } : vote('ben', plan.digest),
                ),
              );
              if (voted?.kind !== 'refused') return;
              await ports.idle();
            }
          },
        },
        worker('sweeper', op, replanning, { sweeper: true, passes: 8 }),
      ],
      check: (simulation, ended) => {
        const { entries, state } = simulation.history(op);
        const began = entries.find(({ type, effective }) => type === 'intent' && effective);
        const first = simulation.outside.instances[0];
        const wanted = began?.before.plan?.digest === digest ? 'restored of 1' : 'restored of 2';
        return [
          ...promises(simulation, [op]),
          ...(began && first && first !== wanted ? [`${first} was made, and the approved plan says ${wanted}`] : []),
          // Approved and nobody starts it, with all the time in the world: only a wait for people may stand at the end.
          ...(ended && state.phase !== 'closed' && state.phase !== 'planned' ? [`left ${state.phase} for ever`] : []),
        ];
      },
    },
  };
}
