import { postgres } from './clients/postgres.ts';
import { postgresPrograms } from './clients/postgres-programs.ts';
import { s3 } from './clients/s3.ts';
import type { Variables } from './config/environment.ts';
import { taskVariable } from './domain/dump.ts';
import { Secret } from './domain/secret.ts';
import { runDumpJob } from './jobs/dump-job.ts';
import type { JobParts } from './jobs/job.ts';
import { runLoadJob } from './jobs/load-job.ts';
import { taskOf } from './jobs/task.ts';

/**
 * What runs inside a Kubernetes Job: it knows its task and a login, and neither the ledger nor Redis nor Slack. What it has
 * to say goes to standard output, a JSON object a line.
 * @returns whether the task is done
 * @throws PitcrewError `job.bad-task`
 */
export async function runJob(variables: Variables, signal: AbortSignal): Promise<boolean> {
  const task = taskOf(variables[taskVariable]);
  const { PGUSER: user = '', PGPASSWORD: password = '', TMPDIR: folder = '/tmp' } = variables;
  const parts: JobParts = {
    s3: s3(task.region),
    connect: postgres(variables),
    login: { user, password: new Secret(password) },
    findPrograms: postgresPrograms(variables),
    environment: Object.fromEntries(
      Object.entries(variables).flatMap(([name, value]) =>
        value !== undefined && /^(PG[A-Z]+|PATH|HOME|TMPDIR)$/.test(name) ? [[name, value]] : [],
      ),
    ),
    folder,
    say: (report) => console.log(JSON.stringify(report)),
    complain: (line) => console.error(line),
    signal,
  };
  return task.kind === 'load' ? runLoadJob(task, parts) : runDumpJob(task, parts);
}
