import { z } from 'zod';
import type { DumpTask } from '../domain/dump.ts';
import { bug } from '../domain/errors.ts';

/** The variable in which a Job finds its task: no secret is in it, so it may stand in the Job's own description. */
export const taskVariable = 'PITCREW_TASK';

const words = z.string().min(1);

export const dumpTask = z.strictObject({
  kind: z.enum(['dump', 'adopt']),
  operation: words,
  environment: words,
  region: words,
  bucket: words,
  key: words,
  host: words,
  port: z.int().positive(),
  database: words,
  resourceId: words,
  major: z.int().positive(),
  critical: z.array(words),
  databaseBytes: z.int().nonnegative(),
}) satisfies z.ZodType<DumpTask>;

/** @throws PitcrewError `job.bad-task` when this process was not started by pitcrew */
export function taskOf(text: string | undefined): DumpTask {
  try {
    return dumpTask.parse(JSON.parse(text ?? ''));
  } catch (error) {
    throw bug('job.bad-task', { variable: taskVariable }, error);
  }
}
