import type { OperationState } from '../../src/domain/state.ts';
import type { Appended, ChainKind, ChainState, EventDraft, LedgerOptions, Refusal } from '../../src/ledger/chain.ts';
import { operationChain } from '../../src/ledger/operations.ts';
import { ObservedChains, type Report } from './observed.ts';
import type { Outside } from './outside.ts';
import type { SimulationSpec } from './spec.ts';

// Protocols that are wrong on purpose. What an explorer can't find in them, it could not find in the real one.

type Seeded = NonNullable<SimulationSpec<Outside>['seeded']>;
type Decide<State> = (state: State) => EventDraft | Refusal;
type Tell = (report: Report) => void;

/** A store whose create overwrites: what S3 does without `If-None-Match`. */
export const overwrites: Seeded = { overwrites: true };

/** An append that takes its event for written when the answer was lost, without looking. */
export const hopeful: Seeded = {
  chains(options, tell, by) {
    const mine = new Map<string, Uint8Array>();
    const store = {
      ...options.store,
      async create(key: string, bytes: Uint8Array) {
        const answer = await options.store.create(key, bytes);
        if (answer === 'unknown') mine.set(key, bytes);
        return answer;
      },
      async read(key: string) {
        const bytes = mine.get(key);
        return bytes ? { bytes, at: '2026-11-20T03:00:00.000Z' } : options.store.read(key);
      },
    };
    return new ObservedChains({ ...options, store }, tell, by);
  },
};

/** An append that takes "no answer" for "not written". */
export const disheartened: Seeded = {
  chains: (options, tell, by) =>
    new ObservedChains(options, (one) => tell(one.told === 'unknown' ? { ...one, told: 'refused' } : one), by),
};

/** A fold that forgets whose votes it has counted. */
export const forgetful = folding({
  ...operationChain,
  fold(state, stored, sealed) {
    const next = operationChain.fold(state, stored, sealed);
    return { ...next, votes: next.votes.map((vote, n) => ({ ...vote, human: `somebody ${n}` })) };
  },
});

/** A fold that takes one yes for enough. */
export const hasty = folding({
  ...operationChain,
  fold(state, stored, sealed) {
    const { findings, ...next } = operationChain.fold(state, stored, sealed);
    if (!findings) return next;
    const yes = findings.votes.some(({ decision }) => decision === 'approve');
    return { ...next, findings: yes && !findings.decision ? { ...findings, decision: 'approved' } : findings };
  },
});

/** A fold that takes one yes to the cut-over for enough. */
export const eager = folding({
  ...operationChain,
  fold(state, stored, sealed) {
    const { cutOver, ...next } = operationChain.fold(state, stored, sealed);
    if (!cutOver) return next;
    const yes = cutOver.votes.some(({ decision }) => decision === 'approve');
    return { ...next, cutOver: yes && !cutOver.decision ? { ...cutOver, decision: 'approved' } : cutOver };
  },
});

/** A fold that takes nobody's word in time for a no. */
export const sulking = folding({
  ...operationChain,
  fold(state, stored, sealed) {
    const { cutOver, ...next } = operationChain.fold(state, stored, sealed);
    if (!cutOver) return next;
    return { ...next, cutOver: next.turnedBack && !cutOver.decision ? { ...cutOver, decision: 'denied' } : cutOver };
  },
});

/** A fold that takes one yes to giving it up for enough. */
export const rash = folding({
  ...operationChain,
  fold(state, stored, sealed) {
    const { supersede, ...next } = operationChain.fold(state, stored, sealed);
    if (!supersede) return next;
    return { ...next, supersede: supersede.votes.length > 0 ? { ...supersede, decision: 'approved' } : supersede };
  },
});

/** A fold that takes every step of the plan for one that may be done while people decide. */
export const impatient = folding({
  ...operationChain,
  fold(state, stored, sealed) {
    const next = operationChain.fold(state, stored, sealed);
    if (!next.plan?.prestage) return next;
    return { ...next, plan: { ...next.plan, prestage: ['create', 'stop', 'publish'] } };
  },
});

