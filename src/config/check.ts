import type { Settings } from '../domain/settings.ts';
import { type Needs, type ProcessSettings, readEnvironment, type Variables } from './environment.ts';
import { ConfigError, type Fault, problem } from './fault.ts';
import { load, type Notice } from './load.ts';

/** All that can be said of a configuration without asking anybody. */
export interface Checked<Environment> {
  /** The file as it was named. */
  readonly file: string;
  /** Of the environment first, then of the file. */
  readonly faults: readonly Fault[];
  readonly notices: readonly Notice[];
  /** Absent where there is a fault. */
  readonly usable?: { readonly environment: Environment; readonly settings: Settings };
}

/** Reads the environment and the file that it names, and gives every fault of both at once. Never throws for a fault. */
export function checkConfiguration<const Wanted extends Needs>(
  variables: Variables,
  needs: Wanted,
  readFile: (path: string) => string,
): Checked<ReturnType<typeof readEnvironment<Wanted>>> {
  const environment = attempt(() => readEnvironment(variables, needs));
  const file = fileOf(environment, variables);
  const loaded = attempt(() => load(textOf(file, readFile)));
  return {
    file,
    faults: [...environment.faults, ...loaded.faults],
    notices: loaded.value?.notices ?? [],
    ...(environment.value && loaded.value
      ? { usable: { environment: environment.value, settings: loaded.value.settings } }
      : {}),
  };
}

interface Attempt<Value> {
  readonly value?: Value;
  readonly faults: readonly Fault[];
}

function attempt<Value>(work: () => Value): Attempt<Value> {
  try {
    return { value: work(), faults: [] };
  } catch (error) {
    if (error instanceof ConfigError) return { faults: error.faults };
    throw error;
  }
}

/** Also where something else of the environment is wrong: the file's faults are told at the same time. */
const fileOf = ({ value }: Attempt<ProcessSettings>, { PITCREW_CONFIG }: Variables) =>
  value?.configPath ?? (PITCREW_CONFIG?.trim() || './pitcrew.yaml');

/** @throws ConfigError when it can't be read */
function textOf(path: string, readFile: (path: string) => string): string {
  try {
    return readFile(path);
  } catch {
    const example = 'PITCREW_CONFIG=/etc/pitcrew/pitcrew.yaml, or --config FILE';
    throw new ConfigError([{ path, problem: problem('unreadable-file', {}), example }]);
  }
}
