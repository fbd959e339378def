import type { XmlObject } from '../../xml.ts';
import { changeGroup } from '../applied-parameters.ts';
import { newIdentifier, readTags, refuseOthers } from '../checks.ts';
import { invalidCombination, invalidValue, RdsError } from '../errors.ts';
import type { Form } from '../form.ts';
import {
  allSettings,
  checkChange,
  findChangeableGroup,
  type ParameterChange,
  type ParameterGroup,
} from '../parameter-groups.ts';
import type { Region } from '../region.ts';
import { isDynamic } from '../template.ts';
import { viewParameterGroup } from '../views.ts';

const families: readonly string[] = ['postgres14', 'postgres15'];

export function createParameterGroup(region: Region, form: Form): XmlObject {
  refuseOthers(form, ['DBParameterGroupName', 'DBParameterGroupFamily', 'Description', 'Tags']);
  const name = newIdentifier(form.required('DBParameterGroupName'), 'DBParameterGroupName', 255);
  const family = form.required('DBParameterGroupFamily');
  if (!families.includes(family))
    throw invalidValue(`DBParameterGroupFamily ${family} is not a valid parameter group family`);
  const group: ParameterGroup = {
    name,
    family,
    description: form.required('Description'),
    parameters: {},
    tags: readTags(form) ?? [],
  };
  if (region.parameterGroups.has(name)) {
    throw new RdsError('DBParameterGroupAlreadyExists', `Parameter group ${name} already exists`);
  }
  const own = [...region.parameterGroups.keys()].filter((known) => !known.startsWith('default.')).length;
  if (own >= region.quotas.parameterGroups) {
    throw new RdsError(
      'DBParameterGroupQuotaExceeded',
      'Cannot create more than the allowed number of parameter groups.',
    );
  }
  region.parameterGroups.set(name, group);
  return { DBParameterGroup: viewParameterGroup(region, name) };
}

export function deleteParameterGroup(region: Region, form: Form): undefined {
  refuseOthers(form, ['DBParameterGroupName']);
  const { name } = findChangeableGroup(region, form.required('DBParameterGroupName'));
  if ([...region.instances.values()].some(({ settings }) => settings.DBParameterGroupName === name)) {
    throw new RdsError('InvalidDBParameterGroupState', `One or more database instances are still members of ${name}.`);
  }
  region.parameterGroups.delete(name);
}

const mostParameters = 20;

export function modifyParameterGroup(region: Region, form: Form): XmlObject {
  refuseOthers(form, ['DBParameterGroupName', 'Parameters']);
  const group = findChangeableGroup(region, form.required('DBParameterGroupName'));
  const changes = readChanges(form);
  if (changes.length === 0) throw invalidCombination('Parameters must not be empty.');
  if (changes.some(({ value }) => value === undefined)) throw invalidValue('ParameterValue must be given.');
  for (const change of changes) checkChange(region, change);
  changeGroup(region, group, changes);
  return { DBParameterGroupName: group.name };
}

/** All parameters, or those named, back to their defaults: dynamic ones at once, static ones with the next reboot. */
export function resetParameterGroup(region: Region, form: Form): XmlObject {
  refuseOthers(form, ['DBParameterGroupName', 'ResetAllParameters', 'Parameters']);
  const group = findChangeableGroup(region, form.required('DBParameterGroupName'));
  const named = readChanges(form).map((change) => ({ ...change, value: undefined }));
  const all = form.flag('ResetAllParameters') ?? false;
  if (all === named.length > 0) throw invalidCombination('Specify either ResetAllParameters or Parameters.');
  for (const change of named) checkChange(region, change);
  const dynamic = new Set(
    allSettings(region)
      .filter(isDynamic)
      .map(({ name }) => name),
  );
  const everything = Object.keys(group.parameters).map(
    (name): ParameterChange => ({ name, value: undefined, method: dynamic.has(name) ? 'immediate' : 'pending-reboot' }),
  );
  changeGroup(region, group, all ? everything : named);
  return { DBParameterGroupName: group.name };
}

function readChanges(form: Form): readonly ParameterChange[] {
  const changes = (form.records('Parameters') ?? []).map((record): ParameterChange => {
    const method = record.text('ApplyMethod') ?? 'pending-reboot';
    if (method !== 'immediate' && method !== 'pending-reboot') throw invalidValue(`Invalid apply method: ${method}`);
    return { name: record.required('ParameterName'), value: record.text('ParameterValue'), method };
  });
  if (changes.length > mostParameters) throw invalidCombination(`At most ${mostParameters} parameters in one request.`);
  return changes;
}
