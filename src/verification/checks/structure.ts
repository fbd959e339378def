import { type Baseline, thingsOf } from '../baseline.ts';
import { type StructureKind, structureKinds, type Thing, type Things } from '../catalogue.ts';
import { type Check, type Facts, type Finding, fail, notProven, pass, some } from '../check.ts';
import { qualifiedName } from '../names.ts';

/**
 * All tables present: what the config calls critical must be there whatever else is; the rest is compared with the
 * baseline. What the live database has beyond it came after the backup, and is listed. Without a baseline the live database
 * is compared with, and then what it alone has fails: a table made since can't be told from one that is lost, and only
 * people can. What only the backup has is listed either way: a restore often brings back just that.
 */
export function structureChecks({ settings, restored, live, baseline }: Facts): readonly Check[] {
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
  const before = baseline && thingsOf(baseline);
  const compare = (kind: StructureKind): Finding | undefined => {
    if (baseline && before) return againstBaseline(kind, restored.things, { baseline, before, live: live?.things });
    return live && againstLive(kind, restored.things, live.things);
  };
  const compared = structureKinds.map((kind): Check => {
    const run = async () => compare(kind) ?? notProven('verification.structure-not-compared');
    return { name: `structure:${kind}`, point: 'tables-present', run };
  });
  return [...critical, ...(before || live ? compared : [withoutEither])];
}

const withoutEither: Check = {
  name: 'structure',
  point: 'tables-present',
  run: async () => notProven('verification.structure-not-compared'),
};

interface Past {
  readonly baseline: Baseline;
  readonly before: Things;
  readonly live: Things | undefined;
}

function againstBaseline(kind: StructureKind, here: Things, { baseline, before, live }: Past): Finding {
  // The snapshot may have what these were or what they became.
  const unsettled = new Set(baseline.unsettled[kind]);
  const { missing, differing } = lacking(kind, here, before, unsettled);
  const counts = { kind, count: here[kind].size };
  if (missing.length + differing.length > 0)
    return fail('verification.structure-lost', {
      kind,
      missing: missing.length,
      differing: differing.length,
      names: named([...missing, ...differing]),
    });
  const later = live ? onlyIn(kind, live, here) : [];
  if (later.length > 0)
    return pass('verification.structure-came-after', { ...counts, later: later.length, names: named(later) });
  return pass('verification.structure-as-backed-up', counts);
}

function againstLive(kind: StructureKind, here: Things, live: Things): Finding {
  const { missing, differing } = lacking(kind, here, live, new Set());
  const counts = { kind, count: here[kind].size };
  if (missing.length + differing.length > 0)
    return fail('verification.structure-differs', {
      kind,
      missing: missing.length,
      differing: differing.length,
      names: named([...missing, ...differing]),
    });
  const extra = onlyIn(kind, here, live);
  if (extra.length > 0)
    return pass('verification.structure-extra', { ...counts, extra: extra.length, names: named(extra) });
  return pass('verification.structure-same', counts);
}

/** What hangs on a missing table is missing with it: that is said once, of the table. */
function lacking(kind: StructureKind, here: Things, expected: Things, apart: ReadonlySet<string>) {
  const all = [...expected[kind].values()].filter(({ name, owner }) => !apart.has(name) && isThere(here, owner));
  const missing = all.filter(({ name }) => !here[kind].has(name));
  const differing = all.filter(
    ({ name, definition }) => (here[kind].get(name)?.definition ?? definition) !== definition,
  );
  return { missing, differing };
}

const onlyIn = (kind: StructureKind, here: Things, there: Things) =>
  [...here[kind].values()].filter(({ name, owner }) => !there[kind].has(name) && isThere(there, owner));

const isThere = ({ tables, views, sequences }: Things, owner: string | undefined) =>
  owner === undefined || [tables, views, sequences].some((things) => things.has(owner));

const named = (things: readonly Thing[]) => some(things.map(({ name }) => name).sort());
