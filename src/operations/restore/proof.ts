import type { CheckSettings } from '../../domain/settings.ts';
import type { Instant } from '../../domain/time.ts';
import type { ResolvedDump } from '../../planning/dump-point.ts';
import type { LiveView } from '../../planning/loss.ts';
import { qualifiedName } from '../../verification/names.ts';

// What the verification looks at, and what it can't prove: both are told before anybody approves.

/** As people approve it. */
export function verificationSet({ critical, relations, queries, rules, gateMinutes }: CheckSettings) {
  return {
    critical: [...critical],
    relations: relations.map(({ from, to }) => `${from} → ${to}`),
    queries: queries.map(({ name }) => name),
    rules: rules.map(({ name }) => name),
    gateMinutes,
  };
}

/** When the rows of a backup were counted. */
export interface Counted {
  readonly at: Instant;
  /** Critical tables whose count that can't prove. */
  readonly unproven: readonly string[];
}

/** What was counted in the dump's own snapshot; null where nobody counted. */
export function countedIn({ point, manifest }: ResolvedDump, critical: readonly string[]): Counted | null {
  const { counts } = manifest;
  return counts && { at: point.at, unproven: critical.filter((table) => !Object.hasOwn(counts, qualifiedName(table))) };
}

/** What nobody measured when the backup was made can't be proven. */
export const notCounted = (counted: Counted | null): readonly string[] => [
  ...(counted ? [] : ['not-proven.row-counts']),
  ...(counted && counted.unproven.length > 0 ? ['not-proven.some-row-counts'] : []),
];

/** A database that doesn't answer can't be compared with. */
export const notCompared = ({ loss }: LiveView): readonly string[] =>
  loss.live === 'answers' ? [] : ['not-proven.live-comparison'];
