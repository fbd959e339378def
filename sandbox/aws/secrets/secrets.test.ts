import { randomUUID } from 'node:crypto';
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  ListSecretVersionIdsCommand,
  PutSecretValueCommand,
  RestoreSecretCommand,
  TagResourceCommand,
  UpdateSecretCommand,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { refusal, startTestCloud, type TestCloud } from '../test-cloud.ts';

let cloud: TestCloud;
let name: string;
beforeAll(async () => {
  cloud = await startTestCloud();
});
afterAll(() => cloud.close());
beforeEach(() => {
  name = `shop/${randomUUID()}`;
});

const create = async (value: string) => {
  const answer = await cloud.secretsClient.send(new CreateSecretCommand({ Name: name, SecretString: value }));
  return answer.VersionId ?? '';
};
const put = async (value: string, token: string, ...stages: string[]) =>
  cloud.secretsClient.send(
    new PutSecretValueCommand({
      SecretId: name,
      SecretString: value,
      ClientRequestToken: token,
      ...(stages.length > 0 ? { VersionStages: stages } : {}),
    }),
  );
const move = (stage: string, to?: string, from?: string) =>
  cloud.secretsClient.send(
    new UpdateSecretVersionStageCommand({
      SecretId: name,
      VersionStage: stage,
      MoveToVersionId: to,
      RemoveFromVersionId: from,
    }),
  );
const stages = async () =>
  (await cloud.secretsClient.send(new DescribeSecretCommand({ SecretId: name }))).VersionIdsToStages;

test('a version can be read by id, by stage, and by both only where they agree', async () => {
  const first = await create('one');
  const second = randomUUID();
  await put('two', second, 'pitcrew-op');
  const get = (which: { VersionId?: string; VersionStage?: string }) =>
    cloud.secretsClient.send(new GetSecretValueCommand({ SecretId: name, ...which }));
  expect((await get({})).SecretString).toBe('one');
  expect((await get({ VersionStage: 'pitcrew-op' })).SecretString).toBe('two');
  expect((await get({ VersionId: second })).VersionStages).toEqual(['pitcrew-op']);
  expect((await get({})).CreatedDate).toBeInstanceOf(Date);
  expect((await refusal(get({ VersionId: first, VersionStage: 'pitcrew-op' }))).code).toBe('InvalidRequestException');
  expect(await refusal(get({ VersionStage: 'AWSPENDING' }))).toMatchObject({
    code: 'ResourceNotFoundException',
    message: "Secrets Manager can't find the specified secret value for staging label: AWSPENDING",
  });
});

test('the same token with the same content changes nothing; with other content it is refused', async () => {
  await create('one');
  const token = randomUUID();
  await put('two', token);
  await put('three', randomUUID());
  expect((await put('two', token)).VersionId).toBe(token);
  expect(cloud.secrets.value(name)).toBe('three');
  expect((await refusal(put('four', token))).code).toBe('ResourceExistsException');
  expect((await refusal(put('four', 'short'))).code).toBe('ValidationException');
});

test('a new current version pushes AWSPREVIOUS along, and what loses its last stage is deprecated', async () => {
  const first = await create('one');
  const [second, third] = [randomUUID(), randomUUID()];
  await put('two', second);
  expect(await stages()).toEqual({ [first]: ['AWSPREVIOUS'], [second]: ['AWSCURRENT'] });
  await cloud.secretsClient.send(
    new UpdateSecretCommand({ SecretId: name, SecretString: 'three', ClientRequestToken: third }),
  );
  expect(await stages()).toEqual({ [second]: ['AWSPREVIOUS'], [third]: ['AWSCURRENT'] });
  const list = (IncludeDeprecated: boolean) =>
    cloud.secretsClient.send(new ListSecretVersionIdsCommand({ SecretId: name, IncludeDeprecated }));
  expect((await list(false)).Versions?.map(({ VersionId }) => VersionId)).toEqual([second, third]);
  expect((await list(true)).Versions?.map(({ VersionId }) => VersionId)).toEqual([first, second, third]);
});

