import type { ChildProcess } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Household } from '../household.ts';
import { ContainerRun, type Paces } from './container.ts';
import { deleteObject } from './deletion.ts';
import { ConfigFault } from './environment.ts';
import { recordEvent } from './events.ts';
import { type Container, PORT_ANNOTATION, type Pod } from './objects.ts';
import { type ExecCommand, environmentOf, type Place, startExec, startIn } from './pod-process.ts';
import { type PodEnd, podStatus } from './pod-status.ts';
import { projectVolumes } from './pod-volumes.ts';
import type { PrivateTmp } from './private-tmp.ts';
import type { Store } from './store.ts';

export interface PodDeps {
  readonly store: Store;
  readonly household: Household;
  readonly images: Readonly<Record<string, readonly string[]>>;
  readonly paces: Paces;
  /** Unset: all pods share the machine's /tmp. */
  readonly privateTmp: PrivateTmp | undefined;
}

/** One pod made real: its containers, on a port and in a folder of its own, which its processes see as /tmp. */
export class PodRun {
  port: number | undefined;
  readonly #pod: Pod;
  readonly #deps: PodDeps;
  readonly #folder: string;
  readonly #environments = new Map<string, Record<string, string>>();
  #containers: ContainerRun[] = [];
  #terminating: number | undefined;
  #evicted: PodEnd | undefined;
  #killed = false;

  constructor(pod: Pod, deps: PodDeps) {
    this.#pod = pod;
    this.#deps = deps;
    this.#folder = join(deps.household.folder, 'pods', pod.metadata.uid);
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
    mkdirSync(this.#folder, { recursive: true });
    store.update('pods', metadata, (draft) => {
      draft.metadata.annotations = { ...draft.metadata.annotations, [PORT_ANNOTATION]: String(port) };
      draft.spec.nodeName = 'sandbox';
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

  #place(port: number): Place {
    const { household, store, privateTmp } = this.#deps;
    return { household, store, privateTmp, pod: this.#pod, folder: this.#folder, port };
  }

  #spawn(container: Container, port: number) {
    const entrypoint = container.command ?? this.#deps.images[container.image];
    if (!entrypoint) {
      const message = `Failed to pull image "${container.image}": not found`;
      return { reason: 'ErrImagePull', message };
    }
    try {
      this.project();
    } catch (error) {
      if (error instanceof ConfigFault) return { reason: 'ContainerCreating', message: error.message };
      throw error;
    }
    try {
      const env = environmentOf(this.#place(port), container);
      this.#environments.set(container.name, env);
      return startIn(this.#place(port), env, { argv: [...entrypoint, ...(container.args ?? [])], stdin: false });
    } catch (error) {
      if (error instanceof ConfigFault) return { reason: 'CreateContainerConfigError', message: error.message };
      throw error;
    }
  }

  /** Brings what the pod mounts up to date. Throws ConfigFault where a source is missing. */
  project(): void {
    if (this.port && !this.#killed) projectVolumes(this.#deps.store, this.#pod, this.#folder);
  }

  /** Undefined when the container doesn't run. */
  exec(name: string, command: ExecCommand): ChildProcess | undefined {
    const run = this.container(name);
    const env = this.#environments.get(name);
    if (!run?.running || !env || !this.port) return undefined;
    const guest = startExec(this.#place(this.port), env, command);
    run.take(guest);
    return guest;
  }

  terminate(graceSeconds: number): void {
    const again = this.#terminating !== undefined && this.#containers.length > 0;
    if (again && graceSeconds >= (this.#terminating ?? 0)) return;
    this.#terminating = graceSeconds;
    if (!this.port) return; // not started yet: start() comes back here
    for (const { name } of this.#pod.spec.containers) this.#event('Normal', 'Killing', `Stopping container ${name}`);
    for (const container of this.#containers) container.stop(graceSeconds);
  }

  evict(why: Required<PodEnd>): void {
    this.#evicted = why;
    this.#event('Warning', why.reason, why.message);
    for (const container of this.#containers) container.kill();
    this.#report();
  }

  kill(): void {
    this.#killed = true;
    for (const container of this.#containers) container.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #report(): void {
    if (this.#killed) return;
    const { store } = this.#deps;
    const gone = this.#terminating !== undefined && this.ended;
    const statuses = this.#containers.map((container) => container.status());
    store.update('pods', this.#pod.metadata, (draft) => {
      draft.status = podStatus(draft, statuses, this.#evicted ?? (gone ? {} : undefined));
    });
    if (!gone) return;
    // the kubelet's last word, a deletion with no grace left: the pod goes, or waits for its finalizers
    const last = store.find('pods', this.#pod.metadata.namespace, this.#pod.metadata.name);
    if (last?.metadata.uid === this.#pod.metadata.uid) deleteObject(store, 'pods', last, { gracePeriodSeconds: 0 });
  }

  #event(type: 'Normal' | 'Warning', reason: string, message: string): void {
    recordEvent(this.#deps.store, { about: this.#pod, type, reason, message, component: 'kubelet' });
  }
}
