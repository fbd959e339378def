import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, type Household } from '../household.ts';
import { ContainerRun, type Paces } from './container.ts';
import { deleteObject } from './deletion.ts';
import { ConfigFault, environment } from './environment.ts';
import { recordEvent } from './events.ts';
import type { LogBuffer } from './log-buffer.ts';
import { type Container, PORT_ANNOTATION, type Pod } from './objects.ts';
import { podStatus } from './pod-status.ts';
import { badRequest } from './status.ts';
import type { Store } from './store.ts';

export interface KubeletDeps {
  readonly store: Store;
  readonly household: Household;
  readonly images: Readonly<Record<string, readonly string[]>>;
  readonly paces: Paces;
}

/** Makes the pods of the store real: a process a container, in a folder and on a port of the pod's own. */
export interface Kubelet {
  logs(pod: Pod, query: { container: string | undefined; previous: boolean }): LogBuffer;
  /**
   * Pods that match stay `Terminating` when they are deleted, their processes running on, as on a node that no longer
   * answers; a forced deletion takes the object away and leaves the processes, too. Returns what lets them go.
   */
  holdTerminating(matches: (pod: Pod) => boolean): () => void;
  close(): Promise<void>;
}

export function startKubelet(deps: KubeletDeps): Kubelet {
  const { store } = deps;
  const runs = new Map<string, PodRun>();
  const lost = new Map<PodRun, Pod>();
  const holds = new Set<(pod: Pod) => boolean>();
  const isHeld = (pod: Pod) => [...holds].some((matches) => matches(pod));
  const ports = new Set<number>();
  const reserve = async () => {
    let port = await freePort();
    while (ports.has(port)) port = await freePort();
    ports.add(port);
    return port;
  };

  const end = (run: PodRun) => {
    lost.delete(run);
    run.kill();
    if (run.port) ports.delete(run.port);
  };

  const unsubscribe = store.subscribe((change) => {
    if (change.plural !== 'pods') return;
    const pod = change.object as Pod;
    const { uid, deletionTimestamp, deletionGracePeriodSeconds = 30 } = pod.metadata;
    if (change.type === 'ADDED') {
      const run = new PodRun(pod, deps);
      runs.set(uid, run);
      void reserve().then((port) => run.start(port));
    } else if (change.type === 'DELETED') {
      const run = runs.get(uid);
      runs.delete(uid);
      if (run && isHeld(pod)) lost.set(run, pod);
      else if (run) end(run);
    } else if (deletionTimestamp && !isHeld(pod)) {
      runs.get(uid)?.terminate(deletionGracePeriodSeconds);
    }
  });

  return {
    logs: (pod, query) => logsOf(runs.get(pod.metadata.uid), pod, query),
    holdTerminating(matches) {
      holds.add(matches);
      return () => {
        holds.delete(matches);
        for (const [run, pod] of lost) if (matches(pod)) end(run);
        for (const { metadata } of store.list('pods').filter(matches)) {
          if (metadata.deletionTimestamp) runs.get(metadata.uid)?.terminate(metadata.deletionGracePeriodSeconds ?? 30);
        }
      };
    },
    async close() {
      unsubscribe();
      const last = [...runs.values(), ...lost.keys()];
      for (const run of last) run.kill();
      for (let waited = 0; waited < 2000 && last.some((run) => !run.ended); waited += 20) await pause(20);
    },
  };
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

class PodRun {
  port: number | undefined;
  readonly #pod: Pod;
  readonly #deps: KubeletDeps;
  readonly #home: string;
  #containers: ContainerRun[] = [];
  #terminating: number | undefined;
  #killed = false;

  constructor(pod: Pod, deps: KubeletDeps) {
    this.#pod = pod;
    this.#deps = deps;
    this.#home = join(deps.household.folder, 'pods', pod.metadata.uid);
  }

  get ended(): boolean {
    return this.#containers.every(({ ended }) => ended);
  }

  container(name: string): ContainerRun | undefined {
    return this.#containers[this.#pod.spec.containers.findIndex((container) => container.name === name)];
  }

  start(port: number): void {
    this.port = port;
    if (this.#killed) return;
    const { store, paces } = this.#deps;
    const { metadata, spec } = this.#pod;
    mkdirSync(this.#home, { recursive: true });
    store.update('pods', metadata, (draft) => {
      draft.metadata.annotations = { ...draft.metadata.annotations, [PORT_ANNOTATION]: String(port) };
    });
    this.#event('Normal', 'Scheduled', `Successfully assigned ${metadata.namespace}/${metadata.name} to sandbox`);
    this.#containers = spec.containers.map(
      (container) =>
        new ContainerRun({
          container,
          restartPolicy: spec.restartPolicy,
          port,
          paces,
          start: () => this.#spawn(container, port),
          changed: () => this.#report(),
          event: (type, reason, message) => this.#event(type, reason, message),
        }),
    );
    if (this.#terminating !== undefined) return void this.terminate(this.#terminating);
    for (const container of this.#containers) container.start();
  }

  #spawn(container: Container, port: number) {
    const { household, images, store } = this.#deps;
    const entrypoint = container.command ?? images[container.image];
    if (!entrypoint) {
      const message = `Failed to pull image "${container.image}": not found`;
      return { reason: 'ErrImagePull', message };
    }
    const [command = '', ...args] = [...entrypoint, ...(container.args ?? [])];
    try {
      const current = store.find('pods', this.#pod.metadata.namespace, this.#pod.metadata.name) ?? this.#pod;
      const env = environment(container, current, { store, port, home: this.#home });
      return household.spawn(`pod-${this.#pod.metadata.name}`, command, args, {
        env,
        cwd: this.#home,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
    } catch (error) {
      if (error instanceof ConfigFault) return { reason: 'CreateContainerConfigError', message: error.message };
      throw error;
    }
  }

  terminate(graceSeconds: number): void {
    const again = this.#terminating !== undefined && this.#containers.length > 0;
    if (again && graceSeconds >= (this.#terminating ?? 0)) return;
    this.#terminating = graceSeconds;
    if (!this.port) return; // not started yet: start() comes back here
    for (const { name } of this.#pod.spec.containers) this.#event('Normal', 'Killing', `Stopping container ${name}`);
    for (const container of this.#containers) container.stop(graceSeconds);
  }

  kill(): void {
    this.#killed = true;
    for (const container of this.#containers) container.kill();
    rmSync(this.#home, { recursive: true, force: true });
  }

  #report(): void {
    if (this.#killed) return;
    const { store } = this.#deps;
    const statuses = this.#containers.map((container) => container.status());
    store.update('pods', this.#pod.metadata, (draft) => {
      draft.status = podStatus(draft, statuses);
    });
    if (this.#terminating === undefined || !this.ended) return;
    // the kubelet's last word, a deletion with no grace left: the pod goes, or waits for its finalizers
    const last = store.find('pods', this.#pod.metadata.namespace, this.#pod.metadata.name);
    if (last?.metadata.uid === this.#pod.metadata.uid) deleteObject(store, 'pods', last, { gracePeriodSeconds: 0 });
  }

  #event(type: 'Normal' | 'Warning', reason: string, message: string): void {
    recordEvent(this.#deps.store, { about: this.#pod, type, reason, message, component: 'kubelet' });
  }
}

function logsOf(
  run: PodRun | undefined,
  { metadata, spec }: Pod,
  { container, previous }: { container: string | undefined; previous: boolean },
): LogBuffer {
  const names = spec.containers.map(({ name }) => name);
  if (!container && names.length > 1) {
    throw badRequest(
      `a container name must be specified for pod ${metadata.name}, choose one of: [${names.join(' ')}]`,
    );
  }
  const name = container ?? names[0] ?? '';
  if (!names.includes(name)) throw badRequest(`container ${name} is not valid for pod ${metadata.name}`);
  const found = run?.container(name)?.logs(previous);
  if (found) return found;
  if (previous) throw badRequest(`previous terminated container "${name}" in pod "${metadata.name}" not found`);
  throw badRequest(`container "${name}" in pod "${metadata.name}" is waiting to start: ContainerCreating`);
}
