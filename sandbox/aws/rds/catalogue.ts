import { invalidCombination, invalidValue, RdsError } from './errors.ts';
import { findParameterGroup, type ParameterGroup } from './parameter-groups.ts';
import type { Region } from './region.ts';
import type { Settings } from './settings.ts';

/** What the account has beside its instances. */
export const vpcId = 'vpc-shop';
export const family = 'postgres15';

/** Those that are there from the start; others can be made. */
const parameterGroups: readonly Omit<ParameterGroup, 'tags'>[] = [
  { name: 'default.postgres15', family, description: 'Default parameter group for postgres15', parameters: {} },
  {
    name: 'prod-pg14',
    family: 'postgres14',
    description: 'Production, before the upgrade to 15',
    parameters: { log_min_duration_statement: '500' },
  },
  {
    name: 'prod-pg15',
    family,
    description: 'Production',
    parameters: {
      idle_in_transaction_session_timeout: '300000',
      log_min_duration_statement: '500',
      max_connections: '120',
      random_page_cost: '1.1',
      track_commit_timestamp: '1',
      work_mem: '8192',
    },
  },
];

export const initialParameterGroups = () =>
  new Map(parameterGroups.map((group): [string, ParameterGroup] => [group.name, { ...group, tags: [] }]));

export interface SubnetGroup {
  readonly name: string;
  readonly description: string;
  readonly subnets: Readonly<Record<string, string>>;
  /** Whether its VPC has an internet gateway: then PubliclyAccessible defaults to true. */
  readonly open: boolean;
}

export const subnetGroups: readonly SubnetGroup[] = [
  {
    name: 'default',
    description: 'default',
    subnets: { 'subnet-default-a': 'a', 'subnet-default-b': 'b', 'subnet-default-c': 'c' },
    open: true,
  },
  {
    name: 'prod',
    description: 'Production, private',
    subnets: { 'subnet-prod-a': 'a', 'subnet-prod-b': 'b', 'subnet-prod-c': 'c' },
    open: false,
  },
];

export const securityGroups: readonly string[] = ['sg-default', 'sg-production'];

export const optionGroups: readonly string[] = ['default:postgres-15'];
const certificateAuthorities: readonly string[] = ['rds-ca-rsa2048-g1', 'rds-ca-rsa4096-g1', 'rds-ca-ecc384-g1'];

/** @throws RdsError DBSubnetGroupNotFoundFault */
export function findSubnetGroup(name: string): SubnetGroup {
  const group = subnetGroups.find((candidate) => candidate.name === name.toLowerCase());
  if (!group) throw new RdsError('DBSubnetGroupNotFoundFault', `DB subnet group '${name}' does not exist.`);
  return group;
}

/** @throws RdsError when something that the settings name isn't there or doesn't fit the engine */
export function checkReferences(region: Pick<Region, 'name' | 'parameterGroups'>, settings: Settings): void {
  const group = findParameterGroup(region, settings.DBParameterGroupName);
  if (group.family !== family) {
    throw invalidCombination(
      `The parameter group ${group.name} with DBParameterGroupFamily ${group.family} can't be used for this instance. ` +
        `Use a parameter group with DBParameterGroupFamily ${family}.`,
    );
  }
  const { subnets } = findSubnetGroup(settings.DBSubnetGroupName);
  if (!Object.values(subnets).some((letter) => settings.AvailabilityZone === region.name + letter)) {
    throw invalidValue(
      `The DB subnet group ${settings.DBSubnetGroupName} has no subnet in ${settings.AvailabilityZone}.`,
    );
  }
  for (const id of settings.VpcSecurityGroupIds) {
    if (!securityGroups.includes(id)) throw invalidValue(`Invalid security group, groupId= ${id}, groupName=.`);
  }
  if (!optionGroups.includes(settings.OptionGroupName)) {
    throw new RdsError('OptionGroupNotFoundFault', `Specified OptionGroupName: ${settings.OptionGroupName} not found.`);
  }
  if (!certificateAuthorities.includes(settings.CACertificateIdentifier)) {
    throw new RdsError('CertificateNotFound', `CertificateIdentifier: ${settings.CACertificateIdentifier} not found.`);
  }
}
