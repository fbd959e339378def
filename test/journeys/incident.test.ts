import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { tellStory } from '../../sandbox/demo/story.ts';
import { startPitcrew } from '../../sandbox/pitcrew.ts';
import { names } from '../../sandbox/settings.ts';
import { asPerson } from '../../sandbox/slack/person.ts';
import { sandboxWorkspace } from '../../sandbox/slack/workspace.ts';
import { startWorld, type World } from '../../sandbox/world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld({ orders: 10_000, config: { provenSeconds: 5, language: 'zh-TW' } });
  await startPitcrew(world.household, { ...world.env, LOG_LEVEL: 'debug' });
});
afterAll(() => world?.close());

it('the demo’s incident, in Chinese: every row of the snapshot is back, and the loss is told right', async () => {
  const told: string[] = [];
  expect(await tellStory(world, (line) => told.push(line))).toBe(true);
  expect(told.some((line) => line.includes('#inc-production') && /恢復/.test(line))).toBe(true);
});

it('no secret in a log, a message, the ledger or a process list, and no row data in a message or the ledger', async () => {
  const { configSecret, verifySecret, fenceSecret, masterSecret } = names;
  const secrets = [configSecret, verifySecret, fenceSecret, masterSecret].flatMap((id) => {
    const { DB_PASSWORD, password, PAYMENT_API_KEY } = JSON.parse(world.secrets.value(id) ?? '{}') as Record<
      string,
      string
    >;
    return [DB_PASSWORD, password, PAYMENT_API_KEY].filter((value) => value !== undefined);
  });
  const { app } = sandboxWorkspace;
  secrets.push(app.botToken, app.appToken, app.signingSecret, world.env.AWS_SECRET_ACCESS_KEY ?? '');
  expect(secrets).toHaveLength(9);

  const logs = filesBelow(join(world.household.folder, 'logs')).filter((file) => /pitcrew-start/.test(file));
  const ledger = filesBelow(join(world.household.folder, 's3'));
  const messages = JSON.stringify(await allMessages());
  const processes = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(commandLine);
  expect(logs.length * ledger.length * messages.length).toBeGreaterThan(0);
  const places = {
    logs: logs.map(read).join(),
    ledger: ledger.map(read).join(),
    messages,
    processes: processes.join(),
  };
  for (const [place, text] of Object.entries(places))
    for (const secret of secrets) expect(text.includes(secret), `${place} hold a secret`).toBe(false);
  for (const text of [places.ledger, messages]) expect(text).not.toMatch(/customer\d+@example\.com/);
});

const read = (file: string) => readFileSync(file, 'utf8');

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

function commandLine(pid: string): string {
  try {
    return read(`/proc/${pid}/cmdline`);
  } catch {
    return ''; // it ended meanwhile
  }
}

async function allMessages(): Promise<unknown[]> {
  const { slack } = world;
  if (!slack) return [];
  const sam = asPerson(slack, sandboxWorkspace.users.sam.id);
  const all: unknown[] = [];
  for (const { id } of Object.values(sandboxWorkspace.channels))
    for (const { ts } of await sam.messages(id)) all.push(await sam.thread(id, ts));
  return all;
}
