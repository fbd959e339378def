import type { EventData, EventType } from '../../src/domain/events.ts';
import type { OperationState } from '../../src/domain/state.ts';
import { laterOf } from '../../src/domain/time.ts';
import { type ChainKind, keyOf, type StoredEvent, sha256 } from '../../src/ledger/chain.ts';
import { operationChain } from '../../src/ledger/operations.ts';
import type { StoredObject } from '../../src/ledger/store.ts';

/** One event of an operation with what the fold made of it. */
export type Entry = { [T in EventType]: { readonly type: T; readonly data: EventData<T> } }[EventType] & {
  readonly stored: StoredEvent;
  readonly at: string;
  readonly sha256: string;
  readonly effective: boolean;
  readonly before: OperationState;
};

export interface History {
  readonly entries: readonly Entry[];
  readonly state: OperationState;
  readonly problems: readonly string[];
}

const remembered = new Map<string, History>();

/** An operation's chain as an auditor reads it: from the stored bytes, number by number, with its own look at the seals. */
export function historyOf(
  objects: ReadonlyMap<string, StoredObject>,
  id: string,
  kind: ChainKind<OperationState> = operationChain,
): History {
  const keys = [...objects.keys()].filter((key) => key.startsWith(`ops/${id}/`)).sort();
  const last = objects.get(keys.at(-1) ?? '');
  const memo = last && kind === operationChain ? `${keys.length}${last.at}${sha256(last.bytes)}` : undefined;
  const known = memo && remembered.get(memo);
  if (known) return known;
  const problems: string[] = [];
  const entries: Entry[] = [];
  const nonces = new Set<string>();
  let state = kind.empty(id);
  for (const [seq, key] of keys.entries()) {
    const object = objects.get(key);
    if (!object || key !== keyOf({ prefix: 'ops' }, id, seq)) {
      problems.push(`${key} is not number ${seq}`);
      continue;
    }
    const stored = JSON.parse(new TextDecoder().decode(object.bytes)) as StoredEvent;
    if (nonces.has(stored.nonce)) problems.push(`${key} stands twice`);
    nonces.add(stored.nonce);
    if (stored.prev?.sha256 !== state.head?.sha256 || stored.prev?.at !== state.head?.at)
      problems.push(`${key} does not follow what is before it`);
    const at = state.head ? laterOf(state.head.at, object.at) : object.at;
    const before = state;
    const hash = sha256(object.bytes);
    state = kind.fold(state, stored, { at, sha256: hash });
    const effective = kind.voided(state, seq) === undefined;
    entries.push({
      stored,
      type: stored.type,
      data: stored.data,
      at,
      sha256: hash,
      effective,
      before,
    } as unknown as Entry);
  }
  const history = { entries, state, problems };
  if (memo) remembered.set(memo, history);
  return history;
}
