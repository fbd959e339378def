import type { Container, EnvVar, KubeObject, Pod } from './objects.ts';
import type { Store } from './store.ts';

/** Why a container can't be made, as its waiting reason. */
export class ConfigFault extends Error {
  override name = 'ConfigFault';
}

/**
 * A container's environment: what its manifest says, `PORT` and `HOSTNAME`, and of the machine's only where programs
 * are found, since a real container inherits nothing. Throws ConfigFault when a Secret or ConfigMap is missing.
 */
export function environment(
  container: Container,
  pod: Pod,
  { store, port, home }: EnvironmentDeps,
): Record<string, string> {
  const result: Record<string, string> = {
    PATH: process.env.PATH ?? '/usr/local/bin:/usr/bin:/bin',
    HOME: home,
    TMPDIR: home,
    HOSTNAME: pod.metadata.name,
    PORT: String(port),
  };
  for (const { prefix = '', secretRef, configMapRef } of container.envFrom ?? []) {
    const values = secretRef
      ? readValues(store, pod, 'secrets', secretRef)
      : configMapRef
        ? readValues(store, pod, 'configmaps', configMapRef)
        : {};
    for (const [key, value] of Object.entries(values)) result[prefix + key] = value;
  }
  for (const variable of container.env ?? []) {
    const value = variableValue(variable, pod, store);
    if (value !== undefined) result[variable.name] = value.replace(/\$\((\w+)\)/g, (all, name) => result[name] ?? all);
  }
  return result;
}

interface EnvironmentDeps {
  readonly store: Store;
  readonly port: number;
  readonly home: string;
}

function variableValue({ value, valueFrom }: EnvVar, pod: Pod, store: Store): string | undefined {
  if (!valueFrom) return value ?? '';
  const { fieldRef, secretKeyRef, configMapKeyRef } = valueFrom;
  if (fieldRef) return podField(pod, fieldRef.fieldPath);
  const reference = secretKeyRef ?? configMapKeyRef;
  if (!reference) return undefined;
  const found = readValues(store, pod, secretKeyRef ? 'secrets' : 'configmaps', reference)[reference.key];
  if (found === undefined && !reference.optional) {
    throw new ConfigFault(`couldn't find key ${reference.key} in ${pod.metadata.namespace}/${reference.name}`);
  }
  return found;
}

function podField({ metadata, spec }: Pod, path: string): string {
  const keyed = /^metadata\.(labels|annotations)\['(.+)'\]$/.exec(path);
  if (keyed) return metadata[keyed[1] as 'labels' | 'annotations']?.[keyed[2] ?? ''] ?? '';
  const fields: Record<string, string | undefined> = {
    'metadata.name': metadata.name,
    'metadata.namespace': metadata.namespace,
    'metadata.uid': metadata.uid,
    'spec.nodeName': 'sandbox',
    'spec.serviceAccountName': typeof spec.serviceAccountName === 'string' ? spec.serviceAccountName : 'default',
    'status.podIP': '127.0.0.1',
    'status.hostIP': '127.0.0.1',
  };
  const value = fields[path];
  if (value === undefined) throw new ConfigFault(`unsupported fieldPath: ${path}`);
  return value;
}

/** The values of a Secret or ConfigMap, decoded. Throws ConfigFault where it is missing and not optional. */
export function readValues(
  store: Store,
  { metadata }: Pod,
  plural: 'secrets' | 'configmaps',
  { name, optional }: { name: string; optional?: boolean },
): Record<string, string> {
  const found = store.find(plural, metadata.namespace, name) as
    | (KubeObject & { data?: Record<string, string> })
    | undefined;
  if (!found && !optional)
    throw new ConfigFault(`${plural === 'secrets' ? 'secret' : 'configmap'} "${name}" not found`);
  const entries = Object.entries(found?.data ?? {});
  if (plural === 'configmaps') return Object.fromEntries(entries);
  return Object.fromEntries(entries.map(([key, value]) => [key, Buffer.from(value, 'base64').toString()]));
}
