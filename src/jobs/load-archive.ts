import { spawn } from 'node:child_process';
import { permanent, retryable } from '../domain/errors.ts';
import type { LoadTask } from '../domain/load.ts';
import { type ArchiveSource, fileArgument } from './ask-archive.ts';
import { eachLine, exitOf, feed } from './program.ts';

export interface Loading {
  /** pg_restore of the server's major version. */
  readonly program: string;
  readonly task: LoadTask;
  readonly source: ArchiveSource;
  /** A file with the entries of the archive that are loaded, as `pg_restore --list` writes them. */
  readonly listFile: string;
  /** What libpq reads: address, login, TLS. */
  readonly environment: Readonly<Record<string, string>>;
  /** Of a stream: told of every chunk. */
  readonly onChunk: (chunk: Uint8Array) => void;
  readonly onTable: () => void;
  readonly signal: AbortSignal;
  readonly complain: (line: string) => void;
}

const modes = {
  'new-database': [],
  'in-place': ['--clean', '--if-exists', '--single-transaction'],
} as const;

/**
 * Loads an archive, and stops at the first thing that can't be loaded: half of a database is none.
 * @throws PitcrewError `load.failed` with the entry of the archive and why, never with a row of it; `load.interrupted`
 */
export async function loadArchive(loading: Loading): Promise<void> {
  const { program, task, source, listFile, environment, signal } = loading;
  const args = [
    '--format=custom',
    '--exit-on-error',
    '--no-password',
    '--verbose',
    '--no-owner',
    '--no-tablespaces',
    '--no-subscriptions',
    `--role=${task.role}`,
    `--dbname=${task.database}`,
    `--use-list=${listFile}`,
    ...modes[task.mode],
    ...(source.kind === 'file' && task.mode === 'new-database' ? [`--jobs=${task.jobs}`] : []),
    ...fileArgument(source),
  ];
  const restore = spawn(program, args, {
    stdio: [source.kind === 'file' ? 'ignore' : 'pipe', 'ignore', 'pipe'],
    env: { ...environment, LC_ALL: 'C' },
  });
  const ended = exitOf(restore);
  const said = listener(loading);
  eachLine(restore.stderr, said.take);
  const stop = () => restore.kill('SIGTERM');
  signal.addEventListener('abort', stop, { once: true });
  try {
    if (source.kind === 's3') {
      const { onChunk } = loading;
      await feed(restore, source.s3.read(source.bucket, source.head), { signal, onChunk, whole: false });
    }
    const { code, signal: killed } = await ended;
    signal.throwIfAborted();
    if (code !== 0) throw said.failure(code ?? killed ?? '?');
  } finally {
    signal.removeEventListener('abort', stop);
    restore.kill('SIGTERM');
    await ended;
  }
}

/** Reasons that name things of the database and no content: what may be repeated to people. Words choose the sentence only. */
const reasons: readonly RegExp[] = [
  /role "[^"]*" does not exist/,
  /permission denied (?:for|to) [\w "._-]+/,
  /must be (?:owner|member|superuser)[\w "._-]*/,
  /extension "[^"]*" is not available/,
  /unrecognized configuration parameter "[^"]*"/,
  /could not extend file|No space left on device/,
  /(?:relation|schema|type|function|language|tablespace) "[^"]*" (?:already exists|does not exist)/,
  /cannot drop [\w ."-]+ because other objects depend on it/,
  /violates (?:foreign key|unique|check|not-null|exclusion) constraint(?: "[^"]*")?/,
  /duplicate key value violates unique constraint "[^"]*"|could not create unique index "[^"]*"/,
  /could not read from input file: end of file|found unexpected block ID|corrupt|did not find magic string/,
];
const lostConnection =
  /server closed the connection|could not connect|connection to server .* failed|terminating connection|SSL connection has been closed|could not send data|the database system is/i;

function listener({ onTable, complain }: Pick<Loading, 'onTable' | 'complain'>) {
  let entry = '';
  let because = '';
  let interrupted = false;
  return {
    take(line: string) {
      if (/processing data for table /.test(line)) return onTable();
      // `pg_restore: from TOC entry 3345; 0 16390 TABLE DATA orders shop_admin`
      const from = /from TOC entry \d+; \d+ \d+ (.*)$/.exec(line)?.[1];
      if (from !== undefined) entry = from;
      if (!/error|fatal/i.test(line)) return;
      if (lostConnection.test(line)) interrupted = true;
      const reason = reasons.map((one) => one.exec(line)?.[0]).find(Boolean);
      if (reason !== undefined && because === '') because = reason;
      // The rest of the line may quote rows.
      complain(`pg_restore: ${entry === '' ? '' : `${entry}: `}${reason ?? 'error'}`);
    },
    failure(exit: string | number) {
      if (interrupted || because === '') {
        const kind = interrupted ? retryable : permanent;
        return kind(interrupted ? 'load.interrupted' : 'load.failed-silently', { entry, exit });
      }
      return permanent('load.failed', { entry, because });
    },
  };
}
