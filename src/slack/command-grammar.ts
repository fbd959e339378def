import { closest } from '../domain/closest.ts';
import type { JsonObject } from '../domain/json.ts';
import type { DumpMode } from '../domain/load.ts';
import type { FailurePolicy, RestoreOrder } from '../domain/plan.ts';
import type { CommandName } from '../messages/commands.ts';
import { latest } from './views/modals.ts';

interface Asked {
  readonly environment?: string;
  readonly reason?: string;
}

interface OfARestore extends Asked {
  readonly incident?: string;
  readonly onFailure?: FailurePolicy;
  readonly order?: RestoreOrder;
}

/** What was typed, understood. Options that were left out are absent: the modal asks for them. */
export type Command =
  | { readonly name: 'help'; readonly about?: CommandName }
  | { readonly name: 'rollback'; readonly operation?: string; readonly reason?: string }
  | { readonly name: 'cleanup'; readonly operation?: string; readonly now: boolean; readonly reason?: string }
  | {
      readonly name: 'rescue';
      readonly operation?: string;
      readonly tables: readonly string[];
      readonly where?: string;
      readonly reason?: string;
    }
  | { readonly name: 'list' | 'history'; readonly environment?: string }
  | (Asked & { readonly name: 'verify'; readonly instance?: string; readonly deep: boolean })
  | { readonly name: 'status' | 'report' | 'cancel' | 'retry' | 'supersede'; readonly operation?: string }
  | (Asked & { readonly name: 'snapshot' | 'dump' })
  | (Asked & { readonly name: 'adopt'; readonly object?: string })
  | (Asked & { readonly name: 'find'; readonly since?: string; readonly table?: string; readonly where?: string })
  | (OfARestore & { readonly name: 'restore'; readonly from?: string; readonly mode?: DumpMode })
  /** `to` is as typed: what it means is said by the environment's clock. */
  | (OfARestore & { readonly name: 'pitr'; readonly to?: string });

export interface CommandFault {
  readonly code: string;
  readonly params: JsonObject;
}
interface Faulty {
  readonly fault: CommandFault;
}
export type Parsed = { readonly command: Command } | Faulty;

export const fault = (code: string, params: JsonObject = {}): Faulty => ({ fault: { code, params } });

/** What was typed goes back to whoever typed it, but not by the page. */
export const shortened = (word: string) => (word.length > 60 ? `${word.slice(0, 60)}…` : word);

/** What follows an option: one of these words; nothing; or whatever was typed. */
export const optionValues = {
  '--from': 'anything',
  '--to': 'anything',
  '--if-fails': ['return', 'stay-stopped'],
  '--incident-at': 'anything',
  '--order': ['stop-first', 'restore-first'],
  '--beside': 'nothing',
  '--in-place': 'nothing',
  '--since': 'anything',
  '--table': 'anything',
  '--where': 'anything',
  '--instance': 'anything',
  '--deep': 'nothing',
  '--now': 'nothing',
  '--reason': 'anything',
} as const satisfies Readonly<Record<string, 'anything' | 'nothing' | readonly string[]>>;
export type Option = keyof typeof optionValues;
export type Taken = Readonly<Partial<Record<Option, string>>>;

type Read<Name extends CommandName> = Omit<
  Extract<Command, { readonly name: Name }>,
  'name' | 'environment' | 'operation' | 'object' | 'about' | 'reason'
> & { readonly fault?: never };

export interface Grammar<Name extends CommandName> {
  /** The words that may follow its name. */
  readonly takes: 'environment' | 'operation' | 'environment object' | 'command';
  readonly options: readonly Option[];
  /** Those that may be given again: their values come one a line. */
  readonly repeats?: readonly Option[];
  /** What its options mean; the reason is understood by itself. */
  readonly read?: (taken: Taken) => Read<Name> | Faulty;
}

const ofARestore = ({ '--if-fails': onFailure, '--incident-at': incident, '--order': order }: Taken) => ({
  ...(order ? { order: order as RestoreOrder } : {}),
  ...(onFailure ? { onFailure: onFailure as FailurePolicy } : {}),
  ...(incident ? { incident } : {}),
});

/** S3 keys have at most 1,024 bytes; `s3://` and a bucket's name may stand before one. */
const longestKey = 1_100;
/** An id or an ARN: RDS's ids have at most 255 characters, automated ones begin with `rds:`. */
const snapshotShape = /^[A-Za-z][\w:./-]{0,254}$/;

const operation = { takes: 'operation', options: [] } as const;

/** How each command is typed; what is said of it stands in messages/commands.ts. */
export const grammar: { readonly [Name in CommandName]: Grammar<Name> } = {
  restore: {
    takes: 'environment',
    options: ['--from', '--beside', '--in-place', '--if-fails', '--incident-at', '--order', '--reason'],
    read(taken) {
      const { '--from': from, '--beside': beside, '--in-place': inPlace } = taken;
      if (beside !== undefined && inPlace !== undefined) return fault('command.two-modes');
      const mode = beside !== undefined ? 'beside' : inPlace !== undefined ? 'in-place' : undefined;
      if (mode !== undefined && !from?.includes('/'))
        return fault('load.mode-without-dump', { mode, from: from ?? latest });
      if (mode === 'in-place' && taken['--order'] === 'restore-first') return fault('load.in-place-stops-first');
      if (from === undefined) return ofARestore(taken);
      if (from.includes('/') && from.length <= longestKey)
        return { ...ofARestore(taken), from, ...(mode ? { mode } : {}) };
      if (snapshotShape.test(from)) return { ...ofARestore(taken), from };
      const possible = [latest, 'SNAPSHOT', 's3://BUCKET/KEY'];
      const given = shortened(from);
      return fault('request.bad-argument', { argument: '--from', given, possible, closest: closest(from, [latest]) });
    },
  },
  pitr: {
    takes: 'environment',
    options: ['--to', '--if-fails', '--incident-at', '--order', '--reason'],
    read: (taken) => ({ ...ofARestore(taken), ...(taken['--to'] ? { to: taken['--to'] } : {}) }),
  },
  rollback: { takes: 'operation', options: ['--reason'] },
  rescue: {
    takes: 'operation',
    options: ['--table', '--where', '--reason'],
    repeats: ['--table'],
    read: ({ '--table': tables, '--where': where }) => ({
      tables: tables?.split('\n') ?? [],
      ...(where === undefined ? {} : { where }),
    }),
  },
  cleanup: {
    takes: 'operation',
    options: ['--now', '--reason'],
    read: ({ '--now': now }) => ({ now: now !== undefined }),
  },
  snapshot: { takes: 'environment', options: ['--reason'] },
  dump: { takes: 'environment', options: ['--reason'] },
  adopt: { takes: 'environment object', options: ['--reason'] },
  verify: {
    takes: 'environment',
    options: ['--instance', '--deep', '--reason'],
    read: ({ '--instance': instance, '--deep': deep }) => ({
      ...(instance === undefined ? {} : { instance }),
      deep: deep !== undefined,
    }),
  },
  find: {
    takes: 'environment',
    options: ['--since', '--table', '--where'],
    read: ({ '--since': since, '--table': table, '--where': where }) => ({
      ...(since === undefined ? {} : { since }),
      ...(table === undefined ? {} : { table }),
      ...(where === undefined ? {} : { where }),
    }),
  },
  list: { takes: 'environment', options: [] },
  history: { takes: 'environment', options: [] },
  status: operation,
  report: operation,
  cancel: operation,
  retry: operation,
  supersede: operation,
  help: { takes: 'command', options: [] },
};
