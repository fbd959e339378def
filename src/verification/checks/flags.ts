import type { ChecklistPoint } from '../../domain/verification.ts';
import { wrongBefore } from '../baseline.ts';
import type { Catalogue } from '../catalogue.ts';
import { type Check, type Facts, type Finding, fail, known, notProven, pass, type Reader, some } from '../check.ts';
import { regressions, type Wrong } from '../regressions.ts';

/** Looks for things that are wrong in themselves, by their names: the same in the restored database as at the baseline. */
export interface Flag {
  /** Of the check, and of what the baseline keeps. */
  readonly name: string;
  readonly point: ChecklistPoint;
  /** Codes: nothing wrong, wrong already before, wrong now. */
  readonly findings: readonly [none: string, before: string, fresh: string];
  /** Said instead of "wrong now" where nobody knows how it was: what looks wrong may be meant so. */
  readonly unsure?: string;
  look(reader: Reader, catalogue: Catalogue): Promise<readonly string[]>;
}

export const wrongNames = (names: readonly string[]): Wrong => ({ count: names.length, keys: names });

export function flagChecks(flags: readonly Flag[], facts: Facts): readonly Check[] {
  return flags.map(
    (flag): Check => ({
      name: flag.name,
      point: flag.point,
      run: ({ restored, live }) => judge(flag, facts, restored, live),
    }),
  );
}

async function judge(
  { name, findings, unsure, look }: Flag,
  { restored, live: liveCatalogue, baseline }: Facts,
  reader: Reader,
  live: ((work: (reader: Reader) => Promise<readonly string[]>) => Promise<readonly string[]>) | undefined,
): Promise<Finding> {
  const [none, before, now] = findings;
  const found = await look(reader, restored);
  if (found.length === 0) return pass(none);
  const had = wrongBefore(baseline, name);
  const askLive = live && liveCatalogue && (async () => wrongNames(await live((there) => look(there, liveCatalogue))));
  const { fresh, where } = await regressions(wrongNames(found), { baseline: had, live: askLive });
  if (fresh.count === 0) return known(before, { count: found.length, names: some(found), where });
  const said = { count: fresh.count, names: some(fresh.keys) };
  return unsure !== undefined && !had && !askLive ? notProven(unsure, said) : fail(now, said);
}
