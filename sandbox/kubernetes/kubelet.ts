import type { ChildProcess } from 'node:child_process';
import { freePort } from '../household.ts';
import { ConfigFault } from './environment.ts';
import type { LogBuffer } from './log-buffer.ts';
import type { Pod } from './objects.ts';
import type { ExecCommand } from './pod-process.ts';
import { type PodDeps, PodRun } from './pod-run.ts';
import { ApiError, badRequest } from './status.ts';

/** Makes the pods of the store real: a process a container, in a folder and on a port of the pod's own. */
export interface Kubelet {
  logs(pod: Pod, query: { container: string | undefined; previous: boolean }): LogBuffer;
  /**
   * Pods that match stay `Terminating` when they are deleted, their processes running on, as on a node that no longer
   * answers; a forced deletion takes the object away and leaves the processes, too. Returns what lets them go.
   */
  holdTerminating(matches: (pod: Pod) => boolean): () => void;
  /**
   * Starts a process beside a running container's own, in its environment and with its /tmp; it ends with the container.
   * Throws the API's 400 where there is no such container that runs, 500 for a program that isn't there.
   */
  exec(pod: Pod, container: string | undefined, command: ExecCommand): ChildProcess;
  /** Ends a pod as a node does that runs out of something: its processes are killed, it stays as a `Failed` record. */
  evict(pod: Pod, why: { readonly reason: string; readonly message: string }): void;
  close(): Promise<void>;
}

export function startKubelet(deps: PodDeps): Kubelet {
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
    if (change.plural === 'secrets' || change.plural === 'configmaps') projectAgain(runs.values());
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
    exec(pod, container, command) {
      const run = runs.get(pod.metadata.uid);
      const name = containerName(pod, container);
      const started = run?.exec(name, command);
      if (started) return started;
      throw new ApiError(500, 'InternalError', `unable to upgrade connection: container not found ("${name}")`);
    },
    evict: (pod, why) => runs.get(pod.metadata.uid)?.evict(why),
    async close() {
      unsubscribe();
      const last = [...runs.values(), ...lost.keys()];
      for (const run of last) run.kill();
      for (let waited = 0; waited < 2000 && last.some((run) => !run.ended); waited += 20) await pause(20);
    },
  };
}

/** A source that is gone leaves the files of a running pod as they are. */
function projectAgain(runs: Iterable<PodRun>): void {
  for (const run of runs) {
    try {
      run.project();
    } catch (error) {
      if (!(error instanceof ConfigFault)) throw error;
    }
  }
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

function containerName({ metadata, spec }: Pod, container: string | undefined): string {
  const names = spec.containers.map(({ name }) => name);
  if (!container && names.length > 1) {
    throw badRequest(
      `a container name must be specified for pod ${metadata.name}, choose one of: [${names.join(' ')}]`,
    );
  }
  const name = container ?? names[0] ?? '';
  if (!names.includes(name)) throw badRequest(`container ${name} is not valid for pod ${metadata.name}`);
  return name;
}

function logsOf(
  run: PodRun | undefined,
  pod: Pod,
  { container, previous }: { container: string | undefined; previous: boolean },
): LogBuffer {
  const name = containerName(pod, container);
  const { metadata } = pod;
  const found = run?.container(name)?.logs(previous);
  if (found) return found;
  if (previous) throw badRequest(`previous terminated container "${name}" in pod "${metadata.name}" not found`);
  throw badRequest(`container "${name}" in pod "${metadata.name}" is waiting to start: ContainerCreating`);
}
