import type { LoadOutputs } from './load.ts';

// A dump on an instance of its own: what its steps hand on that neither a restore from a snapshot nor a load has. (Type
// aliases, not interfaces: they are JSON.)

/** What each step returns that makes the instance and loads it; before and after them come the restore's own. */
export type OwnInstanceOutputs = {
  readonly 'create-instance': { readonly instanceId: string; readonly adopted: boolean };
  /** Roles by name: `logins` with the password out of their secret, `without` any. `left`: grants that were refused, `member of group`. */
  readonly 'create-roles': {
    readonly logins: readonly string[];
    readonly without: readonly string[];
    readonly left: readonly string[];
  };
} & Pick<LoadOutputs, 'create-database' | 'start-load-job' | 'await-load'>;

/** In the order in which they run. */
export const ownInstanceSteps = [
  'create-instance',
  'create-roles',
  'create-database',
  'start-load-job',
  'await-load',
] as const satisfies readonly (keyof OwnInstanceOutputs)[];
