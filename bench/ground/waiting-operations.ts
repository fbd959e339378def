import type { Draft } from '../../src/domain/events.ts';
import type { Plan } from '../../src/domain/plan.ts';
import { Chains } from '../../src/ledger/chain.ts';
import { OpenMarkers } from '../../src/ledger/markers.ts';
import { appendOperation } from '../../src/ledger/operations.ts';
import { Plans } from '../../src/ledger/plans.ts';
import { openBucket } from '../../src/ledger/s3-store.ts';

/** Chains that one process writes side by side. */
const atOnce = 24;

/**
 * Writes restores into the ledger that two people have approved, that have had their instance made and that wait for it:
 * what a worker finds that starts in the middle of so many.
 * @returns their ids
 */
export async function writeWaiting(
  where: { readonly bucket: string; readonly region: string; readonly prefix: string },
  count: number,
  pollSeconds: number,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const bucket = openBucket(where);
  const markers = new OpenMarkers(bucket.markers);
  const plans = new Plans(bucket.store);
  const ids = Array.from({ length: count }, (_, at) => `op-${String(at).padStart(12, '0')}`);
  const left = ids.values();
  const write = async () => {
    for (const id of left) {
      signal.throwIfAborted();
      // Chains that were written are of no more use here.
      const chains = new Chains({ store: bucket.store });
      const digest = await plans.put(planOf(id, pollSeconds));
      await markers.put(id);
      for (const draft of chainOf(id, digest)) {
        const appended = await appendOperation(chains, id, () => draft);
        if (appended.kind !== 'appended') throw new Error(`${draft.type} of ${id}: ${JSON.stringify(appended)}`);
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, write));
  bucket.close();
  return ids;
}

const step = (id: string, after: readonly string[], input: Plan['bound']['steps'][number]['input']) => ({
  id,
  after,
  input,
});

function planOf(operation: string, pollSeconds: number): Plan {
  const [region, instance] = ['eu-west-1', `shop-${operation}`];
  return {
    bound: {
      ...{ operation: 'restore', environment: 'production', account: '123456789012', region, onFailure: 'return' },
      steps: [
        step('restore-instance', [], { region, instance }),
        step('await-instance', ['restore-instance'], { region, instance, pollSeconds }),
      ],
      resources: [`arn:aws:rds:eu-west-1:123456789012:db:${instance}`],
      decided: { snapshot: `snapshot-of-${operation}` },
    },
    shown: { commands: { 'restore-instance': [['aws', 'rds', 'restore-db-instance-from-db-snapshot', instance]] } },
  };
}

const human = (name: string) => ({ id: `T0PITCREW/${name}`, slackUser: name });
const engine = { actor: 'worker', run: 'a-run-that-is-gone', epoch: 1 } as const;

function chainOf(operation: string, digest: string): readonly Draft[] {
  const vote = (name: string): Draft => ({
    ...{ type: 'vote', actor: name },
    data: { gate: 'start', digest, human: human(name), via: name, decision: 'approve' },
  });
  const policy = {
    ...{ required: 2, requesterCounts: false, approverUsers: ['U0AMIR', 'U0WEI'], approverGroups: [] },
    ...{ approveWithinMinutes: 600, startWithinMinutes: 600 },
  };
  return [
    {
      ...{ type: 'requested', actor: human('U0ROSA').id },
      data: {
        ...{ operation: 'restore', environment: 'production', args: {}, requester: human('U0ROSA') },
        ...{ reason: 'one of many', channel: 'C0INCPROD', language: 'en', policy },
      },
    },
    { type: 'planned', actor: 'worker', data: { digest, steps: 2 } },
    ...['U0AMIR', 'U0WEI'].map(vote),
    { type: 'intent', data: { step: 'restore-instance', direction: 'do' }, ...engine },
    {
      type: 'done',
      data: { step: 'restore-instance', direction: 'do', output: { instance: `shop-${operation}`, adopted: false } },
      ...engine,
    },
    { type: 'intent', data: { step: 'await-instance', direction: 'do' }, ...engine },
  ];
}
