import type { DatabaseAddress } from '../clients/postgres.ts';
import { PitcrewError } from '../domain/errors.ts';
import type { CheckSettings, RoleSecret } from '../domain/settings.ts';
import { type Instant, instant } from '../domain/time.ts';
import type { DatabaseAccess } from './access.ts';
import { awaitCounters, readActivity } from './activity.ts';
import { type Baseline, type Measurement, storedThings, thingsOf } from './baseline.ts';
import type { Activity, MeasuredTable } from './bounds.ts';
import {
  type Catalogue,
  readCatalogue,
  readThings,
  type StructureKind,
  structureKinds,
  type Things,
} from './catalogue.ts';
import { isOfTheCheck, type Reader } from './check.ts';
import { catalogueFlags } from './checks/catalogue-flags.ts';
import { duplicatesIn, uniqueKeyId } from './checks/duplicates.ts';
import { wrongNames } from './checks/flags.ts';
import { existsIn, orphansIn, relationId, relationsOf, touchesCritical } from './checks/foreign-keys.ts';
import { ask, queryId } from './checks/queries.ts';
import { countRows, largeObjects } from './checks/row-counts.ts';
import { sequenceFlag } from './checks/sequences.ts';
import { stillValidFlags } from './checks/still-valid.ts';
import { type Earlier, isOfToday } from './earlier.ts';
import { qualifiedName } from './names.ts';
import { openServing, withSessions } from './reader.ts';
import { fingerprinted, type Wrong } from './regressions.ts';
import { budgetOf } from './run-checks.ts';

export interface Measuring {
  readonly address: DatabaseAddress;
  readonly verifyRole: RoleSecret;
  readonly settings: CheckSettings;
  readonly timeZone: string;
  readonly signal: AbortSignal;
}

interface Run {
  readonly reader: Reader;
  readonly settings: CheckSettings;
  readonly catalogue: Catalogue;
  /** The database's own clock. */
  readonly now: string;
  remainingSeconds(): number;
}

/**
 * What a restore will be compared with, measured on the database that serves, before the snapshot: its structure and its
 * counters always, counts of the critical tables and what is wrong already as far as `gateMinutes` go.
 * @throws PitcrewError `database.*` when the database can't be read
 */
export function measureBefore(
  access: DatabaseAccess,
  { address, verifyRole: role, settings, timeZone, signal }: Measuring,
  operation: string,
  earlier: Earlier | undefined,
): Promise<Measurement> {
  return withSessions(signal, async (open) => {
    const { remainingSeconds } = budgetOf(settings.gateMinutes);
    const { reader } = await open(openServing(access, { address, role, timeZone, remainingSeconds }));
    const catalogue = await reader.within('plain', readCatalogue);
    const now = await clock(reader);
    const run = { reader, settings, catalogue, now, remainingSeconds };
    const flags = await wrongNamesOf(run);
    const tables = await measureTables(run, earlier);
    return {
      v: 1,
      operation,
      database: address.database,
      at: now,
      structure: storedThings(catalogue.things),
      primaryKeys: Object.fromEntries(
        settings.critical.flatMap((table) => {
          const key = catalogue.primaryKeys.get(qualifiedName(table));
          return key ? [[qualifiedName(table), [...key]]] : [];
        }),
      ),
      flags,
      tables,
      scans: await scan(run, isOfToday(earlier, now) ? earlier.scans : { at: now, findings: {}, queries: {} }),
    };
  });
}

/** What time it is by the database's own clock, in whole milliseconds. */
export async function clock(reader: Reader): Promise<Instant> {
  const { rows } = await reader.within('plain', (query) =>
    query<{ ms: number }>('SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS ms'),
  );
  return instant(Math.floor(rows[0]?.ms ?? Number.NaN));
}

/**
 * Counters, then counts, those first that were counted never or longest ago. A table that nobody wrote to since it was last
 * counted is not counted again, and one that the budget doesn't reach keeps its old count: both are right still, with
 * everything that its counters went on since.
 */
async function measureTables(run: Run, earlier: Earlier | undefined): Promise<Measurement['tables']> {
  const { reader, settings, catalogue, now } = run;
  const critical = settings.critical.map(qualifiedName).filter((name) => catalogue.things.tables.has(name));
  const names = [...critical.filter((name) => !catalogue.unloggedTables.includes(name)), largeObjects];
  const activities = await readActivity(reader, names);
  const lastCounted = (name: string) => earlier?.tables[name]?.countedAt ?? '';
  const tables: Record<string, MeasuredTable> = {};
  for (const name of names.toSorted((a, b) => (lastCounted(a) < lastCounted(b) ? -1 : 1))) {
    const before = activities.get(name);
    if (!before) continue;
    const old = earlier?.tables[name];
    const still = old && isSame(old.before, before) ? old : await count(run, name);
    tables[name] = still ?? (old && goesOn(old.before, before) ? old : { rows: null, countedAt: now, before });
  }
  return tables;
}

