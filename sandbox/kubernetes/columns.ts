import type { KubeObject } from './objects.ts';

export interface Column {
  readonly name: string;
  readonly cell: (object: KubeObject) => string | number;
  /** Shown with `-o wide` only. */
  readonly wide?: true;
}

/** How kubectl writes a length of time: `5s`, `3m10s`, `7h`, `2d`. */
export function lengthOf(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 120) return `${seconds}s`;
  if (seconds < 600) return `${Math.floor(seconds / 60)}m${seconds % 60 ? `${seconds % 60}s` : ''}`;
  if (seconds < 3 * 3600) return `${Math.floor(seconds / 60)}m`;
  return seconds < 48 * 3600 ? `${Math.floor(seconds / 3600)}h` : `${Math.floor(seconds / 86400)}d`;
}

export const age = (since: string): string => lengthOf(Date.now() - Date.parse(since));

export const nameColumn: Column = { name: 'Name', cell: ({ metadata }) => metadata.name };
export const ageColumn: Column = { name: 'Age', cell: ({ metadata }) => age(metadata.creationTimestamp) };

export const column = <T extends KubeObject>(
  name: string,
  cell: (object: T) => string | number,
  wide?: true,
): Column => ({
  name,
  cell: (object) => cell(object as T),
  ...(wide ? { wide } : {}),
});
