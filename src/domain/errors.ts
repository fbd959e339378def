import type { JsonObject } from './json.ts';

/**
 * `user`: the person can mend it (a typo, a missing right of theirs). `retryable`: the same call may succeed later.
 * `permanent`: it won't, without a person. `bug`: ours.
 */
export type ErrorKind = 'user' | 'retryable' | 'permanent' | 'bug';

/**
 * Every error that pitcrew raises. Callers branch on `code` (`restore.snapshot-gone`), never on a text; Slack and the
 * terminal show the catalogue's text and hint for it; the cause goes to the log and nowhere else.
 */
export class PitcrewError extends Error {
  readonly code: string;
  readonly kind: ErrorKind;
  readonly params: JsonObject;
  constructor(code: string, kind: ErrorKind, params: JsonObject = {}, cause?: unknown) {
    super(code, cause === undefined ? undefined : { cause });
    this.name = 'PitcrewError';
    this.code = code;
    this.kind = kind;
    this.params = params;
  }
}

export const userError = (code: string, params?: JsonObject, cause?: unknown) =>
  new PitcrewError(code, 'user', params, cause);
export const retryable = (code: string, params?: JsonObject, cause?: unknown) =>
  new PitcrewError(code, 'retryable', params, cause);
export const permanent = (code: string, params?: JsonObject, cause?: unknown) =>
  new PitcrewError(code, 'permanent', params, cause);
export const bug = (code: string, params?: JsonObject, cause?: unknown) => new PitcrewError(code, 'bug', params, cause);

/** An error as the ledger keeps it: no message, no stack, no cause, so no secret and no row data either. */
export interface RecordedError {
  readonly code: string;
  readonly kind: ErrorKind;
  readonly params: JsonObject;
}

/** Anything thrown, as it is recorded: what pitcrew did not raise itself is a bug by definition. */
export function recorded(error: unknown): RecordedError {
  if (error instanceof PitcrewError) return { code: error.code, kind: error.kind, params: error.params };
  return { code: 'unexpected', kind: 'bug', params: { name: error instanceof Error ? error.name : typeof error } };
}
