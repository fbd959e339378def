import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../domain/json.ts';
import type { Plan } from '../domain/plan.ts';
import { emptyOperation, type OperationState } from '../domain/state.ts';
import { lastVerified } from './last-verified.ts';
import type { PastOperation } from './past-operation.ts';
import { tierOf } from './tiers.ts';

const arn = 'arn:aws:rds:eu-west-1:111122223333:snapshot:rds:shop-1';
const snapshot = { kind: 'snapshot', arn };
const dump = { kind: 'dump', bucket: 'backups', key: 'a.dump' };

/** A closed operation of which one step has this output. */
function past(id: string, hour: number, step: string, output: JsonObject | undefined, point?: object): PastOperation {
  const at = `2026-11-20T${String(hour).padStart(2, '0')}:00:00.000Z`;
  const state = {
    ...emptyOperation(id),
    n: 9,
    phase: 'closed',
    closed: { at, outcome: 'succeeded', service: 'unchanged' },
    steps: [
      {
        step,
        status: 'done',
        failures: 0,
        intendedAt: at,
        endedAt: at,
        publishes: false,
        ...(output ? { output } : {}),
      },
    ],
  } satisfies OperationState;
  return point ? { state, plan: { bound: { decided: { recoveryPoint: point } } } as unknown as Plan } : { state };
}
const report = (outcome: string): JsonObject => ({ report: { outcome } });

const verified = (...operations: readonly PastOperation[]) =>
  lastVerified(
    {
      find: async (id) => operations.find(({ state }) => state.id === id),
      closed: async () => operations.map(({ state }) => state),
    },
    'production',
  );

describe('when a backup was last proven', () => {
  it('is when the newest restore of that very backup was verified, with what was found', async () => {
    const found = await verified(
      past('op-b', 5, 'verify-database', report('fail'), snapshot),
      past('op-a', 3, 'verify-database', report('pass'), snapshot),
    );
    expect([...found]).toEqual([
      [arn, { operation: 'op-b', by: 'restore', at: '2026-11-20T05:00:00.000Z', outcome: 'fail' }],
    ]);
  });

  it('of a dump also when it was read back whole, or taken in', async () => {
    const read = past('op-a', 3, 'check-dump', { bucket: 'backups', key: 'a.dump' });
    expect([...(await verified(read))]).toMatchObject([['s3://backups/a.dump', { by: 'read', outcome: 'pass' }]]);
    const later = past('op-b', 4, 'verify-database', report('not-proven'), dump);
    expect([...(await verified(read, later))]).toMatchObject([
      ['s3://backups/a.dump', { operation: 'op-b', by: 'restore', outcome: 'not-proven' }],
    ]);
  });

  it('is never told of what proves no backup: a moment, a step that did not end, a database that serves', async () => {
    const found = await verified(
      past('op-a', 1, 'verify-database', report('pass'), { kind: 'point-in-time', at: null }),
      past('op-b', 2, 'verify-database', undefined, snapshot),
      past('op-c', 3, 'check-database', report('pass'), snapshot),
    );
    expect([...found]).toEqual([]);
  });
});

describe('the tier of a snapshot', () => {
  it.each([
    ['rds:shop-2026-11-20-02-07', 'automated', 'daily'],
    ['shop-pitcrew-01234567', 'manual', 'manual'],
    ['before-migration-42', 'manual', 'manual'],
    ['shop-pitcrew-rescue-01234567', 'manual', 'rescue'],
    ['awsbackup:job-1', 'awsbackup', 'aws-backup'],
    ['theirs', 'shared', 'foreign'],
    ['odd', 'constructor', 'manual'],
  ])('%s (%s) is %s', (snapshotId, type, tier) => {
    expect(tierOf({ snapshotId, type })).toBe(tier);
  });
});
