import { z } from 'zod';
import type { JsonObject } from '../../domain/json.ts';
import { argumentsBy } from '../operation-definition.ts';

/** An id as RDS forms them (`rds:` and `awsbackup:` before automated ones), or an ARN. */
const snapshotName =
  /^((rds:|awsbackup:)?[a-z](-?[a-z0-9])*|arn:aws[a-z-]*:rds:[a-z0-9-]+:\d{12}:snapshot:[a-z0-9:-]+)$/i;

const schema = z.strictObject({
  /** `latest`, or a snapshot. */
  from: z.string().max(400).regex(snapshotName).default('latest'),
  /** Without it, as the environment's config says. */
  order: z.enum(['stop-first', 'restore-first']).optional(),
  /** Without it, as the environment's config says. */
  onFailure: z.enum(['return', 'stay-stopped']).optional(),
});
export type RestoreArguments = z.infer<typeof schema>;

const take = argumentsBy(schema as unknown as z.ZodType<JsonObject>, {
  from: ['latest', 'SNAPSHOT'],
  order: ['stop-first', 'restore-first'],
  onFailure: ['return', 'stay-stopped'],
});

/** @throws PitcrewError `request.bad-argument` */
export const restoreArguments = (given: JsonObject) => take(given) as RestoreArguments & JsonObject;
