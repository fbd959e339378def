import { type DumpTask, dumpTask, taskVariable } from '../domain/dump.ts';
import { bug } from '../domain/errors.ts';

/** @throws PitcrewError `job.bad-task` when this process was not started by pitcrew */
export function taskOf(text: string | undefined): DumpTask {
  try {
    return dumpTask.parse(JSON.parse(text ?? ''));
  } catch (error) {
    throw bug('job.bad-task', { variable: taskVariable }, error);
  }
}
