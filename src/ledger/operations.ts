import { bug, permanent } from '../domain/errors.ts';
import { type Draft, knownEvent, type OperationEvent } from '../domain/events.ts';
import { violation } from '../domain/rules.ts';
import { type Chronicle, emptyOperation, fold, type OperationState } from '../domain/state.ts';
import { type Appended, type ChainKind, Chains, type EventDraft, type Refusal, type StoredEvent } from './chain.ts';
import type { LedgerStore } from './store.ts';

/** The chain of an operation: `ops/<op>/<seq>`. */
export const operationChain: ChainKind<OperationState> = {
  prefix: 'ops',
  empty: emptyOperation,
  fold: (state, stored, { at, sha256 }) => fold(state, { event: eventOf(stored), at, sha256 }),
  voided: (state, seq) => state.voided.find((one) => one.seq === seq)?.code,
};

/** @throws PitcrewError `ledger.unreadable` for an event of a newer release: whoever can't read all of a chain appends nothing to it and says so */
function eventOf(stored: StoredEvent): OperationEvent {
  const known = knownEvent(stored.type, stored.data);
  if (!known) throw permanent('ledger.unreadable', { chain: stored.chain, seq: stored.seq, type: stored.type });
  return {
    v: stored.v,
    seq: stored.seq,
    nonce: stored.nonce,
    actor: stored.actor,
    ...(stored.run === null ? {} : { run: stored.run }),
    ...(stored.epoch === null ? {} : { epoch: stored.epoch }),
    ...known,
  } as OperationEvent;
}

/** A chain with every event that it is folded of. */
interface Chronicling extends Chronicle {
  readonly n: number;
  readonly head?: NonNullable<OperationState['head']>;
}

const chronicle: ChainKind<Chronicling> = {
  prefix: operationChain.prefix,
  empty: (id) => ({ n: 0, state: emptyOperation(id), events: [] }),
  fold({ state, events }, stored, { at, sha256 }) {
    const event = eventOf(stored);
    const next = fold(state, { event, at, sha256 });
    return { n: next.n, head: { at, sha256 }, state: next, events: [...events, { event, at, sha256 }] };
  },
  voided: ({ state }, seq) => state.voided.find((one) => one.seq === seq)?.code,
};

/** All that happened to an operation, read anew from the store. @throws PitcrewError `ledger.*` */
export async function readChronicle(store: LedgerStore, operation: string): Promise<Chronicle> {
  const { state, events } = await new Chains({ store }).load(chronicle, operation);
  return { state, events };
}

/** Decides by the rules of the domain: what they forbid is refused with the rule's code. */
export function ruled(
  decide: (state: OperationState) => Draft | Refusal,
): (state: OperationState) => EventDraft | Refusal {
  return (state) => {
    const draft = decide(state);
    if ('refused' in draft) return draft;
    const code = violation(state, draft);
    if (code) return { refused: code };
    // As it will be read: an event that its reader can't take would make the whole chain unreadable for good.
    if (!knownEvent(draft.type, JSON.parse(JSON.stringify(draft.data))))
      throw bug('event.malformed', { type: draft.type });
    return draft as EventDraft;
  };
}

/** Appends to an operation's chain under the rules of the domain. @throws PitcrewError see `Chains.append` */
export function appendOperation(
  chains: Chains,
  operation: string,
  decide: (state: OperationState) => Draft | Refusal,
): Promise<Appended<OperationState>> {
  return chains.append(operationChain, operation, ruled(decide));
}