describe('UpdateSecretVersionStage is a compare-and-swap:', () => {
  test('the stage moves from the version named, and AWSPREVIOUS comes along by itself', async () => {
    const first = await create('one');
    const second = randomUUID();
    await put('two', second, 'pitcrew-op');
    await move('AWSCURRENT', second, first);
    expect(await stages()).toEqual({ [first]: ['AWSPREVIOUS'], [second]: ['pitcrew-op', 'AWSCURRENT'] });
  });

  test('it is refused if another version has the stage by now, and nothing moves', async () => {
    const first = await create('one');
    const second = randomUUID();
    await put('two', second, 'pitcrew-op');
    const byHand = cloud.secrets.put(name, 'a person was here');
    const before = await stages();
    expect((await refusal(move('AWSCURRENT', second, first))).code).toBe('InvalidParameterException');
    expect(await stages()).toEqual(before);
    expect((await refusal(move('AWSCURRENT', second))).message).toBe(
      `The parameter RemoveFromVersionId can't be empty. Staging label AWSCURRENT is currently attached to version ${byHand}, so you must explicitly reference that version in RemoveFromVersionId.`,
    );
    expect(cloud.secrets.value(name)).toBe('a person was here');
  });

  test('of two that swap at the same moment exactly one succeeds', async () => {
    const first = await create('one');
    const tokens = [randomUUID(), randomUUID()];
    for (const token of tokens) await put(token, token, `stage-${token}`);
    const outcomes = await Promise.allSettled(tokens.map((token) => move('AWSCURRENT', token, first)));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  test('AWSCURRENT is never taken away, other stages may be', async () => {
    const first = await create('one');
    const second = randomUUID();
    await put('two', second, 'pitcrew-op');
    expect((await refusal(move('AWSCURRENT', undefined, first))).code).toBe('InvalidParameterException');
    await move('pitcrew-op', undefined, second);
    expect(await stages()).toEqual({ [first]: ['AWSCURRENT'] });
  });

  test('a version holds 20 stages and no more', async () => {
    const first = await create('one');
    for (let at = 1; at < 20; at++) await move(`stage-${at}`, first);
    expect((await refusal(move('stage-20', first))).code).toBe('LimitExceededException');
  });
});

test('a secret is found by name, ARN and shortened ARN; tags, listing, deletion and restore work', async () => {
  await create('one');
  const send = cloud.secretsClient;
  const { ARN = '' } = await send.send(new DescribeSecretCommand({ SecretId: name }));
  await send.send(new TagResourceCommand({ SecretId: ARN, Tags: [{ Key: 'team', Value: 'shop' }] }));
  const found = await send.send(new DescribeSecretCommand({ SecretId: ARN.slice(0, -7) }));
  expect(found.Tags).toEqual([{ Key: 'team', Value: 'shop' }]);
  const named = new ListSecretsCommand({ Filters: [{ Key: 'name', Values: [name] }] });
  expect((await send.send(named)).SecretList).toHaveLength(1);
  await send.send(new DeleteSecretCommand({ SecretId: name, RecoveryWindowInDays: 7 }));
  const get = new GetSecretValueCommand({ SecretId: name });
  expect((await refusal(send.send(get))).code).toBe('InvalidRequestException');
  expect((await send.send(named)).SecretList).toHaveLength(0);
  await send.send(new RestoreSecretCommand({ SecretId: name }));
  expect((await send.send(get)).SecretString).toBe('one');
  expect((await refusal(create('again'))).code).toBe('ResourceExistsException');
  expect((await refusal(send.send(new GetSecretValueCommand({ SecretId: 'nobody' })))).message).toBe(
    "Secrets Manager can't find the specified secret.",
  );
});

test('binary content comes back as the bytes it was', async () => {
  const bytes = new Uint8Array([0, 255, 10, 13]);
  await cloud.secretsClient.send(new CreateSecretCommand({ Name: name, SecretBinary: bytes }));
  const value = await cloud.secretsClient.send(new GetSecretValueCommand({ SecretId: name }));
  expect(value.SecretBinary).toEqual(bytes);
});
