import { z } from 'zod';
import type { JsonObject } from '../../domain/json.ts';
import { argumentsBy } from '../operation-definition.ts';

/** A dump takes nothing but the environment. */
export const dumpArguments: (given: JsonObject) => JsonObject = argumentsBy(z.strictObject({}), {});
