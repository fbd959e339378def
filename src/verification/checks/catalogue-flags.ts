import type { ChecklistPoint } from '../../domain/verification.ts';
import type { Catalogue } from '../catalogue.ts';
import { type Check, type Facts, fail, pass, some } from '../check.ts';

/** What the catalogue itself holds to be wrong: indexes that don't serve, constraints that were never proven. */
export function catalogueFlagChecks({ restored, live }: Facts): readonly Check[] {
  const unlogged = restored.unloggedTables;
  return [
    flagCheck('indexes', 'no-corruption', 'invalidIndexes', restored, live),
    flagCheck('constraints', 'foreign-keys', 'unvalidated', restored, live),
    ...(unlogged.length > 0 ? [unloggedCheck(unlogged)] : []),
    checksumCheck,
  ];
}

const findings = {
  invalidIndexes: ['verification.indexes-valid', 'verification.pre-existing-indexes', 'verification.indexes-invalid'],
  unvalidated: [
    'verification.constraints-validated',
    'verification.pre-existing-constraints',
    'verification.constraints-not-validated',
  ],
} as const;

function flagCheck(
  name: string,
  point: ChecklistPoint,
  flag: keyof typeof findings,
  restored: Catalogue,
  live: Catalogue | undefined,
): Check {
  const [none, preExisting, regression] = findings[flag];
  const flagged = restored[flag];
  const fresh = flagged.filter((one) => !live?.[flag].includes(one));
  return {
    name,
    point,
    async run() {
      if (flagged.length === 0) return pass(none);
      if (fresh.length === 0) return pass(preExisting, { count: flagged.length, names: some(flagged) });
      return fail(regression, { count: fresh.length, names: some(fresh) });
    },
  };
}

/** They come back empty, always: said, and not blamed on the restore. */
const unloggedCheck = (tables: readonly string[]): Check => ({
  name: 'unlogged-tables',
  point: 'row-counts',
  run: async () => pass('verification.unlogged-tables', { count: tables.length, names: some(tables) }),
});

/** Only blocks that were read since the start were checked, so no failures is no proof, and failures are one. */
const checksumCheck: Check = {
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
