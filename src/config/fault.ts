import { PitcrewError } from '../domain/errors.ts';
import type { Locale } from '../domain/people.ts';
import type { Phrase } from '../messages/config-expected.ts';
import { foundTexts, type ProblemCode, problems } from '../messages/config-faults.ts';

/** What is wrong, in words of both languages: what follows the name of the option. */
export interface Problem {
  readonly code: ProblemCode;
  readonly says: Phrase;
}

/** One thing that is wrong with the configuration: where, what was found, and what would be right. */
export interface Fault {
  /** `environments.production.objectives.rtoMinutes`, or the name of an environment variable. */
  readonly path: string;
  readonly problem: Problem;
  /** What would be right there; empty where taking the option out is. */
  readonly example: string;
  /** Line of the file, where one can be told. */
  readonly line?: number;
}

type Params<Code extends ProblemCode> = Parameters<(typeof problems)[Code]>[1];

export function problem<const Code extends ProblemCode>(code: Code, params: Params<Code>): Problem {
  const says = problems[code] as (locale: Locale, params: Params<Code>) => string;
  return { code, says: (locale) => says(locale, params) };
}

/** The configuration can't be used. Every fault is in it, not only the first. */
export class ConfigError extends PitcrewError {
  readonly faults: readonly Fault[];
  constructor(faults: readonly Fault[]) {
    super('config.invalid', 'user', { faults: faults.length });
    this.name = 'ConfigError';
    this.faults = faults;
    this.message = faults.map(({ path, problem }) => `${path} ${problem.says('en')}`).join('\n');
  }
}

/** Tokens, access keys and passwords in URLs: never repeated in a fault, wherever they were put by mistake. */
const secretLooking = /xox[a-z]-|xapp-|A[KS]IA[0-9A-Z]{12}|:\/\/[^/\s]*:[^/\s]*@|-----BEGIN|password/i;

/** What was found, as a fault may repeat it: short, on one line, never a secret. */
export function found(value: unknown): Phrase {
  if (value === undefined || value === null) return foundTexts.nothing;
  if (Array.isArray(value)) return value.length === 0 ? foundTexts.emptyList : foundTexts.list;
  if (typeof value === 'object') return foundTexts.group;
  if (typeof value !== 'string') return () => String(value);
  if (secretLooking.test(value)) return foundTexts.secretLooking;
  const line = JSON.stringify(value);
  return () => (line.length > 60 ? `${line.slice(0, 57)}…"` : line);
}
