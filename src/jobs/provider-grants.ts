import type { Database } from '../clients/postgres.ts';
import { PitcrewError } from '../domain/errors.ts';
import { type ArchiveSource, askArchive } from './ask-archive.ts';

// Extensions belong to RDS's own role, and rights on their functions are granted by another one, `rds_superuser`. pg_dump
// writes such a grant with SET SESSION AUTHORIZATION, which takes a superuser; the master user may grant the same itself.

/** Whether an entry of an archive's table of contents is about rights on something that RDS owns. */
export const isOfTheProvider = (entry: string) => /^ACL .* rds\w*$/.test(entry);

/** The statements of those entries, as the archive has them. @throws PitcrewError `load.unreadable`, `aws.*` */
export async function providerGrants(
  program: string,
  source: ArchiveSource,
  listFile: string,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const statements: string[] = [];
  await askArchive(program, ['--schema-only', `--use-list=${listFile}`, '--file=-'], source, {
    signal,
    take(line) {
      if (/^(GRANT|REVOKE) .*;$/.test(line)) statements.push(line);
    },
  });
  return statements;
}

/** Grants them as whoever is logged in. What may not be granted is told to whoever reads the log: no data hangs on it. */
export async function grantAsMaster(
  inside: Database,
  statements: readonly string[],
  complain: (line: string) => void,
): Promise<void> {
  for (const sql of statements)
    await inside.query(sql).catch((error: unknown) => {
      if (!(error instanceof PitcrewError) || error.kind === 'retryable') throw error;
      complain(`not granted (${error.code}): ${sql}`);
    });
}
