import { describe, expect, test } from 'vitest';
import type { InPlaceOutputs } from './in-place.ts';
import type { OwnInstanceOutputs } from './own-instance.ts';
import type { RestoreOutputs } from './restore.ts';
import { serviceAfterRestore } from './service-after.ts';
import { emptyOperation, type StepState } from './state.ts';

type Statuses = Partial<Record<keyof (RestoreOutputs & OwnInstanceOutputs & InPlaceOutputs), StepState['status']>>;
const after = (statuses: Statuses) =>
  serviceAfterRestore({
    ...emptyOperation('op-1'),
    steps: Object.entries(statuses).map(([step, status]) => ({
      step,
      status,
      failures: 0,
      intendedAt: '',
      publishes: false,
    })),
  });

describe('the state that a restore leaves the service in', () => {
  test.each<[string, Statuses, string]>([
    ['nothing was done', {}, 'unchanged'],
    ['only an instance beside', { 'record-application': 'done', 'restore-instance': 'intended' }, 'beside-only'],
    ['only an empty instance beside', { 'create-instance': 'intended' }, 'beside-only'],
    ['the stop may have happened', { 'stop-application': 'intended' }, 'stopped'],
    ['stopped, and nobody may go back', { 'stop-application': 'done', 'restore-instance': 'done' }, 'stopped'],
    ['half-way back', { 'stop-application': 'undo-intended' }, 'stopped'],
    [
      'loaded over the live one, and started',
      { 'stop-application': 'done', 'prove-loaded': 'done', 'start-application': 'done' },
      'new-database',
    ],
    [
      'the load over the live one failed, and it runs again',
      { 'stop-application': 'undone', 'load-in-place': 'undone' },
      'old-database',
    ],
    ['back', { 'stop-application': 'undone', 'restore-instance': 'done' }, 'old-database'],
    ['switched, not started', { 'stop-application': 'done', 'switch-secret': 'done' }, 'stopped'],
    [
      'switched and started',
      { 'stop-application': 'done', 'switch-secret': 'done', 'start-application': 'done' },
      'new-database',
    ],
  ])('%s', (_, statuses, expected) => {
    expect(after(statuses)).toBe(expected);
  });
});
