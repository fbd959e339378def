import { z } from 'zod';
import type { JsonObject } from '../../domain/json.ts';
import { argumentsBy } from '../operation-definition.ts';

const schema = z.strictObject({
  /** The operation that is taken back. */
  of: z.string().regex(/^op-[0-9a-f]{12}$/),
});
export type RollbackArguments = z.infer<typeof schema>;

const take = argumentsBy(schema as unknown as z.ZodType<JsonObject>, { of: ['op-…'] });

/** @throws PitcrewError `request.bad-argument` */
export const rollbackArguments = (given: JsonObject) => take(given) as RollbackArguments & JsonObject;
