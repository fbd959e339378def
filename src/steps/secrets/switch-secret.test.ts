import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { region, startSecretsCloud, type TestCloud } from '../../clients/cloud.fixture.ts';
import { type Secrets, secretsManager } from '../../clients/secrets.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { Step, StepContext } from '../../domain/step.ts';
import { switchSecret, tokenFor } from './switch-secret.ts';

const operation = 'op-0123456789ab';
const ours = tokenFor(operation, 'switch-secret');
const before = { DB_HOST: 'old.example', DB_PORT: '5432', DB_PASSWORD: 'pw', FEATURE: { flag: true } };
let cloud: TestCloud;
let secrets: Secrets;
let secret = '';
let count = 0;
let fromVersion = '';

beforeAll(async () => {
  cloud = await startSecretsCloud();
  secrets = secretsManager(region);
});
afterAll(() => cloud.close());
beforeEach(async () => {
  secret = `shop/config-${count++}`;
  cloud.aws.faults.clear();
  await made(before);
});

async function made(document: JsonObject) {
  secret = `shop/config-${count++}`;
  cloud.secrets.create(secret, JSON.stringify(document));
  fromVersion = (await secrets.current(secret)).versionId;
}

/** Of a secret with an address for reads: which key it is, and what it says now. */
let reads: { readonly key?: JsonObject; readonly now?: JsonObject } = {};
beforeEach(() => {
  reads = {};
});

function context(signal = new AbortController().signal): StepContext {
  return {
    operation,
    environment: 'production',
    epoch: 1,
    since: '2026-11-20T03:00:00.000Z',
    signal,
    input: {
      region,
      secret,
      fromVersion,
      keys: { host: 'DB_HOST', port: 'DB_PORT', ...reads.key },
      source: { host: 'old.example', port: 5432, ...reads.now },
    },
    output: () => ({ id: 'new', arn: 'arn', resourceId: 'db-NEW', host: 'new.example', port: 5433 }),
    isDone: () => false,
    note: async () => {},
  };
}

const step = (over: Partial<Secrets> = {}): Step => switchSecret({ secrets: () => ({ ...secrets, ...over }) });
const undo = async () => {
  const { undo: back } = step();
  if (back.kind !== 'run') throw new Error('there is no undo');
  return back.run(context());
};
const now = async () => (await secrets.current(secret)).document;
const done = () => ({ kind: 'done', output: { versionId: ours, previousVersionId: fromVersion } });
const crash = new Error('the process dies here');

