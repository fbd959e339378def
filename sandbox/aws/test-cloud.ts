import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { type Household, openHousehold } from '../household.ts';
import { type AwsFront, startAws } from './front.ts';
import { createS3, type S3 } from './s3/s3.ts';
import { createSecrets, type Secrets } from './secrets/secrets.ts';
import { createSts } from './sts/sts.ts';

export const account = '123456789012';
export const region = 'eu-central-1';
export const credentials = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'a/secret+key' };

export interface TestCloud extends AwsFront {
  readonly household: Household;
  readonly s3: S3;
  readonly secrets: Secrets;
  readonly s3Client: S3Client;
  readonly secretsClient: SecretsManagerClient;
  /** What a terminal would have in its environment. */
  readonly env: NodeJS.ProcessEnv;
}

/** S3, Secrets Manager and STS with real clients in front of them; `close` leaves nothing behind. */
export async function startTestCloud(): Promise<TestCloud> {
  const household = openHousehold('pitcrew-aws-test');
  const s3 = createS3({ household });
  const secrets = createSecrets({ account, region });
  const front = await startAws({ services: [s3, secrets, createSts()], account, credentials });
  const settings = { endpoint: front.url, region, credentials, maxAttempts: 1 };
  const s3Client = new S3Client({ ...settings, forcePathStyle: true });
  const secretsClient = new SecretsManagerClient(settings);
  return {
    ...front,
    household,
    s3,
    secrets,
    s3Client,
    secretsClient,
    env: {
      PATH: process.env.PATH,
      HOME: household.folder,
      AWS_ENDPOINT_URL: front.url,
      AWS_REGION: region,
      AWS_DEFAULT_REGION: region, // version 1 of the aws command reads only this one
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_PAGER: '',
    },
    async close() {
      s3Client.destroy();
      secretsClient.destroy();
      await front.close();
      await household.close();
    },
  };
}

/** The wire code and status that a call is refused with; throws if it isn't. */
export async function refusal(call: Promise<unknown>): Promise<{ code: string; status: number; message: string }> {
  const error: unknown = await call.then(
    () => new Error('it was not refused'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof Error) || !('$metadata' in error)) throw error;
  const status = Number(Object(error.$metadata).httpStatusCode);
  return { code: error.name, status, message: error.message };
}
