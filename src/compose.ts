import { randomUUID } from 'node:crypto';
import { type Core, composeCore } from './compose-core.ts';
import { startDesk } from './compose-desks.ts';
import { every } from './compose-every.ts';
import { composeOperations, type Operations } from './compose-operations.ts';
import type { Provided, Variables } from './config/environment.ts';
import type { Settings } from './domain/settings.ts';
import { instant } from './domain/time.ts';
import type { EngineDependencies } from './engine/pass.ts';
import { reconcile, repairMarkers } from './engine/reconcile.ts';
import { runOperation } from './engine/run-operation.ts';
import { operationChain } from './ledger/operations.ts';
import { records } from './ledger/records.ts';
import { openBucket, probe } from './ledger/s3-store.ts';
import { startHealth } from './observability/health.ts';
import type { Log } from './observability/log.ts';
import { createMetrics, type Metrics } from './observability/metrics.ts';
import { type Change, publisher } from './queue/changes.ts';
import { OperationsQueue } from './queue/operations-queue.ts';
import { OperationsWorker } from './queue/operations-worker.ts';
import { connect, requireNoEviction } from './queue/redis.ts';

export type Role = 'start' | 'bot' | 'worker';

const reconcileSeconds = 30;
const weekMs = 7 * 24 * 3600 * 1000;
/** How often it is looked whether today's settings are written down. */
const recordMs = 3600 * 1000;
/** What SIGTERM leaves a pass to end in; Kubernetes kills after 30 s by default. */
const graceSeconds = 20;
/** Passes side by side in one worker: most of them only wait for an answer. */
const concurrency = 20;

export interface Composition {
  readonly role: Role;
  readonly settings: Settings;
  readonly environment: Provided<{ slack: false; redis: true }>;
  readonly log: Log;
  readonly variables: Variables;
}

/**
 * Wires real clients into bot and worker and starts them. Refuses to start where a promise could not be kept: a ledger
 * that lets two writers win, a Redis that may evict.
 * @throws PitcrewError `ledger.*`, `queue.*`
 */
export async function compose(composition: Composition): Promise<{ stop(): Promise<void> }> {
  const { role, settings, environment, log, variables } = composition;
  const metrics = createMetrics({ ofProcess: true });
  const bucket = openBucket(settings.ledger);
  const core = composeCore(bucket, (create) => metrics.append(create));
  const redisUrl = environment.redisUrl.reveal();
  const redis = (use: 'blocking' | 'commands') => connect(redisUrl, use, (error) => log.debug({ error }, 'redis'));
  const commands = redis('commands');
  // A worker alone needs nothing of Slack; the bot's is loaded while bucket and Redis answer.
  const [bots] = await Promise.all([
    role === 'worker' ? undefined : import('./compose-bot.ts'),
    probe(bucket.store),
    requireNoEviction(commands),
  ]);
  const queue = new OperationsQueue(commands);
  const operations = composeOperations(settings, variables, core, records(core.store));
  const parts: { stop(): Promise<void> }[] = [];
  const tell = publisher(commands, (error) => log.debug({ error }, 'a change was not published'));
  if (bots) {
    const listening = redis('blocking');
    const bot = await bots.composeBot({ composition, core, queue, operations, listening, commands });
    parts.push(bot, { stop: async () => listening.disconnect() });
  }
  if (role !== 'bot') {
    const blocking = redis('blocking');
    const worker = startWorker({ settings, core, queue, redis: blocking, operations, metrics, log, tell });
    const wake = (operation: string) => queue.wake(operation);
    const desk = startDesk({ settings, core, markers: bucket.markers, variables, log, wake });
    parts.push(desk, worker, { stop: async () => blocking.disconnect() });
  }
  const health = await startHealth({
    ...environment.http,
    ready: {
      redis: async () => void (await commands.ping()),
      ledger: async () => void (await core.markers.list()),
    },
    metrics,
  });
  log.info(
    { role, health: `${health.host}:${health.port}`, environments: Object.keys(settings.environments) },
    'started',
  );
  return {
    async stop() {
      await health.close();
      for (const part of parts) await part.stop();
      await queue.close();
      commands.disconnect();
      bucket.close();
    },
  };
}

interface WorkerParts {
  readonly settings: Settings;
  readonly core: Core;
  readonly queue: OperationsQueue;
  readonly redis: ReturnType<typeof connect>;
  readonly operations: ReturnType<typeof composeOperations>;
  readonly metrics: Metrics;
  readonly log: Log;
  readonly tell: (change: Change) => void;
}

function startWorker({ settings, core, queue, redis, operations, metrics, log, tell }: WorkerParts): {
  stop(): Promise<void>;
} {
  const { chains } = core;
  const engine: EngineDependencies = {
    ...core,
    operation: operations.find,
    changed: (operation, waiting) => tell({ operation, waiting }),
    failed: (operation, step, error) => log.warn({ operation, step, error }, 'a step failed'),
  };
  // One id a process and start: what a run appends is its own only while no other has claimed.
  const run = randomUUID();
  const worker = new OperationsWorker({
    redis,
    concurrency,
    async pass({ operation, signal, stalls }) {
      const pass = await runOperation(engine, { operation, run, signal, stalls });
      if (pass.kind === 'wait') tell({ operation, waiting: pass.waiting });
      const state = chains.known(operationChain, operation);
      if (pass.kind === 'closed' && state.request && state.closed)
        metrics.operationClosed(state.request.operation, state.closed.outcome);
      return pass;
    },
    head: async (operation) => (await chains.load(operationChain, operation)).n,
    known: (operation) => chains.known(operationChain, operation).n,
    onError: (message, fields) => log.warn(fields, message),
  });
  const stopReconciling = every(
    reconcileSeconds * 1000,
    true,
    async () => {
      const { ensured, unreadable, ...rest } = await reconcile(engine, queue);
      if (rest.abandoned + rest.finished > 0) log.info({ ensured, ...rest }, 'reconciled');
      for (const one of unreadable) log.error(one, 'a chain can’t be read: nothing is appended to it');
    },
    (error) => log.warn({ error }, 'reconciling failed'),
  );
  const stopRepairing = every(
    weekMs,
    false,
    async () => {
      const chainsThere = new Set((await core.store.list('ops/')).map((key) => key.split('/')[1] ?? ''));
      await repairMarkers(chains, core.markers, [...chainsThere]);
    },
    (error) => log.warn({ error }, 'repairing markers failed'),
  );
  const stopRecording = every(
    recordMs,
    true,
    () => recordSettings(settings, operations, log),
    (error) => log.warn({ error }, 'recording settings failed'),
  );
  return {
    async stop() {
      stopReconciling();
      stopRepairing();
      stopRecording();
      await worker.close(graceSeconds);
    },
  };
}

/** Each environment for itself: one whose instance is gone, or whose region doesn't answer, keeps no other's from being recorded. */
async function recordSettings({ environments }: Settings, operations: Operations, log: Log): Promise<void> {
  for (const environment of Object.values(environments)) {
    try {
      const written = await operations.recordSettings(environment, instant(new Date()));
      if (written) log.info({ environment: environment.name }, 'settings written down');
    } catch (error) {
      log.warn({ environment: environment.name, error }, 'settings could not be written down');
    }
  }
}
