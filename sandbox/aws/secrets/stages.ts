import { z } from 'zod';
import {
  holder,
  invalidParameter,
  liveSecret,
  moveStage,
  type Secret,
  type SecretVersion,
  type Vault,
} from './vault.ts';

export const stageName = z.string().min(1).max(256);

const request = z.object({
  SecretId: z.string().min(1),
  VersionStage: stageName,
  RemoveFromVersionId: z.string().min(1).optional(),
  MoveToVersionId: z.string().min(1).optional(),
});

/**
 * The compare-and-swap of Secrets Manager: a stage that is attached elsewhere moves only if the caller names the version
 * that has it now.
 * https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_UpdateSecretVersionStage.html
 */
export function updateSecretVersionStage(vault: Vault, body: unknown) {
  const { SecretId, VersionStage: stage, RemoveFromVersionId, MoveToVersionId } = request.parse(body);
  const secret = liveSecret(vault, SecretId);
  const to = MoveToVersionId === undefined ? undefined : versionNamed(secret, MoveToVersionId);
  const from = RemoveFromVersionId === undefined ? undefined : versionNamed(secret, RemoveFromVersionId);
  const current = holder(secret, stage);
  if (from && !from.stages.has(stage)) {
    throw invalidParameter(
      `The staging label ${stage} isn't attached to version ${from.id}, so it can't be removed from it. Specify the version that it is attached to in RemoveFromVersionId.`,
    );
  }
  if (to && current && current !== to && !from) {
    throw invalidParameter(
      `The parameter RemoveFromVersionId can't be empty. Staging label ${stage} is currently attached to version ${current.id}, so you must explicitly reference that version in RemoveFromVersionId.`,
    );
  }
  if (!to && !from) throw invalidParameter('You must specify MoveToVersionId, RemoveFromVersionId, or both.');
  if (!to && stage === 'AWSCURRENT') {
    throw invalidParameter(
      "You can only move staging label AWSCURRENT to a different secret version. It can't be completely removed.",
    );
  }
  moveStage(secret, stage, to);
  secret.changedAt = vault.now();
  return { ARN: secret.arn, Name: secret.name };
}

function versionNamed(secret: Secret, id: string): SecretVersion {
  const version = secret.versions.get(id);
  if (version) return version;
  throw invalidParameter(`The version ${id} doesn't exist in secret ${secret.arn}.`);
}
