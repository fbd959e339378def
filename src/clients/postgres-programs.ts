import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** pg_dump and pg_restore of one major version. */
export interface PostgresPrograms {
  readonly dump: string;
  readonly restore: string;
  /** `15.4`. */
  readonly version: string;
}

export type FindPrograms = (major: number) => Promise<PostgresPrograms | undefined>;

const execute = promisify(execFile);
const answerMs = 10_000;

/**
 * The client of exactly that major version: where Debian and Red Hat put versions side by side, else on the PATH. An older
 * pg_dump refuses the server, a newer one writes what the server's own pg_restore can't read.
 */
export function postgresPrograms({ PATH }: { readonly PATH?: string | undefined }): FindPrograms {
  return async (major) => {
    for (const folder of [`/usr/lib/postgresql/${major}/bin`, `/usr/pgsql-${major}/bin`, '']) {
      const found = { dump: join(folder, 'pg_dump'), restore: join(folder, 'pg_restore') };
      const versions = await Promise.all(Object.values(found).map((program) => versionOf(program, PATH)));
      const [version] = versions;
      if (version && versions.every((one) => one?.split(/\D/)[0] === String(major))) return { ...found, version };
    }
    return undefined;
  };
}

/** As `pg_dump --version` says: `pg_dump (PostgreSQL) 15.4 (Debian 15.4-1)`. Undefined where there is no such program. */
async function versionOf(program: string, path: string | undefined): Promise<string | undefined> {
  try {
    const env = { LC_ALL: 'C', ...(path === undefined ? {} : { PATH: path }) };
    const { stdout } = await execute(program, ['--version'], { timeout: answerMs, env });
    return /\(PostgreSQL\) (\d\S*)/.exec(stdout)?.[1];
  } catch {
    return undefined;
  }
}
