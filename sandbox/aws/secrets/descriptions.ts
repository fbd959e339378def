import { z } from 'zod';
import { named, tag } from './values.ts';
import { findSecret, invalidParameter, invalidRequest, liveSecret, type Secret, type Vault } from './vault.ts';

const secretId = z.string().min(1).max(2048);
const which = z.object({ SecretId: secretId });
const paging = { MaxResults: z.int().min(1).max(100).default(100), NextToken: z.string().optional() };
const versionList = z.object({ SecretId: secretId, IncludeDeprecated: z.boolean().default(false), ...paging });
const secretList = z.object({
  IncludePlannedDeletion: z.boolean().default(false),
  SortOrder: z.enum(['asc', 'desc']).default('desc'),
  Filters: z.array(z.object({ Key: z.string(), Values: z.array(z.string()).min(1) })).default([]),
  ...paging,
});
const tagging = z.object({ SecretId: secretId, Tags: z.array(tag).min(1) });
const untagging = z.object({ SecretId: secretId, TagKeys: z.array(z.string()).min(1) });
const deletion = z.object({
  SecretId: secretId,
  RecoveryWindowInDays: z.int().optional(),
  ForceDeleteWithoutRecovery: z.boolean().default(false),
});

export function describeSecret(vault: Vault, body: unknown) {
  const secret = findSecret(vault, which.parse(body).SecretId);
  const { SecretVersionsToStages, ...rest } = row(secret);
  return { ...rest, VersionIdsToStages: SecretVersionsToStages, RotationEnabled: false };
}

export function listSecrets(vault: Vault, body: unknown) {
  const { IncludePlannedDeletion, SortOrder, Filters, MaxResults, NextToken } = secretList.parse(body);
  const found = [...vault.secrets.values()]
    .filter((secret) => IncludePlannedDeletion || !secret.deletion)
    .filter((secret) => Filters.every((filter) => passes(secret, filter)))
    .sort((a, b) => (SortOrder === 'asc' ? 1 : -1) * (a.createdAt - b.createdAt));
  const { items, next } = pageOf(found, MaxResults, NextToken);
  return { SecretList: items.map(row), NextToken: next };
}

export function listSecretVersionIds(vault: Vault, body: unknown) {
  const { SecretId, IncludeDeprecated, MaxResults, NextToken } = versionList.parse(body);
  const secret = findSecret(vault, SecretId);
  const versions = [...secret.versions.values()].filter(({ stages }) => IncludeDeprecated || stages.size > 0);
  const { items, next } = pageOf(versions, MaxResults, NextToken);
  return {
    ...named(secret),
    Versions: items.map(({ id, stages, createdAt, lastAccessedAt }) => ({
      VersionId: id,
      VersionStages: stages.size > 0 ? [...stages] : undefined,
      CreatedDate: createdAt / 1000,
      LastAccessedDate: startOfDay(lastAccessedAt),
    })),
    NextToken: next,
  };
}

export function tagResource(vault: Vault, body: unknown) {
  const { SecretId, Tags } = tagging.parse(body);
  const secret = liveSecret(vault, SecretId);
  for (const { Key, Value } of Tags) {
    if (Key.startsWith('aws:')) throw invalidParameter('Tag keys that begin with "aws:" are reserved for AWS.');
    secret.tags.set(Key, Value);
  }
  return {};
}

export function untagResource(vault: Vault, body: unknown) {
  const { SecretId, TagKeys } = untagging.parse(body);
  const secret = liveSecret(vault, SecretId);
  for (const key of TagKeys) secret.tags.delete(key);
  return {};
}

export function deleteSecret(vault: Vault, body: unknown) {
  const { SecretId, RecoveryWindowInDays, ForceDeleteWithoutRecovery } = deletion.parse(body);
  const secret = findSecret(vault, SecretId);
  if (ForceDeleteWithoutRecovery && RecoveryWindowInDays !== undefined) {
    throw invalidParameter("You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.");
  }
  const days = RecoveryWindowInDays ?? 30;
  if (days < 7 || days > 30)
    throw invalidParameter('RecoveryWindowInDays value must be between 7 and 30 days (inclusive).');
  const markedAt = vault.now();
  const goneAt = markedAt + (ForceDeleteWithoutRecovery ? 0 : days * 24 * 3600 * 1000);
  if (ForceDeleteWithoutRecovery) vault.secrets.delete(secret.name);
  else if (secret.deletion) {
    throw invalidRequest(
      "You can't perform this operation on the secret because it was already scheduled for deletion.",
    );
  } else secret.deletion = { markedAt, goneAt };
  return { ...named(secret), DeletionDate: goneAt / 1000 };
}

export function restoreSecret(vault: Vault, body: unknown) {
  const secret = findSecret(vault, which.parse(body).SecretId);
  secret.deletion = undefined;
  return named(secret);
}

function row(secret: Secret) {
  const staged = [...secret.versions.values()].filter(({ stages }) => stages.size > 0);
  return {
    ...named(secret),
    Description: secret.description,
    KmsKeyId: secret.kmsKeyId,
    CreatedDate: secret.createdAt / 1000,
    LastChangedDate: secret.changedAt / 1000,
    LastAccessedDate: startOfDay(secret.accessedAt),
    DeletedDate: secret.deletion && secret.deletion.markedAt / 1000,
    Tags: [...secret.tags].map(([Key, Value]) => ({ Key, Value })),
    SecretVersionsToStages: Object.fromEntries(staged.map(({ id, stages }) => [id, [...stages]])),
  };
}

/** Secrets Manager keeps the day of the last access, not the moment; in seconds since the epoch. */
function startOfDay(milliseconds: number | undefined): number | undefined {
  const day = 24 * 3600;
  return milliseconds === undefined ? undefined : Math.floor(milliseconds / 1000 / day) * day;
}

/** A value matches by its beginning; `!` in front turns it round. */
function passes(secret: Secret, { Key, Values }: { Key: string; Values: readonly string[] }): boolean {
  const texts = {
    name: [secret.name],
    description: [secret.description ?? ''],
    'tag-key': [...secret.tags.keys()],
    'tag-value': [...secret.tags.values()],
  }[Key];
  if (!texts) throw invalidParameter(`The sandbox does not filter secrets by "${Key}".`);
  return Values.some((value) =>
    value.startsWith('!')
      ? !texts.some((text) => text.startsWith(value.slice(1)))
      : texts.some((text) => text.startsWith(value)),
  );
}

function pageOf<T>(all: readonly T[], size: number, token: string | undefined): { items: readonly T[]; next?: string } {
  const start = token === undefined ? 0 : Number(token);
  if (!Number.isInteger(start) || start < 0) throw invalidRequest('Invalid NextToken.');
  const items = all.slice(start, start + size);
  return start + size < all.length ? { items, next: String(start + size) } : { items };
}
