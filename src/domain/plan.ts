import type { JsonObject } from './json.ts';

/** One step of a plan: which step, what it waits for, and what was decided for it when people approved. */
export interface PlannedStep {
  readonly id: string;
  /** Steps that must be done first. Steps whose `after` is met run side by side. */
  readonly after: readonly string[];
  readonly input: JsonObject;
  /** Done while people still decide, where they are asked: it harms nobody, and is taken back if they say no. */
  readonly beforeApproval?: true;
}

/** What was decided. Approval binds to it; a re-plan that differs here voids the approval. */
export interface Bound {
  readonly operation: string;
  readonly environment: string;
  readonly account: string;
  readonly region: string;
  readonly steps: readonly PlannedStep[];
  /** ARNs and `cluster/namespace/workload` that nobody else may change meanwhile, sorted. */
  readonly resources: readonly string[];
  readonly onFailure: FailurePolicy;
  /** The operation's own decisions: recovery point, order, bound on the loss, verification set. */
  readonly decided: JsonObject;
}

/** The equivalent `aws`/`kubectl`/`psql` argv of every step: shown, never executed. */
export type ShownCommands = { readonly [step: string]: readonly (readonly string[])[] };

/** What people see beside it and what moves: replica counts, ages, estimates, row counts, commands. */
export type Shown = JsonObject & {
  readonly commands: ShownCommands;
};

/** Stored once under `plans/<sha256>`; the digest is over the stored bytes, so it is never serialised twice. */
export interface Plan {
  readonly bound: Bound;
  readonly shown: Shown;
}

/** Whether the application is stopped while the instance beside is made, or only once that one is verified and compared. */
export type RestoreOrder = 'stop-first' | 'restore-first';

/** `return` to the old database, or `stay-stopped` because the old data must not be served. */
export type FailurePolicy = 'return' | 'stay-stopped';
