import { isDeepStrictEqual } from 'node:util';
import { badRequest, patchRefused } from '../status.ts';

interface Operation {
  op: 'add' | 'remove' | 'replace' | 'move' | 'copy' | 'test';
  path: string;
  from?: string;
  value?: unknown;
}

type Json = Record<string, unknown> | unknown[];

/**
 * RFC 6902 with the API server's own readings of it: `test` for null passes where the key is absent, as long as its
 * parent exists, and `replace` and `remove` need the key. Any failing operation refuses the whole patch with 422.
 */
export function applyJsonPatch(document: unknown, patch: unknown): unknown {
  if (!Array.isArray(patch)) throw badRequest('json: cannot unmarshal object into Go value of type jsonpatch.Patch');
  const root = { '': structuredClone(document) };
  for (const operation of patch as Operation[]) applyOne(root, operation);
  return root[''];
}

function applyOne(root: Json, operation: Operation): void {
  const { op, path, from } = operation;
  const value = structuredClone(operation.value);
  const target = locate(root, path);
  switch (op) {
    case 'test':
      // Kubernetes' library holds "absent" and "null" to be the same here (evanphx/json-patch v4)
      if (!isDeepStrictEqual(read(target) ?? null, value ?? null)) throw patchRefused();
      return;
    case 'add':
      return void insert(target, value);
    case 'replace':
      if (read(target) === undefined) throw patchRefused();
      return void write(target, value);
    case 'remove':
      return void drop(target);
    case 'move':
    case 'copy': {
      const source = locate(root, from ?? '');
      const moved = structuredClone(read(source));
      if (moved === undefined) throw patchRefused();
      if (op === 'move') drop(source);
      return void insert(locate(root, path), moved);
    }
    default:
      throw badRequest(`Unexpected kind: ${String(op satisfies never)}`);
  }
}

interface Target {
  readonly parent: Json;
  readonly key: string;
}

function locate(root: Json, pointer: string): Target {
  const steps = pointer.split('/').map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  let parent: unknown = root;
  for (const step of steps.slice(0, -1)) parent = isContainer(parent) ? read({ parent, key: step }) : undefined;
  if (!isContainer(parent)) throw patchRefused();
  return { parent, key: steps.at(-1) ?? '' };
}

const isContainer = (value: unknown): value is Json => typeof value === 'object' && value !== null;

function read({ parent, key }: Target): unknown {
  return Array.isArray(parent) ? parent[Number(key)] : Object.hasOwn(parent, key) ? parent[key] : undefined;
}

function write({ parent, key }: Target, value: unknown): void {
  if (Array.isArray(parent)) parent[Number(key)] = value;
  else parent[key] = value;
}

function insert(target: Target, value: unknown): void {
  const { parent, key } = target;
  if (!Array.isArray(parent)) return void write(target, value);
  const index = key === '-' ? parent.length : Number(key);
  if (!Number.isInteger(index) || index < 0 || index > parent.length) throw patchRefused();
  parent.splice(index, 0, value);
}

function drop({ parent, key }: Target): void {
  if (read({ parent, key }) === undefined) throw patchRefused();
  if (Array.isArray(parent)) parent.splice(Number(key), 1);
  else delete parent[key];
}
