import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { region, startSecretsCloud, type TestCloud } from './cloud.fixture.ts';
import { type Secrets, secretsManager } from './secrets.ts';

const token = (digit: string) => `00000000-0000-8000-8000-00000000000${digit}`;
let cloud: TestCloud;
let secrets: Secrets;
let name = '';
let count = 0;

beforeAll(async () => {
  cloud = await startSecretsCloud();
  secrets = secretsManager(region);
});
afterAll(() => cloud.close());
beforeEach(() => {
  name = `shop/config-${count++}`;
  cloud.aws.faults.clear();
});

describe('the current document', () => {
  test('comes whole, with keys that nobody knows and their types', async () => {
    const document = { DB_HOST: 'a', DB_PORT: 5432, FEATURES: { beta: true }, EMPTY: '' };
    const arn = cloud.secrets.create(name, JSON.stringify(document));
    const current = await secrets.current(name);
    expect(current).toMatchObject({ arn, document, stages: ['AWSCURRENT'], rotationPending: false });
    expect(current.versionId).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('of a secret that is no JSON object is refused without quoting it', async () => {
    cloud.secrets.create(name, 'hunter2 is the password');
    const error = await secrets.current(name).catch((thrown: Error) => thrown);
    expect(error).toMatchObject({ code: 'secret.not-json', kind: 'permanent', params: { secret: name } });
    expect(JSON.stringify(error)).not.toContain('hunter2');
  });

  test('of a secret that is not there says so', async () => {
    await expect(secrets.current('nowhere')).rejects.toMatchObject({ code: 'secret.not-found' });
  });

  test('shows a rotation: AWSPENDING on another version', async () => {
    cloud.secrets.create(name, '{"DB_HOST":"a"}');
    await secrets.putUnderStage(name, token('1'), 'AWSPENDING', { DB_HOST: 'b' });
    expect(await secrets.current(name)).toMatchObject({ document: { DB_HOST: 'a' }, rotationPending: true });
  });
});

test('credentials of a role come with a password that prints as ***', async () => {
  cloud.secrets.create(name, '{"user":"verify","password":"s3cret"}');
  const role = await secrets.roleCredentials(name, { user: 'user', password: 'password' });
  expect(role.user).toBe('verify');
  expect(role.password.reveal()).toBe('s3cret');
  expect(`${role.password} ${JSON.stringify(role)}`).not.toContain('s3cret');
  await expect(secrets.roleCredentials(name, { user: 'user', password: 'pw' })).rejects.toMatchObject({
    code: 'secret.no-key',
    params: { secret: name, key: 'pw' },
  });
});

describe('compare-and-swap of AWSCURRENT', () => {
  test('moves it from the version that was read', async () => {
    cloud.secrets.create(name, '{"DB_HOST":"a"}');
    const { versionId } = await secrets.current(name);
    await secrets.putUnderStage(name, token('1'), 'pitcrew-op-1', { DB_HOST: 'b' });
    expect((await secrets.current(name)).document).toEqual({ DB_HOST: 'a' });
    expect(await secrets.switchCurrent(name, token('1'), versionId)).toBe('switched');
    expect((await secrets.current(name)).versionId).toBe(token('1'));
    expect((await secrets.versionsWithStages(name)).get(versionId)).toEqual(['AWSPREVIOUS']);
  });

  test('fails when somebody changed it meanwhile, and changes nothing', async () => {
    cloud.secrets.create(name, '{"DB_HOST":"a"}');
    const { versionId } = await secrets.current(name);
    await secrets.putUnderStage(name, token('1'), 'pitcrew-op-1', { DB_HOST: 'b' });
    cloud.secrets.put(name, '{"DB_HOST":"theirs"}');
    expect(await secrets.switchCurrent(name, token('1'), versionId)).toBe('changed-meanwhile');
    expect((await secrets.current(name)).document).toEqual({ DB_HOST: 'theirs' });
  });

  test('is switched although the answer was lost and the SDK asked again', async () => {
    cloud.secrets.create(name, '{"DB_HOST":"a"}');
    const { versionId } = await secrets.current(name);
    await secrets.putUnderStage(name, token('1'), 'pitcrew-op-1', { DB_HOST: 'b' });
    cloud.aws.faults.order({
      service: 'secretsmanager',
      action: 'UpdateSecretVersionStage',
      times: 1,
      fault: { kind: 'lose-answer' },
    });
    expect(await secrets.switchCurrent(name, token('1'), versionId)).toBe('switched');
    expect((await secrets.current(name)).versionId).toBe(token('1'));
  });
});

test('the same token with the same document is a no-op, with another it is refused', async () => {
  cloud.secrets.create(name, '{"DB_HOST":"a"}');
  await secrets.putUnderStage(name, token('1'), 'pitcrew-op-1', { DB_HOST: 'b' });
  await secrets.putUnderStage(name, token('1'), 'pitcrew-op-1', { DB_HOST: 'b' });
  expect((await secrets.versionsWithStages(name)).size).toBe(2);
  await expect(secrets.putUnderStage(name, token('1'), 'pitcrew-op-1', { DB_HOST: 'c' })).rejects.toMatchObject({
    code: 'secret.token-taken',
  });
});

describe('what goes wrong on the way', () => {
  beforeEach(() => void cloud.secrets.create(name, '{"DB_HOST":"a"}'));

  test('a denial is permanent and names the missing action', async () => {
    cloud.aws.faults.order({ service: 'secretsmanager', action: 'DescribeSecret', times: 1, fault: { kind: 'deny' } });
    await expect(secrets.current(name)).rejects.toMatchObject({
      code: 'aws.denied',
      kind: 'permanent',
      params: { action: 'secretsmanager:DescribeSecret' },
    });
  });

  test('throttling is retryable when the SDK has given up', async () => {
    cloud.aws.faults.order({
      service: 'secretsmanager',
      action: 'GetSecretValue',
      times: 3,
      fault: { kind: 'throttle' },
    });
    await expect(secrets.current(name)).rejects.toMatchObject({ code: 'aws.throttled', kind: 'retryable' });
    expect((await secrets.current(name)).document).toEqual({ DB_HOST: 'a' });
  });

  test('an outage is retryable', async () => {
    cloud.aws.faults.outage('secretsmanager', true);
    await expect(secrets.current(name)).rejects.toMatchObject({ code: 'aws.unreachable', kind: 'retryable' });
  });
});
