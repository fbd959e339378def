import type { Standings } from '../../domain/backup.ts';
import type { Plan } from '../../domain/plan.ts';
import { listedDumps } from './dump.fixture.ts';
import { after, points } from './plans.fixture.ts';

const arn = (index: number) => points[index]?.arn ?? '';
const dump = (index: number) => `s3://ecommerce-backups/${listedDumps[index]?.key}`;

/** What is known of the gallery's backups: one that fits and is proven, one that is older, one of which nobody knows. */
export const standings: Standings = {
  [arn(0)]: {
    tier: 'daily',
    verified: { operation: 'op-00112233aabb', by: 'restore', at: after(-3600), outcome: 'pass' },
    fit: { kind: 'unknown' },
  },
  [arn(1)]: {
    tier: 'manual',
    fit: { kind: 'older', after: '20261119120000', upTo: '20261119213000', count: 2 },
  },
  [arn(2)]: { tier: 'daily', fit: { kind: 'unknown' } },
  [dump(0)]: {
    tier: 'manual',
    verified: { operation: 'op-00112233aabc', by: 'read', at: after(5), outcome: 'pass' },
    fit: { kind: 'fits' },
  },
  [dump(1)]: { tier: 'manual', fit: { kind: 'unknown' } },
};

/** A plan of a restore from a backup of which two migrations have run since. */
export const olderThanRunning = (plan: Plan): Plan => ({
  ...plan,
  shown: {
    ...plan.shown,
    version: { code: 'version.older', params: { after: '20261119120000', upTo: '20261119213000', count: 2 } },
  },
});
