import type { CheckCommand, DatabaseSettings, Environment, Settings, Workload } from '../domain/settings.ts';
import type { FileEnvironment, FileSettings } from './schema.ts';
import { workloadKinds, workloadOptions } from './schema-environment.ts';
import { daysOf } from './shapes.ts';

/** What the file says as the program uses it: what one option takes from another is filled in. */
export function settingsOf({ environments, ...rest }: FileSettings): Settings {
  const named = Object.entries(environments).map(([name, environment]) => {
    const { channels, retention, checks, workloads, database, ...as } = environment;
    const { command, ...otherChecks } = checks;
    const whole: Environment = {
      ...as,
      name,
      database: databaseOf(environment),
      workloads: workloads.map(workloadOf),
      channels: { ...channels, language: channels.language ?? rest.slack.language },
      checks: { ...otherChecks, ...(command ? { command: commandOf(command, workloads[0]) } : {}) },
      retentionDays: Object.fromEntries(Object.entries(retention).map(([tier, days]) => [tier, daysOf(days)])),
    };
    return [name, whole] as const;
  });
  return { ...rest, environments: Object.fromEntries(named) };
}

/** The secrets of its roles are of the environment's region, like the application's. */
function databaseOf({ database, region }: FileEnvironment): DatabaseSettings {
  const { verifyRole, fenceRole, masterRole, ...rest } = database;
  return {
    ...rest,
    verifyRole: { region, ...verifyRole },
    fenceRole: { region, ...fenceRole },
    ...(masterRole ? { masterRole: { region, ...masterRole } } : {}),
  };
}

type FileWorkload = FileEnvironment['workloads'][number];

function workloadOf(workload: FileWorkload): Workload {
  const { cluster = '', namespace, replicas } = workload;
  // The schema lets exactly one through.
  const option = workloadOptions.find((one) => workload[one] !== undefined) ?? 'deployment';
  const name = workload[option] ?? '';
  return { cluster, namespace, kind: workloadKinds[option], name, ...(replicas === undefined ? {} : { replicas }) };
}

/** Where nothing else is said, it runs beside the first workload. */
function commandOf(
  command: NonNullable<FileEnvironment['checks']['command']>,
  beside: FileWorkload | undefined,
): CheckCommand {
  return {
    ...command,
    cluster: command.cluster ?? beside?.cluster ?? '',
    namespace: command.namespace ?? beside?.namespace ?? 'default',
  };
}
