import { findPostgres, findProgram, findRedis, hasUser, type Machine, oldestPostgres } from './find.ts';

/** Something that the sandbox runs and doesn't bring along. */
export interface Need {
  /** As a person reads it. */
  readonly what: string;
  readonly met: boolean;
  /** Packages by package manager. */
  readonly packages: {
    readonly apt: readonly string[];
    readonly dnf: readonly string[];
    readonly brew: readonly string[];
  };
}

export interface Wanted {
  /** A browser and fonts, for pictures of the cards only. */
  readonly screenshots: boolean;
  readonly root: boolean;
}

/** Debian 12 by its own number; elsewhere the system's default, which is 15 or later on everything still maintained. */
function postgresPackage(codename: string): string {
  return codename === 'bookworm' ? 'postgresql-15' : 'postgresql';
}

/** Everything that is needed, and whether it is there. Only looks. */
export function needsOf(machine: Machine, { screenshots, root }: Wanted, codename = ''): readonly Need[] {
  const postgres = findPostgres(machine) !== undefined && (!root || hasUser('postgres', machine));
  const needs: Need[] = [
    {
      what: 'Redis (redis-server)',
      met: findRedis(machine) !== undefined,
      packages: { apt: ['redis-server'], dnf: ['redis'], brew: ['redis'] },
    },
    {
      what: `PostgreSQL ${oldestPostgres} or later (the server's programs${root ? ', and the user "postgres" to run it as' : ''})`,
      met: postgres,
      packages: { apt: [postgresPackage(codename)], dnf: ['postgresql-server', 'postgresql'], brew: ['postgresql@15'] },
    },
    {
      what: 'OpenSSL (openssl)',
      met: findProgram('openssl', machine) !== undefined,
      packages: { apt: ['openssl'], dnf: ['openssl'], brew: ['openssl'] },
    },
  ];
  if (!screenshots) return needs;
  return [
    ...needs,
    {
      what: 'Chromium, with fonts for Chinese and emoji (pictures of the cards only)',
      met: findProgram('chromium', machine) !== undefined,
      packages: {
        apt: ['chromium', 'fonts-noto-core', 'fonts-noto-cjk', 'fonts-noto-color-emoji'],
        dnf: ['chromium', 'google-noto-sans-cjk-fonts', 'google-noto-emoji-color-fonts'],
        brew: ['--cask chromium'],
      },
    },
  ];
}
