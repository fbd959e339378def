import { type DumpTask, dumpTask, taskVariable } from '../domain/dump.ts';
import { bug } from '../domain/errors.ts';
import { type LoadTask, loadTask } from '../domain/load.ts';

const tasks = dumpTask.or(loadTask);

/** @throws PitcrewError `job.bad-task` when this process was not started by pitcrew */
export function taskOf(text: string | undefined): DumpTask | LoadTask {
  try {
    return tasks.parse(JSON.parse(text ?? ''));
  } catch (error) {
    throw bug('job.bad-task', { variable: taskVariable }, error);
  }
}