/** A fold that takes what was done while people decided for the beginning. */
export const presumptuous = folding({
  ...operationChain,
  fold(state, stored, sealed) {
    const next = operationChain.fold(state, stored, sealed);
    return next.epoch > 0 && !next.startedAt && next.head ? { ...next, startedAt: next.head.at } : next;
  },
});

/** A fold that forgets that somebody asked to stop. */
export const heedless = folding({
  ...operationChain,
  fold(state, stored, sealed) {
    const { cancelAskedBy: _, ...next } = operationChain.fold(state, stored, sealed);
    return next;
  },
});

/** A fold that lets what is parked go on by itself. */
export const restless = folding({
  ...operationChain,
  fold(state, stored, sealed) {
    const { parked, ...next } = operationChain.fold(state, stored, sealed);
    return parked && stored.type === 'vote'
      ? { ...next, phase: 'undoing' }
      : { ...next, ...(parked ? { parked } : {}) };
  },
});

/** A fold that takes a word on the plan for one on what was found. */
export const mistaking = folding({
  ...operationChain,
  fold(state, stored, sealed) {
    const { findings, ...next } = operationChain.fold(state, stored, sealed);
    return findings ? { ...next, findings: { ...findings, digest: next.plan?.digest ?? '' } } : next;
  },
});

/** A lock that is free as soon as its holder was asked to stop, not when it is closed. */
export const letsGoEarly: Seeded = {
  chains: (options, tell, by) =>
    new Misfolding(options, tell, by, {
      ...operationChain,
      fold(state, stored, sealed) {
        const next = operationChain.fold(state, stored, sealed);
        return next.cancelAskedBy && next.id !== by ? { ...next, phase: 'closed' } : next;
      },
    }),
};

/** A claim that keeps the epoch: whoever signs it owns the operation. */
export const keepsEpoch: Seeded = (() => {
  const fold: ChainKind<OperationState> = {
    ...operationChain,
    fold: (state, stored, sealed) =>
      operationChain.fold(stored.run && state.epoch > 0 ? { ...state, run: stored.run } : state, stored, sealed),
  };
  return { fold, chains: (options, tell, by) => new KeepsEpoch(options, tell, by, fold) };
})();

function folding(fold: ChainKind<OperationState>): Seeded {
  return { fold, chains: (options, tell, by) => new Misfolding(options, tell, by, fold) };
}

/** Chains that fold operations in a wrong way. */
class Misfolding extends ObservedChains {
  readonly #wrong: ChainKind<OperationState>;
  constructor(options: LedgerOptions, tell: Tell, by: string, wrong: ChainKind<OperationState>) {
    super(options, tell, by);
    this.#wrong = wrong;
  }
  override load<State extends ChainState>(kind: ChainKind<State>, id: string): Promise<State> {
    return super.load(this.#instead(kind), id);
  }
  override append<State extends ChainState>(
    kind: ChainKind<State>,
    id: string,
    decide: Decide<State>,
  ): Promise<Appended<State>> {
    return super.append(this.#instead(kind), id, decide);
  }
  #instead<State extends ChainState>(kind: ChainKind<State>): ChainKind<State> {
    return kind.prefix === 'ops' ? (this.#wrong as unknown as ChainKind<State>) : kind;
  }
}

class KeepsEpoch extends Misfolding {
  #run: string | undefined;
  override append<State extends ChainState>(
    kind: ChainKind<State>,
    id: string,
    decide: Decide<State>,
  ): Promise<Appended<State>> {
    return super.append(kind, id, (state) => {
      const first = decide(state);
      // Nobody fences it: it decides as if it still owned the operation.
      const draft = 'refused' in first && this.#run ? decide({ ...state, run: this.#run }) : first;
      if ('refused' in draft || draft.run === undefined) return draft;
      this.#run = draft.run;
      const { epoch = 0 } = state as { epoch?: number };
      return { ...draft, epoch: Math.max(1, epoch) };
    });
  }
}
