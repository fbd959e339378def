import { atGate } from './gates.ts';
import { askForCutOver, create, publish, stop } from './outside.ts';
import { op, outcome } from './scenario.ts';

/** As restore-first has it: the instance is made beside, people are asked, and only then the application stops. */
export const cutOver = atGate({
  gate: 'cut-over',
  steps: (ports) => [create(ports), askForCutOver(), stop(ports), publish(ports)],
  policy: { cutOver: 2, cutOverWithinMinutes: 10 },
  holds(simulation, ended) {
    const { secret, deployment, instances } = simulation.outside;
    const over = outcome(simulation);
    const { cutOver: gate } = simulation.history(op).state;
    const untouched = secret === 'old' && deployment.replicas > 0;
    return [
      ...(gate?.decision !== 'approved' && !untouched ? ['touched, and nobody said so'] : []),
      ...(ended && over && over !== 'succeeded' && !untouched ? [`${over}, and not as it was`] : []),
      ...(instances.length !== 1 ? [`${instances.length} instances beside`] : []),
    ];
  },
});
