import { z } from 'zod';
import { bug } from '../domain/errors.ts';
import type { JsonObject } from '../domain/json.ts';
import type { Environment, RoleSecret, SecretSettings, WorkloadRef } from '../domain/settings.ts';

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

/** The login that the application itself has. */
export const applicationSecret = ({ region, secret: { id: secret, keys } }: Environment) =>
  roleSecret({ region, secret, keys });

/** Null where the config leaves the master user's password to RDS. */
export const masterSecret = ({ database: { masterRole } }: Environment) => (masterRole ? roleSecret(masterRole) : null);

/** The keys of a secret's document that say where the database is. */
export const addressKeys = ({ keys: { host, port, readHost } }: SecretSettings) => ({
  host,
  port,
  ...(readHost ? { readHost } : {}),
});

/** A workload as a plan pins it, without the count that the config has for it. */
export const workloadRef = ({ cluster, namespace, kind, name }: WorkloadRef) => ({ cluster, namespace, kind, name });

/** A step's input as its schema says. @throws PitcrewError `step.bad-input`: the plan is wrong, and no plan is mended here */
export function inputOf<T>(schema: z.ZodType<T>, input: JsonObject): T {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw bug('step.bad-input', { fields: parsed.error.issues.map(({ path }) => path.join('.')).join(', ') });
}
