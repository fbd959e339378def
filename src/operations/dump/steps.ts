import type { Kubernetes } from '../../clients/kubernetes.ts';
import { type StepSet, stepSet } from '../../domain/step.ts';
import type { DumpReach } from '../../planning/dump-plan.ts';
import { awaitDumpJob } from '../../steps/kubernetes/await-dump-job.ts';
import { dumpByExec, type RemoteDump } from '../../steps/kubernetes/dump-by-exec.ts';
import { recordVersion } from '../../steps/kubernetes/record-version.ts';
import { startDumpJob } from '../../steps/kubernetes/start-dump-job.ts';
import { checkDump } from '../../steps/s3/check-dump.ts';

export interface DumpClients extends DumpReach {
  readonly cluster: Kubernetes;
  /** pg_dump in a pod, where no Job may run. */
  readonly remoteDump: RemoteDump;
}

/** The runbook's "Export Database Dump", its three hops at once: dump, copy and upload; and what it doesn't have, the proof. */
export function dumpStepSet(clients: DumpClients): StepSet {
  return stepSet([
    recordVersion(clients),
    startDumpJob('start-dump-job', clients),
    awaitDumpJob('await-dump', clients),
    dumpByExec(clients),
    checkDump('check-dump', clients),
  ]);
}
