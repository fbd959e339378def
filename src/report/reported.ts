import type { JsonObject } from '../domain/json.ts';
import type { Chronicle } from '../domain/state.ts';
import { stepState } from '../domain/state.ts';
import type { Instant } from '../domain/time.ts';
import { outputOf, type Situation } from '../slack/views/situation.ts';
import { literal } from './markdown.ts';

/** What a report is written from: the chain, its plan, and what the config says of the environment's objectives. */
export interface Reported extends Chronicle, Pick<Situation, 'plan' | 'environment' | 'locale'> {
  /** The last event's time: a report knows no clock. */
  readonly now: Instant;
}

/** As the cards are given it. */
export const situationOf = ({ state, plan, environment, locale, now }: Reported): Situation => ({
  state,
  waiting: [],
  locale,
  now,
  ...(plan ? { plan } : {}),
  ...(environment ? { environment } : {}),
});

/** `2026-11-20 03:14:15 UTC`. */
export const shown = (at: Instant | undefined): string => (at ? `${at.slice(0, 19).replace('T', ' ')} UTC` : '');

/** Somebody by their Slack id: names change, ids don't. */
export const person = (slackUser: string | undefined): string => literal(slackUser ?? '?');

/** Members of something that a chain holds; none where it is nothing of that kind. */
export const members = (value: unknown): readonly JsonObject[] =>
  Array.isArray(value) ? value.filter((one): one is JsonObject => typeof one === 'object' && one !== null) : [];

export const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

const verifying: readonly string[] = ['verify-database', 'verify-deeply', 'check-database', 'check-deeply'];

/** Without what a verification of another release returned in a shape that can't be read: no evidence is told of it. */
export function readable<Of extends Reported>(reported: Of): Of {
  const steps = reported.state.steps.map((step) => {
    const { results } = (step.output?.report ?? {}) as { readonly results?: unknown };
    if (!verifying.includes(step.step) || Array.isArray(results)) return step;
    const { output: _, ...rest } = step;
    return rest;
  });
  return { ...reported, state: { ...reported.state, steps } };
}

/** What stays besides the ledger: instances and snapshots by their names. */
export function keptBy({ state }: Pick<Reported, 'state'>): {
  readonly instances: readonly string[];
  readonly made: readonly string[];
  readonly snapshots: readonly string[];
} {
  const output = (step: string) => stepState(state, step)?.output ?? {};
  const named = (...values: readonly unknown[]) => [...new Set(values.map(textOf).filter((one) => one !== undefined))];
  const rescue = output('rescue-snapshot');
  return {
    instances: named(outputOf(state, 'hand-over')?.keptInstance),
    made: named(output('restore-instance').instanceId, output('create-instance').instanceId),
    snapshots: named(
      rescue.taken === true ? rescue.snapshotId : undefined,
      output('await-snapshot').snapshotId,
      output('await-final').snapshotId,
    ),
  };
}
