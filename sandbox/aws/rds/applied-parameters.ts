import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { configurationOf } from './lifecycle.ts';
import { allSettings, findParameterGroup, type ParameterChange, type ParameterGroup } from './parameter-groups.ts';
import { arn, type Instance, type Region } from './region.ts';
import { isDynamic } from './template.ts';

/**
 * Changes a group, and the servers that run with it: dynamic parameters with the next reload, which comes at once, all
 * others with the next reboot. An instance that has yet to be rebooted into this group gets all of it then.
 */
export function changeGroup(region: Region, group: ParameterGroup, changes: readonly ParameterChange[]): void {
  group.parameters = withChanges(group.parameters, changes);
  announce(region, group, changes);
  const dynamic = new Set(
    allSettings(region)
      .filter(isDynamic)
      .map(({ name }) => name),
  );
  const atOnce = changes.filter(({ name, method }) => method === 'immediate' && dynamic.has(name));
  for (const instance of region.instances.values()) {
    if (instance.settings.DBParameterGroupName !== group.name || instance.applied?.group !== group.name) continue;
    if (atOnce.length < changes.length) instance.parameterStatus = 'pending-reboot';
    if (atOnce.length > 0) void reload(region, instance, atOnce);
  }
}

function withChanges(parameters: Readonly<Record<string, string>>, changes: readonly ParameterChange[]) {
  const changed = new Map(Object.entries(parameters));
  for (const { name, value } of changes) {
    if (value === undefined) changed.delete(name);
    else changed.set(name, value);
  }
  return Object.fromEntries(changed);
}

/** Long enough for whoever looks to see `applying`. */
const applyingMilliseconds = 100;

async function reload(region: Region, instance: Instance, changes: readonly ParameterChange[]): Promise<void> {
  const { applied } = instance;
  if (!applied) return;
  const parameters = withChanges(applied.parameters, changes);
  instance.applied = { ...applied, parameters };
  instance.parameterStatus = 'applying';
  await instance.cluster.reload({ ...configurationOf(region, instance), parameters }).catch(() => {}); // down: it reads them when it starts
  await sleep(applyingMilliseconds, undefined, { ref: false });
  if (instance.parameterStatus !== 'applying') return;
  const wanted = findParameterGroup(region, applied.group).parameters;
  instance.parameterStatus = isDeepStrictEqual(instance.applied?.parameters, wanted) ? 'in-sync' : 'pending-reboot';
}

function announce(region: Region, group: ParameterGroup, changes: readonly ParameterChange[]): void {
  const source = { source: group.name, type: 'db-parameter-group', arn: arn(region, 'pg', group.name) } as const;
  for (const { name, value, method } of changes) {
    const message = `Updated parameter ${name} to ${value ?? 'its default'} with apply method ${method}`;
    region.events.push({ ...source, message, categories: ['configuration change'], date: region.now() });
  }
}
