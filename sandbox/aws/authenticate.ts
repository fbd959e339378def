import type { IncomingMessage } from 'node:http';
import { AwsError } from './error.ts';
import type { ServiceName } from './service.ts';
import { amzTime, isSignedBy, parseQuery, type SignatureClaim, sha256, toAmzDate, unsignedPayload } from './sigv4.ts';

/**
 * An IAM user's access key. `user` is the user's name in the caller's ARN; without it, `pitcrew`. With `session` it is a
 * role's temporary key, which is worth nothing without its token.
 */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly user?: string;
  readonly session?: { readonly role: string; readonly name: string; readonly token: string };
}

/** The caller's ARN as `GetCallerIdentity` says it (IAM User Guide, "IAM identifiers"). */
export function callerOf({ user = 'pitcrew', session }: Credentials, account: string): string {
  return session
    ? `arn:aws:sts::${account}:assumed-role/${session.role}/${session.name}`
    : `arn:aws:iam::${account}:user/${user}`;
}

const skewMilliseconds = 15 * 60_000;
const longestPresignedSeconds = 7 * 24 * 3600;

/**
 * The credentials that signed a request, or AWS's refusal in the words of that service: S3, the Query services and the
 * JSON services each have their own. `body` is what was received, except for S3, where the header speaks for the body
 * and the service checks it while it streams.
 */
export function authenticate(
  request: IncomingMessage,
  claim: SignatureClaim,
  known: readonly Credentials[],
  { service, body, now }: { service: ServiceName; body: Buffer | undefined; now: number },
): Credentials {
  const credentials = known.find(({ accessKeyId }) => accessKeyId === claim.accessKeyId);
  if (!credentials || tokenOf(request) !== credentials.session?.token) throw unknownKey(service, claim.accessKeyId);
  checkTime(claim, service, now);
  if (service === 's3') checkHeadersSigned(request, claim);
  const payloadHash = body === undefined ? declaredHash(request, claim) : sha256(body);
  const complete = claim.signedHeaders.includes('host') && claim.amzDate.startsWith(claim.date);
  if (!complete || !isSignedBy(request, claim, credentials.secretAccessKey, payloadHash)) throw mismatch(service);
  return credentials;
}

/** In a header, or in the query of a presigned request. */
function tokenOf(request: IncomingMessage): string | undefined {
  const inQuery = new Map(parseQuery(request.url ?? '')).get('X-Amz-Security-Token');
  return inQuery ?? request.headers['x-amz-security-token']?.toString();
}

/** The refusal of a request without any signature. */
export function unsigned(service: ServiceName): AwsError {
  if (service === 's3') return new AwsError('AccessDenied', 403, 'Access Denied');
  const code = service === 'secretsmanager' ? 'MissingAuthenticationTokenException' : 'MissingAuthenticationToken';
  return new AwsError(code, service === 'secretsmanager' ? 400 : 403, 'Request is missing Authentication Token');
}

function declaredHash(request: IncomingMessage, claim: SignatureClaim): string {
  const declared = request.headers['x-amz-content-sha256'];
  if (typeof declared === 'string') return declared;
  if (claim.expiresSeconds !== undefined) return unsignedPayload;
  throw new AwsError('InvalidRequest', 400, 'Missing required header for this request: x-amz-content-sha256');
}

/** S3 refuses a request some of whose `x-amz-` headers are outside the signature. */
function checkHeadersSigned(request: IncomingMessage, claim: SignatureClaim): void {
  const loose = Object.keys(request.headers).filter(
    (name) => name.startsWith('x-amz-') && name !== 'x-amz-content-sha256' && !claim.signedHeaders.includes(name),
  );
  if (loose.length === 0) return;
  const fields = { HeadersNotSigned: loose.join(', ') };
  throw new AwsError('AccessDenied', 403, 'There were headers present in the request which were not signed', {
    fields,
  });
}

function checkTime(claim: SignatureClaim, service: ServiceName, now: number): void {
  const signedAt = amzTime(claim.amzDate);
  if (Number.isNaN(signedAt)) {
    throw new AwsError(
      service === 's3' ? 'AccessDenied' : 'IncompleteSignature',
      403,
      'A valid X-Amz-Date is required.',
    );
  }
  if (claim.expiresSeconds !== undefined) {
    if (!(claim.expiresSeconds >= 0 && claim.expiresSeconds <= longestPresignedSeconds)) {
      const message = 'X-Amz-Expires must be a number of seconds from 0 to 604800';
      throw new AwsError('AuthorizationQueryParametersError', 400, message);
    }
    if (now > signedAt + claim.expiresSeconds * 1000) {
      if (service === 's3') throw new AwsError('AccessDenied', 403, 'Request has expired');
      throw expired(service, claim.amzDate, now);
    }
    if (signedAt <= now + skewMilliseconds) return;
  }
  if (Math.abs(now - signedAt) <= skewMilliseconds) return;
  if (service === 's3') {
    const fields = {
      RequestTime: claim.amzDate,
      ServerTime: new Date(now).toISOString(),
      MaxAllowedSkewMilliseconds: String(skewMilliseconds),
    };
    const message = 'The difference between the request time and the current time is too large.';
    throw new AwsError('RequestTimeTooSkewed', 403, message, { fields });
  }
  throw expired(service, claim.amzDate, now);
}

/** Outside S3 a skewed clock is a bad signature, told apart by its sentence alone. */
function expired(service: ServiceName, amzDate: string, now: number): AwsError {
  const early = amzTime(amzDate) < now;
  const edge = toAmzDate(early ? now - skewMilliseconds : now + skewMilliseconds);
  const sentence = early
    ? `Signature expired: ${amzDate} is now earlier than ${edge} (${toAmzDate(now)} - 15 min.)`
    : `Signature not yet current: ${amzDate} is still later than ${edge} (${toAmzDate(now)} + 15 min.)`;
  return mismatch(service, sentence);
}

function mismatch(
  service: ServiceName,
  sentence = 'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
): AwsError {
  return service === 'secretsmanager'
    ? new AwsError('InvalidSignatureException', 400, sentence)
    : new AwsError('SignatureDoesNotMatch', 403, sentence);
}

function unknownKey(service: ServiceName, accessKeyId: string): AwsError {
  switch (service) {
    case 's3': {
      const message = 'The AWS Access Key Id you provided does not exist in our records.';
      return new AwsError('InvalidAccessKeyId', 403, message, { fields: { AWSAccessKeyId: accessKeyId } });
    }
    case 'secretsmanager':
      return new AwsError('UnrecognizedClientException', 400, 'The security token included in the request is invalid.');
    case 'rds':
    case 'sts':
      return new AwsError('InvalidClientTokenId', 403, 'The security token included in the request is invalid.');
    default: {
      const never: never = service;
      throw new Error(`unknown service ${String(never)}`);
    }
  }
}
