import type { Closing } from '../../src/domain/events.ts';
import type { Step } from '../../src/domain/step.ts';
import { operationOf, phaseOf, planOf, prologue } from './cast.ts';
import type { Outside } from './outside.ts';
import type { Simulation } from './simulation.ts';
import type { Ports, SimulationSpec } from './spec.ts';

export interface Scenario {
  readonly name: string;
  readonly spec: SimulationSpec<Outside>;
}

export const op = 'op1';

/** Closed or parked, once one healthy worker had its turn. */
export function ends(simulation: Simulation<Outside>, ended: boolean): string[] {
  const phase = phaseOf(simulation, op);
  return ended && phase !== 'closed' && phase !== 'parked' ? [`left ${phase} for ever`] : [];
}

export function outcome(simulation: Simulation<Outside>): Closing | undefined {
  return simulation.history(op).state.closed?.outcome;
}

export const definition = (steps: (ports: Ports<Outside>) => readonly Step[]) => (ports: Ports<Outside>) => {
  const made = steps(ports);
  return operationOf(made, () => planOf(made));
};

/** Builds what lies there already: steps are only named in it, never run. */
export async function approved(steps: (ports: Ports<Outside>) => readonly Step[], over = {}) {
  const made = steps({} as Ports<Outside>);
  return prologue(
    op,
    operationOf(made, () => planOf(made)),
    ['ann', 'ben'],
    over,
  );
}
