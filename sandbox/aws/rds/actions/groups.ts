import type { XmlObject } from '../../xml.ts';
import { list } from '../answer.ts';
import { findParameterGroup, findSubnetGroup, parameterGroups, subnetGroups } from '../catalogue.ts';
import { refuseOthers } from '../checks.ts';
import { systemSettings } from '../configuration.ts';
import { invalidValue } from '../errors.ts';
import type { Form } from '../form.ts';
import { page, pagingNames } from '../paging.ts';
import type { Region } from '../region.ts';
import type { EngineSetting } from '../template.ts';
import { viewParameterGroup, viewSubnetGroup } from '../views.ts';

export function describeParameterGroups(region: Region, form: Form): XmlObject {
  refuseOthers(form, ['DBParameterGroupName', 'Filters', ...pagingNames]);
  const asked = form.text('DBParameterGroupName');
  const groups = asked ? [findParameterGroup(asked)] : parameterGroups;
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
export function describeParameters({ template }: Region, form: Form): XmlObject {
  refuseOthers(form, ['DBParameterGroupName', 'Source', 'Filters', ...pagingNames]);
  const { parameters } = findParameterGroup(form.required('DBParameterGroupName'));
  const source = form.text('Source');
  if (source !== undefined && !sources.includes(source)) throw invalidValue(`Invalid source: ${source}`);
  const all = [...template.settings, forceSsl]
    .map((setting) => viewParameter(setting, parameters[setting.name]))
    .filter(({ Source }) => source === undefined || Source === source);
  const { items, marker } = page(form, all, ({ ParameterName }) => ParameterName);
  return { Parameters: list('Parameter', items), Marker: marker };
}

const forceSsl: EngineSetting = {
  name: 'rds.force_ssl',
  value: '0',
  description: 'Force SSL connections.',
  context: 'sighup',
  type: 'bool',
  minimum: null,
  maximum: null,
  choices: ['0', '1'],
};

const dataTypes: Readonly<Record<string, string>> = { bool: 'boolean', enum: 'list', real: 'float' };

function viewParameter(setting: EngineSetting, changed: string | undefined) {
  const system = systemSettings[setting.name];
  const fixed = setting.context === 'internal';
  const range = setting.minimum === null ? undefined : `${setting.minimum}-${setting.maximum}`;
  return {
    ParameterName: setting.name,
    ParameterValue: changed ?? system ?? setting.value ?? undefined,
    Description: setting.description,
    Source: changed === undefined ? (system === undefined && !fixed ? 'engine-default' : 'system') : 'user',
    ApplyType: setting.context === 'postmaster' || fixed ? 'static' : 'dynamic',
    DataType: dataTypes[setting.type] ?? setting.type,
    AllowedValues: setting.choices?.join(',') ?? range,
    IsModifiable: !fixed,
    ApplyMethod: setting.context === 'postmaster' || fixed ? 'pending-reboot' : 'immediate',
  };
}
