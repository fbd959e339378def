import type { Deployment } from '../objects.ts';

/** maxSurge rounds up, maxUnavailable down, and both may not be 0 (API reference, RollingUpdateDeployment). */
export function rollingBounds({ spec }: Deployment): { surge: number; unavailable: number } {
  const { maxSurge = '25%', maxUnavailable = '25%' } = spec.strategy.rollingUpdate ?? {};
  if (spec.strategy.type === 'Recreate' || spec.replicas === 0) return { surge: 0, unavailable: 0 };
  const share = (value: number | string) =>
    typeof value === 'number' ? value : (Number.parseFloat(value) / 100) * spec.replicas;
  const surge = Math.ceil(share(maxSurge));
  const unavailable = Math.min(spec.replicas, Math.floor(share(maxUnavailable)));
  return { surge, unavailable: surge === 0 && unavailable === 0 ? 1 : unavailable };
}
