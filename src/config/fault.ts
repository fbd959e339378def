import { PitcrewError } from '../domain/errors.ts';

/** One thing that is wrong with the configuration: where, what was found, and what would be right. */
export interface Fault {
  /** `environments.production.objectives.rtoMinutes`, or the name of an environment variable. */
  readonly path: string;
  readonly problem: string;
  /** What would be right there; empty where taking the option out is. */
  readonly example: string;
  /** Line of the file, where one can be told. */
  readonly line?: number;
}

/** The configuration can't be used. Every fault is in it, not only the first. */
export class ConfigError extends PitcrewError {
  readonly faults: readonly Fault[];
  constructor(faults: readonly Fault[]) {
    super('config.invalid', 'user', { faults: faults.length });
    this.name = 'ConfigError';
    this.faults = faults;
    this.message = faults.map(describeFault).join('\n');
  }
}

/** One fault in one line of text, for a terminal. */
export function describeFault({ path, problem, example, line }: Fault): string {
  const where = line === undefined ? path : `${path} (line ${line})`;
  return `${where} ${problem}.${example ? ` Right would be: ${example}` : ''}`;
}

/** Tokens, access keys and passwords in URLs: never repeated in a fault, wherever they were put by mistake. */
const secretLooking = /xox[a-z]-|xapp-|A[KS]IA[0-9A-Z]{12}|:\/\/[^/\s]*:[^/\s]*@|-----BEGIN|password/i;

/** What was found, as a fault may repeat it: short, on one line, never a secret. */
export function found(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object') return 'a group of options';
  if (typeof value !== 'string') return String(value);
  if (secretLooking.test(value)) return 'a text that looks like a secret';
  const line = JSON.stringify(value);
  return line.length > 60 ? `${line.slice(0, 57)}…"` : line;
}
