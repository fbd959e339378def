import { Chains } from './ledger/chain.ts';
import { OpenMarkers, OperationIndex } from './ledger/markers.ts';
import { operationChain } from './ledger/operations.ts';
import { Plans } from './ledger/plans.ts';
import type { openBucket } from './ledger/s3-store.ts';
import type { LedgerStore } from './ledger/store.ts';
import type { History } from './planning/past-operation.ts';

/** The ledger and all that reads and writes it, the same for bot, worker and terminal. */
export interface Core extends History {
  readonly store: LedgerStore;
  readonly chains: Chains;
  readonly plans: Plans;
  readonly markers: OpenMarkers;
  readonly cards: OpenMarkers;
  readonly index: OperationIndex;
}

/** How many closed operations an estimate is drawn from. */
const pastOperations = 20;

/** `measured` is around every create: for what measures how long an append takes. */
export function composeCore(
  { store, markers: markerStore }: ReturnType<typeof openBucket>,
  measured: <Answer>(create: () => Promise<Answer>) => Promise<Answer> = (create) => create(),
): Core {
  const chains = new Chains({
    store: { ...store, create: (key, bytes) => measured(() => store.create(key, bytes)) },
  });
  const index = new OperationIndex(markerStore);
  const plans = new Plans(store);
  return {
    store,
    chains,
    plans,
    markers: new OpenMarkers(markerStore),
    cards: new OpenMarkers(markerStore, 'cards'),
    index,
    async find(operation) {
      const state = await chains.load(operationChain, operation);
      if (!state.request) return undefined;
      return state.plan ? { state, plan: await plans.get(state.plan.digest) } : { state };
    },
    async closed(environment) {
      const ids = (await index.list(environment)).slice(-pastOperations).reverse();
      return Promise.all(ids.map((id) => chains.load(operationChain, id)));
    },
  };
}
