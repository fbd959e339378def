import { readFileSync } from 'node:fs';
import { parse, stringify } from 'yaml';
import { ConfigError, type Fault } from './fault.ts';
import { loadSettings } from './load.ts';

/** The example of the docs: every option that a team is likely to write. */
export const exampleFile = readFileSync(new URL('../../docs/pitcrew.example.yaml', import.meta.url), 'utf8');

type Node = Record<string, unknown>;

/** The example with options changed, by their paths; `undefined` takes one out. */
export function having(changes: Readonly<Record<string, unknown>>): string {
  const file = parse(exampleFile) as Node;
  for (const [path, value] of Object.entries(changes)) {
    const parts = path.split('.');
    const last = parts.pop() ?? '';
    const parent = parts.reduce<Node>((at, part) => {
      at[part] ??= {};
      return at[part] as Node;
    }, file);
    if (value === undefined) delete parent[last];
    else parent[last] = value;
  }
  return stringify(file);
}

export function faultsOf(text: string): readonly Fault[] {
  try {
    loadSettings(text);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
}
