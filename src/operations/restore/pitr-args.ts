import { z } from 'zod';
import { userError } from '../../domain/errors.ts';
import type { JsonObject } from '../../domain/json.ts';
import { argumentsBy } from '../operation-definition.ts';

const schema = z.strictObject({
  /** `latest`, or an instant in UTC: whatever was typed is resolved before it is asked for, so that it means one thing. */
  to: z.union([z.literal('latest'), z.iso.datetime()]),
  /** As it was typed, for people. */
  typed: z.string().max(100).optional(),
  /** Without it, as the environment's config says; the latest moment is known only once nothing writes any more. */
  order: z.enum(['stop-first', 'restore-first']).optional(),
  /** Without it, as the environment's config says. */
  onFailure: z.enum(['return', 'stay-stopped']).optional(),
});
export type PitrArguments = z.infer<typeof schema>;

const take = argumentsBy(schema as unknown as z.ZodType<JsonObject>, {
  to: ['latest', '2026-11-20T03:14:00.000Z'],
  typed: [],
  order: ['stop-first', 'restore-first'],
  onFailure: ['return', 'stay-stopped'],
});

/** @throws PitcrewError `request.bad-argument`, `pitr.latest-stops-first` */
export function pitrArguments(given: JsonObject): PitrArguments & JsonObject {
  const taken = take(given) as PitrArguments & JsonObject;
  if (taken.to === 'latest' && taken.order === 'restore-first') throw userError('pitr.latest-stops-first');
  return taken;
}
