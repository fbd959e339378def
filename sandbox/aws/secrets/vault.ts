import { randomBytes } from 'node:crypto';
import { AwsError } from '../error.ts';

export interface SecretVersion {
  readonly id: string;
  readonly content: SecretContent;
  readonly createdAt: number;
  lastAccessedAt: number | undefined;
  /** A version without any stage is deprecated: it can be read by its id until it is cleaned away. */
  readonly stages: Set<string>;
}

/** Exactly one of the two is set. Binary content is base64, as it travels. */
export type SecretContent = { readonly string: string } | { readonly binary: string };

export interface Secret {
  readonly name: string;
  readonly arn: string;
  readonly createdAt: number;
  description: string | undefined;
  kmsKeyId: string | undefined;
  changedAt: number;
  accessedAt: number | undefined;
  /** When it was marked for deletion, and when it goes for good. */
  deletion: { readonly markedAt: number; readonly goneAt: number } | undefined;
  readonly tags: Map<string, string>;
  /** Oldest first. */
  readonly versions: Map<string, SecretVersion>;
}

export interface Vault {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly secrets: Map<string, Secret>;
  readonly account: string;
  readonly region: string;
}

const maximumStages = 20;
const maximumVersions = 100;

/** By name, ARN, or ARN without its random ending. */
export function findSecret(vault: Vault, id: string): Secret {
  clean(vault);
  const byName = vault.secrets.get(id);
  const secret = byName ?? [...vault.secrets.values()].find(({ arn }) => arn === id || arn.slice(0, -7) === id);
  if (secret) return secret;
  throw notFound("Secrets Manager can't find the specified secret.");
}

/** As `findSecret`, but a secret marked for deletion is refused, as most calls refuse it. */
export function liveSecret(vault: Vault, id: string): Secret {
  const secret = findSecret(vault, id);
  if (!secret.deletion) return secret;
  throw invalidRequest("You can't perform this operation on the secret because it was marked for deletion.");
}

export function newSecret(vault: Vault, name: string): Secret {
  clean(vault);
  const existing = vault.secrets.get(name);
  if (existing?.deletion) {
    throw invalidRequest(
      "You can't create this secret because a secret with this name is already scheduled for deletion.",
    );
  }
  if (existing) throw exists(`The operation failed because the secret ${name} already exists.`);
  const ending = randomBytes(12).toString('base64').replace(/[+/=]/g, '').padEnd(6, 'x').slice(0, 6);
  const secret: Secret = {
    name,
    arn: `arn:aws:secretsmanager:${vault.region}:${vault.account}:secret:${name}-${ending}`,
    createdAt: vault.now(),
    description: undefined,
    kmsKeyId: undefined,
    changedAt: vault.now(),
    accessedAt: undefined,
    deletion: undefined,
    tags: new Map(),
    versions: new Map(),
  };
  vault.secrets.set(name, secret);
  return secret;
}

/**
 * Adds a version, or finds the one that this token made before: the same content is a success that changes nothing,
 * other content is refused, because a version never changes.
 * https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutSecretValue.html
 */
export function addVersion(
  vault: Vault,
  secret: Secret,
  { token, content, stages }: { token: string; content: SecretContent; stages: readonly string[] },
): SecretVersion {
  const known = secret.versions.get(token);
  if (known) {
    if (sameContent(known.content, content)) return known;
    throw exists(
      `You can't use ClientRequestToken ${token} because that value is already in use for a version of secret ${secret.arn}.`,
    );
  }
  if (secret.versions.size >= maximumVersions) dropDeprecated(vault, secret);
  const version = { id: token, content, createdAt: vault.now(), lastAccessedAt: undefined, stages: new Set<string>() };
  // The first version of a secret always becomes the current one.
  const wanted = new Set(secret.versions.size === 0 ? ['AWSCURRENT', ...stages] : stages);
  if (wanted.size > maximumStages) throw tooManyStages();
  secret.versions.set(token, version);
  for (const stage of wanted) moveStage(secret, stage, version);
  secret.changedAt = vault.now();
  return version;
}

/**
 * Attaches a stage to a version (or, without one, to none) and takes it from where it was. AWSPREVIOUS follows to the
 * version that AWSCURRENT leaves.
 */
export function moveStage(secret: Secret, stage: string, to: SecretVersion | undefined): void {
  const from = holder(secret, stage);
  if (from === to) return;
  if (to && to.stages.size >= maximumStages) throw tooManyStages();
  from?.stages.delete(stage);
  to?.stages.add(stage);
  if (stage === 'AWSCURRENT' && from) {
    holder(secret, 'AWSPREVIOUS')?.stages.delete('AWSPREVIOUS');
    from.stages.add('AWSPREVIOUS');
  }
}

export function holder(secret: Secret, stage: string): SecretVersion | undefined {
  return [...secret.versions.values()].find(({ stages }) => stages.has(stage));
}

/** AWS removes deprecated versions when there are more than 100, but none younger than a day. */
function dropDeprecated(vault: Vault, secret: Secret): void {
  const day = 24 * 3600 * 1000;
  const old = [...secret.versions.values()].find(
    ({ stages, createdAt }) => stages.size === 0 && vault.now() - createdAt > day,
  );
  if (!old) throw limitExceeded('You have reached the limit of versions for this secret.');
  secret.versions.delete(old.id);
}

/** Takes away what was marked for deletion and whose time has come. */
function clean(vault: Vault): void {
  for (const { name, deletion } of vault.secrets.values()) {
    if (deletion && deletion.goneAt <= vault.now()) vault.secrets.delete(name);
  }
}

function sameContent(a: SecretContent, b: SecretContent): boolean {
  if ('string' in a) return 'string' in b && a.string === b.string;
  return 'binary' in b && a.binary === b.binary;
}

export function notFound(message: string): AwsError {
  return new AwsError('ResourceNotFoundException', 400, message);
}

export function invalidParameter(message: string): AwsError {
  return new AwsError('InvalidParameterException', 400, message);
}

export function invalidRequest(message: string): AwsError {
  return new AwsError('InvalidRequestException', 400, message);
}

function exists(message: string): AwsError {
  return new AwsError('ResourceExistsException', 400, message);
}

function limitExceeded(message: string): AwsError {
  return new AwsError('LimitExceededException', 400, message);
}

function tooManyStages(): AwsError {
  return limitExceeded(`You can't attach more than ${maximumStages} staging labels to a version of a secret.`);
}
