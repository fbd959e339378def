import { createHash } from 'node:crypto';

/** Tags by which pitcrew knows its own. RDS: keys up to 128 characters, values up to 256, of a limited alphabet. */
export const tagKeys = {
  /** The operation that made the resource: its identity, since RDS takes no client token. */
  operation: 'pitcrew:operation',
  environment: 'pitcrew:environment',
  /** Resource ids of the instances before this one, the nearest first, between spaces. */
  lineage: 'pitcrew:lineage',
} as const;

/** RDS API reference: instance ids have 1 to 63 letters, digits or hyphens, a letter first, none at the end, no two together. */
const longestInstanceId = 63;
const longestSnapshotId = 255;

/**
 * The restored instance's id: the source's without the suffix of an earlier restore, and eight digits of the operation.
 * The same operation always gets the same name, so that a repeated call finds what the first one made.
 */
export function targetInstanceId(sourceId: string, operation: string): string {
  return suffixed(sourceId.replace(/-r[0-9a-f]{8}$/i, ''), `-r${digits(operation)}`, longestInstanceId);
}

/** Snapshots of pitcrew: the instance's id, the word, eight digits of the operation. */
export function snapshotId(instanceId: string, operation: string): string {
  return suffixed(instanceId, `-pitcrew-${digits(operation)}`, longestSnapshotId);
}

/** The snapshot of the old instance that a restore takes beside: the last word on the data that it replaces. */
export function rescueId(instanceId: string, operation: string): string {
  return suffixed(instanceId, `-pitcrew-rescue-${digits(operation)}`, longestSnapshotId);
}

/** The snapshot of an instance that a cleanup takes before it deletes it: all that is left of it afterwards. */
export function finalId(instanceId: string, operation: string): string {
  return suffixed(instanceId, `-pitcrew-final-${digits(operation)}`, longestSnapshotId);
}

/** PostgreSQL cuts names at 63 bytes (manual, "Identifiers and Key Words"). */
const longestDatabaseName = 63;

/** The database that a dump is loaded into beside the live one, and the name that the live one has after the swap. */
export function besideNames(live: string, operation: string): { readonly restored: string; readonly kept: string } {
  const named = (suffix: string) => {
    let base = live;
    while (Buffer.byteLength(base + suffix) > longestDatabaseName) base = base.slice(0, -1);
    return `${base}${suffix}`;
  };
  return { restored: named(`_restored_${digits(operation)}`), kept: named(`_before_${digits(operation)}`) };
}

/** Whether a snapshot is the last word on an instance that the application was taken away from. */
export const isRescue = (id: string) => /-pitcrew-(rescue|final)-[0-9a-f]{8}$/.test(id);

function suffixed(base: string, suffix: string, longest: number): string {
  const kept = base
    .toLowerCase()
    .slice(0, longest - suffix.length)
    .replace(/-+$/, '');
  return `${kept}${suffix}`;
}

/** The operation's own first digits, for people who compare; a hash of it where its id has another shape. */
function digits(operation: string): string {
  const [, own] = /^op-([0-9a-f]{8})/.exec(operation) ?? [];
  return own ?? createHash('sha256').update(operation).digest('hex').slice(0, 8);
}

const longestLineage = 8;

/** The lineage of an instance: its own resource id, then those before it. */
export function lineageOf({
  resourceId,
  tags,
}: {
  readonly resourceId: string;
  readonly tags: Readonly<Record<string, string>>;
}): readonly string[] {
  const before = (tags[tagKeys.lineage] ?? '').split(' ').filter((id) => /^db-[A-Z0-9]+$/.test(id));
  return [...new Set([resourceId, ...before])].slice(0, longestLineage);
}