describe('the switch', () => {
  test('changes host and port and keeps every other key', async () => {
    expect(await step().run(context())).toEqual(done());
    expect(await now()).toEqual({ ...before, DB_HOST: 'new.example', DB_PORT: '5433' });
  });

  test('takes the address for reads along, and gives it back as it was: replicas of the old instance show old data', async () => {
    reads = { key: { readHost: 'DB_READ_HOST' }, now: { readHost: 'replica.example' } };
    await made({ ...before, DB_READ_HOST: 'replica.example' });
    await step().run(context());
    expect(await now()).toMatchObject({ DB_HOST: 'new.example', DB_READ_HOST: 'new.example' });
    await undo();
    expect(await now()).toEqual({ ...before, DB_READ_HOST: 'replica.example' });
  });

  test('makes no address for reads up where the secret has none', async () => {
    reads = { key: { readHost: 'DB_READ_HOST' } };
    await made(before);
    await step().run(context());
    expect(await now()).not.toHaveProperty('DB_READ_HOST');
  });

  test('keeps the type of the port, and leaves PostgreSQL’s own out where the document has none', async () => {
    await made({ DB_HOST: 'old.example', DB_PORT: 5432 });
    await step().run(context());
    expect(await now()).toEqual({ DB_HOST: 'new.example', DB_PORT: 5433 });
    await made({ DB_HOST: 'old.example' });
    await step().run({ ...context(), output: () => ({ host: 'new.example', port: 5432 }) });
    expect(await now()).toEqual({ DB_HOST: 'new.example' });
  });

  test.each([
    ['before the put', { putUnderStage: () => Promise.reject(crash) }],
    ['between put and switch', { switchCurrent: () => Promise.reject(crash) }],
  ])('F33: killed %s, it is finished by whoever takes it over, with one version', async (_, over) => {
    await expect(step(over).run(context())).rejects.toBe(crash);
    expect(await now()).toEqual(before);
    expect(await step().run(context())).toEqual(done());
    expect(await now()).toMatchObject({ DB_HOST: 'new.example' });
    expect((await secrets.versionsWithStages(secret)).size).toBe(2);
  });

  test('F33: killed after the switch, before its outcome, the next run sees that it happened', async () => {
    await step().run(context());
    const calls = cloud.aws.faults.calls('secretsmanager', 'PutSecretValue');
    expect(await step().run(context())).toEqual(done());
    expect(cloud.aws.faults.calls('secretsmanager', 'PutSecretValue')).toBe(calls);
  });

  test('an edit on top of the switch is not undone by a late second run', async () => {
    await step().run(context());
    cloud.secrets.put(secret, JSON.stringify({ ...(await now()), FEATURE: { flag: false } }));
    expect(await step().run(context())).toEqual(done());
    expect(await now()).toMatchObject({ DB_HOST: 'new.example', FEATURE: { flag: false } });
  });

  test('F48: an edit before the step is never buried: refused, and nothing changes', async () => {
    cloud.secrets.put(secret, JSON.stringify({ ...before, FEATURE: 'theirs' }));
    await expect(step().run(context())).rejects.toMatchObject({ code: 'restore.secret-changed', kind: 'permanent' });
    expect(await now()).toEqual({ ...before, FEATURE: 'theirs' });
    expect((await secrets.versionsWithStages(secret)).has(ours)).toBe(false);
  });

  test('F48: an edit between the step’s read and its switch is never buried: both versions stay', async () => {
    const putUnderStage: Secrets['putUnderStage'] = async (...given) => {
      await secrets.putUnderStage(...given);
      cloud.secrets.put(secret, JSON.stringify({ ...before, FEATURE: 'theirs' }));
    };
    await expect(step({ putUnderStage }).run(context())).rejects.toMatchObject({ code: 'restore.secret-changed' });
    expect(await now()).toEqual({ ...before, FEATURE: 'theirs' });
    expect((await secrets.versionsWithStages(secret)).get(ours)).toEqual([`pitcrew-${operation}`]);
  });

  test('F33: a rotation under way is waited for', async () => {
    await secrets.putUnderStage(secret, tokenFor('rotation', 'x'), 'AWSPENDING', before);
    await expect(step().run(context())).rejects.toMatchObject({ code: 'restore.rotation-pending', kind: 'retryable' });
    expect(await now()).toEqual(before);
  });

  test('a run that may no longer act puts nothing', async () => {
    const calls = cloud.aws.faults.calls('secretsmanager', 'PutSecretValue');
    await expect(step().run(context(AbortSignal.abort()))).rejects.toThrow();
    expect(cloud.aws.faults.calls('secretsmanager', 'PutSecretValue')).toBe(calls);
  });
});

describe('the way back', () => {
  test('is a new version: the old address in today’s document', async () => {
    await step().run(context());
    cloud.secrets.put(secret, JSON.stringify({ ...(await now()), DB_PASSWORD: 'rotated' }));
    await undo();
    expect(await now()).toEqual({ ...before, DB_PASSWORD: 'rotated' });
    expect((await secrets.current(secret)).versionId).not.toBe(fromVersion);
  });

  test('does nothing where nothing was switched, and nothing the second time', async () => {
    await undo();
    expect((await secrets.current(secret)).versionId).toBe(fromVersion);
    await step().run(context());
    await undo();
    const { versionId } = await secrets.current(secret);
    await undo();
    expect((await secrets.current(secret)).versionId).toBe(versionId);
  });

  test('leaves alone a secret that somebody has pointed elsewhere', async () => {
    await step().run(context());
    cloud.secrets.put(secret, JSON.stringify({ ...before, DB_HOST: 'third.example' }));
    await expect(undo()).rejects.toMatchObject({ code: 'restore.secret-changed' });
    expect(await now()).toMatchObject({ DB_HOST: 'third.example' });
  });
});

test('tokens are UUIDs, stable, and differ by operation and step', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.string(), (a, b, name) => {
      expect(tokenFor(a, name)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      expect(tokenFor(a, name)).toBe(tokenFor(a, name));
      if (a !== b) expect(tokenFor(a, name)).not.toBe(tokenFor(b, name));
    }),
  );
});
