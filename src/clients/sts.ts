import { createHash, createHmac } from 'node:crypto';
import { RDSClient } from '@aws-sdk/client-rds';
import { PitcrewError, retryable, userError } from '../domain/errors.ts';
import type { Identity, Proof } from '../domain/identity.ts';

/** How long a signed question is good for, in seconds. AWS itself lets a signature live up to 15 minutes. */
export const proofSeconds = 60;
const withinMs = 10_000;

interface Signer {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

interface Given {
  readonly region: string;
  /** Another STS than the region's own. */
  readonly endpoint?: string | undefined;
  readonly credentials?: () => Promise<Signer>;
  readonly now?: () => number;
}

/** Who somebody is to AWS. The header with the purpose is among the signed ones, so STS refuses the proof for another. */
export function sts({ region, endpoint, credentials = ownCredentials(region), now = Date.now }: Given): Identity {
  const base = new URL(endpoint ?? `https://sts.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`);
  return {
    async sign(purpose) {
      const { accessKeyId, secretAccessKey, sessionToken } = await credentials().catch((error: unknown) => {
        throw userError('identity.no-credentials', {}, error);
      });
      const signedAt = `${new Date(now()).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;
      const unsigned = { accessKeyId, signedAt, ...(sessionToken ? { token: sessionToken } : {}) };
      return { ...unsigned, signature: signatureOf(unsigned, secretAccessKey, purpose, { region, host: base.host }) };
    },
    async callerOf(proof, purpose) {
      wellFormed(proof);
      const age = (now() - timeOf(proof.signedAt)) / 1000;
      if (Math.abs(age) > proofSeconds) throw userError('identity.expired', { seconds: Math.round(age) });
      const url = `${base.origin}/?${queryOf(proof, region)}&X-Amz-Signature=${proof.signature}`;
      return askSts(url, purpose);
    },
  };
}

/** The SDK's own chain: variables, profile, SSO, web identity, the instance's role. */
function ownCredentials(region: string): () => Promise<Signer> {
  return async () => {
    const client = new RDSClient({ region });
    try {
      return await client.config.credentials();
    } finally {
      client.destroy();
    }
  };
}

async function askSts(url: string, purpose: string): Promise<string> {
  try {
    // Never redirected: the proof goes to STS and to nobody else.
    const answer = await fetch(url, {
      headers: { [purposeHeader]: purpose },
      redirect: 'error',
      signal: AbortSignal.timeout(withinMs),
    });
    const body = await answer.text();
    if (answer.status >= 500 || answer.status === 429) throw retryable('identity.silent', { status: answer.status });
    if (!answer.ok) throw userError('identity.refused', { code: /<Code>(\w+)<\/Code>/.exec(body)?.[1] ?? 'unknown' });
    const arn = /<Arn>([^<\s]+)<\/Arn>/.exec(body)?.[1];
    if (!arn) throw retryable('identity.silent', { status: answer.status });
    return arn;
  } catch (error) {
    if (error instanceof PitcrewError) throw error;
    // Not the error itself: it may hold the address, and that holds the proof.
    throw retryable('identity.silent', { status: 0 });
  }
}

const purposeHeader = 'x-pitcrew-approve';

function wellFormed({ accessKeyId, signedAt, signature, token }: Proof): void {
  const right =
    /^[A-Z0-9]{16,128}$/.test(accessKeyId) &&
    /^\d{8}T\d{6}Z$/.test(signedAt) &&
    /^[0-9a-f]{64}$/.test(signature) &&
    (token === undefined || /^[\w+/=-]{1,4096}$/.test(token));
  if (!right) throw userError('identity.refused', { code: 'malformed' });
}

const timeOf = (amzDate: string) =>
  Date.parse(amzDate.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));

const scopeOf = (signedAt: string, region: string) => `${signedAt.slice(0, 8)}/${region}/sts/aws4_request`;

/** Names in the order in which they are signed. */
function queryOf({ accessKeyId, signedAt, token }: Omit<Proof, 'signature'>, region: string): string {
  const query: readonly (readonly [string, string])[] = [
    ['Action', 'GetCallerIdentity'],
    ['Version', '2011-06-15'],
    ['X-Amz-Algorithm', 'AWS4-HMAC-SHA256'],
    ['X-Amz-Credential', `${accessKeyId}/${scopeOf(signedAt, region)}`],
    ['X-Amz-Date', signedAt],
    ['X-Amz-Expires', String(proofSeconds)],
    ...(token === undefined ? [] : [['X-Amz-Security-Token', token] as const]),
    ['X-Amz-SignedHeaders', `host;${purposeHeader}`],
  ];
  return query.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
}

/** Signature Version 4 of a presigned GET (IAM User Guide, "Create a signed AWS API request"). */
function signatureOf(
  unsigned: Omit<Proof, 'signature'>,
  secretAccessKey: string,
  purpose: string,
  { region, host }: { readonly region: string; readonly host: string },
): string {
  const headers = `host:${host}\n${purposeHeader}:${purpose}\n`;
  const canonical = ['GET', '/', queryOf(unsigned, region), headers, `host;${purposeHeader}`, sha256('')].join('\n');
  const { signedAt } = unsigned;
  const toSign = ['AWS4-HMAC-SHA256', signedAt, scopeOf(signedAt, region), sha256(canonical)].join('\n');
  const key = [signedAt.slice(0, 8), region, 'sts', 'aws4_request'].reduce<string | Buffer>(
    (secret, part) => hmac(secret, part).digest(),
    `AWS4${secretAccessKey}`,
  );
  return hmac(key, toSign).digest('hex');
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text, 'utf8');
