import {
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { GetSecretValueCommand, PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { accessDenied } from './faults.ts';
import { credentials, refusal, region, startTestCloud, type TestCloud } from './test-cloud.ts';

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await startTestCloud();
  cloud.s3.buckets.create('faulty');
  cloud.secrets.create('faulty', 'first');
});
afterEach(() => cloud.faults.clear());
afterAll(() => cloud.close());

const put = (key: string, body = 'x') =>
  cloud.s3Client.send(new PutObjectCommand({ Bucket: 'faulty', Key: key, Body: body, IfNoneMatch: '*' }));
const secretValue = () => cloud.secretsClient.send(new GetSecretValueCommand({ SecretId: 'faulty' }));

describe('a fault', () => {
  test('strikes as many calls as it was ordered for, and no other action', async () => {
    cloud.faults.order({ service: 's3', action: 'PutObject', times: 2, fault: { kind: 'throttle' } });
    await cloud.s3Client.send(new ListObjectsV2Command({ Bucket: 'faulty' }));
    expect(await refusal(put('struck'))).toMatchObject({ code: 'SlowDown', status: 503 });
    expect((await refusal(put('struck'))).code).toBe('SlowDown');
    await put('struck');
    expect(cloud.faults.calls('s3', 'PutObject')).toBe(3);
  });

  test('deny names the caller, the permission and the resource as IAM does', async () => {
    cloud.faults.order({ service: 'secretsmanager', action: '*', times: 1, fault: { kind: 'deny' } });
    const denied = await refusal(secretValue());
    expect(denied).toMatchObject({ code: 'AccessDeniedException', status: 400 });
    expect(denied.message).toMatch(
      /^User: arn:aws:iam::123456789012:user\/pitcrew is not authorized to perform: secretsmanager:GetSecretValue on resource: arn:aws:secretsmanager:eu-central-1:123456789012:secret:faulty-\w{6} because/,
    );
    const rds = { caller: 'arn:x', permission: 'DescribeDBInstances', resource: '*' };
    expect(accessDenied('rds', rds)).toMatchObject({ code: 'AccessDenied', status: 403 });
  });

  test('deny of ListBucket turns the 404 of an absent key into a 403, and leaves present keys readable', async () => {
    await put('present');
    cloud.faults.order({ service: 's3', action: 'ListBucket', fault: { kind: 'deny' } });
    const absent = new GetObjectCommand({ Bucket: 'faulty', Key: 'absent' });
    const denied = await refusal(cloud.s3Client.send(absent));
    expect(denied).toMatchObject({ code: 'AccessDenied', status: 403 });
    expect(denied.message).toContain('s3:ListBucket on resource: "arn:aws:s3:::faulty"');
    const head = new HeadObjectCommand({ Bucket: 'faulty', Key: 'absent' });
    expect((await refusal(cloud.s3Client.send(head))).status).toBe(403);
    const listing = new ListObjectsV2Command({ Bucket: 'faulty' });
    expect((await refusal(cloud.s3Client.send(listing))).status).toBe(403);
    await cloud.s3Client.send(new GetObjectCommand({ Bucket: 'faulty', Key: 'present' }));
    cloud.faults.clear('s3');
    expect((await refusal(cloud.s3Client.send(absent))).code).toBe('NoSuchKey');
  });

  test('fail has the code and status ordered: the 409 of a conditional write under way, and no effect', async () => {
    const fault = { kind: 'fail', code: 'ConditionalRequestConflict', status: 409 } as const;
    cloud.faults.order({ service: 's3', action: 'PutObject', times: 1, fault });
    expect(await refusal(put('conflict'))).toMatchObject({ code: 'ConditionalRequestConflict', status: 409 });
    await put('conflict');
  });

  test('lose-answer cuts the connection after the effect: the write stands', async () => {
    cloud.faults.order({ service: 's3', action: 'PutObject', times: 1, fault: { kind: 'lose-answer' } });
    await expect(put('lost', 'bytes')).rejects.toThrow(/socket hang up|ECONNRESET|aborted/);
    expect(cloud.s3.read('faulty', 'lost').toString()).toBe('bytes');
    expect((await refusal(put('lost', 'again'))).code).toBe('PreconditionFailed');

    cloud.faults.order({
      service: 'secretsmanager',
      action: 'PutSecretValue',
      times: 1,
      fault: { kind: 'lose-answer' },
    });
    const change = new PutSecretValueCommand({ SecretId: 'faulty', SecretString: 'second' });
    await expect(cloud.secretsClient.send(change)).rejects.toThrow(/socket hang up|ECONNRESET|aborted/);
    expect(cloud.secrets.value('faulty')).toBe('second');
  });

  test('cut-answer breaks off in the middle of the bytes: the reader gets an error, not half of an object', async () => {
    await put('halved', 'x'.repeat(600_000));
    cloud.faults.order({ service: 's3', action: 'GetObject', times: 1, fault: { kind: 'cut-answer' } });
    const read = async () => {
      const { Body } = await cloud.s3Client.send(new GetObjectCommand({ Bucket: 'faulty', Key: 'halved' }));
      return (await Body?.transformToByteArray())?.length;
    };
    await expect(read()).rejects.toThrow(/aborted|ECONNRESET|premature/i);
    expect(await read()).toBe(600_000);
  });

  test('a flipped bit is told by the checksum; a truncated object is whole to S3, and shorter', async () => {
    await put('rotten', 'a sound backup');
    const get = async () => {
      const request = { Bucket: 'faulty', Key: 'rotten', ChecksumMode: 'ENABLED' } as const;
      const { Body } = await cloud.s3Client.send(new GetObjectCommand(request));
      return Body?.transformToString();
    };
    cloud.s3.tamper('faulty', 'rotten', Buffer.from('a sound bacjup'), { bitRot: true });
    await expect(get()).rejects.toThrow(/checksum/i);
    cloud.s3.tamper('faulty', 'rotten', cloud.s3.read('faulty', 'rotten').subarray(0, 7));
    expect(await get()).toBe('a sound');
  });

  test('delay answers late', async () => {
    cloud.faults.order({
      service: 'secretsmanager',
      action: 'GetSecretValue',
      times: 1,
      fault: { kind: 'delay', seconds: 0.3 },
    });
    const started = performance.now();
    await secretValue();
    expect(performance.now() - started).toBeGreaterThan(290);
  });

  test('a delay that is under way ends when its service is cleared, and no other’s', async () => {
    cloud.faults.order({ service: 's3', action: 'PutObject', times: 1, fault: { kind: 'delay', seconds: 50 } });
    const delayed = put('cleared');
    while (cloud.faults.pending().length > 0) await new Promise((done) => setTimeout(done, 10));
    const ended = delayed.then(() => 'ended');
    const wait = () => new Promise((done) => setTimeout(done, 300, 'waits'));
    cloud.faults.clear('sts');
    expect(await Promise.race([ended, wait()])).toBe('waits');
    cloud.faults.clear('s3');
    expect(await ended).toBe('ended');
  });

  test("an outage destroys one service's connections and no other's; slowness delays every answer", async () => {
    cloud.faults.outage('s3', true);
    await expect(put('outage')).rejects.toThrow(/socket hang up|ECONNRESET/);
    await secretValue();
    cloud.faults.outage('s3', false);
    await put('outage');

    cloud.faults.slow('secretsmanager', 0.2);
    const started = performance.now();
    await secretValue();
    await secretValue();
    expect(performance.now() - started).toBeGreaterThan(390);
  });
});

