import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Household, openHousehold } from '../household.ts';
import { advice, announcement } from '../setup.ts';
import { findPostgres, findProgram, findRedis, hasPackage, localSlackPackage } from './find.ts';
import { installScript } from './install.ts';
import { needsOf } from './needs.ts';

let household: Household;
beforeEach(() => {
  household = openHousehold('setup');
});
afterEach(() => household.close());

const root = () => join(household.folder, 'root');
const machine = () => ({ path: '', root: root() });
function put(path: string, content = '#!/bin/sh\n') {
  const file = join(root(), path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  chmodSync(file, 0o755);
}
function putPostgres(bin: string, programs = ['postgres', 'initdb', 'pg_ctl', 'psql']) {
  for (const name of programs) put(`${bin}/${name}`);
}

describe('looking', () => {
  it('finds the oldest PostgreSQL that will do, wherever a system puts it', () => {
    expect(findPostgres(machine())).toBeUndefined();
    putPostgres('usr/pgsql-18/bin');
    expect(findPostgres(machine())?.major).toBe(18);
    putPostgres('usr/lib/postgresql/17/bin');
    putPostgres('usr/lib/postgresql/14/bin');
    expect(findPostgres(machine())).toEqual({ bin: join(root(), 'usr/lib/postgresql/17/bin'), major: 17 });
  });

  it('a client without a server is no PostgreSQL', () => {
    putPostgres('usr/lib/postgresql/15/bin', ['psql']);
    expect(findPostgres(machine())).toBeUndefined();
  });

  it('looks beyond a PATH without sbin', () => {
    put('usr/sbin/redis-server');
    expect(findRedis(machine())).toBe(join(root(), 'usr/sbin/redis-server'));
    expect(findProgram('openssl', machine())).toBeUndefined();
  });

  it('root needs somebody else to run PostgreSQL as', () => {
    putPostgres('usr/lib/postgresql/15/bin');
    const met = (asRoot: boolean) => needsOf(machine(), { screenshots: false, root: asRoot })[1]?.met;
    expect([met(false), met(true)]).toEqual([true, false]);
    put('etc/passwd', 'root:x:0:0::/root:/bin/sh\npostgres:x:101:104::/var/lib/postgresql:/bin/sh\n');
    expect(met(true)).toBe(true);
  });

  it('asks for a browser only when pictures are wanted', () => {
    const wanted = (screenshots: boolean) => needsOf(machine(), { screenshots, root: false }).map(({ what }) => what);
    expect(wanted(false).join()).not.toContain('Chromium');
    expect(wanted(true).join()).toContain('Chromium');
  });

  it('names the package of local-slack as npm does, and knows when it is not there', () => {
    expect(localSlackPackage('linux', 'x64')).toBe('local-slack-linux-x64');
    expect(localSlackPackage('win32', 'x64')).toBe('local-slack-windows-x64');
    expect(hasPackage('local-slack-plan9-mips')).toBe(false);
  });
});

describe('what is told', () => {
  it('names every missing part with the command of each package manager', () => {
    const text = advice(needsOf(machine(), { screenshots: false, root: true }, 'bookworm'));
    expect(text).toContain('install -y --no-install-recommends redis-server postgresql-15 openssl');
    expect(text).toContain('brew install redis postgresql@15 openssl');
    expect(text).toContain('dnf install redis postgresql-server postgresql openssl');
  });

  it('says what it will do and what it touches for it', () => {
    const text = announcement(['redis-server'], 'sudo');
    for (const said of ['apt-get install -y', 'policy-rc.d', 'createcluster.d', 'sudo']) expect(text).toContain(said);
  });
});

/** An apt-get that writes down what it saw when it was asked to install. */
function install({ fails = false } = {}) {
  const saw = join(household.folder, 'saw');
  const seen = `ls '${root()}/usr/sbin' >> '${saw}'; cat '${root()}/etc/postgresql-common/createcluster.d/'*.conf >> '${saw}'`;
  put(
    'programs/apt-get',
    `#!/bin/sh\necho "$@" >> '${saw}'\ncase "$1" in install) ${seen}; ${fails ? 'exit 100' : 'true'};; esac\n`,
  );
  mkdirSync(join(root(), 'usr/sbin'), { recursive: true });
  mkdirSync(join(root(), 'etc'), { recursive: true });
  const path = `${join(root(), 'programs')}:/usr/bin:/bin`;
  const ran = spawnSync('sh', ['-c', installScript(['redis-server', 'openssl'], root())], { env: { PATH: path } });
  return { status: ran.status, saw: readFileSync(saw, 'utf8') };
}

describe('installing', () => {
  it('updates the lists once, installs without asking, and starts and makes nothing meanwhile', () => {
    const { status, saw } = install();
    expect(status).toBe(0);
    expect(saw.split('\n').filter((line) => line.startsWith('update'))).toHaveLength(1);
    expect(saw).toContain('install -y --no-install-recommends');
    expect(saw).toContain('policy-rc.d');
    expect(saw).toContain('create_main_cluster = false');
  });

  it.each([false, true])('leaves nothing of its own behind (apt-get failing: %s)', (fails) => {
    expect(install({ fails }).status).toBe(fails ? 100 : 0);
    expect(readdirSync(join(root(), 'usr/sbin'))).toEqual([]);
    expect(existsSync(join(root(), 'etc/postgresql-common'))).toBe(false);
  });

  it("leaves somebody else's policy-rc.d and settings as they are", () => {
    put('usr/sbin/policy-rc.d', '#!/bin/sh\nexit 104\n');
    put('etc/postgresql-common/createcluster.d/mine.conf', 'ssl = off\n');
    install();
    expect(readFileSync(join(root(), 'usr/sbin/policy-rc.d'), 'utf8')).toContain('104');
    expect(readdirSync(join(root(), 'etc/postgresql-common/createcluster.d'))).toEqual(['mine.conf']);
  });
});
