import { type Check, type Facts, fail, pass, some } from '../check.ts';
import type { Flag } from './flags.ts';

/** What the catalogue itself holds to be wrong: indexes that don't serve, constraints that were never proven. */
export const catalogueFlags: readonly Flag[] = [
  {
    name: 'indexes',
    point: 'no-corruption',
    findings: ['verification.indexes-valid', 'verification.pre-existing-indexes', 'verification.indexes-invalid'],
    look: async (_, { flags }) => flags.invalidIndexes,
  },
  {
    name: 'constraints',
    point: 'foreign-keys',
    findings: [
      'verification.constraints-validated',
      'verification.pre-existing-constraints',
      'verification.constraints-not-validated',
    ],
    look: async (_, { flags }) => flags.unvalidated,
  },
  {
    name: 'materialised-views',
    point: 'tables-present',
    findings: [
      'verification.materialised-views-filled',
      'verification.pre-existing-materialised-views',
      'verification.materialised-views-empty',
    ],
    look: async (_, { flags }) => flags.emptyMaterialisedViews,
  },
];

/** They come back empty, always: said, and not blamed on the restore. */
export function unloggedChecks({ restored: { unloggedTables } }: Facts): readonly Check[] {
  if (unloggedTables.length === 0) return [];
  const run = async () =>
    pass('verification.unlogged-tables', { count: unloggedTables.length, names: some(unloggedTables) });
  return [{ name: 'unlogged-tables', point: 'row-counts', run }];
}

/** Only blocks that were read since the start were checked, so no failures is no proof, and failures are one. */
export const checksumCheck: Check = {
  name: 'checksums',
  point: 'no-corruption',
  async run({ restored }) {
    const { rows } = await restored.within('plain', (query) =>
      query<{ on: boolean; failures: number | null }>(
        `SELECT current_setting('data_checksums') = 'on' AS on, checksum_failures AS failures
         FROM pg_catalog.pg_stat_database WHERE datname = current_database()`,
      ),
    );
    const { on = false, failures } = rows[0] ?? {};
    if (!on) return pass('verification.checksums-off');
    return failures
      ? fail('verification.checksum-failures', { count: failures })
      : pass('verification.no-checksum-failures');
  },
};
