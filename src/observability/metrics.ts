import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client';

/** Everything that pitcrew counts and times. Units are seconds, as Prometheus wants them. */
export interface Metrics {
  /** An operation was closed. */
  operationClosed(operation: string, outcome: string): void;
  /** One append to the ledger, from the call to the answer. */
  append<Result>(run: () => Promise<Result>): Promise<Result>;
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
  const appends = new Histogram({
    name: 'pitcrew_ledger_append_seconds',
    help: 'One append to the ledger, from the call to the answer',
    labelNames: ['outcome'],
    buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30],
    registers,
  });
  return {
    operationClosed: (operation, outcome) => operations.inc({ operation, outcome }),
    append: (run) => timed(run, (seconds, outcome) => appends.observe({ outcome }, seconds)),
    expose: async () => ({ contentType: registry.contentType, body: await registry.metrics() }),
  };
}

/** Runs and tells how long it took on a monotonic clock, also when it throws; what it throws passes on. */
async function timed<Result>(
  run: () => Promise<Result>,
  tell: (seconds: number, outcome: 'answered' | 'failed') => void,
): Promise<Result> {
  const start = performance.now();
  let outcome: 'answered' | 'failed' = 'failed';
  try {
    const result = await run();
    outcome = 'answered';
    return result;
  } finally {
    tell((performance.now() - start) / 1000, outcome);
  }
}
