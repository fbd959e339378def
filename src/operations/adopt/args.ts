import { z } from 'zod';
import type { JsonObject } from '../../domain/json.ts';
import { argumentsBy } from '../operation-definition.ts';

/** S3 keys have at most 1024 bytes (S3 User Guide, "Naming Amazon S3 objects"). */
const given = z.string().min(1).max(1100);

/** Which object: a key, or an `s3://` address. */
export const adoptArguments: (given: JsonObject) => { readonly object: string } = argumentsBy(
  z.strictObject({ object: given }),
  { object: 's3://BUCKET/KEY' },
);
