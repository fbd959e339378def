import { z } from 'zod';
import type { JsonObject } from './json.ts';
import { checkedObject } from './json.ts';

/** The version of the format that this program writes; a chain with another one is unreadable to it. */
export const formatVersion = 1;

const human = z.strictObject({ id: z.string().min(1), slackUser: z.string() });
const error = z.strictObject({
  code: z.string().min(1),
  kind: z.enum(['user', 'retryable', 'permanent', 'bug']),
  params: checkedObject,
});
const direction = z.enum(['do', 'undo']);
const digest = z.string().regex(/^[0-9a-f]{64}$/);

/** Pinned in event 0: a later change of the config changes nothing for an operation that is under way. */
const policy = z.strictObject({
  required: z.number().int().min(0),
  requesterCounts: z.boolean(),
  approverUsers: z.array(z.string()),
  approverGroups: z.array(z.string()),
  approveWithinMinutes: z.number().positive(),
  startWithinMinutes: z.number().positive(),
  /** How long people may decide about findings; 0, or absent in older chains: nobody is asked. */
  findingsWithinMinutes: z.number().min(0).optional(),
  /** How many approve the cut-over of a restore-first, and for how long they may; absent in older chains, which have none. */
  cutOver: z.number().int().min(0).optional(),
  cutOverWithinMinutes: z.number().min(0).optional(),
});
export type ApprovalPolicy = z.infer<typeof policy>;

/** Which of the four states the service is in, as far as the operation knows; `unchanged` before anything was touched. */
const service = z.enum(['unchanged', 'old-database', 'new-database', 'stopped', 'beside-only']);
export type ServiceState = z.infer<typeof service>;

/**
 * What people decide: whether an operation begins, whether it goes on with what one of its steps found, or with the
 * cut-over after its comparison, and whether a parked one is given up for the next.
 */
const gate = z.enum(['start', 'findings', 'cut-over', 'supersede']);
export type Gate = z.infer<typeof gate>;

const closing = z.enum(['succeeded', 'failed', 'denied', 'expired', 'refused', 'cancelled', 'abandoned']);
export type Closing = z.infer<typeof closing>;

const data = {
  requested: z.strictObject({
    operation: z.string(),
    environment: z.string(),
    args: checkedObject,
    requester: human,
    reason: z.string(),
    channel: z.string(),
    language: z.enum(['en', 'zh-TW']),
    incidentAt: z.string().optional(),
    policy,
  }),
  planned: z.strictObject({
    digest,
    steps: z.number().int().min(1),
    /** Steps that may be done while people still decide; absent where there are none. */
    prestage: z.array(z.string()).min(1).optional(),
  }),
  vote: z.strictObject({
    gate,
    /** Of the plan, or of the event that opened the gate: see `StepGate` in step-gates.ts and `SupersedeGate` in state.ts. */
    digest,
    human,
    /** The user or the group of the pinned policy by which this person may vote. */
    via: z.string(),
    decision: z.enum(['approve', 'deny']),
    reason: z.string().optional(),
    /** Of AWS, as STS named whoever signed it: for a word that was given at a terminal. */
    principal: z.string().optional(),
  }),
  refused: z.strictObject({ human, what: z.string(), code: z.string() }),
  /** `via`: the user or the group of the pinned policy by which this person may; absent for the requester. */
  'cancel-asked': z.strictObject({ human, via: z.string().optional() }),
  /** A person lets a parked operation go on. */
  resumed: z.strictObject({ human, via: z.string().optional() }),
  /** Opens the gate at which people decide that a parked operation is given up. */
  'supersede-asked': z.strictObject({ human, reason: z.string(), policy }),
  intent: z.strictObject({
    step: z.string(),
    direction,
    publishes: z.literal(true).optional(),
    /** People are asked at this step whether it goes on. */
    gate: z.enum(['findings', 'cut-over']).optional(),
  }),
  /** What a step must not forget before its effect: the id of a transaction before its COMMIT, say. */
  noted: z.strictObject({ step: z.string(), direction, data: checkedObject }),
  done: z.strictObject({ step: z.string(), direction, output: checkedObject }),
  failed: z.strictObject({ step: z.string(), direction, error, attempt: z.number().int().min(1) }),
  'turned-back': z.strictObject({ step: z.string(), error }),
  parked: z.strictObject({ error }),
  closed: z.strictObject({ outcome: closing, service, error: error.optional() }),
} as const;

export type EventType = keyof typeof data;
export type EventData<T extends EventType> = z.infer<(typeof data)[T]>;

/** What somebody wants to append: the rest of the event is the ledger's. */
export type Draft = {
  [T in EventType]: {
    readonly type: T;
    readonly data: EventData<T>;
    readonly actor: string;
    /** Engine events only: the run that owns the operation, and its epoch. */
    readonly run?: string;
    readonly epoch?: number;
  };
}[EventType];

/** An event of an operation's chain as it was read. */
export type OperationEvent = Draft & { readonly v: number; readonly seq: number; readonly nonce: string };

/** The events that only the owner of an operation may append. */
export const engineEvents: ReadonlySet<EventType> = new Set([
  'intent',
  'noted',
  'done',
  'failed',
  'turned-back',
  'parked',
]);

/** Takes an event's type and data as they were read; `undefined` when this program doesn't know the type or the shape. */
export function knownEvent(type: string, payload: unknown): { type: EventType; data: JsonObject } | undefined {
  if (!Object.hasOwn(data, type)) return undefined;
  const parsed = data[type as EventType].safeParse(payload);
  return parsed.success ? { type: type as EventType, data: parsed.data as JsonObject } : undefined;
}
