import type { GuardRef, ReplicaCount } from '../domain/restore.ts';
import { type Workload, workloadName } from '../domain/settings.ts';
import { kubectl, pauseCommand, resumeCommand, workloadArgument } from './typed-commands.ts';

type Argv = readonly string[];

interface Runs {
  readonly replicas: readonly ReplicaCount[];
  /** What is paused meanwhile. */
  readonly paused: readonly GuardRef[];
}

/** What a person would type to stop an application, schedules and all, and to start it again as it ran. */
export function applicationCommands(workloads: readonly Workload[], { replicas, paused }: Runs) {
  const each = ofScaled(workloads);
  const schedules = workloads.filter(({ kind }) => kind === 'cron-job');
  const suspend = (is: boolean) =>
    schedules.map((one) =>
      kubectl(one, 'patch', workloadArgument(one), '-p', JSON.stringify({ spec: { suspend: is } })),
    );
  const counts = new Map(replicas.map((count) => [workloadName(count), count.replicas]));
  const countOf = (one: Workload) => String(counts.get(workloadName(one)) ?? 0);
  return {
    'record-application': each((one) => kubectl(one, 'get', workloadArgument(one), '-o', 'jsonpath={.spec.replicas}')),
    'stop-application': [
      ...paused.map(pauseCommand),
      ...suspend(true),
      ...each((one) => kubectl(one, 'scale', workloadArgument(one), '--replicas=0')),
    ],
    'start-application': each((one) => kubectl(one, 'scale', workloadArgument(one), `--replicas=${countOf(one)}`)),
    'hand-over': [
      ...suspend(false),
      ...paused.map(resumeCommand),
      ...each((one) => kubectl(one, 'get', workloadArgument(one))),
    ],
  };
}

/** A command for each workload that has replicas: schedules have none. */
export const ofScaled =
  (workloads: readonly Workload[]) =>
  (command: (workload: Workload) => Argv): readonly Argv[] =>
    workloads.filter(({ kind }) => kind !== 'cron-job').map(command);
