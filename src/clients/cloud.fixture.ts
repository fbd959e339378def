import { type AwsFront, startAws } from '../../sandbox/aws/front.ts';
import { createRds, type Rds as SandboxRds } from '../../sandbox/aws/rds/rds.ts';
import { createSecrets, type Secrets as SandboxSecrets } from '../../sandbox/aws/secrets/secrets.ts';
import { type Household, openHousehold } from '../../sandbox/household.ts';

export const account = '123456789012';
export const region = 'eu-west-1';

export interface TestCloud {
  readonly aws: AwsFront;
  readonly secrets: SandboxSecrets;
  close(): Promise<void>;
}

const keys = { accessKeyId: 'AKIASANDBOXPITCREW00', secretAccessKey: 'sandbox-secret-access-key' };

/** The sandbox's Secrets Manager alone; this process's standard variables point the SDK to it. */
export async function startSecretsCloud(): Promise<TestCloud> {
  const secrets = createSecrets({ account, region });
  const aws = await startAws({ services: [secrets], account, credentials: keys });
  return { aws, secrets, close: [pointHere(aws), () => aws.close()].reduce(inTurn) };
}

/** RDS beside it: instances are real PostgreSQL clusters. Nothing lasts longer than its work here. */
export async function startDatabaseCloud(): Promise<
  TestCloud & { readonly household: Household; readonly rds: SandboxRds }
> {
  const household = openHousehold('pitcrew-test');
  const paces = {
    creating: 0,
    restoring: 0.3,
    backingUp: 0.1,
    settling: 0.1,
    modifying: 0.3,
    rebooting: 0,
    snapshot: 0,
  };
  const rds = createRds({ household, account, region, paces: { ...paces, deleting: 0, archiving: 0 } });
  const secrets = createSecrets({ account, region });
  const aws = await startAws({ services: [rds, secrets], account, credentials: keys });
  await rds.ready;
  const close = [pointHere(aws), () => rds.close(), () => aws.close(), () => household.close()].reduce(inTurn);
  return { aws, secrets, household, rds, close };
}

/** The way back puts the variables as they were. */
function pointHere(aws: AwsFront): () => Promise<void> {
  const wanted = {
    AWS_ENDPOINT_URL: aws.url,
    AWS_ACCESS_KEY_ID: keys.accessKeyId,
    AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
  };
  const before = Object.keys(wanted).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, wanted);
  return async () => {
    for (const [name, value] of before)
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
  };
}

const inTurn = (first: () => Promise<void>, then: () => Promise<void>) => async () => {
  await first();
  await then();
};
