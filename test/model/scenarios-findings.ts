import { atGate } from './gates.ts';
import { judge, publish, stop, verify } from './outside.ts';
import { outcome } from './scenario.ts';

/** Stopped, verified, and something is wrong: the step that judges waits for people. */
export const findings = atGate({
  gate: 'findings',
  steps: (ports) => [stop(ports), verify(), judge(), publish(ports)],
  policy: { findingsWithinMinutes: 10 },
  holds(simulation, ended) {
    const over = outcome(simulation);
    const stopped = simulation.outside.deployment.replicas === 0;
    return ended && over && over !== 'succeeded' && stopped ? [`${over}, and stopped`] : [];
  },
});
