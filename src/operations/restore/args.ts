import { z } from 'zod';
import { userError } from '../../domain/errors.ts';
import type { JsonObject } from '../../domain/json.ts';
import { dumpModes } from '../../domain/load.ts';
import { isDumpName } from '../../planning/dump-point.ts';
import { argumentsBy } from '../operation-definition.ts';

/** An id as RDS forms them (`rds:` and `awsbackup:` before automated ones), or an ARN. */
const snapshotName =
  /^((rds:|awsbackup:)?[a-z](-?[a-z0-9])*|arn:aws[a-z-]*:rds:[a-z0-9-]+:\d{12}:snapshot:[a-z0-9:-]+)$/i;

/** A key of S3, or `s3://BUCKET/KEY`: which of its letters may be there is for S3 to say. */
const dumpName = z.string().refine(isDumpName);

const schema = z.strictObject({
  /** `latest`, a snapshot, or a dump. */
  from: z.union([z.string().max(400).regex(snapshotName), dumpName.max(1100)]).default('latest'),
  /** Of a dump: where it goes; without it, on an instance of its own. */
  mode: z.enum(dumpModes).optional(),
  /** Without it, as the environment's config says. */
  order: z.enum(['stop-first', 'restore-first']).optional(),
  /** Without it, as the environment's config says. */
  onFailure: z.enum(['return', 'stay-stopped']).optional(),
});
export type RestoreArguments = z.infer<typeof schema>;

const take = argumentsBy(schema as unknown as z.ZodType<JsonObject>, {
  from: ['latest', 'SNAPSHOT', 's3://BUCKET/KEY'],
  mode: dumpModes,
  order: ['stop-first', 'restore-first'],
  onFailure: ['return', 'stay-stopped'],
});

/** @throws PitcrewError `request.bad-argument`, `load.mode-without-dump`, `load.in-place-stops-first` */
export function restoreArguments(given: JsonObject): RestoreArguments & JsonObject {
  const taken = take(given) as RestoreArguments & JsonObject;
  const { mode, from, order } = taken;
  if (mode !== undefined && !isDumpName(from)) throw userError('load.mode-without-dump', { mode, from });
  // Nothing stands beside that could be made first.
  if (mode === 'in-place' && order === 'restore-first') throw userError('load.in-place-stops-first');
  return taken;
}
