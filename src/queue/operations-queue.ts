import { type Job, Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { prefix } from './redis.ts';

export const operationsQueueName = 'operations';

/** A job holds the operation's id and nothing that matters: what is to be done stands in the ledger. */
export interface OperationJob {
  readonly operation: string;
}

/** States of a job that brings nothing about any more. */
const over: readonly string[] = ['completed', 'failed', 'unknown'];

/** The producer's side: one job an operation, under the operation's own id. */
export class OperationsQueue {
  readonly #queue: Queue<OperationJob>;

  constructor(redis: Redis) {
    this.#queue = new Queue<OperationJob>(operationsQueueName, { connection: redis, prefix });
  }

  /** After an append: whoever waits for it goes on at once. An active job looks at the chain again before it waits. */
  async wake(operation: string): Promise<void> {
    const job = await this.#queue.getJob(operation);
    if (!job || !(await this.#promoted(job))) await this.ensure(operation);
  }

  async #promoted(job: Job<OperationJob>): Promise<boolean> {
    if (!(await job.isDelayed())) return false;
    try {
      await job.promote();
      return true;
    } catch {
      // It left the delayed set between the look and the call: somebody else woke it.
      return false;
    }
  }

  /** Whether somebody has it in hand, or will: a job that is finished, or half there, is none. */
  async has(operation: string): Promise<boolean> {
    return !over.includes(await this.#queue.getJobState(operation));
  }

  async ensure(operation: string): Promise<void> {
    if (await this.has(operation)) return;
    const job = await this.#queue.getJob(operation);
    // Finished, or half a job that a late write left behind after Redis forgot: adding would be ignored while it is there.
    await job?.remove();
    await this.#queue.add(operationsQueueName, { operation }, { jobId: operation, removeOnComplete: true });
  }

  /** Jobs by state, for health and metrics. */
  counts(): Promise<Record<string, number>> {
    return this.#queue.getJobCounts('waiting', 'active', 'delayed', 'failed');
  }

  close(): Promise<void> {
    return this.#queue.close();
  }
}
