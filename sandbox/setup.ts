// Looks whether this machine has what the sandbox runs, and installs what is missing where it can.
// usage: npm run setup [-- --screenshots]
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { findProgram, hasPackage, localSlackPackage, thisMachine } from './setup/find.ts';
import { installScript, type Rights, rightsOf, runAsRoot } from './setup/install.ts';
import { type Need, needsOf, type Wanted } from './setup/needs.ts';

export { findPostgres, findRedis } from './setup/find.ts';

/** What to type, for every package manager that there is a recipe for. */
export function advice(missing: readonly Need[]): string {
  const packages = (manager: keyof Need['packages']) => missing.flatMap(({ packages }) => packages[manager]).join(' ');
  return [
    'Missing on this machine:',
    ...missing.map(({ what }) => `  - ${what}`),
    'Install it and run the command again:',
    `  Debian, Ubuntu   sudo apt-get update && sudo apt-get install -y --no-install-recommends ${packages('apt')}`,
    `  Fedora, RHEL     sudo dnf install ${packages('dnf')}`,
    `  macOS            brew install ${packages('brew')}`,
  ].join('\n');
}

/** What will be done, before it is done. */
export function announcement(packages: readonly string[], rights: Exclude<Rights, 'none'>): string {
  return [
    `The sandbox needs ${packages.join(', ')}. Installing${rights === 'sudo' ? ' with sudo' : ''}:`,
    '  apt-get update',
    `  apt-get install -y --no-install-recommends ${packages.join(' ')}`,
    'No service is started and no database is made: the sandbox starts its own, privately.',
    'For that, two files stand while apt-get runs: /usr/sbin/policy-rc.d (unless there is one) and',
    '/etc/postgresql-common/createcluster.d/pitcrew-sandbox.conf. On systemd, redis-server is disabled.',
  ].join('\n');
}

function codename(): string {
  try {
    return /^VERSION_CODENAME=(\w+)/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? '';
  } catch {
    return '';
  }
}

function slackIsThere(): boolean {
  const name = localSlackPackage();
  if (hasPackage(name)) return true;
  console.error(
    `The sandbox's Slack, local-slack, is not installed for this platform (${process.platform} ${process.arch}).`,
  );
  console.error(`  where it was left out:  npm ci --include=optional`);
  console.error(`  on another platform:    npm install --no-save ${name}   (if there is a build of that name)`);
  return false;
}

/** @returns the exit code: 0 when everything is there, 1 when something is missing and was named */
function setUp(screenshots: boolean): number {
  const machine = thisMachine();
  const wanted: Wanted = { screenshots, root: process.getuid?.() === 0 };
  const missing = () => needsOf(machine, wanted, codename()).filter(({ met }) => !met);
  const before = missing();
  const slack = slackIsThere();
  if (before.length === 0) return slack ? 0 : 1;
  const rights = findProgram('apt-get', machine) ? rightsOf(machine, wanted.root) : 'none';
  if (rights === 'none') {
    console.error(advice(before));
    return 1;
  }
  const packages = before.flatMap((need) => need.packages.apt);
  console.log(announcement(packages, rights));
  const installed = runAsRoot(installScript(packages), rights);
  const after = missing();
  if (installed && after.length === 0) return slack ? 0 : 1;
  console.error(
    installed ? 'apt-get ended well, and still something is missing.' : 'apt-get failed: its own words are above.',
  );
  console.error(advice(after.length > 0 ? after : before));
  return 1;
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: { screenshots: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help) {
    console.log('usage: npm run setup [-- --screenshots]');
    console.log(
      'Installs Redis, PostgreSQL and OpenSSL where they are missing; --screenshots: Chromium and fonts too.',
    );
  } else process.exitCode = setUp(values.screenshots);
}
