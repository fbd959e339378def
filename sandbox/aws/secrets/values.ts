import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { stageName } from './stages.ts';
import {
  addVersion,
  findSecret,
  holder,
  invalidParameter,
  invalidRequest,
  liveSecret,
  newSecret,
  notFound,
  type Secret,
  type SecretContent,
  type SecretVersion,
  type Vault,
} from './vault.ts';

const token = z.string().min(32).max(64).optional();
const secretId = z.string().min(1).max(2048);
const content = { SecretString: z.string().max(65_536).optional(), SecretBinary: z.base64().max(87_384).optional() };
export const tag = z.object({ Key: z.string().min(1).max(128), Value: z.string().max(256) });

const creation = z.object({
  Name: z.string().regex(/^[\w/+=.@-]{1,512}$/),
  ClientRequestToken: token,
  Description: z.string().max(2048).optional(),
  KmsKeyId: z.string().optional(),
  Tags: z.array(tag).optional(),
  ...content,
});
const put = z.object({
  SecretId: secretId,
  ClientRequestToken: token,
  VersionStages: z.array(stageName).min(1).max(20).optional(),
  ...content,
});
const update = z.object({
  SecretId: secretId,
  ClientRequestToken: token,
  Description: z.string().max(2048).optional(),
  KmsKeyId: z.string().optional(),
  ...content,
});
const get = z.object({ SecretId: secretId, VersionId: z.string().optional(), VersionStage: stageName.optional() });

export function createSecret(vault: Vault, body: unknown) {
  const { Name, ClientRequestToken = randomUUID(), Description, KmsKeyId, Tags = [], ...rest } = creation.parse(body);
  const value = contentOf(rest);
  const before = vault.secrets.get(Name);
  // The same call again, after a lost answer, is a success.
  const again = value && before && !before.deletion && before.versions.has(ClientRequestToken);
  const secret = again ? before : newSecret(vault, Name);
  if (!again) {
    secret.description = Description;
    secret.kmsKeyId = KmsKeyId;
    for (const { Key, Value } of Tags) secret.tags.set(Key, Value);
  }
  const version = value && addVersion(vault, secret, { token: ClientRequestToken, content: value, stages: [] });
  return { ...named(secret), VersionId: version?.id };
}

export function putSecretValue(vault: Vault, body: unknown) {
  const { SecretId, ClientRequestToken = randomUUID(), VersionStages = ['AWSCURRENT'], ...rest } = put.parse(body);
  const secret = liveSecret(vault, SecretId);
  const value = contentOf(rest);
  if (!value) throw invalidRequest('You must provide either SecretString or SecretBinary.');
  const version = addVersion(vault, secret, { token: ClientRequestToken, content: value, stages: VersionStages });
  return { ...named(secret), VersionId: version.id, VersionStages: [...version.stages] };
}

export function updateSecret(vault: Vault, body: unknown) {
  const { SecretId, ClientRequestToken = randomUUID(), Description, KmsKeyId, ...rest } = update.parse(body);
  const secret = liveSecret(vault, SecretId);
  const value = contentOf(rest);
  const version =
    value && addVersion(vault, secret, { token: ClientRequestToken, content: value, stages: ['AWSCURRENT'] });
  if (Description !== undefined) secret.description = Description;
  if (KmsKeyId !== undefined) secret.kmsKeyId = KmsKeyId;
  secret.changedAt = vault.now();
  return { ...named(secret), VersionId: version?.id };
}

export function getSecretValue(vault: Vault, body: unknown) {
  const { SecretId, VersionId, VersionStage } = get.parse(body);
  const secret = findSecret(vault, SecretId);
  if (secret.deletion) {
    throw invalidRequest("You can't perform this operation on the secret because it was marked for deletion.");
  }
  const version = versionFor(secret, VersionId, VersionStage);
  version.lastAccessedAt = vault.now();
  secret.accessedAt = vault.now();
  return {
    ...named(secret),
    VersionId: version.id,
    VersionStages: [...version.stages],
    CreatedDate: version.createdAt / 1000,
    ...('string' in version.content
      ? { SecretString: version.content.string }
      : { SecretBinary: version.content.binary }),
  };
}

function versionFor(secret: Secret, id: string | undefined, stage: string | undefined): SecretVersion {
  const version = id === undefined ? holder(secret, stage ?? 'AWSCURRENT') : secret.versions.get(id);
  if (!version) {
    const wanted = id === undefined ? `staging label: ${stage ?? 'AWSCURRENT'}` : `VersionId: ${id}`;
    throw notFound(`Secrets Manager can't find the specified secret value for ${wanted}`);
  }
  if (id !== undefined && stage !== undefined && !version.stages.has(stage)) {
    throw invalidRequest('You provided a VersionStage that is not associated to the provided VersionId.');
  }
  return version;
}

function contentOf({
  SecretString,
  SecretBinary,
}: {
  SecretString?: string | undefined;
  SecretBinary?: string | undefined;
}): SecretContent | undefined {
  if (SecretString !== undefined && SecretBinary !== undefined) {
    throw invalidParameter(
      "You can't specify both a binary secret value and a string secret value in the same secret.",
    );
  }
  if (SecretString !== undefined) return { string: SecretString };
  return SecretBinary === undefined ? undefined : { binary: SecretBinary };
}

export function named(secret: Secret): { ARN: string; Name: string } {
  return { ARN: secret.arn, Name: secret.name };
}
