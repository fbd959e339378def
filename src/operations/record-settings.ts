import { z } from 'zod';
import type { Rds } from '../clients/rds.ts';
import { PitcrewError } from '../domain/errors.ts';
import type { Records } from '../domain/records.ts';
import type { Environment } from '../domain/settings.ts';
import type { SnapshotOutputs } from '../domain/snapshot.ts';
import { done, keptAsEvidence, type Step } from '../domain/step.ts';
import type { Instant } from '../domain/time.ts';
import { type CurrentInstance, currentInstance, type Reach } from '../planning/current-instance.ts';
import { recordedOn, recordOf, type SettingsRecord, writeRecord } from '../planning/settings-record.ts';
import { inputOf, roleSecretInput } from '../steps/step-input.ts';
import type { DatabaseAccess } from '../verification/access.ts';
import { rolesOf } from '../verification/database-roles.ts';

export interface RecordingClients {
  rds(region: string): Pick<Rds, 'findInstance' | 'findParameterGroup' | 'changedParameters'>;
  readonly records: Records;
  readonly access: DatabaseAccess;
}

export const recordSettingsInput = z.object({
  region: z.string().min(1),
  instance: z.string().min(1),
  /** Of the application: where its roles can be read. */
  database: z.string().min(1),
  verifyRole: roleSecretInput,
});
export type RecordSettingsInput = z.infer<typeof recordSettingsInput>;

/**
 * Writes down what the instance is like, because a snapshot tells half of that: with the record a restore finds the rest
 * when the instance is gone. What can't be read is noted as such; a backup doesn't fail for it.
 */
export function recordSettings(clients: RecordingClients): Step {
  return {
    id: 'record-settings',
    fence: 'derived-name+tag',
    undo: keptAsEvidence,
    async run(context) {
      const { instance, ...rest } = inputOf(recordSettingsInput, context.input);
      const record = await recorded(clients, instance, {
        ...rest,
        at: context.since,
        environment: context.environment,
      });
      if (!record) return done<Output>({ recorded: false, roles: null, parameters: null });
      context.signal.throwIfAborted();
      await writeRecord(clients.records, record);
      return done<Output>({
        recorded: true,
        roles: record.roles?.length ?? null,
        parameters: record.parameters ? Object.keys(record.parameters.changed).length : null,
      });
    },
  };
}

type Output = SnapshotOutputs['record-settings'];

interface Asked extends Omit<RecordSettingsInput, 'instance'> {
  readonly at: Instant;
  readonly environment: string;
}

async function recorded(clients: RecordingClients, id: string, asked: Asked): Promise<SettingsRecord | undefined> {
  const { region, database, verifyRole, at, environment } = asked;
  const here = clients.rds(region);
  const instance = await here.findInstance(id);
  if (!instance) return undefined;
  const roles = instance.endpoint
    ? await rolesOf(clients.access, { ...instance.endpoint, database }, verifyRole).catch(unread)
    : null;
  return recordOf(here, { at, environment, instance, roles });
}

/** A database that doesn't answer, or keeps its roles to itself, is no reason to write nothing down. */
function unread(error: unknown): null {
  if (error instanceof PitcrewError) return null;
  throw error;
}

/**
 * Once a day (UTC), whatever backups were made: of the environment's current instance, unless somebody has written a
 * record of it on that day.
 * @returns whether one was written
 * @throws PitcrewError as `currentInstance`
 */
export async function recordDaily(clients: DailyClients, environment: Environment, at: Instant): Promise<boolean> {
  const { region, name, database } = environment;
  const reach = { ...clients, rds: clients.rds(region), secrets: clients.secrets(region) };
  const current: CurrentInstance = await currentInstance(reach, environment);
  if (await recordedOn(clients.records, current.identity.resourceId, at)) return false;
  const asked = { region, database: current.database, verifyRole: database.verifyRole, at, environment: name };
  const record = await recorded(clients, current.identity.id, asked);
  return record !== undefined && (await writeRecord(clients.records, record)) === 'written';
}

interface DailyClients extends RecordingClients, Pick<Reach, 'records' | 'behindAlias'> {
  rds(region: string): Rds;
  secrets(region: string): Reach['secrets'];
}
