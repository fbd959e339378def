import type { InstanceSettings, RestoreRequest } from '../clients/rds.ts';
import type { Json, JsonObject } from '../domain/json.ts';
import type { SettingShown } from '../domain/restore.ts';
import { type Decision, type RestoreGiven, restoreParameters, settingsAfterwards } from './restore-parameters.ts';

/** What becomes of an instance's settings: what RDS is asked, what is set afterwards, what is proven, and how it is shown. */
export interface InstancePlan {
  readonly request: RestoreRequest;
  /** By ModifyDBInstance, once the instance stands. */
  readonly afterwards: InstanceSettings;
  /** What a client of the database can feel: the cut-over waits until the instance has it. */
  readonly expected: InstanceSettings;
  readonly shown: readonly SettingShown[];
}

/** Monitoring, windows and logs may follow after the cut-over; these may not. */
const felt: readonly (keyof InstanceSettings & keyof RestoreRequest)[] = [
  'AllocatedStorage',
  'CACertificateIdentifier',
  'DBInstanceClass',
  'DBParameterGroupName',
  'DBSubnetGroupName',
  'EnableIAMDatabaseAuthentication',
  'Iops',
  'NetworkType',
  'PubliclyAccessible',
  'StorageThroughput',
  'StorageType',
  'VpcSecurityGroupIds',
];

/** The request for a new instance that is to the application what the source was. Pure: the same facts give the same plan. */
export function planInstance(given: RestoreGiven): InstancePlan {
  const decisions = Object.entries(restoreParameters).map(([name, rule]) => [name, rule(given) as Decision] as const);
  const request = Object.fromEntries(
    decisions.flatMap(([name, decision]) => (decision.how === 'passed' ? [[name, decision.value]] : [])),
  ) as unknown as RestoreRequest;
  const afterwards = settingsAfterwards(given);
  return { request, afterwards, expected: expectedOf(given, request), shown: shown(given, decisions, afterwards) };
}

function expectedOf({ snapshot }: RestoreGiven, request: RestoreRequest): InstanceSettings {
  const asked = felt.filter((name) => request[name] !== undefined).map((name) => [name, request[name]] as const);
  return {
    ...(Object.fromEntries(asked) as InstanceSettings),
    StorageEncrypted: snapshot.encrypted,
    ...(snapshot.kmsKeyId ? { KmsKeyId: snapshot.kmsKeyId } : {}),
  };
}

function shown(
  given: RestoreGiven,
  decisions: readonly (readonly [string, Decision])[],
  afterwards: InstanceSettings,
): readonly SettingShown[] {
  const later = Object.entries(afterwards) as [string, Json][];
  const laterNames = new Set(later.map(([name]) => name));
  const asked = decisions
    .filter(([name]) => !laterNames.has(name))
    .map(([name, decision]) => ({
      name,
      how: decision.how,
      value: decision.how === 'passed' ? written(decision.value) : '',
      because: decision.because,
    }));
  const modified = later.map(([name, value]) => ({
    name,
    how: 'modified-afterwards' as const,
    value: written(value),
    because: 'setting.not-taken-by-restore',
  }));
  return [...asked, ...modified, ...notChosen(given), ...notCarried(given)];
}

/** What the snapshot decides and nobody can choose. */
function notChosen({ snapshot }: RestoreGiven): readonly SettingShown[] {
  const row = (name: string, value: string): SettingShown => ({
    name,
    how: 'left-out',
    value,
    because: 'setting.follows-snapshot',
  });
  return [
    row('EngineVersion', snapshot.engineVersion),
    ...(snapshot.kmsKeyId ? [row('KmsKeyId', snapshot.kmsKeyId)] : []),
  ];
}

/** What hangs on the source and no restore brings along. */
function notCarried({ source: { attached } }: RestoreGiven): readonly SettingShown[] {
  const row = (name: string, values: readonly string[]): readonly SettingShown[] =>
    values.length === 0
      ? []
      : [{ name, how: 'left-out', value: values.join(', '), because: 'setting.not-carried-over' }];
  return [
    ...row('ReadReplicas', attached.readReplicas),
    ...row('AssociatedRoles', attached.roles),
    ...row('ActivityStream', attached.activityStream ? ['started'] : []),
  ];
}

function written(value: unknown): string {
  if (!Array.isArray(value)) return String(value);
  return value.map((one: unknown) => (typeof one === 'object' ? tag(one as JsonObject) : String(one))).join(', ');
}

const tag = ({ Key, Value }: JsonObject) => `${String(Key)}=${String(Value)}`;
