import type { z } from 'zod';
import { userError } from '../domain/errors.ts';
import type { JsonObject } from '../domain/json.ts';
import type { RunnableOperation } from '../domain/operation.ts';
import type { OperationKind } from '../domain/request.ts';

/** One operation as the registry knows it: who must approve, what it takes, and how it is made from its clients. */
export interface OperationDefinition<Clients> extends OperationKind {
  build(clients: Clients): RunnableOperation;
}

/** What can be given for each argument, for whoever gave something else. */
export type Possible = Readonly<Record<string, readonly string[] | string>>;

/**
 * Takes arguments by a schema.
 * @throws PitcrewError `request.bad-argument` with the first argument at fault, what was given and what is possible
 */
export function argumentsBy<Args extends JsonObject>(
  schema: z.ZodType<Args>,
  possible: Possible,
): (given: JsonObject) => Args {
  return (given) => {
    const parsed = schema.safeParse(given);
    if (parsed.success) return parsed.data;
    const unknown = Object.keys(given).find((name) => !Object.hasOwn(possible, name));
    if (unknown !== undefined)
      throw userError('request.bad-argument', { argument: unknown, given: unknown, possible: Object.keys(possible) });
    const argument = String(parsed.error.issues[0]?.path[0] ?? '');
    const shown = String(given[argument] ?? '').slice(0, 100);
    throw userError('request.bad-argument', { argument, given: shown, possible: possible[argument] ?? [] });
  };
}
