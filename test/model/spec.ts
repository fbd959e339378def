import type { OperationState } from '../../src/domain/state.ts';
import type { ChainKind, Chains, LedgerOptions } from '../../src/ledger/chain.ts';
import type { LedgerStore, MarkerStore, StoredObject } from '../../src/ledger/store.ts';
import type { Report } from './observed.ts';
import type { Simulation } from './simulation.ts';

export interface SimulatedObject extends StoredObject {
  readonly sha: string;
}

/** What a process of the model is given. All of it is lost when the process crashes. */
export interface Ports<Outside> {
  readonly name: string;
  readonly store: LedgerStore;
  readonly markers: MarkerStore;
  readonly chains: Chains;
  readonly outside: Outside;
  now(): Date;
  /** An id that nobody else has. */
  fresh(): string;
  crashes(): number;
  /** A change of the world outside: may be lost, late, or the last thing that the process does. */
  act<T>(label: string, apply: () => T): Promise<T>;
  look<T>(label: string, read: () => T): Promise<T>;
  /** Until somebody wrote something or the clock moved. */
  idle(): Promise<void>;
}

export interface ProcessSpec<Outside> {
  readonly name: string;
  /** Begins only when nothing else can happen, with a healthy store: what it can't mend is broken for good. */
  readonly sweeper?: true;
  body(ports: Ports<Outside>): Promise<void>;
}

export interface SimulationSpec<Outside> {
  readonly objects: ReadonlyMap<string, StoredObject>;
  readonly clock: number;
  readonly outside: () => Outside;
  readonly processes: readonly ProcessSpec<Outside>[];
  /** Lost answers and late effects in one trace. */
  readonly faults: number;
  readonly crashes: number;
  /** Points in time (ms) that the clock may jump to. */
  readonly jumps?: readonly number[];
  /** The clock moves only when nothing else can happen: else most of what is seen lies after a deadline. */
  readonly timeWaits?: true;
  /** Changes of the world that nobody of ours makes. */
  readonly happenings?: readonly { readonly label: string; can(o: Outside): boolean; happen(o: Outside): void }[];
  check(simulation: Simulation<Outside>, ended: boolean): readonly string[];
  /** Wrong on purpose, to see that it is found. */
  readonly seeded?: {
    readonly overwrites?: true;
    readonly fold?: ChainKind<OperationState>;
    readonly chains?: (options: LedgerOptions, report: (report: Report) => void, name: string) => Chains;
  };
}

export interface Pending {
  readonly label: string;
  readonly changes: boolean;
  readonly enabled?: () => boolean;
  apply(): unknown;
  answer(value: unknown): void;
  lose(): void;
}

export interface Process<Outside> {
  readonly spec: ProcessSpec<Outside>;
  life: number;
  history: string;
  /** Nothing answers it until it has given its append up. */
  deaf: boolean;
  pending: Pending | undefined;
  started: boolean;
  ended: boolean;
  threw?: unknown;
}