/** Its own counters are read right before, so that as little as possible lies in between. */
async function count({ reader, remainingSeconds }: Run, table: string): Promise<MeasuredTable | undefined> {
  if (remainingSeconds() <= 0) return undefined;
  const countedAt = await clock(reader);
  const before = (await readActivity(reader, [table])).get(table);
  const rows = await within(() => countRows(reader, table));
  return before && rows !== undefined ? { rows, countedAt, before } : undefined;
}

const isSame = (a: Activity, b: Activity) =>
  goesOn(a, b) && a.inserted === b.inserted && a.updated === b.updated && a.deleted === b.deleted;
const goesOn = (a: Activity, b: Activity) => a.epoch !== null && a.epoch === b.epoch && a.files === b.files;

type Wrongs = Measurement['flags'];

/** Looks for what is wrong; what no time is left for, or no right, is not in it. */
async function look(run: Run, found: Wrongs, name: string, work: () => Promise<Wrong>): Promise<void> {
  if (Object.hasOwn(found, name) || run.remainingSeconds() <= 0) return;
  const wrong = await within(work);
  if (wrong) found[name] = fingerprinted(wrong);
}

async function wrongNamesOf(run: Run): Promise<Wrongs> {
  const found: Wrongs = {};
  for (const flag of [...catalogueFlags, ...stillValidFlags, sequenceFlag])
    await look(run, found, flag.name, async () => wrongNames(await flag.look(run.reader, run.catalogue)));
  return found;
}

/** The same scans that the restored database gets, those first that find most; what was looked at today already is left. */
async function scan(run: Run, today: Measurement['scans']): Promise<Measurement['scans']> {
  const { reader, catalogue, settings } = run;
  const queries = { ...today.queries };
  for (const configured of [...settings.queries, ...settings.rules]) {
    if (Object.hasOwn(queries, queryId(configured)) || run.remainingSeconds() <= 0) continue;
    const asked = await within(() => ask(reader, configured, run.now));
    if (asked) queries[queryId(configured)] = { finding: asked.finding.finding, off: asked.off };
  }
  const findings = { ...today.findings };
  const { declared, configured } = relationsOf(settings, catalogue);
  const relations = [...declared.filter((key) => touchesCritical(settings, key)), ...configured];
  for (const key of relations.filter((one) => existsIn(catalogue, one)))
    await look(run, findings, relationId(key), () => orphansIn(reader, key, catalogue.primaryKeys.get(key.from)));
  const critical = new Set(settings.critical.map(qualifiedName));
  for (const key of catalogue.uniqueKeys.filter(({ table }) => critical.has(table)))
    await look(run, findings, uniqueKeyId(key), () => duplicatesIn(reader, key));
  return { at: today.at, findings, queries };
}

/** What one look can't do (no right, no time, somebody's lock) is missing in the baseline, and nothing else. */
async function within<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    const passing = error instanceof PitcrewError && /^database\.(timeout|contention)$/.test(error.code);
    if (passing || isOfTheCheck(error)) return undefined;
    throw error;
  }
}

const cheapSeconds = 60;

/**
 * Waits until the counters have everything that was committed from `countedAt` until now.
 * @returns as `awaitCounters`
 */
export function settleCounters(
  access: DatabaseAccess,
  { address, verifyRole: role, timeZone, signal }: Measuring,
  countedAt: Instant,
  withinSeconds: number,
): Promise<Instant | null> {
  return withSessions(signal, async (open) => {
    const remainingSeconds = () => cheapSeconds;
    const { reader } = await open(openServing(access, { address, role, timeZone, remainingSeconds }));
    return awaitCounters(reader, countedAt, { withinSeconds, signal });
  });
}

/**
 * The second half, after the snapshot: how far the counters went on, and what changed its definition meanwhile.
 * @throws PitcrewError `database.*` when the database can't be read
 */
export function measureAfter(
  access: DatabaseAccess,
  { address, verifyRole: role, timeZone, signal }: Measuring,
  before: Measurement,
  of: Pick<Baseline, 'snapshot' | 'snapshotAt' | 'unreported'>,
): Promise<Baseline> {
  return withSessions(signal, async (open) => {
    const { remainingSeconds } = budgetOf(cheapSeconds / 60);
    const { reader } = await open(openServing(access, { address, role, timeZone, remainingSeconds }));
    const activities = await readActivity(reader, Object.keys(before.tables));
    const settledAt = await clock(reader);
    const things = await reader.within('plain', readThings);
    const tables = Object.entries(before.tables).map(([name, table]): [string, MeasuredTable] => {
      const after = activities.get(name);
      return [name, after ? { ...table, after } : table];
    });
    return {
      ...before,
      ...of,
      settledAt,
      tables: Object.fromEntries(tables),
      unsettled: changedBetween(thingsOf(before), things),
    };
  });
}

function changedBetween(before: Things, after: Things): Baseline['unsettled'] {
  const changed = (kind: StructureKind) => {
    const names = new Set([...before[kind].keys(), ...after[kind].keys()]);
    return [...names].filter((name) => before[kind].get(name)?.definition !== after[kind].get(name)?.definition);
  };
  return Object.fromEntries(structureKinds.map((kind) => [kind, changed(kind)])) as Baseline['unsettled'];
}
