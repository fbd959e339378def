import { bug, PitcrewError, permanent, retryable } from '../domain/errors.ts';

/** What was asked of AWS when it refused: the IAM action that the call needs, `rds:DescribeDBInstances`. */
export interface AwsCall {
  readonly action: string;
  /** What it was about, as a person would name it. */
  readonly on?: string;
}

const throttling: ReadonlySet<string> = new Set([
  'BandwidthLimitExceeded',
  'PriorRequestNotComplete',
  'RequestLimitExceeded',
  'RequestThrottled',
  'RequestThrottledException',
  'SlowDown',
  'Throttling',
  'ThrottlingException',
  'ThrottledException',
  'TooManyRequestsException',
]);

const denials: ReadonlySet<string> = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'NotAuthorized',
  'UnauthorizedOperation',
]);

/** An answer to HEAD has no body, so S3's refusal has no code (S3 API reference, "HeadObject"): what the SDK puts there. */
const wordless: ReadonlySet<string> = new Set(['403', 'Forbidden', 'Unknown', 'UnknownError']);

/** Credentials that are missing, expired or unknown: the provider chain may have fresh ones a moment later. */
const badCredentials: ReadonlySet<string> = new Set([
  'CredentialsProviderError',
  'ExpiredToken',
  'ExpiredTokenException',
  'IncompleteSignature',
  'InvalidClientTokenId',
  'InvalidSignatureException',
  'RequestExpired',
  'SignatureDoesNotMatch',
  'UnrecognizedClientException',
]);

/** Only a state in the way: the same call may succeed when AWS is through with what it does. */
const passingStates: ReadonlySet<string> = new Set([
  'DBInstanceNotReady',
  'InternalServiceError',
  'InvalidDBInstanceState',
  'InvalidDBSnapshotState',
]);

const quotas: ReadonlySet<string> = new Set([
  'InstanceQuotaExceeded',
  'SharedSnapshotQuotaExceeded',
  'SnapshotQuotaExceeded',
  'StorageQuotaExceeded',
]);

const keyTroubles: ReadonlySet<string> = new Set(['DecryptionFailure', 'EncryptionFailure', 'KMSKeyNotAccessible']);

/**
 * The code on the wire. The SDK's names of RDS's errors end in `Fault` where the wire's often don't, and errors that its
 * model doesn't know have no class at all; the wire's code is what AWS documents.
 */
export function wireCode(error: unknown): string {
  if (typeof error !== 'object' || error === null) return '';
  const { name, Code } = error as { name?: unknown; Code?: unknown };
  return String(Code ?? name ?? '').replace(/Fault$/, '');
}

/** What an AWS SDK threw, as pitcrew's error. Branches on codes and statuses only; the text is kept as the cause, for the log. */
export function translated(error: unknown, { action, on }: AwsCall): PitcrewError {
  if (error instanceof PitcrewError) return error;
  const code = wireCode(error);
  const params = { action, code, ...(on === undefined ? {} : { on }) };
  if (throttling.has(code) || statusOf(error) === 429) return retryable('aws.throttled', params, error);
  if (badCredentials.has(code)) return retryable('aws.credentials', params, error);
  if (denials.has(code)) return permanent('aws.denied', { ...params, ...denial(error) }, error);
  if (passingStates.has(code)) return retryable('aws.busy', params, error);
  if (code === 'InsufficientDBInstanceCapacity') return retryable('aws.no-capacity', params, error);
  if (quotas.has(code)) return permanent('aws.quota', params, error);
  if (keyTroubles.has(code)) return permanent('aws.key', params, error);
  const status = statusOf(error);
  if (status === 403 && wordless.has(code)) return permanent('aws.denied', params, error);
  if (status === undefined)
    return unanswered(error) ? retryable('aws.unreachable', params, error) : ours(error, action);
  if (status >= 500) return retryable('aws.unreachable', params, error);
  if (status === 404 || /NotFound(Exception)?$/.test(code)) return permanent('aws.not-found', params, error);
  return permanent('aws.refused', params, error);
}

function statusOf(error: unknown): number | undefined {
  return (error as { $metadata?: { httpStatusCode?: number } } | undefined)?.$metadata?.httpStatusCode;
}

/** No answer came: a connection that broke or was never made, a time-out, a call that was broken off. */
function unanswered(error: unknown): boolean {
  const { name, code } = error as { name?: unknown; code?: unknown };
  return typeof code === 'string' || name === 'TimeoutError' || name === 'AbortError' || name === 'NetworkingError';
}

const ours = (error: unknown, action: string) =>
  bug('aws.failed', { action, name: error instanceof Error ? error.name : typeof error }, error);

/**
 * What a policy would have to allow, on what, and who says no, as IAM's sentence has it: one call can need more than the
 * action it is named after (tags, keys). It is shown to people and decides nothing. (IAM User Guide, "Troubleshoot access
 * denied error messages".)
 */
function denial(error: unknown): { readonly action?: string; readonly resource?: string; readonly denies?: string } {
  const { message } = error as { message?: unknown };
  if (typeof message !== 'string') return {};
  const [, action] = /perform: ([a-z0-9-]+:\w+)/.exec(message) ?? [];
  const [, resource] = /on resource: (\S+)/.exec(message) ?? [];
  const [, denies] = /explicit deny in an? ([a-z -]+?(?:policy|boundary))/.exec(message) ?? [];
  return { ...(action ? { action } : {}), ...(resource ? { resource } : {}), ...(denies ? { denies } : {}) };
}
