import { recorded } from '../domain/errors.ts';
import type { Environment } from '../domain/settings.ts';
import type { EnvironmentHealth } from './views/status.ts';
import type { Handling } from './visit.ts';

/** Whether an environment could go back far enough right now; throws nothing, what can't be read is said. */
export async function healthOf(
  { listRecoveryPoints }: Pick<Handling, 'listRecoveryPoints'>,
  environment: Environment,
): Promise<EnvironmentHealth> {
  const { name, objectives } = environment;
  const of = { environment: name, rpoMinutes: objectives.rpoMinutes };
  try {
    const points = await listRecoveryPoints(environment);
    return { ...of, newest: points.find((point) => point.status === 'available') ?? 'none' };
  } catch (error) {
    return { ...of, newest: { error: recorded(error) } };
  }
}
