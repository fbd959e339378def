import { afterAll, beforeAll, expect, it } from 'vitest';
import { waitForMessage } from '../../sandbox/slack/person.ts';
import { sandboxWorkspace } from '../../sandbox/slack/workspace.ts';
import { verifyPlan } from './views/verify.fixture.ts';
import { openWorkspace, textOf } from './workspace.fixture.ts';

const { rosa } = sandboxWorkspace.users;
const { incident } = sandboxWorkspace.channels;
let world: Awaited<ReturnType<typeof openWorkspace>>;
beforeAll(async () => {
  world = await openWorkspace();
});
afterAll(() => world.close());

const privately = (wanted: RegExp) =>
  waitForMessage(
    world.slack,
    incident.id,
    (one) => one.subtype === 'ephemeral' && one.ephemeral_to === rosa.id && wanted.test(textOf(one)),
  );
const kept = () => [...world.store.objects].filter(([key]) => key.startsWith('records/reports/'));

/** A verification that is over, and whose card stands. */
async function verified(): Promise<string> {
  const known = new Set((await world.operations()).map(({ id }) => id));
  await world.person(rosa.id).slash('/backup verify production', incident.id);
  await expect.poll(async () => (await world.operations()).length).toBe(known.size + 1);
  const operation = (await world.operations()).find(({ id }) => !known.has(id))?.id ?? '';
  await world.plan(operation, verifyPlan);
  const signed = { actor: 'worker', run: 'run-1', epoch: 1 };
  const report = { outcome: 'pass', results: [], notChecked: [], seconds: 1 };
  await world.append(
    operation,
    { type: 'intent', ...signed, data: { step: 'check-database', direction: 'do' } },
    { type: 'done', ...signed, data: { step: 'check-database', direction: 'do', output: { report } } },
    { type: 'closed', ...signed, data: { outcome: 'succeeded', service: 'unchanged' } },
  );
  await waitForMessage(
    world.slack,
    incident.id,
    (one) => textOf(one).includes(operation) && /Verified|check/.test(textOf(one)),
  );
  return operation;
}

/** The bytes of every file that a message shows. */
async function filesOf(message: object): Promise<readonly Uint8Array[]> {
  const addresses = [...textOf(message as never).matchAll(/https?:\/\/\S+\/files-pri\/F\w+/g)].map(([url]) => url);
  const headers = { authorization: `Bearer ${world.slack.botToken}` };
  return Promise.all(addresses.map(async (url) => new Uint8Array(await (await fetch(url, { headers })).arrayBuffer())));
}

it('the report comes into the operation’s thread, and is byte for byte what the ledger keeps', async () => {
  const operation = await verified();
  await world.person(rosa.id).slash(`/backup report ${operation}`, incident.id);
  await privately(/stands in the operation’s thread/);
  const shown = await waitForMessage(world.slack, incident.id, (one) => /files-pri/.test(textOf(one)));
  expect(shown.thread_ts).toBeDefined();
  const stored = kept().map(([, { bytes }]) => Buffer.from(bytes).toString('base64'));
  const files = await filesOf(shown);
  expect(files.map((bytes) => Buffer.from(bytes).toString('base64')).toSorted()).toEqual(stored.toSorted());
  const [document = ''] = files.map((bytes) => new TextDecoder().decode(bytes)).filter((text) => text.startsWith('# '));
  expect(document).toContain(operation);
  expect(document).toContain((await world.state(operation)).head?.sha256);
});

it('asked for again it is the same, and nothing more is kept', async () => {
  const before = kept().map(([key]) => key);
  const [first = ''] = (await world.operations()).map(({ id }) => id);
  await world.person(rosa.id).slash(`/backup report ${first}`, incident.id);
  await expect
    .poll(() => world.front.calls.filter(({ method }) => method === 'files.completeUploadExternal').length)
    .toBe(2);
  expect(kept().map(([key]) => key)).toEqual(before);
});

it('where no file can be put, what it says and where it is kept are told all the same', async () => {
  const operation = await verified();
  world.front.fault = ({ method }) =>
    method === 'files.getUploadURLExternal' ? { kind: 'error', error: 'missing_scope' } : undefined;
  try {
    await world.person(rosa.id).slash(`/backup report ${operation}`, incident.id);
    await privately(/could not be put here.*missing_scope/);
    const shown = await waitForMessage(world.slack, incident.id, (one) =>
      textOf(one).includes(`records/reports/${operation}/`),
    );
    expect(textOf(shown)).toMatch(/was closed at .*succeeded/);
    expect(kept().filter(([key]) => key.includes(operation))).toHaveLength(2);
  } finally {
    world.front.fault = () => undefined;
  }
});

it('of an operation that nobody knows there is none', async () => {
  await world.person(rosa.id).slash('/backup report op-000000000000', incident.id);
  await privately(/op-000000000000/);
  await world.person(rosa.id).slash('/backup report', incident.id);
  await privately(/needs the operation that it is about/);
});
