import { z } from 'zod';
import type { DatabaseInstance, InstanceSettings, Rds } from '../clients/rds.ts';
import { PitcrewError } from '../domain/errors.ts';
import type { JsonObject } from '../domain/json.ts';
import { type Records, settingsKey, settingsPrefix } from '../domain/records.ts';
import type { Instant } from '../domain/time.ts';

/** A role of the database, without anything that lets anybody log in. */
export interface DatabaseRole {
  readonly name: string;
  /** `LOGIN`, `CREATEROLE`, … as `CREATE ROLE` takes them. */
  readonly attributes: readonly string[];
  readonly memberOf: readonly string[];
}

/** What an instance was like: what a new one needs when this one is gone. */
export interface SettingsRecord {
  readonly v: 1;
  readonly at: Instant;
  readonly environment: string;
  readonly instance: {
    readonly id: string;
    readonly arn: string;
    readonly resourceId: string;
    readonly engineVersion: string;
    readonly createdAt?: Instant | undefined;
    readonly endpoint?: { readonly host: string; readonly port: number } | undefined;
    readonly tags: Readonly<Record<string, string>>;
  };
  readonly settings: InstanceSettings;
  readonly attached: DatabaseInstance['attached'];
  /** Parameters that somebody changed, with their values, and the family of the group; null where they couldn't be read. */
  readonly parameters: { readonly family: string; readonly changed: Readonly<Record<string, string>> } | null;
  /** Null where the database didn't tell. */
  readonly roles: readonly DatabaseRole[] | null;
}

const schema = z.object({
  v: z.literal(1),
  at: z.string(),
  environment: z.string(),
  instance: z.object({
    id: z.string().min(1),
    arn: z.string(),
    resourceId: z.string().min(1),
    engineVersion: z.string().min(1),
    createdAt: z.string().optional(),
    endpoint: z.object({ host: z.string(), port: z.number() }).optional(),
    tags: z.record(z.string(), z.string()),
  }),
  settings: z.record(z.string(), z.unknown()).transform((all) => all as InstanceSettings),
  attached: z.object({
    readReplicas: z.array(z.string()),
    roles: z.array(z.object({ arn: z.string(), feature: z.string() })),
    activityStream: z.boolean(),
  }),
  parameters: z.object({ family: z.string(), changed: z.record(z.string(), z.string()) }).nullable(),
  roles: z
    .array(z.object({ name: z.string(), attributes: z.array(z.string()), memberOf: z.array(z.string()) }))
    .nullable(),
});

/** Reads what RDS says of an instance. `roles` comes from the database itself, where that answers. */
export async function recordOf(
  rds: Pick<Rds, 'findParameterGroup' | 'changedParameters'>,
  { at, environment, instance, roles }: Pick<SettingsRecord, 'at' | 'environment' | 'roles'> & Live,
): Promise<SettingsRecord> {
  const { id, arn, resourceId, engineVersion, createdAt, endpoint, tags, settings, attached } = instance;
  return {
    v: 1,
    at,
    environment,
    instance: { id, arn, resourceId, engineVersion, createdAt, endpoint, tags },
    settings,
    attached,
    parameters: await parametersOf(rds, settings.DBParameterGroupName),
    roles,
  };
}

interface Live {
  readonly instance: DatabaseInstance;
}

/** They are half of the record, and not the more important one: what keeps them from being read doesn't keep the rest. */
async function parametersOf(
  rds: Pick<Rds, 'findParameterGroup' | 'changedParameters'>,
  name: string | undefined,
): Promise<SettingsRecord['parameters']> {
  try {
    const group = name === undefined ? undefined : await rds.findParameterGroup(name);
    return group ? { family: group.family, changed: await rds.changedParameters(group.name) } : null;
  } catch (error) {
    if (error instanceof PitcrewError) return null;
    throw error;
  }
}

export const writeRecord = (records: Records, record: SettingsRecord): Promise<'written' | 'there'> =>
  records.write(settingsKey(record.instance.resourceId, record.at), record as unknown as JsonObject);

/** The last word on an instance; undefined where nobody ever wrote one, or another release wrote it in another shape. */
export async function newestRecord(records: Records, resourceId: string): Promise<SettingsRecord | undefined> {
  const keys = await records.list(settingsPrefix(resourceId));
  for (const key of keys.toReversed()) {
    const parsed = schema.safeParse(await records.read(key));
    if (parsed.success) return parsed.data;
  }
  return undefined;
}

/**
 * The record of whatever instance last had this address. A host's name says which instance it is only where it is RDS's
 * own; a record says it always.
 */
export async function recordAt(
  records: Records,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<SettingsRecord | undefined> {
  const keys = await records.list('settings/');
  const instances = [...new Set(keys.map((key) => key.split('/')[1] ?? ''))];
  const newest = await Promise.all(instances.map((resourceId) => newestRecord(records, resourceId)));
  return newest
    .filter((one) => one?.instance.endpoint?.host.toLowerCase() === host.toLowerCase())
    .filter((one) => one?.instance.endpoint?.port === port)
    .sort((a, b) => ((a?.at ?? '') > (b?.at ?? '') ? -1 : 1))[0];
}

/** True when somebody wrote a record of this instance on that day (UTC). */
export async function recordedOn(records: Records, resourceId: string, at: Instant): Promise<boolean> {
  const day = settingsKey(resourceId, at.slice(0, 10));
  return (await records.list(day)).length > 0;
}
