import type { CreateRequest, InstanceSettings, PointInTimeRequest, RestoreRequest } from '../clients/rds.ts';
import type { Json, JsonObject } from '../domain/json.ts';
import type { SettingShown } from '../domain/restore.ts';
import { type CreateGiven, createParameters } from './create-parameters.ts';
import {
  laterNames,
  type PointInTimeGiven,
  pointInTimeParameters,
  restoreParameters,
  type SnapshotGiven,
  settingsAfterwards,
} from './restore-parameters.ts';
import type { Decision, RestoreGiven } from './restore-rules.ts';

/** What becomes of an instance's settings: what RDS is asked, what is set afterwards, what is proven, and how it is shown. */
export interface InstancePlan<Request = RestoreRequest> {
  readonly request: Request;
  /** By ModifyDBInstance, once the instance stands. */
  readonly afterwards: InstanceSettings;
  /** What a client of the database can feel: the cut-over waits until the instance has it. */
  readonly expected: InstanceSettings;
  readonly shown: readonly SettingShown[];
}

/** Monitoring, windows and logs may follow after the cut-over; these may not. */
const felt: readonly (keyof InstanceSettings &
  keyof RestoreRequest &
  keyof PointInTimeRequest &
  keyof CreateRequest)[] = [
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
export const planInstance = (given: SnapshotGiven): InstancePlan =>
  planned<SnapshotGiven, RestoreRequest>(restoreParameters, given);

/** The same for a restore to a point in time. */
export const planInstanceAt = (given: PointInTimeGiven): InstancePlan<PointInTimeRequest> =>
  planned<PointInTimeGiven, PointInTimeRequest>(pointInTimeParameters, given);

/** The same for an instance that is made empty, for a dump to be loaded into. */
export const planNewInstance = (given: CreateGiven): InstancePlan<CreateRequest> =>
  planned<CreateGiven, CreateRequest>(createParameters, given);

type AnyRequest = RestoreRequest | PointInTimeRequest | CreateRequest;
type Table<Given> = Readonly<Record<string, (given: Given) => Decision>>;
type Decided = readonly (readonly [string, Decision])[];

function planned<Given extends RestoreGiven, Request extends AnyRequest>(
  table: Table<Given>,
  given: Given,
): InstancePlan<Request> {
  const decided: Decided = Object.entries(table).map(([name, rule]) => [name, rule(given)]);
  const request = Object.fromEntries(
    decided.flatMap(([name, decision]) => (decision.how === 'passed' ? [[name, decision.value]] : [])),
  ) as unknown as Request;
  const afterwards = Object.fromEntries(
    Object.entries(settingsAfterwards(given)).filter(([name]) => !(name in request)),
  ) as InstanceSettings;
  return { request, afterwards, expected: expectedOf(given, request), shown: shown(given, decided, afterwards) };
}

function expectedOf({ backup }: RestoreGiven, request: AnyRequest): InstanceSettings {
  const asked = felt.filter((name) => request[name] !== undefined).map((name) => [name, request[name]] as const);
  return {
    ...(Object.fromEntries(asked) as InstanceSettings),
    StorageEncrypted: backup.encrypted,
    ...(backup.kmsKeyId ? { KmsKeyId: backup.kmsKeyId } : {}),
  };
}

function shown(given: RestoreGiven, decided: Decided, afterwards: InstanceSettings): readonly SettingShown[] {
  const later = Object.entries(afterwards) as [string, Json][];
  const set = new Set(later.map(([name]) => name));
  const asked = decided
    .filter(([name]) => !set.has(name))
    .map(([name, decision]) => ({
      name,
      ...told(decision),
      because: decision.because,
      ...(decision.params ? { params: decision.params } : {}),
    }));
  const modified = later.map(([name, value]) => ({
    name,
    how: 'modified-afterwards' as const,
    value: written(value),
    because: 'setting.not-taken-by-restore',
  }));
  const chosen = new Set(asked.map(({ name }) => name));
  const fixed = notChosen(given).filter(({ name }) => !chosen.has(name));
  const rows = [...asked, ...modified, ...fixed, ...notCarried(given)];
  return [...rows, ...notKnown(given, new Set(rows.map(({ name }) => name)))];
}

const told = (decision: Decision): Pick<SettingShown, 'how' | 'value'> => {
  if (decision.how === 'at-the-call') return { how: 'passed', value: '***' };
  return { how: decision.how, value: decision.how === 'passed' ? written(decision.value) : '' };
};

/** What the backup decides and nobody can choose. */
function notChosen({ backup }: RestoreGiven): readonly SettingShown[] {
  const row = (name: string, value: string): SettingShown => ({
    name,
    how: 'left-out',
    value,
    because: 'setting.follows-snapshot',
  });
  return [row('EngineVersion', backup.engineVersion), ...(backup.kmsKeyId ? [row('KmsKeyId', backup.kmsKeyId)] : [])];
}

/** What hangs on the source and no restore brings along. */
function notCarried({ source: { attached } }: RestoreGiven): readonly SettingShown[] {
  const row = (name: string, values: readonly string[]): readonly SettingShown[] =>
    values.length === 0
      ? []
      : [{ name, how: 'left-out', value: values.join(', '), because: 'setting.not-carried-over' }];
  return [
    ...row('ReadReplicas', attached.readReplicas),
    ...row(
      'AssociatedRoles',
      attached.roles.map(({ arn }) => arn),
    ),
    ...row('ActivityStream', attached.activityStream ? ['started'] : []),
  ];
}

/** What would be set afterwards if anybody knew it. */
function notKnown({ source }: RestoreGiven, told: ReadonlySet<string>): readonly SettingShown[] {
  return laterNames
    .filter((name) => source.unknown.has(name) && !told.has(name))
    .map((name) => ({ name, how: 'left-out', value: '', because: 'setting.nobody-knows' }));
}

function written(value: unknown): string {
  if (!Array.isArray(value)) return String(value);
  return value.map((one: unknown) => (typeof one === 'object' ? tag(one as JsonObject) : String(one))).join(', ');
}

const tag = ({ Key, Value }: JsonObject) => `${String(Key)}=${String(Value)}`;
