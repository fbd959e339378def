import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../domain/json.ts';
import { rolloutOf } from './rollout.ts';

const since = '2026-11-20T03:00:00.000Z';
const status = { replicas: 2, readyReplicas: 2, updatedReplicas: 2, availableReplicas: 2, observedGeneration: 4 };
const standing = (more: JsonObject = {}, kind: 'deployment' | 'stateful-set' = 'deployment') =>
  rolloutOf({ kind, generation: 4, spec: { replicas: 2 }, status: { ...status, ...more } }, since);
const missedAt = (at: string) => ({
  availableReplicas: 1,
  conditions: [{ type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded', lastTransitionTime: at }],
});

describe('a rollout', () => {
  it('is complete only when the controller has seen this spec, and all pods are new and available, with none of the old left', () => {
    expect(standing()).toBe('complete');
    for (const lacking of [
      { observedGeneration: 3 },
      { updatedReplicas: 1 },
      { availableReplicas: 1 },
      { replicas: 3 },
    ])
      expect(standing(lacking)).toBe('progressing');
  });

  it('of a StatefulSet that keeps old pods until they are deleted is complete when all are available', () => {
    expect(standing({ updatedReplicas: 1 }, 'stateful-set')).toBe('complete');
    expect(standing({ availableReplicas: 1 }, 'stateful-set')).toBe('progressing');
  });

  it('has failed when it missed its deadline since the step began, not when an earlier one did', () => {
    expect(standing(missedAt('2026-11-20T03:00:01Z'))).toBe('deadline-exceeded');
    expect(standing(missedAt('2026-11-20T02:00:00Z'))).toBe('progressing');
  });
});
