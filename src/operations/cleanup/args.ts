import { z } from 'zod';
import type { JsonObject } from '../../domain/json.ts';
import { argumentsBy } from '../operation-definition.ts';

const schema = z.strictObject({
  /** The operation after which is cleaned up. */
  of: z.string().regex(/^op-[0-9a-f]{12}$/),
  /** Before `restore.keepDays` are over. */
  now: z.boolean().default(false),
});
export type CleanupArguments = z.infer<typeof schema>;

const take = argumentsBy(schema as unknown as z.ZodType<JsonObject>, { of: ['op-…'], now: ['true', 'false'] });

/** @throws PitcrewError `request.bad-argument` */
export const cleanupArguments = (given: JsonObject) => take(given) as CleanupArguments & JsonObject;
