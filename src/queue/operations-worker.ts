import { setTimeout as sleep } from 'node:timers/promises';
import { DelayedError, type Job, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import { PitcrewError } from '../domain/errors.ts';
import type { OperationJob } from './operations-queue.ts';
import { operationsQueueName } from './operations-queue.ts';
import { prefix } from './redis.ts';

const lockSeconds = 30;
/** After an answer that only a later try can better: the ledger is away, say. */
const retrySeconds = 5;
/** However long a pass would wait: a vote whose wake was lost, since Redis was away just then, is seen by then. */
const longestSeconds = 60;

/** What one pass over an operation came to, as far as the queue cares. */
export type PassResult =
  | { readonly kind: 'wait'; readonly seconds: number }
  | { readonly kind: 'fenced' | 'parked' | 'closed' | 'empty' };

export interface OperationsWorkerOptions {
  readonly redis: Redis;
  readonly concurrency: number;
  pass(run: { operation: string; signal: AbortSignal; stalls: number }): Promise<PassResult>;
  /** The number of events of the operation's chain, read anew. */
  head(operation: string): Promise<number>;
  known(operation: string): number;
  onError(message: string, fields: { operation?: string; error: unknown }): void;
}

/** Takes jobs and makes passes. Ends within `close(graceSeconds)`: what isn't done by then is somebody else's. */
export class OperationsWorker {
  readonly #worker: Worker<OperationJob>;
  readonly #options: OperationsWorkerOptions;
  /** Operations with a pass under way in this process. */
  readonly #passing = new Set<string>();
  /** Jobs in hand, to the moment at which the queue has them back. */
  readonly #processing = new Set<Promise<void>>();

  constructor(options: OperationsWorkerOptions) {
    this.#options = options;
    const { redis, concurrency, onError } = options;
    this.#worker = new Worker<OperationJob>(
      operationsQueueName,
      (job, token, signal) => this.#inHand(this.#process(job, token, signal)),
      {
        connection: redis,
        prefix,
        concurrency,
        lockDuration: lockSeconds * 1000,
        // The queue's count of deaths is for its whole life; how often is too often is the ledger's to say.
        maxStalledCount: 10_000,
        drainDelay: 1,
        removeOnComplete: { count: 0 },
        removeOnFail: { count: 1000 },
      },
    );
    this.#worker.on('error', (error) => onError('the queue reports an error', { error }));
    // A lost lock doesn't stop the processor by itself: another worker has the job now, so this run must end.
    this.#worker.on('lockRenewalFailed', (jobIds) => {
      for (const id of jobIds) this.#worker.cancelJob(id, 'lock lost');
    });
  }

  #inHand(process: Promise<void>): Promise<void> {
    const ended = process.finally(() => this.#processing.delete(ended));
    this.#processing.add(ended);
    return ended;
  }

  async #process(job: Job<OperationJob>, token: string | undefined, signal?: AbortSignal): Promise<void> {
    const { operation } = job.data;
    const result = await this.#pass(operation, job.stalledCounter, signal ?? new AbortController().signal);
    if (result.kind !== 'wait' && result.kind !== 'fenced') return;
    const seen = this.#options.known(operation);
    // A fenced run says nothing: where another worker has the job by now, the queue refuses to delay it. Where this one
    // still has it, the operation is looked at again soon, and never at once: that would be claiming by turns for ever.
    const seconds = result.kind === 'wait' ? Math.min(Math.max(0, result.seconds), longestSeconds) : retrySeconds;
    await job.moveToDelayed(Date.now() + seconds * 1000, token);
    if (result.kind === 'fenced') throw new DelayedError();
    // Somebody may have appended between the pass and the delay, and found the job active: look once more.
    if (await this.#moved(operation, seen)) await job.promote().catch((error: unknown) => this.#says(operation, error));
    throw new DelayedError();
  }

  async #pass(operation: string, stalls: number, signal: AbortSignal): Promise<PassResult> {
    // After a lost lock this very process may be handed the job again while its first pass still ends: both would be the
    // same run, which no fence could tell apart.
    if (this.#passing.has(operation)) return { kind: 'wait', seconds: retrySeconds };
    this.#passing.add(operation);
    try {
      return await this.#options.pass({ operation, signal, stalls });
    } catch (error) {
      this.#says(operation, error);
      if (error instanceof PitcrewError && error.kind !== 'retryable') throw error;
      return { kind: 'wait', seconds: retrySeconds };
    } finally {
      this.#passing.delete(operation);
    }
  }

  async #moved(operation: string, seen: number): Promise<boolean> {
    try {
      return (await this.#options.head(operation)) > seen;
    } catch (error) {
      this.#says(operation, error);
      return false;
    }
  }

  #says(operation: string, error: unknown): void {
    this.#options.onError('a pass failed', { operation, error });
  }

  isRunning(): boolean {
    return this.#worker.isRunning();
  }

  /**
   * Stops taking jobs, tells the passes under way to end, waits for them, and goes. BullMQ's own close waits without
   * bound and can't be hurried once begun, so it is called when there is nothing left to wait for.
   */
  async close(graceSeconds: number): Promise<void> {
    await this.#worker.pause(true);
    this.#worker.cancelAllJobs('shutting down');
    const late = new AbortController();
    const tooLong = sleep(graceSeconds * 1000, undefined, { signal: late.signal }).catch(() => undefined);
    await Promise.race([Promise.allSettled(this.#processing), tooLong]);
    late.abort();
    await this.#worker.close(true);
  }
}
