import type { RecordedError } from '../src/domain/errors.ts';
import type { ApprovalPolicy, Draft, EventData } from '../src/domain/events.ts';
import { emptyOperation, fold, type OperationState } from '../src/domain/state.ts';

// Events as short as they can be said, for tests of the rules.

export const start = Date.parse('2026-11-20T03:00:00.000Z');
export const at = (minute: number) => new Date(start + minute * 60_000).toISOString();
export const human = (name: string) => ({ id: `T/${name}`, slackUser: name });
export const digest = 'a'.repeat(64);
export const other = 'b'.repeat(64);

export const policy: ApprovalPolicy = {
  required: 2,
  requesterCounts: false,
  approverUsers: ['ann', 'ben', 'rita'],
  approverGroups: ['dba'],
  approveWithinMinutes: 30,
  startWithinMinutes: 15,
};

export const requested = (over: Partial<ApprovalPolicy> = {}): Draft => ({
  type: 'requested',
  actor: 'rita',
  data: {
    operation: 'restore',
    environment: 'prod',
    args: {},
    requester: human('rita'),
    reason: 'orders are gone',
    channel: 'C1',
    language: 'en',
    policy: { ...policy, ...over },
  },
});
export const planned = (to = digest): Draft => ({ type: 'planned', actor: 'worker', data: { digest: to, steps: 1 } });
export const vote = (name: string, over: Partial<EventData<'vote'>> = {}): Draft => ({
  type: 'vote',
  actor: name,
  data: { gate: 'start', digest, human: human(name), via: name, decision: 'approve', ...over },
});
export const deny = { decision: 'deny' } as const;
export const cancel: Draft = { type: 'cancel-asked', actor: 'rita', data: { human: human('rita') } };
export const refused: Draft = {
  type: 'refused',
  actor: 'eve',
  data: { human: human('eve'), what: 'approve', code: 'x' },
};
export const by = (run: string, epoch: number) => ({ actor: 'worker', run, epoch });
export const intent = (run: string, epoch: number, over: Partial<EventData<'intent'>> = {}): Draft => ({
  type: 'intent',
  data: { step: 's', direction: 'do', ...over },
  ...by(run, epoch),
});
export const done = (run: string, epoch: number, direction: 'do' | 'undo' = 'do'): Draft => ({
  type: 'done',
  data: { step: 's', direction, output: {} },
  ...by(run, epoch),
});
export const noted = (run: string, epoch: number, transaction = '1'): Draft => ({
  type: 'noted',
  data: { step: 's', direction: 'do', data: { transaction } },
  ...by(run, epoch),
});
/** A no of the step that judges, said by the chain's owner. */
export const failed = (run: string, epoch: number, over: Partial<RecordedError> = {}): Draft => ({
  type: 'failed',
  data: { step: 's', direction: 'do', attempt: 1, error: { ...error, ...over } },
  ...by(run, epoch),
});
export const error = { code: 'x.y', kind: 'permanent', params: {} } as const;
export const turnedBack = (run: string, epoch: number): Draft => ({
  type: 'turned-back',
  data: { step: 's', error },
  ...by(run, epoch),
});
export const parked = (run: string, epoch: number): Draft => ({ type: 'parked', data: { error }, ...by(run, epoch) });
export const closed = (outcome: EventData<'closed'>['outcome'], run?: string, epoch?: number): Draft => ({
  type: 'closed',
  actor: 'worker',
  data: { outcome, service: 'unchanged' },
  ...(run && epoch ? { run, epoch } : {}),
});

export type Line = Draft | readonly [Draft, number];

/** The chain, one event a minute unless it says when. */
export function chain(...lines: readonly Line[]): OperationState {
  return lines.reduce<OperationState>((state, line, seq) => {
    const [draft, minute] = 'type' in line ? [line, 0] : line;
    const event = { ...draft, v: 1, seq, nonce: String(seq) };
    return fold(state, { event, at: at(minute), sha256: String(seq) });
  }, emptyOperation('op'));
}
