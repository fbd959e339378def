import { ListBucketsCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startAws } from './front.ts';
import { createSts } from './sts/sts.ts';
import { account, credentials, refusal, region, startTestCloud, type TestCloud } from './test-cloud.ts';

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await startTestCloud();
  cloud.s3.buckets.create('front');
  cloud.secrets.create('front/secret', 'value');
});
afterAll(() => cloud.close());

const s3 = (options: { keyId?: string; secret?: string; offset?: number }) =>
  new S3Client(settings(options, { forcePathStyle: true }));
const secrets = (options: { keyId?: string; secret?: string; offset?: number }) =>
  new SecretsManagerClient(settings(options, {}));

function settings<T>(options: { keyId?: string; secret?: string; offset?: number }, more: T) {
  return {
    endpoint: cloud.url,
    region,
    maxAttempts: 1,
    systemClockOffset: options.offset ?? 0,
    credentials: {
      accessKeyId: options.keyId ?? credentials.accessKeyId,
      secretAccessKey: options.secret ?? credentials.secretAccessKey,
    },
    ...more,
  };
}

const secretValue = () => new GetSecretValueCommand({ SecretId: 'front/secret' });

describe('a request is refused, in the words of its service,', () => {
  test('with an unknown key', async () => {
    expect(await refusal(s3({ keyId: 'AKIANOBODY' }).send(new ListBucketsCommand({})))).toMatchObject({
      code: 'InvalidAccessKeyId',
      status: 403,
    });
    expect(await refusal(secrets({ keyId: 'AKIANOBODY' }).send(secretValue()))).toMatchObject({
      code: 'UnrecognizedClientException',
      status: 400,
    });
  });

  test('with a wrong secret', async () => {
    expect(await refusal(s3({ secret: 'guess' }).send(new ListBucketsCommand({})))).toMatchObject({
      code: 'SignatureDoesNotMatch',
      status: 403,
    });
    expect(await refusal(secrets({ secret: 'guess' }).send(secretValue()))).toMatchObject({
      code: 'InvalidSignatureException',
      status: 400,
    });
  });

  test('with a clock that is more than 15 minutes off, either way', async () => {
    for (const minutes of [-16, 16]) {
      const offset = minutes * 60_000;
      expect((await refusal(s3({ offset }).send(new ListBucketsCommand({})))).code).toBe('RequestTimeTooSkewed');
      expect((await refusal(secrets({ offset }).send(secretValue()))).message).toMatch(/^Signature (expired|not yet)/);
    }
    await s3({ offset: 14 * 60_000 }).send(new ListBucketsCommand({}));
  });

  test('with a body other than the one that was signed', async () => {
    const forged = secrets({});
    forged.middlewareStack.add(
      (next) => (args) => {
        Object(args.request).body = JSON.stringify({ SecretId: 'front/secreT' });
        return next(args);
      },
      { step: 'deserialize', priority: 'low' },
    );
    expect((await refusal(forged.send(secretValue()))).code).toBe('InvalidSignatureException');
    const forgedS3 = s3({});
    forgedS3.middlewareStack.add(
      (next) => (args) => {
        Object(args.request).body = 'evil';
        return next(args);
      },
      { step: 'deserialize', priority: 'low' },
    );
    const put = new PutObjectCommand({ Bucket: 'front', Key: 'forged', Body: 'good' });
    expect((await refusal(forgedS3.send(put))).code).toBe('XAmzContentSHA256Mismatch');
  });

  test('with an S3 header that the signature leaves out', async () => {
    const added = s3({});
    added.middlewareStack.add(
      (next) => (args) => {
        Object(args.request).headers['x-amz-meta-late'] = 'x';
        return next(args);
      },
      { step: 'deserialize', priority: 'low' },
    );
    const put = new PutObjectCommand({ Bucket: 'front', Key: 'late', Body: 'x' });
    expect((await refusal(added.send(put))).message).toBe(
      'There were headers present in the request which were not signed',
    );
  });

  test('without any signature', async () => {
    const answer = await fetch(`${cloud.url}/front/key`);
    expect(answer.status).toBe(403);
    expect(await answer.text()).toContain('<Code>AccessDenied</Code>');
    const json = await fetch(cloud.url, { method: 'POST', headers: { 'x-amz-target': 'secretsmanager.ListSecrets' } });
    expect(await json.json()).toMatchObject({ __type: 'MissingAuthenticationTokenException' });
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const query = await fetch(cloud.url, { method: 'POST', headers: form, body: 'Action=GetCallerIdentity' });
    expect(await query.text()).toContain('<Code>MissingAuthenticationToken</Code>');
  });
});

test('keys with every kind of character survive the signature and come back as they were', async () => {
  for (const key of ["a b+c/ü/名/%41/..//x'()*!~&=?#", 'schräg/$file,@:;.text', '/leading', 'trailing/']) {
    await cloud.s3Client.send(new PutObjectCommand({ Bucket: 'front', Key: key, Body: key }));
    expect(cloud.s3.read('front', key).toString()).toBe(key);
  }
});

test("two clouds stand side by side, each with its own services, and a closed one's port is free again", async () => {
  const other = await startAws({ services: [createSts()], account, credentials });
  const here = new S3Client({ endpoint: other.url, region, credentials, maxAttempts: 1, forcePathStyle: true });
  expect((await refusal(here.send(new ListBucketsCommand({})))).code).toBe('InvalidAction');
  await other.close();
  const again = await startAws({ services: [], account, credentials, port: other.port });
  expect(again.port).toBe(other.port);
  await again.close();
});
