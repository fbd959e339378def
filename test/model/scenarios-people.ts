import { reconcile } from '../../src/engine/reconcile.ts';
import { acquire, lockId } from '../../src/ledger/locks.ts';
import { OpenMarkers } from '../../src/ledger/markers.ts';
import { appendOperation } from '../../src/ledger/operations.ts';
import {
  author,
  calm,
  engineOf,
  human,
  minutes,
  prologue,
  promises,
  recordedRequests,
  requested,
  start,
  vote,
  worker,
} from './cast.ts';
import { look, type Outside, outside } from './outside.ts';
import { definition, ends, op, type Scenario } from './scenario.ts';
import type { Simulation } from './simulation.ts';
import type { Ports } from './spec.ts';

export async function votes(faults = 1, crashes = 0): Promise<Scenario> {
  const steps = () => [look('check')];
  const { objects, digest } = await prologue(op, definition(steps)({} as Ports<Outside>), []);
  const who = ['ann', 'ben', 'rita', 'ann'];
  return {
    name: 'votes at once, by the requester, twice, and too late',
    spec: {
      objects,
      clock: start,
      outside,
      faults,
      crashes,
      jumps: [minutes(31)],
      processes: [
        ...who.map((name, n) => author<Outside>(`${name}${n}`, op, () => vote(name, digest))),
        worker('worker', op, definition(steps), { passes: 2 }),
        worker('sweeper', op, definition(steps), { sweeper: true }),
      ],
      check: (simulation, ended) => [...promises(simulation, [op]), ...ends(simulation, ended)],
    },
  };
}

/** Two operations and the locks of overlapping resources; each lets go by closing. */
export async function locks(faults = 2, crashes = 1): Promise<Scenario> {
  const wants: Record<string, readonly string[]> = { op1: ['app', 'db'], op2: ['db', 'app'], op3: ['db'] };
  const objects = await recordedRequests(Object.keys(wants));
  return {
    name: 'locks of overlapping resources',
    spec: {
      objects,
      clock: start,
      outside,
      faults,
      crashes,
      processes: Object.entries(wants).map(([id, resources]) => ({
        name: id,
        body: async ({ chains }) => {
          for (let tries = 0; tries < 2; tries++) {
            const got = await calm(acquire(chains, id, resources));
            if (!got) continue;
            const data = { outcome: got.kind === 'busy' ? 'refused' : 'cancelled', service: 'unchanged' } as const;
            // Stands for all the work between taking the locks and closing.
            await calm(
              appendOperation(chains, id, () => ({ type: 'cancel-asked', actor: id, data: { human: human('rita') } })),
            );
            await calm(appendOperation(chains, id, () => ({ type: 'closed', actor: id, data })));
            return;
          }
        },
      })),
      check: (simulation) => [...promises(simulation, Object.keys(wants)), ...oneHolder(simulation)],
    },
  };
}

/** Each `acquired` was written only after the chain of the holder before it was closed. */
export function oneHolder(simulation: Simulation<Outside>): readonly string[] {
  return ['app', 'db'].flatMap((resource) => {
    const keys = simulation.order.filter((key) => key.startsWith(`locks/${lockId(resource)}/`));
    let holder: string | undefined;
    return keys.flatMap((key) => {
      const { operation } = JSON.parse(new TextDecoder().decode(simulation.objects.get(key)?.bytes)).data;
      const before = holder;
      holder = operation;
      if (before === undefined || before === operation) return [];
      const { entries, state } = simulation.history(before);
      const closing = entries.findIndex(({ type, effective }) => type === 'closed' && effective);
      const closedAt = simulation.order.indexOf(`ops/${before}/${String(closing).padStart(8, '0')}`);
      return state.phase === 'closed' && closedAt < simulation.order.indexOf(key)
        ? []
        : [`${resource} is held by ${before} and by ${operation}`];
    });
  });
}

/** A request is recorded while a reconciler thinks that it never will be; the process may die between marker and event 0. */
export async function request(faults = 2, crashes = 1): Promise<Scenario> {
  return {
    name: 'a request, its marker, and the reconciler that gives it up',
    spec: {
      objects: new Map(),
      clock: start,
      outside,
      faults,
      crashes,
      jumps: [minutes(11)],
      processes: [
        {
          name: 'rita',
          body: async ({ chains, markers }) => {
            if ((await calm(new OpenMarkers(markers).put(op).then(() => true))) === undefined) return;
            await calm(appendOperation(chains, op, () => requested()));
          },
        },
        ...['reconciler1', 'reconciler2'].map((name) => ({
          name,
          body: async (ports: Ports<Outside>) => {
            const engine = engineOf(ports, ports.store, ports.markers, definition(() => [])(ports));
            for (let rounds = 0; rounds < 2; rounds++) {
              await calm(reconcile(engine, { has: async () => false, ensure: async () => undefined }));
              await ports.idle();
            }
          },
        })),
      ],
      check: (simulation) => {
        const { entries, state } = simulation.history(op);
        const recorded = simulation.reports.some(({ by, told }) => by === 'rita' && told === 'appended');
        return [
          ...promises(simulation, [op]),
          ...(recorded && state.closed?.outcome === 'abandoned' ? ['recorded, and given up'] : []),
          ...(entries.length > 0 && state.phase !== 'closed' && !simulation.marks.has(`open/${op}`)
            ? ['open without a marker']
            : []),
        ];
      },
    },
  };
}
