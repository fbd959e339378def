import type { XmlObject } from '../../xml.ts';
import { list } from '../answer.ts';
import { findSubnetGroup, optionGroups, subnetGroups } from '../catalogue.ts';
import { refuseOthers } from '../checks.ts';
import { systemSettings } from '../configuration.ts';
import { invalidValue, RdsError } from '../errors.ts';
import type { Form } from '../form.ts';
import { page, pagingNames } from '../paging.ts';
import { allowedValues, allSettings, findParameterGroup, isFixed } from '../parameter-groups.ts';
import { arn, type Region } from '../region.ts';
import { type EngineSetting, isDynamic } from '../template.ts';
import { viewParameterGroup, viewSubnetGroup } from '../views.ts';

export function describeParameterGroups(region: Region, form: Form): XmlObject {
  refuseOthers(form, ['DBParameterGroupName', 'Filters', ...pagingNames]);
  const asked = form.text('DBParameterGroupName');
  const groups = asked ? [findParameterGroup(region, asked)] : region.parameterGroups.values();
  const { items, marker } = page(form, groups, ({ name }) => name);
  const views = items.map(({ name }) => viewParameterGroup(region, name));
  return { Marker: marker, DBParameterGroups: list('DBParameterGroup', views) };
}

export function describeSubnetGroups(region: Region, form: Form): XmlObject {
  refuseOthers(form, ['DBSubnetGroupName', 'Filters', ...pagingNames]);
  const asked = form.text('DBSubnetGroupName');
  const groups = asked ? [findSubnetGroup(asked)] : subnetGroups;
  const { items, marker } = page(form, groups, ({ name }) => name);
  return {
    Marker: marker,
    DBSubnetGroups: list(
      'DBSubnetGroup',
      items.map((group) => viewSubnetGroup(region, group)),
    ),
  };
}

const sources: readonly string[] = ['user', 'system', 'engine-default'];

/** The engine's own settings, as the installed server names them, and RDS's. */
export function describeParameters(region: Region, form: Form): XmlObject {
  refuseOthers(form, ['DBParameterGroupName', 'Source', 'Filters', ...pagingNames]);
  const { parameters } = findParameterGroup(region, form.required('DBParameterGroupName'));
  const source = form.text('Source');
  if (source !== undefined && !sources.includes(source)) throw invalidValue(`Invalid source: ${source}`);
  const all = allSettings(region)
    .map((setting) => viewParameter(setting, parameters[setting.name]))
    .filter(({ Source }) => source === undefined || Source === source);
  const { items, marker } = page(form, all, ({ ParameterName }) => ParameterName);
  return { Parameters: list('Parameter', items), Marker: marker };
}

const dataTypes: Readonly<Record<string, string>> = { bool: 'boolean', enum: 'list', real: 'float' };

function viewParameter(setting: EngineSetting, changed: string | undefined) {
  const system = systemSettings[setting.name];
  const fixed = isFixed(setting);
  const dynamic = isDynamic(setting);
  return {
    ParameterName: setting.name,
    ParameterValue: changed ?? system ?? setting.value ?? undefined,
    Description: setting.description,
    Source: changed === undefined ? (system === undefined && !fixed ? 'engine-default' : 'system') : 'user',
    ApplyType: dynamic ? 'dynamic' : 'static',
    DataType: dataTypes[setting.type] ?? setting.type,
    AllowedValues: allowedValues(setting),
    IsModifiable: !fixed,
    ApplyMethod: dynamic ? 'immediate' : 'pending-reboot',
  };
}

export function describeOptionGroups(region: Region, form: Form): XmlObject {
  refuseOthers(form, ['OptionGroupName', 'EngineName', 'MajorEngineVersion', 'Filters', ...pagingNames]);
  const asked = form.text('OptionGroupName');
  if (asked !== undefined && !optionGroups.includes(asked))
    throw new RdsError('OptionGroupNotFoundFault', `Specified OptionGroupName: ${asked} not found.`);
  const { items, marker } = page(form, asked === undefined ? optionGroups : [asked], (name) => name);
  const views = items.map((name) => ({
    OptionGroupName: name,
    OptionGroupDescription: 'Default option group for postgres 15',
    EngineName: 'postgres',
    MajorEngineVersion: '15',
    Options: list('Option', []),
    AllowsVpcAndNonVpcInstanceMemberships: true,
    OptionGroupArn: arn(region, 'og', name),
  }));
  return { OptionGroupsList: list('OptionGroup', views), Marker: marker };
}
