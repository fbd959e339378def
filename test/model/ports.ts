import { createHash } from 'node:crypto';
import { retryable } from '../../src/domain/errors.ts';
import type { LedgerStore, MarkerStore } from '../../src/ledger/store.ts';
import { ObservedChains, type Report } from './observed.ts';
import type { Simulation } from './simulation.ts';
import type { Ports, Process, SimulationSpec } from './spec.ts';

type Call = <T>(label: string, changes: boolean, apply: () => T, lost: () => T, enabled?: () => boolean) => Promise<T>;

const noAnswer = (): never => {
  throw retryable('ledger.unreachable');
};

/** What one life of a process is given: every call of it waits for a choice. */
export function portsOf<Outside>(
  world: Simulation<Outside>,
  process: Process<Outside>,
  { seeded }: SimulationSpec<Outside>,
): Ports<Outside> {
  const { life, spec } = process;
  let count = 0;
  const call = callsOf(world, process);
  const store = storeOf(world, process, call, seeded?.overwrites === true);
  const nonce = () => `${spec.name}/${life}/${++count}`;
  const patience = () => {
    let left = 1;
    return { again: async () => left-- > 0 };
  };
  const heard = (report: Report) => {
    process.deaf = false;
    world.reports.push(report);
  };
  const make = seeded?.chains ?? ((options, tell, name) => new ObservedChains(options, tell, name));
  return {
    name: spec.name,
    store,
    markers: markersOf(world, call),
    chains: make({ store, nonce, patience }, heard, spec.name),
    outside: world.outside,
    now: () => new Date(world.clock),
    fresh: () => `${spec.name}/${life}/run${++count}`,
    crashes: () => life,
    act: (label, apply) => call(label, true, apply, noAnswer),
    look: (label, read) => call(`look ${label}`, false, read, noAnswer),
    idle: () => {
      const { size } = world.objects;
      const { clock } = world;
      const woken = () => world.objects.size > size || world.clock > clock;
      return call('wakes', false, () => undefined, noAnswer, woken);
    },
  };
}

/** Everything that this life of the process ever learned: with the state of the world, all that decides what it does. */
function remember<Outside>({ clock }: Simulation<Outside>, process: Process<Outside>, what: string): void {
  process.history = createHash('sha1').update(`${process.history}${clock}${what}`).digest('base64');
}

function callsOf<Outside>(world: Simulation<Outside>, process: Process<Outside>): Call {
  const { life } = process;
  return <T>(label: string, changes: boolean, apply: () => T, lost: () => T, enabled = () => true) =>
    new Promise<T>((resolve, reject) => {
      if (process.life !== life) return;
      const answer = (value: unknown) => {
        remember(world, process, JSON.stringify(value) ?? 'nothing');
        resolve(value as T);
      };
      const lose = () => {
        remember(world, process, 'lost');
        try {
          resolve(lost());
        } catch (error) {
          reject(error);
        }
      };
      process.pending = { label, changes, enabled, apply, answer, lose };
    });
}

function storeOf<O>(world: Simulation<O>, process: Process<O>, call: Call, overwrites: boolean): LedgerStore {
  const { objects } = world;
  return {
    create(key, bytes) {
      const apply = () => {
        if (objects.has(key) && !overwrites) return 'exists';
        world.put(key, bytes, new Date(world.clock).toISOString());
        return 'created';
      };
      return call<'created' | 'exists' | 'unknown'>(`create ${describe(key, bytes)}`, true, apply, () => 'unknown');
    },
    async read(key) {
      if (process.deaf) return noAnswer();
      // What stands never changes, so reading it now or later is the same: not a choice.
      const there = objects.get(key);
      if (there && !overwrites) {
        remember(world, process, there.sha);
        return there;
      }
      await call<unknown>(`read ${short(key)}`, false, () => objects.get(key)?.sha, noAnswer);
      return objects.get(key);
    },
    list: (prefix) =>
      call(`list ${prefix}`, false, () => [...objects.keys()].filter((key) => key.startsWith(prefix)).sort(), noAnswer),
  };
}

function markersOf<Outside>(world: Simulation<Outside>, call: Call): MarkerStore {
  const { marks } = world;
  const put = (key: string) => void marks.set(key, new Date(world.clock).toISOString());
  const list = (prefix: string) =>
    [...marks].filter(([key]) => key.startsWith(prefix)).map(([key, at]) => ({ key, at }));
  return {
    put: (key) => call(`mark ${key}`, true, () => put(key), noAnswer),
    remove: (key) => call(`unmark ${key}`, true, () => void marks.delete(key), noAnswer),
    list: (prefix) => call(`list ${prefix}`, false, () => list(prefix), noAnswer),
  };
}

const short = (key: string) => key.replace(/\/[0-9a-f]{64}/, '/…').replace(/\/0{1,7}(\d+)$/, '/$1');

function describe(key: string, bytes: Uint8Array): string {
  if (key.startsWith('plans/')) return 'a plan';
  const { type, data } = JSON.parse(new TextDecoder().decode(bytes)) as { type: string; data: Record<string, unknown> };
  const detail = [data.step, data.direction, data.outcome, data.operation].filter((one) => typeof one === 'string');
  return `${short(key)} ${[type, ...detail].join(' ')}`;
}
