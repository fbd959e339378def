import { execFile, spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startAws } from './front.ts';
import { createSts } from './sts/sts.ts';
import { account, credentials, startTestCloud, type TestCloud } from './test-cloud.ts';

const absent = spawnSync('aws', ['--version']).error !== undefined;
const run = promisify(execFile);

// Without the command these cases prove nothing, so they are skipped: install the package awscli to run them.
describe.skipIf(absent)(
  `the runbook's own commands work against the sandbox${absent ? ' (skipped: no aws command)' : ''}`,
  () => {
    let cloud: TestCloud;
    beforeAll(async () => {
      cloud = await startTestCloud();
    });
    afterAll(() => cloud.close());
    const aws = async (args: readonly string[], env: NodeJS.ProcessEnv = {}) =>
      (await run('aws', args, { env: { ...cloud.env, ...env } })).stdout.trim();
    const json = async (...args: string[]) => JSON.parse(await aws([...args, '--output', 'json']));

    test('aws s3: a file of 20 MB goes up in parts and comes down the same; ls lists; presign opens', async () => {
      const [up, down] = [join(cloud.household.folder, 'up'), join(cloud.household.folder, 'down')];
      const bytes = randomBytes(20_000_000);
      writeFileSync(up, bytes);
      await aws(['s3', 'mb', 's3://dumps']);
      await aws(['s3', 'cp', up, 's3://dumps/production/shop 1.dump', '--no-progress']);
      expect(cloud.faults.calls('s3', 'UploadPart')).toBeGreaterThan(1);
      await aws(['s3', 'cp', 's3://dumps/production/shop 1.dump', down, '--no-progress']);
      expect(sha256(readFileSync(down))).toBe(sha256(bytes));
      expect(await aws(['s3', 'ls', 's3://dumps/'])).toBe('PRE production/');
      expect(await aws(['s3', 'ls', 's3://dumps/production/'])).toMatch(/20000000 shop 1\.dump$/);
      const address = await aws(['s3', 'presign', 's3://dumps/production/shop 1.dump', '--expires-in', '60']);
      const opened = await fetch(address);
      expect(sha256(Buffer.from(await opened.arrayBuffer()))).toBe(sha256(bytes));
      expect((await fetch(address.replace('shop', 'shoq'))).status).toBe(403);
      await aws(['s3', 'rm', 's3://dumps', '--recursive']);
      expect(existsSync(up) && (await aws(['s3', 'ls', 's3://dumps/', '--recursive']).catch(() => ''))).toBe('');
    });

    test('aws s3 streams from and to a pipe, as `pg_dump | aws s3 cp -` does', async () => {
      await aws(['s3', 'mb', 's3://pipes']);
      const env = { ...cloud.env };
      await run('sh', ['-c', 'printf streamed | aws s3 cp - s3://pipes/key'], { env });
      expect(await aws(['s3', 'cp', 's3://pipes/key', '-'])).toBe('streamed');
    });

    test('aws secretsmanager: read, put under a stage, switch by compare-and-swap', async () => {
      const SecretId = 'prod/ecommerce/db';
      cloud.secrets.create(SecretId, '{"DB_HOST":"old"}');
      const old = await json('secretsmanager', 'get-secret-value', '--secret-id', SecretId);
      expect(old.SecretString).toBe('{"DB_HOST":"old"}');
      const staged = ['--secret-string', '{"DB_HOST":"new"}', '--version-stages', 'pitcrew-op'];
      const put = await json('secretsmanager', 'put-secret-value', '--secret-id', SecretId, ...staged);
      const move = [
        'secretsmanager',
        'update-secret-version-stage',
        '--secret-id',
        SecretId,
        '--version-stage',
        'AWSCURRENT',
      ];
      const to = ['--move-to-version-id', put.VersionId];
      await expect(aws([...move, ...to, '--remove-from-version-id', put.VersionId])).rejects.toThrow(
        'InvalidParameterException',
      );
      await aws([...move, ...to, '--remove-from-version-id', old.VersionId]);
      expect(cloud.secrets.value(SecretId)).toBe('{"DB_HOST":"new"}');
      expect(cloud.secrets.value(SecretId, 'AWSPREVIOUS')).toBe('{"DB_HOST":"old"}');
      await aws(['secretsmanager', 'update-secret', '--secret-id', SecretId, '--secret-string', '{"DB_HOST":"newer"}']);
      expect(cloud.secrets.value(SecretId)).toBe('{"DB_HOST":"newer"}');
    });

    test('aws sts get-caller-identity names the user of the key, also where several are known', async () => {
      const identity = { Account: account, Arn: `arn:aws:iam::${account}:user/pitcrew` };
      expect(await json('sts', 'get-caller-identity')).toMatchObject(identity);
      const second = { accessKeyId: 'AKIASECOND', secretAccessKey: 'second', user: 'approver' };
      const other = await startAws({ services: [createSts()], account, credentials: [credentials, second] });
      const env = { AWS_ENDPOINT_URL: other.url, AWS_ACCESS_KEY_ID: 'AKIASECOND', AWS_SECRET_ACCESS_KEY: 'second' };
      expect(await aws(['sts', 'get-caller-identity', '--query', 'Arn', '--output', 'text'], env)).toBe(
        `arn:aws:iam::${account}:user/approver`,
      );
      await other.close();
    });

    test('a presigned GetCallerIdentity proves who signed it, and nothing else may be put into it', async () => {
      const output = await json('eks', 'get-token', '--cluster-name', 'operation-1');
      const token: string = output.status.token;
      const address = Buffer.from(token.replace('k8s-aws-v1.', ''), 'base64url').toString();
      const ask = (cluster: string) => fetch(address, { headers: { 'x-k8s-aws-id': cluster } });
      expect(await (await ask('operation-1')).text()).toContain(`<Arn>arn:aws:iam::${account}:user/pitcrew</Arn>`);
      const forged = await ask('operation-2');
      expect(forged.status).toBe(403);
      expect(await forged.text()).toContain('<Code>SignatureDoesNotMatch</Code>');
    });

    test('a presigned address ends when it said it would', async () => {
      const address = await aws(['s3', 'presign', 's3://dumps/key', '--expires-in', '60']);
      const now = () => new Date(Date.now() + 61_000);
      const later = await startAws({ services: [cloud.s3], account, credentials, now });
      const answer = await fetch(address.replace(cloud.url, later.url));
      expect(answer.status).toBe(403);
      expect(await answer.text()).toContain('<Message>Request has expired</Message>');
      await later.close();
    });

    test('a denied call is shown with the action that is missing', async () => {
      cloud.faults.order({ service: 's3', action: 'ListBucket', times: 1, fault: { kind: 'deny' } });
      await expect(aws(['s3', 'ls', 's3://dumps/'])).rejects.toThrow('is not authorized to perform: s3:ListBucket');
    });
  },
);

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
