import type { Connect, DatabaseLogin } from '../clients/postgres.ts';
import type { FindPrograms, PostgresPrograms } from '../clients/postgres-programs.ts';
import type { S3 } from '../clients/s3.ts';
import type { DumpPhase, DumpReport } from '../domain/dump.ts';
import { permanent, recorded } from '../domain/errors.ts';

/** What a Job works with. Only what it says leaves it: the worker that started it may be gone. */
export interface JobParts {
  readonly s3: S3;
  readonly connect: Connect;
  readonly login: DatabaseLogin;
  readonly findPrograms: FindPrograms;
  /** What libpq reads: address, login, TLS. */
  readonly environment: Readonly<Record<string, string>>;
  /** A folder that the Job may write to, where its task needs one. */
  readonly folder: string;
  readonly say: (report: DumpReport) => void;
  /** For whoever reads the pod's log: object names, never rows. */
  readonly complain: (line: string) => void;
  readonly signal: AbortSignal;
}

/** How often it says how far it is. Milliseconds. */
const sayEveryMs = 2_000;

/** Does a task and says what became of it, with what it had to leave; never throws. @returns whether it is done */
export async function attempt(
  major: number,
  first: DumpPhase,
  { findPrograms, say, complain, signal }: Pick<JobParts, 'findPrograms' | 'say' | 'complain' | 'signal'>,
  work: (programs: PostgresPrograms, progress: Progress) => Promise<readonly string[]>,
): Promise<boolean> {
  const progress = progressOf(first, say);
  try {
    const programs = await findPrograms(major);
    if (!programs) throw permanent('dump.client-missing', { major });
    const left = await work(programs, progress);
    say({ said: 'done', ...(left.length > 0 ? { left } : {}) });
    return true;
  } catch (error) {
    const { code, kind, params } = recorded(error);
    const stopped = signal.aborted;
    say(
      stopped
        ? { said: 'failed', code: 'dump.stopped', final: false, params: {} }
        : { said: 'failed', code, final: kind !== 'retryable', params },
    );
    if (!stopped && code === 'unexpected') complain(error instanceof Error ? (error.stack ?? '') : String(error));
    return false;
  } finally {
    progress.end();
  }
}

export type Progress = ReturnType<typeof progressOf>;

/** Says every few seconds how far it is, until it is ended. */
export function progressOf(first: DumpPhase, say: JobParts['say']) {
  const now = { phase: first, bytes: 0, tables: 0, ofTables: 0 };
  const tell = () => say({ said: 'progress', ...now });
  const timer = setInterval(tell, sayEveryMs);
  return {
    now,
    bytes(bytes: number) {
      now.bytes = bytes;
    },
    enters(phase: DumpPhase) {
      Object.assign(now, { phase, bytes: 0 });
      tell();
    },
    end: () => clearInterval(timer),
  };
}
