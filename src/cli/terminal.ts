import type { Identity } from '../domain/identity.ts';
import type { LastGood, Sought } from '../domain/last-good.ts';
import type { Language, Locale } from '../domain/people.ts';
import type { Report } from '../domain/report.ts';
import type { SnapshotPoint } from '../domain/restore.ts';
import type { Environment, Settings } from '../domain/settings.ts';
import type { OperationState } from '../domain/state.ts';
import type { Pass, Waiting } from '../engine/pass.ts';
import type { BackupSources } from '../requests/list-backups.ts';
import type { Requests } from '../requests/requests.ts';
import type { Shelf } from './desk.ts';

/** How a command ends (docs/terminal.md, "Exit codes"). */
export const exits = { succeeded: 0, failed: 1, usage: 2, waiting: 3, interrupted: 130 } as const;

/** The engine, driven from here. */
export interface Driver {
  /** This process's random id: what it appends is its own only while no other has claimed. */
  readonly run: string;
  pass(operation: string, signal: AbortSignal): Promise<Pass>;
  /** What this process has seen of the chain, perhaps not its end. */
  known(operation: string): OperationState;
}

export interface DriverHooks {
  changed(waiting: readonly Waiting[]): void;
  failed(step: string, error: unknown): void;
}

/** What a terminal works with: the same use cases as Slack, and the engine for `pitcrew run`. */
export interface Terminal extends BackupSources {
  /** Of what serves, newest first. */
  recoveryPoints(environment: Environment): Promise<readonly SnapshotPoint[]>;
  readonly settings: Settings;
  readonly requests: Pick<
    Requests,
    'environment' | 'request' | 'vote' | 'state' | 'plan' | 'open' | 'past' | 'cancel' | 'retry' | 'supersede'
  >;
  readonly shelf: Shelf;
  readonly identity: Identity;
  /** When the data was last good. @throws PitcrewError `find.*` and when the instance can't be told */
  findLastGood(sought: Sought): Promise<LastGood>;
  /** Writes the report of an operation and keeps it. @throws PitcrewError `request.unknown-id`, `ledger.*` */
  report(operation: string, language: Language): Promise<Report>;
  /** Whether a worker could be told of what was recorded last. */
  wasTold(): boolean;
  driver(hooks: DriverHooks): Driver;
  close(): void;
}

/** The person's end: what they read, and what they answer. */
export interface Io {
  /** Standard output: what was asked for. */
  out(text: string): void;
  /** Standard error: what went wrong. */
  err(text: string): void;
  /** The one line that is written over, on a terminal; nothing elsewhere. */
  live(line: string): void;
  /** Whether somebody sits there. */
  readonly isTty: boolean;
  ask(question: string): Promise<string>;
  /** Called for each Ctrl-C; returns how to stop listening. */
  onInterrupt(handler: () => void): () => void;
  now(): Date;
}

/** What every command is given. */
export interface Session {
  readonly terminal: Terminal;
  readonly io: Io;
  readonly locale: Locale;
  readonly json: boolean;
}

/** One JSON document a line. */
export const document = ({ io }: Session, value: object): void => io.out(JSON.stringify(value));
