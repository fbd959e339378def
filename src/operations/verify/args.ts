import { z } from 'zod';
import type { JsonObject } from '../../domain/json.ts';
import { argumentsBy } from '../operation-definition.ts';

/** RDS API reference: 1 to 63 letters, digits or hyphens, a letter first. */
const instanceId = z.string().regex(/^[A-Za-z][A-Za-z0-9-]{0,62}$/);

export type VerifyArguments = { readonly instance?: string; readonly deep: boolean };

/** Which instance, unless the one that serves; and whether every row is read. */
export const verifyArguments: (given: JsonObject) => VerifyArguments = argumentsBy<VerifyArguments>(
  z.strictObject({ instance: instanceId.exactOptional(), deep: z.boolean().default(false) }),
  { instance: 'INSTANCE', deep: ['true', 'false'] },
);