test('faults are ordered, listed and cleared over HTTP, and nonsense is refused with its reason', async () => {
  const at = `${cloud.url}/_sandbox/faults`;
  const post = (body: unknown) => fetch(at, { method: 'POST', body: JSON.stringify(body) });
  const order = { service: 's3', action: 'GetObject', times: 1, fault: { kind: 'throttle' } };
  expect((await post(order)).status).toBe(200);
  await post({ service: 'rds', outage: true });
  await post({ service: 'sts', slowSeconds: 2 });
  expect(await (await fetch(at)).json()).toMatchObject({
    orders: [order],
    conditions: { rds: { outage: true }, sts: { slowSeconds: 2 }, s3: { outage: false, slowSeconds: 0 } },
  });
  const nonsense = await post({ service: 's3', action: 'GetObject', fault: { kind: 'explode' } });
  expect(nonsense.status).toBe(400);
  expect(await (await fetch(at, { method: 'DELETE' })).json()).toMatchObject({
    orders: [],
    conditions: { rds: { outage: false } },
  });
});

test("the SDK's own retry gets through a passing throttle", async () => {
  const client = new S3Client({ endpoint: cloud.url, region, credentials, forcePathStyle: true, maxAttempts: 3 });
  cloud.faults.order({ service: 's3', action: 'PutObject', times: 1, fault: { kind: 'throttle' } });
  await client.send(new PutObjectCommand({ Bucket: 'faulty', Key: 'retried', Body: 'x' }));
  client.destroy();
});
