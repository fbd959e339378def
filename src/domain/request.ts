import type { JsonObject } from './json.ts';

/** What the registry says of an operation without its clients: enough to take a request and to explain it. */
export interface OperationKind {
  readonly name: string;
  readonly approval: 'two-people' | 'none';
  /** @throws PitcrewError `request.bad-argument` naming the argument, what was given and what is possible */
  parseArgs(given: JsonObject): JsonObject;
}
