import type { EventType, OperationEvent } from '../domain/events.ts';
import { type Chronicle, type Sealed, stepState } from '../domain/state.ts';
import type { Instant } from '../domain/time.ts';
import { backAt } from '../slack/views/clocks.ts';

export type Direction = 'do' | 'undo';

/** One run of a step in one direction, from its first intent to its outcome. */
export interface Stretch {
  readonly step: string;
  readonly direction: Direction;
  readonly from: Instant;
  /** Absent where it has no outcome. */
  readonly to?: Instant;
  /** When each failed try was written down. */
  readonly failedAt: readonly Instant[];
  /** How often it was begun or taken up again. */
  readonly tries: number;
}

export type MarkKind = 'requested' | 'planned' | 'approved' | 'denied' | 'asked' | 'parked' | 'turned-back' | 'closed';
export interface Mark {
  readonly kind: MarkKind;
  readonly at: Instant;
}

/** What the chain says of when: all that a table of steps and a picture are drawn from. */
export interface Timeline {
  readonly from: Instant;
  readonly to: Instant;
  readonly stretches: readonly Stretch[];
  readonly marks: readonly Mark[];
  /** From the order to stop until the application was back, or until the end where it never was. */
  readonly down?: { readonly from: Instant; readonly to: Instant };
}

/** Times come from the chain alone: the same chain always gives the same timeline. Pure. `undefined` for an empty chain. */
export function timelineOf({ state, events }: Chronicle): Timeline | undefined {
  const first = events[0];
  const last = events.at(-1);
  if (!first || !last) return undefined;
  const void_ = new Set(state.voided.map(({ seq }) => seq));
  const counted = events.filter(({ event }) => !void_.has(event.seq));
  const stopped = stepState(state, 'stop-application')?.intendedAt;
  const back = backAt(state) ?? restartedAt(counted);
  return {
    from: first.at,
    to: last.at,
    stretches: stretchesOf(counted),
    marks: counted.flatMap(markOf),
    ...(stopped ? { down: { from: stopped, to: back !== undefined && back > stopped ? back : last.at } } : {}),
  };
}

/** Of one that was taken back: when the application ran as it did before. */
function restartedAt(events: Chronicle['events']): Instant | undefined {
  return events.findLast(
    ({ event }) => event.type === 'done' && event.data.direction === 'undo' && event.data.step === 'record-application',
  )?.at;
}

function stretchesOf(events: Chronicle['events']): readonly Stretch[] {
  const all: { -readonly [Key in keyof Stretch]: Stretch[Key] }[] = [];
  const open = (step: string, direction: Direction) =>
    all.findLast((one) => one.step === step && one.direction === direction && one.to === undefined);
  for (const { event, at } of events) {
    if (event.type === 'intent') {
      const { step, direction } = event.data;
      const known = open(step, direction);
      if (known) known.tries += 1;
      else all.push({ step, direction, from: at, failedAt: [], tries: 1 });
    }
    if (event.type === 'failed') {
      const known = open(event.data.step, event.data.direction);
      if (known) known.failedAt = [...known.failedAt, at];
    }
    if (event.type === 'done') {
      const known = open(event.data.step, event.data.direction);
      if (known) known.to = at;
    }
  }
  return all;
}

const kinds: Readonly<Partial<Record<EventType, MarkKind>>> = {
  requested: 'requested',
  planned: 'planned',
  'cancel-asked': 'asked',
  'supersede-asked': 'asked',
  resumed: 'asked',
  parked: 'parked',
  'turned-back': 'turned-back',
  closed: 'closed',
};

function markOf({ event, at }: Sealed<OperationEvent>): readonly Mark[] {
  if (event.type === 'vote') return [{ kind: event.data.decision === 'approve' ? 'approved' : 'denied', at }];
  const kind = kinds[event.type];
  return kind ? [{ kind, at }] : [];
}
