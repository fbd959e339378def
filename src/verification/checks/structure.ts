import { type Catalogue, type StructureKind, structureKinds, type Thing } from '../catalogue.ts';
import { type Check, type Facts, type Finding, fail, notProven, pass, some } from '../check.ts';
import { qualifiedName } from '../names.ts';

/**
 * All tables present: what the config calls critical must be there whatever the live database says; the rest is compared
 * with the live database. What only the backup has is listed, since a restore often brings back just that.
 */
export function structureChecks({ settings, restored, live }: Facts): readonly Check[] {
  const critical = settings.critical.map(
    (table): Check => ({
      name: `table:${table}`,
      point: 'tables-present',
      run: async () =>
        restored.things.tables.has(qualifiedName(table))
          ? pass('verification.table-present', { table })
          : fail('verification.table-missing', { table }),
    }),
  );
  if (!live) return [...critical, withoutLive];
  const compared = structureKinds.map(
    (kind): Check => ({
      name: `structure:${kind}`,
      point: 'tables-present',
      run: async () => compare(kind, restored, live),
    }),
  );
  return [...critical, ...compared];
}

const withoutLive: Check = {
  name: 'structure',
  point: 'tables-present',
  run: async () => notProven('verification.structure-not-compared'),
};

function compare(kind: StructureKind, restored: Catalogue, live: Catalogue): Finding {
  const here = restored.things[kind];
  const there = live.things[kind];
  // What hangs on a missing table is missing with it: that is said once, of the table.
  const expected = [...there.values()].filter(({ owner }) => owner === undefined || restored.things.tables.has(owner));
  const missing = expected.filter(({ name }) => !here.has(name));
  const differing = expected.filter(
    ({ name, definition }) => here.has(name) && here.get(name)?.definition !== definition,
  );
  const extra = [...here.values()].filter(({ name, owner }) => !there.has(name) && !hangsOnExtraTable(owner, live));
  if (missing.length + differing.length > 0)
    return fail('verification.structure-differs', {
      kind,
      missing: missing.length,
      differing: differing.length,
      names: named([...missing, ...differing]),
    });
  if (extra.length > 0)
    return pass('verification.structure-extra', { kind, count: here.size, extra: extra.length, names: named(extra) });
  return pass('verification.structure-same', { kind, count: here.size });
}

const hangsOnExtraTable = (owner: string | undefined, live: Catalogue) =>
  owner !== undefined && !live.things.tables.has(owner);

const named = (things: readonly Thing[]) => some(things.map(({ name }) => name).sort());
