import { spawn } from 'node:child_process';
import type { ObjectHead, S3 } from '../clients/s3.ts';
import { permanent } from '../domain/errors.ts';
import { eachLine, exitOf, feed } from './program.ts';

/** Where an archive is read from: a file on the Job's own disk, or S3 itself. */
export type ArchiveSource =
  | { readonly kind: 'file'; readonly file: string }
  | { readonly kind: 's3'; readonly s3: Pick<S3, 'read'>; readonly bucket: string; readonly head: ObjectHead };

/** How pg_restore is told where the archive is: by its name, or by none, which is its standard input. */
export const fileArgument = (source: ArchiveSource) => (source.kind === 'file' ? [source.file] : []);

/**
 * What pg_restore says of an archive without reading its data: its table of contents, or the SQL of its schema.
 * @throws PitcrewError `load.unreadable` when it is none that this pg_restore understands; `aws.*`
 */
export async function askArchive(
  program: string,
  args: readonly string[],
  source: ArchiveSource,
  { signal, take }: { readonly signal: AbortSignal; readonly take: (line: string) => void },
): Promise<void> {
  const child = spawn(program, ['--format=custom', ...args, ...fileArgument(source)], {
    stdio: [source.kind === 'file' ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    env: { LC_ALL: 'C' },
  });
  const ended = exitOf(child);
  const stop = () => child.kill('SIGTERM');
  signal.addEventListener('abort', stop, { once: true });
  try {
    eachLine(child.stderr, () => {});
    eachLine(child.stdout, take);
    if (source.kind === 's3') await feed(child, source.s3.read(source.bucket, source.head), { signal, whole: false });
    const { code } = await ended;
    signal.throwIfAborted();
    if (code !== 0) throw permanent('load.unreadable', { exit: code ?? '?' });
  } finally {
    signal.removeEventListener('abort', stop);
    child.kill('SIGKILL');
  }
}
