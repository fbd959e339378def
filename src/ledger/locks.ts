import { bug } from '../domain/errors.ts';
import { type ChainKind, type Chains, type StoredEvent, sha256 } from './chain.ts';
import { operationChain } from './operations.ts';

/** Who may change a resource: the operation of the last `acquired`, until it is closed or has handed over. */
export interface LockState {
  readonly n: number;
  readonly head?: { readonly sha256: string; readonly at: string };
  readonly holder?: string;
  readonly handedOverTo?: string;
}

const lockChain: ChainKind<LockState> = {
  prefix: 'locks',
  empty: () => ({ n: 0 }),
  fold(state, { type, data }: StoredEvent, head) {
    const next = { n: state.n + 1, head };
    if (type === 'acquired') return { ...next, holder: String(data.operation) };
    if (type === 'handed-over') return { ...next, ...holderOf(state), handedOverTo: String(data.to) };
    throw bug('ledger.unreadable', { type });
  },
  voided: () => undefined,
};

const holderOf = ({ holder }: LockState) => (holder === undefined ? {} : { holder });

/** The chain of a resource's lock: `locks/<sha256 of its ARN or cluster/namespace/workload>`. */
export const lockId = (resource: string) => sha256(new TextEncoder().encode(resource));

export type Acquired =
  | { readonly kind: 'mine' }
  | { readonly kind: 'busy'; readonly resource: string; readonly holder: string };

/**
 * Takes every resource for an operation, in sorted order so that two operations can't wait for each other. There is no
 * release: a lock is free when its holder's chain is closed, a fact that never changes back. Taking it twice is taking
 * it once.
 */
export async function acquire(chains: Chains, operation: string, resources: readonly string[]): Promise<Acquired> {
  for (const resource of [...new Set(resources)].sort()) {
    const busy = await acquireOne(chains, operation, resource);
    if (busy) return { kind: 'busy', resource, holder: busy };
  }
  return { kind: 'mine' };
}

async function acquireOne(chains: Chains, operation: string, resource: string): Promise<string | undefined> {
  const id = lockId(resource);
  const closed = new Set<string>();
  for (;;) {
    const appended = await chains.append(lockChain, id, ({ holder, handedOverTo }) => {
      if (holder === operation) return { refused: 'lock.mine' };
      const free = holder === undefined || closed.has(holder) || handedOverTo === operation;
      if (!free) return { refused: 'lock.busy', params: { holder } };
      return { type: 'acquired', data: { operation, resource }, actor: operation };
    });
    if (appended.kind === 'appended' || appended.code === 'lock.mine') return undefined;
    const holder = appended.state.holder ?? '';
    const state = await chains.load(operationChain, holder);
    if (state.phase !== 'closed') return holder;
    closed.add(holder);
  }
}

/** True while every resource's lock names this operation. */
export async function holds(chains: Chains, operation: string, resources: readonly string[]): Promise<boolean> {
  for (const resource of resources) {
    const { holder } = await chains.load(lockChain, lockId(resource));
    if (holder !== operation) return false;
  }
  return true;
}
