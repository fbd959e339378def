import { describe, expect, it } from 'vitest';
import type { DeploymentView } from '../../clients/kubernetes.ts';
import { rolloutOf } from './rollout.ts';

const since = '2026-11-20T03:00:00.000Z';
const complete: DeploymentView = {
  replicas: 2,
  current: 2,
  ready: 2,
  updated: 2,
  available: 2,
  generation: 4,
  observedGeneration: 4,
  resourceVersion: '1',
  annotations: {},
  annotated: true,
  conditions: [],
  readAt: since,
};
const missedAt = (at: string) => ({
  available: 1,
  conditions: [{ type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded', since: at }],
});

describe('a rollout', () => {
  it('is complete only when the controller has seen this spec, and all pods are new and available, with none of the old left', () => {
    expect(rolloutOf(complete, since)).toBe('complete');
    for (const lacking of [{ observedGeneration: 3 }, { updated: 1 }, { available: 1 }, { current: 3 }])
      expect(rolloutOf({ ...complete, ...lacking }, since)).toBe('progressing');
  });

  it('has failed when it missed its deadline since the step began, not when an earlier one did', () => {
    expect(rolloutOf({ ...complete, ...missedAt('2026-11-20T03:00:01.000Z') }, since)).toBe('deadline-exceeded');
    expect(rolloutOf({ ...complete, ...missedAt('2026-11-20T02:00:00.000Z') }, since)).toBe('progressing');
  });
});
