import { z } from 'zod';
import type { JsonObject } from '../../domain/json.ts';
import { argumentsBy } from '../operation-definition.ts';

/** A snapshot takes nothing but the environment. */
export const snapshotArguments: (given: JsonObject) => JsonObject = argumentsBy(z.strictObject({}), {});
