import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline/promises';
import { perform } from './cli/perform.ts';
import type { Order } from './cli/read-order.ts';
import type { DriverHooks, Io, Terminal } from './cli/terminal.ts';
import { composeCore } from './compose-core.ts';
import { directoryOf, terminalIdentity } from './compose-desks.ts';
import { composeOperations } from './compose-operations.ts';
import type { Variables } from './config/environment.ts';
import type { Locale } from './domain/people.ts';
import type { Settings } from './domain/settings.ts';
import { runOperation } from './engine/run-operation.ts';
import { operationChain } from './ledger/operations.ts';
import { records } from './ledger/records.ts';
import { openBucket } from './ledger/s3-store.ts';
import { operationKinds } from './operations/registry.ts';
import { Requests } from './requests/requests.ts';

/** How long a worker is tried to be told; it only makes things sooner. */
const tellWithinMs = 3_000;

interface Given {
  readonly settings: Settings;
  readonly variables: Variables;
}

/** Does one order of a terminal with real clients. @returns the exit code */
export async function runOrder(
  given: Given & { readonly order: Order; readonly locale: Locale; readonly json: boolean },
): Promise<number> {
  const { order, locale, json } = given;
  const terminal = composeTerminal(given);
  try {
    return await perform({ terminal, io: processIo(json), locale, json }, order);
  } finally {
    terminal.close();
  }
}

/** The use cases and the engine, without Slack and without Redis: a worker is told where one can be. */
function composeTerminal({ settings, variables }: Given): Terminal {
  const bucket = openBucket(settings.ledger);
  const core = composeCore(bucket);
  const operations = composeOperations(settings, variables, core, records(core.store));
  let told = false;
  const requests = new Requests({
    ...core,
    settings,
    kinds: operationKinds,
    directory: directoryOf(settings),
    async wake(operation) {
      told = await tellWorker(variables.REDIS_URL, operation);
    },
  });
  return {
    settings,
    requests,
    shelf: { store: core.store, markers: bucket.markers },
    identity: terminalIdentity(settings, variables),
    recoveryPoints: (environment) => operations.recoveryPoints(environment),
    allRecoveryPoints: (environment) => operations.allRecoveryPoints(environment),
    windows: (environment) => operations.windows(environment),
    dumps: (environment) => operations.dumps(environment),
    standings: (environment, backups) => operations.standings(environment, backups),
    findLastGood: (sought) => operations.findLastGood(sought),
    // It draws a picture: nothing else that is typed should wait for what that needs.
    report: async (operation, language) =>
      (await import('./compose-report.ts')).composeReports(core, settings)(operation, language),
    wasTold: () => told,
    driver: ({ changed, failed }: DriverHooks) => {
      const run = randomUUID();
      const engine = {
        ...core,
        operation: operations.find,
        changed: (_: string, waiting: Parameters<DriverHooks['changed']>[0]) => changed(waiting),
        failed: (_: string, step: string, error: unknown) => failed(step, error),
      };
      return {
        run,
        pass: (operation, signal) => runOperation(engine, { operation, run, signal, stalls: 0 }),
        known: (operation) => core.chains.known(operationChain, operation),
      };
    },
    close: () => bucket.close(),
  };
}

async function tellWorker(url: string | undefined, operation: string): Promise<boolean> {
  if (!url) return false;
  const [{ connect }, { OperationsQueue }] = await Promise.all([
    import('./queue/redis.ts'),
    import('./queue/operations-queue.ts'),
  ]);
  const redis = connect(url, 'commands', () => {});
  let late: NodeJS.Timeout | undefined;
  const tooLate = new Promise<boolean>((resolve) => {
    late = setTimeout(() => resolve(false), tellWithinMs);
  });
  try {
    const telling = redis.ping().then(async () => {
      await new OperationsQueue(redis).wake(operation);
      return true;
    });
    return await Promise.race([telling.catch(() => false), tooLate]);
  } finally {
    clearTimeout(late);
    redis.disconnect();
  }
}

/** Standard input, output and error of this process. */
function processIo(json: boolean): Io {
  const live = process.stdout.isTTY === true && !json;
  let standing = false;
  const clear = () => {
    if (standing) process.stdout.write('\r\x1b[2K');
    standing = false;
  };
  return {
    out: (text) => {
      clear();
      process.stdout.write(`${text}\n`);
    },
    err: (text) => {
      clear();
      process.stderr.write(`${text}\n`);
    },
    live: (line) => {
      if (!live) return;
      clear();
      process.stdout.write(fitting(line, (process.stdout.columns ?? 80) - 1));
      standing = line !== '';
    },
    isTty: process.stdin.isTTY === true && process.stdout.isTTY === true,
    async ask(question) {
      const lines = createInterface({ input: process.stdin, output: process.stdout });
      // Ctrl-C and Ctrl-D are no answer; left alone they would leave the question open for good.
      const gone = new AbortController();
      for (const event of ['SIGINT', 'close'] as const) lines.once(event, () => gone.abort());
      try {
        return await lines.question(question, { signal: gone.signal });
      } catch {
        process.stdout.write('\n');
        return '';
      } finally {
        lines.close();
      }
    },
    onInterrupt(handler) {
      for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, handler);
      return () => {
        for (const name of ['SIGINT', 'SIGTERM'] as const) process.off(name, handler);
      };
    },
    now: () => new Date(),
  };
}

/** What fits into so many columns: East Asian characters take two. A line that wraps could not be written over. */
function fitting(line: string, columns: number): string {
  let left = columns;
  let kept = '';
  for (const character of line) {
    left -= /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60]/.test(character) ? 2 : 1;
    if (left < 0) break;
    kept += character;
  }
  return kept;
}
