import { z } from 'zod';
import { bug } from '../domain/errors.ts';
import type { JsonObject } from '../domain/json.ts';
import type { RoleSecret } from '../domain/settings.ts';

export const workloadInput = z.object({
  cluster: z.string(),
  namespace: z.string().min(1),
  kind: z.enum(['deployment', 'stateful-set', 'cron-job']),
  name: z.string().min(1),
});

export const addressInput = z.object({
  host: z.string().min(1),
  port: z.number().int().positive(),
  database: z.string().min(1),
});

export const roleSecretInput = z.object({
  region: z.string().min(1),
  secret: z.string().min(1),
  keys: z.object({ user: z.string().min(1), password: z.string().min(1) }),
});

/** Where a role's login stands, as a plan pins it: never the login itself. */
export const roleSecret = ({ region, secret, keys: { user, password } }: RoleSecret) => ({
  region,
  secret,
  keys: { user, password },
});

/** A step's input as its schema says. @throws PitcrewError `step.bad-input`: the plan is wrong, and no plan is mended here */
export function inputOf<T>(schema: z.ZodType<T>, input: JsonObject): T {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw bug('step.bad-input', { fields: parsed.error.issues.map(({ path }) => path.join('.')).join(', ') });
}
