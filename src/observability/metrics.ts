import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client';

/** Everything that pitcrew counts and times. Units are seconds, as Prometheus wants them. */
export interface Metrics {
  /** An operation was closed. */
  operationClosed(operation: string, outcome: string): void;
  /** One try of a step in one direction, timed, `outcome` being how it ended: `done`, `wait` or `failed`. */
  step<Result extends { readonly kind: string }>(
    labels: { readonly step: string; readonly direction: 'do' | 'undo' },
    run: () => Promise<Result>,
  ): Promise<Result>;
  /** One append to the ledger, from the call to the answer. */
  append<Result>(run: () => Promise<Result>): Promise<Result>;
  /** How long a job had been due when a worker took it. */
  queueWait(seconds: number): void;
  /** The text that Prometheus reads. */
  expose(): Promise<{ readonly contentType: string; readonly body: string }>;
}

export interface MetricsOptions {
  /** Memory, event loop and garbage collection of the process. */
  readonly ofProcess?: boolean;
}

/** A registry of its own: two in one process don't meet. */
export function createMetrics({ ofProcess = false }: MetricsOptions = {}): Metrics {
  const registry = new Registry();
  const registers = [registry];
  if (ofProcess) collectDefaultMetrics({ register: registry });
  const operations = new Counter({
    name: 'pitcrew_operations_total',
    help: 'Operations closed, by outcome',
    labelNames: ['operation', 'outcome'],
    registers,
  });
  const steps = new Histogram({
    name: 'pitcrew_step_duration_seconds',
    help: 'One try of a step in one direction, by how it ended',
    labelNames: ['step', 'direction', 'outcome'],
    buckets: [0.05, 0.25, 1, 5, 15, 60, 300],
    registers,
  });
  const appends = new Histogram({
    name: 'pitcrew_ledger_append_seconds',
    help: 'One append to the ledger, from the call to the answer',
    labelNames: ['outcome'],
    buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30],
    registers,
  });
  const waits = new Histogram({
    name: 'pitcrew_queue_wait_seconds',
    help: 'How long a job had been due when a worker took it',
    buckets: [0.01, 0.1, 0.5, 1, 5, 30, 120],
    registers,
  });
  return {
    operationClosed: (operation, outcome) => operations.inc({ operation, outcome }),
    step: ({ step, direction }, run) =>
      timed(run, (seconds, ended) =>
        steps.observe({ step, direction, outcome: 'failed' in ended ? 'failed' : ended.result.kind }, seconds),
      ),
    append: (run) =>
      timed(run, (seconds, ended) => appends.observe({ outcome: 'failed' in ended ? 'failed' : 'answered' }, seconds)),
    queueWait: (seconds) => waits.observe(Math.max(0, seconds)),
    expose: async () => ({ contentType: registry.contentType, body: await registry.metrics() }),
  };
}

type Ended<Result> = { readonly result: Result } | { readonly failed: true };

/** Runs and tells how long it took on a monotonic clock, also when it throws; what it throws passes on. */
async function timed<Result>(
  run: () => Promise<Result>,
  tell: (seconds: number, ended: Ended<Result>) => void,
): Promise<Result> {
  const start = performance.now();
  let ended: Ended<Result> = { failed: true };
  try {
    const result = await run();
    ended = { result };
    return result;
  } finally {
    tell((performance.now() - start) / 1000, ended);
  }
}
