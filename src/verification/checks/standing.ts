import { awaitCounters, readActivity } from '../activity.ts';
import type { Activity, MeasuredTable } from '../bounds.ts';
import { type Check, criticalThere, type Facts, type Finding, fail, notProven, pass, type Reader } from '../check.ts';
import { qualifiedName } from '../names.ts';
import { configuredChecks } from './queries.ts';
import { countRows } from './row-counts.ts';
import { structureChecks } from './structure.ts';

/** A database that nobody restored just now: it is in use, or it was. */
export interface StandingFacts extends Facts {
  /** Whether the application uses it. */
  readonly serves: boolean;
  /** The application's own role, by its name: its password is not needed to see whether it is there. */
  readonly role: string;
  readonly signal: AbortSignal;
}

/** The database answers, and is no standby. Nothing is written to find out more. */
export const answers: Check = {
  name: 'answers',
  point: 'accessible',
  async run({ restored }) {
    const { rows } = await restored.within('plain', (query) =>
      query<{ user: string; version: string; recovering: boolean }>(
        `SELECT current_user AS user, current_setting('server_version') AS version, pg_is_in_recovery() AS recovering`,
      ),
    );
    const { user = '', version = '', recovering = true } = rows[0] ?? {};
    return recovering ? fail('verification.in-recovery', { version }) : pass('verification.answers', { user, version });
  },
};

/** The application is seen at work, not tried: its sessions on the database that it is to use. */
export function connectedCheck({ serves, role }: StandingFacts): Check {
  const run: Check['run'] = async ({ restored }) => {
    if (!serves) return notProven('verification.application-elsewhere', { role });
    const { rows } = await restored.within('plain', (query) =>
      query<{ sessions: number }>(
        'SELECT count(*) AS sessions FROM pg_catalog.pg_stat_activity WHERE usename = $1 AND datname = current_database()',
        [role],
      ),
    );
    const sessions = rows[0]?.sessions ?? 0;
    return sessions > 0
      ? pass('verification.application-sessions', { role, sessions })
      : notProven('verification.application-no-sessions', { role });
  };
  return { name: 'application-sessions', point: 'application-connects', run };
}

/**
 * As after a restore, but time has passed since the baseline, and migrations are made: a table that is gone took its rows
 * with it, which fails; whether anything else was changed on purpose only people can tell.
 */
export function standingStructureChecks(facts: StandingFacts): readonly Check[] {
  return structureChecks(facts).map((check) => changed(check, since));
}

function since(found: Finding): Finding {
  const { finding, params } = found;
  if (finding === 'verification.structure-as-backed-up') return pass('verification.structure-as-baseline', params);
  if (finding === 'verification.structure-not-compared') return notProven('verification.structure-without-baseline');
  if (finding !== 'verification.structure-lost') return found;
  return params.kind === 'tables' && Number(params.missing) > 0
    ? fail('verification.structure-gone-since', params)
    : notProven('verification.structure-changed-since', params);
}

/** How old the newest row may be is asked as of now, and not at all where nobody writes. */
export function standingConfiguredChecks(facts: StandingFacts): readonly Check[] {
  return configuredChecks(facts).map((check) =>
    changed(check, (found) => {
      if (found.finding !== 'verification.query-too-old') return found;
      return facts.serves
        ? fail('verification.query-too-old-now', found.params)
        : notProven('verification.query-age-elsewhere', found.params);
    }),
  );
}

/** Without a baseline nobody knows whether it was so before. */
export function inWordsOfNow(checks: readonly Check[], { baseline }: StandingFacts): readonly Check[] {
  if (baseline) return checks;
  return checks.map((check) =>
    changed(check, (found) =>
      found.finding === 'verification.orphans' ? fail('verification.orphans-now', found.params) : found,
    ),
  );
}

const changed = (check: Check, to: (found: Finding) => Finding): Check => ({
  ...check,
  run: async (readers) => to(await check.run(readers)),
});

/**
 * How many rows there must be, nobody knows of a database that is in use. What can be said: where no row was deleted since
 * the baseline was counted, there are at least as many as then; and a critical table that had rows and has none has lost
 * them, whoever deleted them.
 */
export function standingCountChecks(facts: StandingFacts): readonly Check[] {
  const { restored, baseline, signal } = facts;
  const logged = criticalThere(facts).filter((table) => !restored.unloggedTables.includes(qualifiedName(table)));
  return logged.map((table): Check => {
    const then = baseline?.tables[qualifiedName(table)];
    return {
      name: `row-count:${table}`,
      point: 'row-counts',
      run: ({ restored: reader }) => judge(table, reader, then, signal),
    };
  });
}

async function judge(
  table: string,
  reader: Reader,
  measured: MeasuredTable | undefined,
  signal: AbortSignal,
): Promise<Finding> {
  const rows = await countRows(reader, table);
  if (!measured || measured.rows === null) return notProven('verification.rows-now', { table, rows });
  const had = measured.rows;
  const said = { table, rows, had };
  if (rows === 0 && had > 0) return fail('verification.rows-all-gone', said);
  const deleted = await deletedSince(reader, table, measured.before);
  if (deleted === undefined) return notProven('verification.rows-without-counters', said);
  if (deleted > 0) return notProven('verification.rows-deleted-since', { ...said, deleted });
  if (rows >= had) return pass('verification.rows-at-least', said);
  return fewer(said, reader, measured, signal);
}

const tellWithinSeconds = 20;

/** Fewer, and no row was deleted? A session that deleted some may not have told yet: it is waited for. */
async function fewer(
  said: { readonly table: string; readonly rows: number; readonly had: number },
  reader: Reader,
  { before, countedAt }: MeasuredTable,
  signal: AbortSignal,
): Promise<Finding> {
  const unreported = await awaitCounters(reader, countedAt, { withinSeconds: tellWithinSeconds, signal });
  const deleted = await deletedSince(reader, said.table, before);
  if (deleted === undefined || unreported !== null) return notProven('verification.rows-without-counters', said);
  return deleted > 0
    ? notProven('verification.rows-deleted-since', { ...said, deleted })
    : fail('verification.rows-fewer', said);
}

/** At most so many; undefined where the counters began anew, or the table was truncated or rewritten. */
async function deletedSince(reader: Reader, table: string, then: Activity): Promise<number | undefined> {
  const now = (await readActivity(reader, [table])).get(qualifiedName(table));
  const goesOn = now && then.epoch !== null && now.epoch === then.epoch && now.files === then.files;
  return goesOn && now.deleted >= then.deleted ? now.deleted - then.deleted : undefined;
}
