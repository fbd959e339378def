import type { ChildProcess } from 'node:child_process';
import { LogBuffer } from './log-buffer.ts';
import { type Container, type ContainerState, type ContainerStatus, type PodSpec, timestamp } from './objects.ts';
import { startProbe } from './probe.ts';

/** How fast the cluster does what takes long on a real one. */
export interface Paces {
  /** Before the first restart of a container that ended. */
  readonly restartSeconds: number;
  /** Before the second one; doubles with each further one up to the bound (kubelet: 10 and 300). */
  readonly backOffSeconds: number;
  readonly maxBackOffSeconds: number;
  /** Replaces the period of every probe; unset keeps the manifest's. */
  readonly probeSeconds?: number | undefined;
}

export interface ContainerHost {
  readonly container: Container;
  readonly restartPolicy: PodSpec['restartPolicy'];
  readonly port: number;
  readonly paces: Paces;
  /** Starts the process, or says why the container can't be made. */
  readonly start: () => ChildProcess | { readonly reason: string; readonly message: string };
  readonly changed: () => void;
  readonly event: (type: 'Normal' | 'Warning', reason: string, message: string) => void;
}

/** One container of a pod: its process, its restarts, its readiness and what it wrote. */
export class ContainerRun {
  readonly #host: ContainerHost;
  #process: ChildProcess | undefined;
  #state: ContainerState = { waiting: { reason: 'ContainerCreating' } };
  #lastState: ContainerState = {};
  #restarts = 0;
  #crashes = 0;
  #ready = false;
  #stopping = false;
  #startedAt = new Date();
  #timers: NodeJS.Timeout[] = [];
  #stopProbe = () => {};
  #logs: LogBuffer | undefined;
  #previousLogs: LogBuffer | undefined;
  /** What was started by exec: it ends with the container. */
  readonly #guests = new Set<ChildProcess>();

  constructor(host: ContainerHost) {
    this.#host = host;
  }

  /** True once there is no process and there will be none. */
  get ended(): boolean {
    return !this.#process && (this.#stopping || this.#finished());
  }

  get running(): boolean {
    return this.#process !== undefined;
  }

  /** Takes a process that exec started into the container, so that it is gone when the container is. */
  take(guest: ChildProcess): void {
    this.#guests.add(guest);
    guest.once('exit', () => this.#guests.delete(guest));
  }

  logs(previous: boolean): LogBuffer | undefined {
    return previous ? this.#previousLogs : this.#logs;
  }

  status(): ContainerStatus {
    const { name, image } = this.#host.container;
    return {
      name,
      image,
      imageID: this.#logs ? `sandbox://${image}` : '',
      ...(this.#process?.pid ? { containerID: `process://${this.#process.pid}` } : {}),
      ready: this.#ready,
      started: this.#process !== undefined,
      restartCount: this.#restarts,
      state: this.#state,
      lastState: this.#lastState,
    };
  }

  start(): void {
    const { container, start, event, changed } = this.#host;
    if (this.#stopping) return;
    const started = start();
    if ('reason' in started) {
      event('Warning', 'Failed', started.message);
      this.#state = { waiting: started };
      this.#again(() => this.start());
      changed();
      return;
    }
    this.#process = started;
    this.#startedAt = new Date();
    this.#previousLogs = this.#logs;
    this.#logs = captured(started);
    this.#state = { running: { startedAt: timestamp(this.#startedAt) } };
    event('Normal', 'Started', `Started container ${container.name}`);
    let over = false;
    const ended = (code: number | null, signal: NodeJS.Signals | null, message?: string) => {
      if (!over) this.#ended(code, signal, message);
      over = true;
    };
    started.once('error', ({ message }) => ended(128, null, message));
    started.once('exit', ended);
    this.#watchReadiness();
    changed();
  }

  #watchReadiness(): void {
    const { container, port, paces, changed, event } = this.#host;
    const { readinessProbe: probe } = container;
    if (!probe?.httpGet && !probe?.tcpSocket) {
      this.#ready = true;
      return;
    }
    this.#stopProbe = startProbe({
      probe,
      port,
      periodSeconds: paces.probeSeconds,
      crossed: (ready) => {
        this.#ready = ready;
        changed();
      },
      failed: (why) => event('Warning', 'Unhealthy', `Readiness probe failed: ${why}`),
    });
  }

