import {
  DescribeSecretCommand,
  type DescribeSecretResponse,
  GetSecretValueCommand,
  type GetSecretValueResponse,
  PutSecretValueCommand,
  SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { permanent } from '../domain/errors.ts';
import type { Json } from '../domain/json.ts';
import { Secret } from '../domain/secret.ts';
import { connection } from './aws-connection.ts';
import { translated, wireCode } from './aws-errors.ts';

/** A secret's JSON document, whole: what pitcrew doesn't know stays as it is. It may hold passwords: never log it. */
export type SecretDocument = Readonly<Record<string, Json>>;

export interface CurrentSecret {
  readonly arn: string;
  readonly document: SecretDocument;
  /** The version that has AWSCURRENT. */
  readonly versionId: string;
  readonly stages: readonly string[];
  /** AWSPENDING sits on another version: a rotation is under way, or one failed and left it there. */
  readonly rotationPending: boolean;
}

export interface RoleCredentials {
  readonly user: string;
  readonly password: Secret;
}

/** Secrets Manager of one region. Errors are `aws.*`, and `secret.*` where a secret is not what it should be. */
export interface Secrets {
  /** @throws PitcrewError `secret.not-found`, `secret.not-json`, `aws.*` */
  current(secretId: string): Promise<CurrentSecret>;
  /** @throws PitcrewError `secret.no-key` when one of the keys is absent, and as `current` */
  roleCredentials(
    secretId: string,
    keys: { readonly user: string; readonly password: string },
  ): Promise<RoleCredentials>;
  /**
   * Puts a version under a private stage; AWSCURRENT stays where it is. The token becomes the version's id: the same
   * token with the same document is a no-op.
   * @throws PitcrewError `secret.token-taken` for the same token with another document
   */
  putUnderStage(secretId: string, token: string, stage: string, document: SecretDocument): Promise<void>;
  /** Moves AWSCURRENT, but only if `fromVersion` still has it: a compare-and-swap. Moved already counts as moved. */
  switchCurrent(secretId: string, toVersion: string, fromVersion: string): Promise<'switched' | 'changed-meanwhile'>;
  /** Every version that has a stage, with its stages. */
  versionsWithStages(secretId: string): Promise<ReadonlyMap<string, readonly string[]>>;
}

/** The standard variables of the AWS SDK say where and as whom: `AWS_ENDPOINT_URL_SECRETS_MANAGER`, `AWS_PROFILE`, … */
export function secretsManager(region: string): Secrets {
  const client = new SecretsManagerClient({ region, ...connection });

  const describe = async (secretId: string): Promise<DescribeSecretResponse> =>
    client.send(new DescribeSecretCommand({ SecretId: secretId })).catch((error: unknown) => {
      throw failure(error, 'DescribeSecret', secretId);
    });
  const versionsWithStages: Secrets['versionsWithStages'] = async (secretId) =>
    new Map(Object.entries((await describe(secretId)).VersionIdsToStages ?? {}));

  const value = async (secretId: string): Promise<GetSecretValueResponse> =>
    client.send(new GetSecretValueCommand({ SecretId: secretId })).catch((error: unknown) => {
      throw failure(error, 'GetSecretValue', secretId);
    });

  const current: Secrets['current'] = async (secretId) => {
    const { ARN, SecretString, VersionId: versionId = '' } = await value(secretId);
    const versions = await versionsWithStages(secretId);
    return {
      arn: ARN ?? '',
      document: documentOf(SecretString, secretId),
      versionId,
      stages: versions.get(versionId) ?? [],
      rotationPending: [...versions].some(([id, stages]) => id !== versionId && stages.includes('AWSPENDING')),
    };
  };

  return {
    current,
    versionsWithStages,

    async roleCredentials(secretId, keys) {
      const document = documentOf((await value(secretId)).SecretString, secretId);
      return {
        user: filled(document, keys.user, secretId),
        password: new Secret(filled(document, keys.password, secretId)),
      };
    },

    async putUnderStage(secretId, token, stage, document) {
      const put = new PutSecretValueCommand({
        SecretId: secretId,
        ClientRequestToken: token,
        VersionStages: [stage],
        SecretString: JSON.stringify(document),
      });
      await client.send(put).catch((error: unknown) => {
        const taken = wireCode(error) === 'ResourceExistsException';
        throw taken
          ? permanent('secret.token-taken', { secret: secretId }, error)
          : failure(error, 'PutSecretValue', secretId);
      });
    },

    async switchCurrent(secretId, toVersion, fromVersion) {
      const move = new UpdateSecretVersionStageCommand({
        SecretId: secretId,
        VersionStage: 'AWSCURRENT',
        MoveToVersionId: toVersion,
        RemoveFromVersionId: fromVersion,
      });
      try {
        await client.send(move);
        return 'switched';
      } catch (error) {
        // One code for many reasons, so look at the versions instead. The stage may have been moved by the first try of
        // this very call, whose answer was lost and which the SDK then repeated.
        if (wireCode(error) !== 'InvalidParameterException') throw failure(error, 'UpdateSecretVersionStage', secretId);
        const versions = await versionsWithStages(secretId);
        if (versions.get(toVersion)?.includes('AWSCURRENT')) return 'switched';
        if (!versions.get(fromVersion)?.includes('AWSCURRENT')) return 'changed-meanwhile';
        throw failure(error, 'UpdateSecretVersionStage', secretId);
      }
    },
  };
}

function failure(error: unknown, action: string, secret: string) {
  if (wireCode(error) === 'ResourceNotFoundException') return permanent('secret.not-found', { secret }, error);
  return translated(error, { action: `secretsmanager:${action}`, on: secret });
}

/** @throws PitcrewError `secret.not-json`, without the parser's words: they quote the secret */
function documentOf(source: string | undefined, secret: string): SecretDocument {
  try {
    const parsed: unknown = JSON.parse(source ?? '');
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return parsed as SecretDocument;
  } catch {}
  throw permanent('secret.not-json', { secret });
}

function filled(document: SecretDocument, key: string, secret: string): string {
  const value = Object.hasOwn(document, key) ? document[key] : undefined;
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string' && value !== '') return value;
  throw permanent('secret.no-key', { secret, key });
}
