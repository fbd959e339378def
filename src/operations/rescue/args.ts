import { z } from 'zod';
import type { JsonObject } from '../../domain/json.ts';
import { argumentsBy } from '../operation-definition.ts';

/** More at once nobody reads on a card. */
export const mostTables = 20;

const schema = z.strictObject({
  /** The operation that left an instance beside. */
  of: z.string().regex(/^op-[0-9a-f]{12}$/),
  /** As they were typed; the condition is about the first. */
  tables: z.array(z.string().min(1).max(130)).min(1).max(mostTables),
  /** One SQL expression. */
  where: z.string().min(1).optional(),
});
export type RescueArguments = z.infer<typeof schema>;

const take = argumentsBy(schema as unknown as z.ZodType<JsonObject>, {
  of: ['op-…'],
  tables: `1–${mostTables} × [schema.]table`,
  where: 'SQL',
});

/** @throws PitcrewError `request.bad-argument` */
export const rescueArguments = (given: JsonObject) => take(given) as RescueArguments & JsonObject;
