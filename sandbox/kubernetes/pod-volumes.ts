import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigFault, readValues } from './environment.ts';
import type { Pod } from './objects.ts';
import type { Store } from './store.ts';

/**
 * Puts the Secrets and ConfigMaps that a pod mounts into its folder, as files, again whenever one of them changed: unlike
 * environment variables, mounted values follow (documentation, "Mounted Secrets are updated automatically"). Mounts lie
 * below /tmp, the one folder that a pod has of its own here. Throws ConfigFault where a source is missing.
 */
export function projectVolumes(store: Store, pod: Pod, folder: string): void {
  for (const { name, mountPath } of pod.spec.containers.flatMap(({ volumeMounts = [] }) => volumeMounts)) {
    const failed = `MountVolume.SetUp failed for volume "${name}"`;
    if (!mountPath.startsWith('/tmp/')) throw new ConfigFault(`${failed}: the sandbox mounts below /tmp only`);
    const at = join(folder, mountPath.slice('/tmp/'.length));
    mkdirSync(at, { recursive: true });
    const { secret, configMap } = pod.spec.volumes?.find((volume) => volume.name === name) ?? { name };
    if (secret) write(at, readValues(store, pod, 'secrets', { ...secret, name: secret.secretName }));
    if (configMap) write(at, readValues(store, pod, 'configmaps', configMap));
  }
}

function write(folder: string, values: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(values)) {
    const file = join(folder, name);
    writeFileSync(`${file}.new`, value, { mode: 0o600 });
    renameSync(`${file}.new`, file);
  }
}
