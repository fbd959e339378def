import type { Tag } from './checks.ts';
import { invalidCombination, invalidValue, RdsError } from './errors.ts';
import type { Region } from './region.ts';
import { type EngineSetting, isDynamic } from './template.ts';

export interface ParameterGroup {
  readonly name: string;
  readonly family: string;
  readonly description: string;
  /** Those that differ from the engine's defaults, in the engine's own units. They are really applied. */
  parameters: Readonly<Record<string, string>>;
  tags: readonly Tag[];
}

export interface ParameterChange {
  readonly name: string;
  /** Undefined puts it back to its default. */
  readonly value: string | undefined;
  readonly method: 'immediate' | 'pending-reboot';
}

/** @throws RdsError DBParameterGroupNotFound */
export function findParameterGroup(region: Pick<Region, 'parameterGroups'>, name: string): ParameterGroup {
  const group = region.parameterGroups.get(name.toLowerCase());
  if (!group) throw new RdsError('DBParameterGroupNotFound', `DBParameterGroup not found: ${name}`);
  return group;
}

/** @throws RdsError for a default group, which nobody changes */
export function findChangeableGroup(region: Region, name: string): ParameterGroup {
  const group = findParameterGroup(region, name);
  if (!group.name.startsWith('default.')) return group;
  throw invalidValue(`Default DBParameterGroup cannot be modified: ${group.name}`);
}

/** RDS's own settings, beside those of the engine. */
const rdsSettings: readonly EngineSetting[] = [
  ownSwitch('rds.force_ssl', 'Force SSL connections.', 'sighup'),
  ownSwitch('rds.logical_replication', 'Enables logical decoding.', 'postmaster'),
];

function ownSwitch(name: string, description: string, context: string): EngineSetting {
  return { name, description, context, value: '0', type: 'bool', minimum: null, maximum: null, choices: ['0', '1'] };
}

/** Every setting that a group has, as the installed server names them, and RDS's. */
export const allSettings = ({ template }: Region): readonly EngineSetting[] => [...template.settings, ...rdsSettings];

/** What the host decides on, not its user. */
const reserved =
  /^(archive_|recovery_|restore_command|primary_|promote_|listen_addresses|port$|unix_socket|.*_file$|data_directory|fsync|wal_level|dynamic_shared_memory_type|bonjour|allow_system_table_mods|logging_collector|log_(directory|filename|file_mode)|event_source|cluster_name)/;

export const isFixed = ({ name, context }: EngineSetting) => context === 'internal' || reserved.test(name);

/** @throws RdsError for an unknown or fixed parameter, a value outside of its range, or a static one that is to apply at once */
export function checkChange(region: Region, { name, value, method }: ParameterChange): void {
  const setting = allSettings(region).find((one) => one.name === name);
  if (!setting) throw invalidValue(`Could not find parameter with name: ${name}`);
  if (isFixed(setting)) throw invalidValue(`The parameter ${name} cannot be modified.`);
  if (method === 'immediate' && !isDynamic(setting)) {
    throw invalidCombination(`cannot use immediate apply method for static parameter: ${name}`);
  }
  if (value !== undefined && !fits(setting, value)) {
    throw invalidValue(`Invalid parameter value: ${value} for: ${name} allowed values are: ${allowedValues(setting)}`);
  }
}

export function allowedValues({ choices, minimum, maximum, type }: EngineSetting): string | undefined {
  if (choices) return choices.join(',');
  if (type === 'bool') return '0,1';
  return minimum === null ? undefined : `${minimum}-${maximum}`;
}

/** Formulas over the instance's memory, which RDS takes as well, are not played here. */
function fits({ type, choices, minimum, maximum }: EngineSetting, value: string): boolean {
  switch (type) {
    case 'bool':
      return /^(0|1|on|off|true|false)$/i.test(value);
    case 'enum':
      return choices?.includes(value) ?? false;
    case 'integer':
    case 'real': {
      const number = Number(value);
      const written = type === 'integer' ? /^-?\d+$/.test(value) : value.trim() !== '' && Number.isFinite(number);
      return written && number >= Number(minimum) && number <= Number(maximum);
    }
    default:
      return !/[\r\n]/.test(value);
  }
}
