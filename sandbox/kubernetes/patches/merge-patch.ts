type Map = Record<string, unknown>;

const isMap = (value: unknown): value is Map => typeof value === 'object' && value !== null && !Array.isArray(value);

/** RFC 7386: null removes, objects merge, all else replaces. */
export function applyMergePatch(document: unknown, patch: unknown): unknown {
  if (!isMap(patch)) return patch;
  const merged: Map = isMap(document) ? { ...document } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key];
    else merged[key] = applyMergePatch(merged[key], value);
  }
  return merged;
}

/** The keys by which lists of Kubernetes' own types merge (the `patchMergeKey` tags of k8s.io/api). */
const mergeKeys: Readonly<Record<string, readonly string[]>> = {
  containers: ['name'],
  initContainers: ['name'],
  env: ['name'],
  volumes: ['name'],
  imagePullSecrets: ['name'],
  volumeMounts: ['mountPath'],
  ports: ['containerPort', 'port'],
  conditions: ['type'],
  ownerReferences: ['uid'],
  hostAliases: ['ip'],
};

/** Strategic merge patch: lists of named things merge by name, `$patch: delete` and `$patch: replace` do as they say. */
export function applyStrategicMergePatch(document: unknown, patch: unknown): unknown {
  if (!isMap(patch)) return patch;
  if (patch.$patch === 'replace') return without(patch, '$patch');
  const merged: Map = isMap(document) ? { ...document } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (key.startsWith('$')) continue;
    if (value === null) delete merged[key];
    else if (Array.isArray(value)) merged[key] = mergeList(key, merged[key], value);
    else merged[key] = applyStrategicMergePatch(merged[key], value);
  }
  const retained = patch.$retainKeys;
  if (Array.isArray(retained)) for (const key of Object.keys(merged)) if (!retained.includes(key)) delete merged[key];
  for (const [key, gone] of Object.entries(patch)) {
    const list = /^\$deleteFromPrimitiveList\/(.+)$/.exec(key)?.[1];
    const current = list ? merged[list] : undefined;
    if (list && Array.isArray(current) && Array.isArray(gone)) {
      merged[list] = current.filter((item) => !gone.includes(item));
    }
  }
  return merged;
}

function mergeList(field: string, current: unknown, patch: readonly unknown[]): unknown {
  const items: unknown[] = Array.isArray(current) ? [...current] : [];
  const key = mergeKeys[field]?.find((name) => patch.some((item) => isMap(item) && name in item));
  if (patch.some((item) => isMap(item) && item.$patch === 'replace')) {
    return patch.filter((item) => !(isMap(item) && '$patch' in item));
  }
  if (!key) return field === 'finalizers' ? [...new Set([...items, ...patch])] : patch;
  for (const item of patch) {
    if (!isMap(item)) continue;
    const at = items.findIndex((other) => isMap(other) && other[key] === item[key]);
    if (item.$patch === 'delete') {
      if (at >= 0) items.splice(at, 1);
    } else if (at >= 0) items[at] = applyStrategicMergePatch(items[at], item);
    else items.push(applyStrategicMergePatch({}, item));
  }
  return items;
}

function without(map: Map, key: string): Map {
  const { [key]: _, ...rest } = map;
  return rest;
}
