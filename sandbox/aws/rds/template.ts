import { join } from 'node:path';
import type { Household } from '../../household.ts';
import { createCluster, makeFolder } from './cluster.ts';
import { heartbeatTable } from './heartbeat.ts';
import { installServer } from './programs.ts';
import { systemRoles } from './roles.ts';
import { asPostgres, postgresPrograms, run } from './run.ts';

/** A setting of the engine as `pg_settings` shows it. */
export interface EngineSetting {
  readonly name: string;
  readonly value: string | null;
  readonly description: string;
  readonly context: string;
  readonly type: string;
  readonly minimum: string | null;
  readonly maximum: string | null;
  readonly choices: readonly string[] | null;
}

/** Whether a change takes effect without a restart. */
export const isDynamic = ({ context }: EngineSetting) => context !== 'postmaster' && context !== 'internal';

export interface Template {
  readonly dataFolder: string;
  readonly engineVersion: string;
  readonly settings: readonly EngineSetting[];
}

/** Small segments keep snapshots and the archive small; RDS uses 64 MiB. */
const segmentMebibytes = 1;

const settingsQuery = `SELECT name, boot_val AS value, short_desc AS description, context, vartype AS type,
  min_val AS minimum, max_val AS maximum, enumvals AS choices FROM pg_settings ORDER BY name COLLATE "C"`;

/** One cluster, initialised once; new instances start as copies of it, which takes a tenth of the time. */
export async function createTemplate(household: Household, folder: string): Promise<Template> {
  await makeFolder(folder);
  await installServer(household);
  const cluster = createCluster({ household, name: 'rds-template', folder });
  const options = ['-U', 'rdsadmin', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8', '--data-checksums', '--no-sync'];
  const layout = ['-D', cluster.dataFolder, `--wal-segsize=${segmentMebibytes}`];
  await run(household, join(postgresPrograms, 'initdb'), [...layout, ...options], { ...asPostgres, cwd: folder });
  await cluster.start({
    archiveFolder: join(folder, 'archive'), // it doesn't exist: what is written here stays in the template's own log
    archiveTimeoutSeconds: 0,
    certificate: undefined,
    parameters: { archive_mode: 'off' },
  });
  const { engineVersion, settings } = await cluster.asSuperuser('postgres', async (client) => {
    for (const statement of systemRoles) await client.query(statement);
    const version = await client.query<{ server_version: string }>('SHOW server_version');
    return {
      engineVersion: version.rows[0]?.server_version.split(' ')[0] ?? '15',
      settings: (await client.query<EngineSetting>(settingsQuery)).rows,
    };
  });
  await cluster.asSuperuser('rdsadmin', (client) => client.query(heartbeatTable));
  await cluster.stop('fast');
  return { dataFolder: cluster.dataFolder, engineVersion, settings };
}
