import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const main = fileURLToPath(new URL('main.ts', import.meta.url));
const example = fileURLToPath(new URL('../docs/pitcrew.example.yaml', import.meta.url));

/** Runs pitcrew with nothing but these variables. */
async function pitcrew(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  return new Promise<{ code: number; out: string; err: string }>((resolve) => {
    execFile(process.execPath, [main, ...args], { env: { PATH: process.env.PATH ?? '', ...env } }, (error, out, err) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err }),
    );
  });
}

const complete = { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xapp-1', REDIS_URL: 'redis://127.0.0.1:1' };

describe('pitcrew', () => {
  it('helps on standard output, and exits 0', async () => {
    const { code, out, err } = await pitcrew(['check-config', '--help'], { LANG: 'zh_TW.UTF-8' });
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain('pitcrew check-config: 讀取 pitcrew.yaml 與環境變數');
  });

  it('says what was typed wrong on standard error, and exits 2', async () => {
    const { code, out, err } = await pitcrew(['strat']);
    expect([code, out]).toEqual([2, '']);
    expect(err).toBe('pitcrew has no command "strat". Did you mean start? See pitcrew --help.\n');
  });

  it('does not start with faults: it names them all and exits 1', async () => {
    const { code, out, err } = await pitcrew(['start', '--config', '/nowhere/pitcrew.yaml']);
    expect([code, out]).toEqual([1, '']);
    for (const path of ['SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN', 'REDIS_URL', '/nowhere/pitcrew.yaml'])
      expect(err).toMatch(new RegExp(`^${path} `, 'm'));
  });

  it('finds the example of the docs right, also for a worker, which needs no Slack', async () => {
    const { code, out } = await pitcrew(['check-config', '--config', example, '--role', 'worker'], {
      REDIS_URL: complete.REDIS_URL,
    });
    expect(code).toBe(0);
    expect(out).toContain('no fault. Environments: production.');
    expect(out).toContain('Not in force in this release: break-glass approval (people.breakGlass).');
  });

  it('says in the log at its start what of the file is not in force, and is not kept from starting by it', async () => {
    const nobody = { AWS_ENDPOINT_URL: 'http://127.0.0.1:1', AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' };
    const { code, out, err } = await pitcrew(['worker', '--config', example], { ...complete, ...nobody });
    const lines = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { message: string; path?: string });
    const said = lines.filter(({ message }) => message === 'not in force in this release').map(({ path }) => path);
    expect(said).toContain('environments.production.schedules');
    expect(said).toHaveLength(4);
    // What does keep it from starting is the ledger or the Redis that nobody answers for, whichever fails first.
    expect([code, err]).toEqual([1, expect.stringMatching(/\((ledger|queue)\./)]);
  });

  it('gives a program one JSON object, and exits 1 for a fault', async () => {
    const { code, out } = await pitcrew(['check-config', '--json', '--config', example], {
      ...complete,
      REDIS_URL: '',
    });
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      ok: false,
      faults: [{ path: 'REDIS_URL', code: 'config.set-to-nothing' }],
    });
  });
});
