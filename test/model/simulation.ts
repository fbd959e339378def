import { createHash } from 'node:crypto';
import type { Instant } from '../../src/domain/time.ts';
import { sha256 } from '../../src/ledger/chain.ts';
import type { Choice, World } from './explorer.ts';
import { type History, historyOf } from './history.ts';
import type { Report } from './observed.ts';
import { portsOf } from './ports.ts';
import type { Process, SimulatedObject, SimulationSpec } from './spec.ts';

/** Several processes, one store, one world outside. Every call waits until a choice says how it ends. */
export class Simulation<Outside> implements World {
  readonly objects = new Map<string, SimulatedObject>();
  /** Keys in the order in which they were created. */
  readonly order: string[] = [];
  readonly marks = new Map<string, Instant>();
  readonly reports: Report[] = [];
  readonly outside: Outside;
  clock: number;
  readonly #spec: SimulationSpec<Outside>;
  readonly #processes: Process<Outside>[];
  #inFlight: { readonly label: string; readonly land: () => unknown }[] = [];
  #faults: number;
  #crashes: number;

  constructor(spec: SimulationSpec<Outside>) {
    this.#spec = spec;
    this.outside = spec.outside();
    this.clock = spec.clock;
    this.#faults = spec.faults;
    this.#crashes = spec.crashes;
    for (const [key, { bytes, at }] of spec.objects) this.put(key, bytes, at);
    this.#processes = spec.processes.map((one) => ({
      spec: one,
      life: 0,
      history: '',
      deaf: false,
      pending: undefined,
      started: false,
      ended: false,
    }));
    for (const process of this.#processes) if (!process.spec.sweeper) this.#start(process);
  }

  /** An operation's chain, folded as everybody in this world folds it. */
  history(operation: string): History {
    return historyOf(this.objects, operation, this.#spec.seeded?.fold);
  }

  settle(): Promise<void> {
    return new Promise((resolve) => setImmediate(resolve));
  }

  key(): string {
    const hash = createHash('sha1');
    for (const key of [...this.objects.keys()].sort()) {
      const object = this.objects.get(key);
      hash.update(`${key}${object?.sha}${object?.at}`);
    }
    hash.update(JSON.stringify([[...this.marks.keys()].sort(), this.clock, this.#faults, this.#crashes, this.outside]));
    for (const { label } of this.#inFlight) hash.update(label);
    for (const { life, history, deaf, started, ended } of this.#processes)
      hash.update(`|${life}${history}${deaf}${started}${ended}`);
    return hash.digest('base64');
  }

  broken(ended: boolean): readonly string[] {
    const threw = this.#processes.filter((one) => one.threw !== undefined);
    return [
      ...threw.map(({ spec, threw: error }) => `${spec.name} failed with ${String(error)}`),
      ...this.#spec.check(this, ended),
    ];
  }

  choices(): readonly Choice[] {
    const choices: Choice[] = [];
    for (const process of this.#processes) {
      const { pending } = process;
      if (!pending || process.ended || !(pending.enabled?.() ?? true)) continue;
      choices.push({
        label: `${process.spec.name}: ${pending.label}`,
        take: () => this.#end(process, () => pending.answer(pending.apply())),
      });
    }
    for (const flying of this.#inFlight)
      choices.push({
        label: `late: ${flying.label}`,
        take: () => {
          this.#inFlight = this.#inFlight.filter((one) => one !== flying);
          flying.land();
        },
      });
    const timeWaits = this.#spec.timeWaits && choices.length > 0;
    for (const to of (!timeWaits && this.#spec.jumps) || [])
      if (to > this.clock)
        choices.push({ label: `the clock says ${new Date(to).toISOString()}`, take: () => this.#jump(to) });
    for (const { label, can, happen } of this.#spec.happenings ?? [])
      if (can(this.outside)) choices.push({ label, take: () => happen(this.outside) });
    const sweeping = this.#processes.some(({ spec, started }) => spec.sweeper && started);
    if (!sweeping) for (const process of this.#processes) this.#faultsOf(process, choices);
    const sweeper = this.#processes.find(({ spec, started }) => spec.sweeper && !started);
    if (sweeper && !choices.some(({ label }) => !label.startsWith('late: ')))
      choices.push({ label: `${sweeper.spec.name} begins`, take: () => this.#start(sweeper) });
    return choices;
  }

  /** How else a changing call can end. A crash at a call that changes nothing is a crash after the last one that did. */
  #faultsOf(process: Process<Outside>, choices: Choice[]): void {
    const { pending } = process;
    if (!pending?.changes || process.ended) return;
    const name = `${process.spec.name}: ${pending.label}`;
    const add = (how: string, take: () => void) => choices.push({ label: `${name} – ${how}`, take });
    const fly = () => void this.#inFlight.push({ label: name, land: pending.apply });
    const lost = (before: () => unknown, deaf: boolean) => () => {
      this.#faults--;
      before();
      process.deaf = deaf;
      this.#end(process, () => pending.lose());
    };
    const crashed = (before: () => unknown) => () => {
      this.#crashes--;
      before();
      this.#crash(process);
    };
    const nothing = () => undefined;
    if (this.#faults > 0) {
      add('taken, its answer lost', lost(pending.apply, false));
      add('lost', lost(nothing, false));
      add('late, its answer lost', lost(fly, false));
      add('taken, and nothing answers', lost(pending.apply, true));
      add('late, and nothing answers', lost(fly, true));
    }
    if (this.#crashes > 0) {
      add('crash before', crashed(nothing));
      add('taken, crash', crashed(pending.apply));
      add('late, crash', crashed(fly));
    }
  }

  #jump(to: number): void {
    this.clock = to;
  }

  #end(process: Process<Outside>, how: () => void): void {
    process.pending = undefined;
    how();
  }

  #crash(process: Process<Outside>): void {
    process.life++;
    process.history = '';
    this.#start(process);
  }

  #start(process: Process<Outside>): void {
    const { life } = process;
    process.started = true;
    process.deaf = false;
    process.pending = undefined;
    const stop = (threw?: unknown) => {
      if (process.life !== life) return;
      process.ended = true;
      process.threw = threw;
    };
    process.spec.body(portsOf(this, process, this.#spec)).then(() => stop(), stop);
  }

  /** Lays an object down, whatever is there. */
  put(key: string, bytes: Uint8Array, at: Instant): void {
    this.objects.set(key, { bytes, at, sha: sha256(bytes) });
    this.order.push(key);
  }
}