  #ended(code: number | null, signal: NodeJS.Signals | null, message?: string): void {
    const exitCode = code ?? 128 + (signal ? (signalNumbers[signal] ?? 0) : 0);
    this.#kill(); // what the process left behind goes with its container
    this.#process = undefined;
    this.#ready = false;
    this.#stopProbe();
    this.#logs?.end();
    const reason = message ? 'StartError' : exitCode === 0 ? 'Completed' : 'Error';
    this.#state = {
      terminated: {
        exitCode,
        reason,
        ...(message ? { message } : {}),
        startedAt: timestamp(this.#startedAt),
        finishedAt: timestamp(),
      },
    };
    if (!this.#stopping && !this.#finished()) this.#restart();
    this.#host.changed();
  }

  #finished(): boolean {
    const { restartPolicy = 'Always' } = this.#host;
    const { terminated } = this.#state;
    if (!terminated || restartPolicy === 'Always') return false;
    return restartPolicy === 'Never' || terminated.exitCode === 0;
  }

  #restart(): void {
    const { container, paces, event } = this.#host;
    const last = this.#state;
    this.#again(() => {
      this.#restarts += 1;
      this.#lastState = last;
      this.start();
    });
    if (this.#crashes < 2) return; // the first restart comes without a back-off
    event('Warning', 'BackOff', `Back-off restarting failed container ${container.name}`);
    const message = `back-off ${this.#delaySeconds(paces)}s restarting failed container=${container.name}`;
    this.#lastState = last;
    this.#state = { waiting: { reason: 'CrashLoopBackOff', message } };
  }

  #again(attempt: () => void): void {
    const { paces } = this.#host;
    // the kubelet forgets old crashes once a container has run for twice the longest back-off
    if (Date.now() - this.#startedAt.getTime() > 2000 * paces.maxBackOffSeconds) this.#crashes = 0;
    this.#crashes += 1;
    this.#timers = [setTimeout(attempt, 1000 * this.#delaySeconds(paces))];
  }

  #delaySeconds({ restartSeconds, backOffSeconds, maxBackOffSeconds }: Paces): number {
    return this.#crashes < 2 ? restartSeconds : Math.min(maxBackOffSeconds, backOffSeconds * 2 ** (this.#crashes - 2));
  }

  /** SIGTERM now, SIGKILL to all that is left after the grace period. */
  stop(graceSeconds: number): void {
    this.#stopping = true;
    for (const timer of this.#timers) clearTimeout(timer);
    if (!this.#process) return void this.#host.changed();
    this.#process.kill('SIGTERM');
    this.#timers = [setTimeout(() => this.#kill(), graceSeconds * 1000)];
  }

  kill(): void {
    this.#stopping = true;
    this.#stopProbe();
    for (const timer of this.#timers) clearTimeout(timer);
    this.#kill();
  }

  #kill(): void {
    for (const each of [this.#process, ...this.#guests]) {
      if (!each?.pid) continue;
      try {
        process.kill(-each.pid, 'SIGKILL');
      } catch {
        // nothing of the group is left
      }
    }
  }
}

const signalNumbers: Partial<Record<NodeJS.Signals, number>> = {
  SIGINT: 2,
  SIGABRT: 6,
  SIGKILL: 9,
  SIGSEGV: 11,
  SIGTERM: 15,
};

function captured({ stdout, stderr }: ChildProcess): LogBuffer {
  const buffer = new LogBuffer();
  for (const stream of [stdout, stderr]) {
    const writer = buffer.writer();
    stream?.on('data', (chunk: Buffer) => writer.write(chunk));
    stream?.on('end', () => writer.end());
    stream?.on('error', () => writer.end());
  }
  return buffer;
}
