import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** What a request says of its own signature, by the Authorization header or by the query of a presigned URL. */
export interface SignatureClaim {
  readonly accessKeyId: string;
  /** yyyymmdd, from the credential scope. */
  readonly date: string;
  readonly region: string;
  readonly service: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  /** yyyymmddThhmmssZ. */
  readonly amzDate: string;
  /** Seconds that a presigned URL is good for; a header signature has none. */
  readonly expiresSeconds?: number;
}

/** How the hash of a body enters the signature where the body isn't hashed beforehand. */
export const unsignedPayload = 'UNSIGNED-PAYLOAD';
export const streamingUnsignedTrailer = 'STREAMING-UNSIGNED-PAYLOAD-TRAILER';

/** The claim of a request, or undefined if it isn't signed (or isn't signed in a form of Signature Version 4). */
export function readClaim(request: IncomingMessage): SignatureClaim | undefined {
  const header = request.headers.authorization;
  const claim = header === undefined ? presignedClaim(request) : headerClaim(request, header);
  return claim?.accessKeyId && /^\d{8}$/.test(claim.date) && /^[0-9a-f]{64}$/.test(claim.signature) ? claim : undefined;
}

function headerClaim(request: IncomingMessage, header: string): SignatureClaim | undefined {
  const match = /^AWS4-HMAC-SHA256 Credential=([^,\s]+),\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]+)$/.exec(
    header,
  );
  if (!match) return undefined;
  const [, credential = '', signedHeaders = '', signature = ''] = match;
  const amzDate = String(request.headers['x-amz-date'] ?? '');
  return { ...scopeOf(credential), signedHeaders: signedHeaders.split(';'), signature, amzDate };
}

function presignedClaim(request: IncomingMessage): SignatureClaim | undefined {
  const query = new Map(parseQuery(request.url ?? ''));
  if (query.get('X-Amz-Algorithm') !== 'AWS4-HMAC-SHA256') return undefined;
  return {
    ...scopeOf(query.get('X-Amz-Credential') ?? ''),
    signedHeaders: (query.get('X-Amz-SignedHeaders') ?? '').split(';'),
    signature: query.get('X-Amz-Signature') ?? '',
    amzDate: query.get('X-Amz-Date') ?? '',
    expiresSeconds: Number(query.get('X-Amz-Expires') ?? Number.NaN),
  };
}

function scopeOf(credential: string) {
  const [accessKeyId = '', date = '', region = '', service = '', end] = credential.split('/');
  return { accessKeyId: end === 'aws4_request' ? accessKeyId : '', date, region, service };
}

/**
 * Whether the secret made this signature over this request. `payloadHash` is what the request puts in the place of its
 * body's hash. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function isSignedBy(
  request: IncomingMessage,
  claim: SignatureClaim,
  secretAccessKey: string,
  payloadHash: string,
): boolean {
  const scope = `${claim.date}/${claim.region}/${claim.service}/aws4_request`;
  const canonical = sha256(canonicalRequest(request, claim, payloadHash));
  const toSign = `AWS4-HMAC-SHA256\n${claim.amzDate}\n${scope}\n${canonical}`;
  return timingSafeEqual(hmac(signingKey(claim, secretAccessKey), toSign), Buffer.from(claim.signature, 'hex'));
}

const signingKeys = new Map<string, Buffer>();
const mostSigningKeys = 100;

/** The same for all requests of a day to a service in a region; kept, since clients sign thousands of them. */
function signingKey({ date, region, service }: SignatureClaim, secretAccessKey: string): Buffer {
  const scope = [date, region, service, 'aws4_request'];
  const id = [secretAccessKey, ...scope].join('\n');
  let key = signingKeys.get(id);
  if (key) return key;
  key = Buffer.from(`AWS4${secretAccessKey}`);
  for (const part of scope) key = hmac(key, part);
  if (signingKeys.size >= mostSigningKeys) signingKeys.clear();
  signingKeys.set(id, key);
  return key;
}

function canonicalRequest(request: IncomingMessage, claim: SignatureClaim, payloadHash: string): string {
  const [path = '/'] = (request.url ?? '/').split('?', 1);
  // S3 encodes a path once and keeps every slash; the other services encode what was sent, which is encoded already.
  const canonicalPath = claim.service === 's3' ? encodePath(decode(path)) : encodePath(path);
  const query = parseQuery(request.url ?? '')
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort()
    .join('&');
  const headers = claim.signedHeaders.map((name) => `${name}:${headerValue(request, name)}\n`).join('');
  return [request.method, canonicalPath, query, headers, claim.signedHeaders.join(';'), payloadHash].join('\n');
}

function headerValue(request: IncomingMessage, name: string): string {
  const values: string[] = [];
  for (let at = 0; at < request.rawHeaders.length; at += 2) {
    if (request.rawHeaders[at]?.toLowerCase() !== name) continue;
    values.push((request.rawHeaders[at + 1] ?? '').trim().replace(/ +/g, ' '));
  }
  return values.join(',');
}

/** Names and values of a URL's query, decoded, in the order they were sent; a name without `=` has the value ''. */
export function parseQuery(url: string): [name: string, value: string][] {
  const at = url.indexOf('?');
  if (at < 0 || at === url.length - 1) return [];
  return url
    .slice(at + 1)
    .split('&')
    .map((pair) => {
      const equals = pair.indexOf('=');
      const [name, value] = equals < 0 ? [pair, ''] : [pair.slice(0, equals), pair.slice(equals + 1)];
      return [decode(name.replaceAll('+', ' ')), decode(value.replaceAll('+', ' '))];
    });
}

/** Percent-decoding that leaves alone what isn't valid. */
export function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);
}

function encodePath(path: string): string {
  return path.split('/').map(encode).join('/');
}

export function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}

function hmac(key: string | Buffer, data: string): Buffer {
  return createHmac('sha256', key).update(data, 'utf8').digest();
}

/** Milliseconds since the epoch of `yyyymmddThhmmssZ`, or NaN. */
export function amzTime(amzDate: string): number {
  return Date.parse(amzDate.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
}

/** `yyyymmddThhmmssZ` of an instant. */
export function toAmzDate(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;
}
