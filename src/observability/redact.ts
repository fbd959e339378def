import { Secret } from '../domain/secret.ts';

const hidden = '***';

/** Names whose value is never written, by their last word: `DB_PASSWORD`, `clientSecret`, `token`; not `secretId`. */
const secretName =
  /(password|passwd|pwd|passphrase|secret|token|authorization|cookie|credentials?|api[-_]?key|private[-_]?key|access[-_]?key|signature)$/i;

/** What looks like a secret wherever it stands, with what takes its place. Every repetition is bounded: no text is slow. */
const secretForms: readonly (readonly [form: RegExp, instead: string])[] = [
  [/-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]{0,30}PRIVATE KEY-----|$)/g, hidden],
  // Slack: bot, user, refresh, configuration and app-level tokens; response addresses and webhooks let anybody post.
  [/\b(xox[a-z]|xapp|xoxe\.xox[a-z])-[A-Za-z0-9-]+/g, hidden],
  [/(hooks\.slack\.com\/)[^\s"'<>]+/g, `$1${hidden}`],
  // AWS: access key ids, and the signed parts of a request or of a presigned address.
  [/\b(AKIA|ASIA)[A-Z0-9]{16}\b/g, hidden],
  [/\b(X-Amz-(?:Signature|Security-Token|Credential)=)[^&\s"']+/gi, `$1${hidden}`],
  [/\b((?:aws_)?(?:secret_access_key|session_token)["']?\s{0,9}[=:]\s{0,9}["']?)[^\s"',}]+/gi, `$1${hidden}`],
  // A password in an address may itself hold `@` and `/`, so it ends at the last `@` of the word.
  [/(:\/\/[^\s:/?#@]{0,200}:)\S{1,1000}(?=@)/g, `$1${hidden}`],
  // Connection strings, command lines, JSON within a text.
  [/((?:password|passwd|pwd)["']?\s{0,9}[=:]\s{0,9})("[^"]*"|'[^']*'|[^\s,;&}]+)/gi, `$1${hidden}`],
  [/\b((?:Bearer|Basic)\s+)[A-Za-z0-9._~+/=-]{8,}/gi, `$1${hidden}`],
  [/\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*/g, hidden],
];

const longest = 16_000;

/** A text without whatever looks like a secret in it, cut where it is longer than anybody reads. */
export function redactText(text: string): string {
  const redacted = secretForms.reduce((before, [form, instead]) => before.replace(form, instead), text);
  return redacted.length <= longest ? redacted : `${redacted.slice(0, longest)}… (${redacted.length} characters)`;
}

/** Deeper than this is a mistake, and a log line is no place for it. */
const deepest = 8;

/** A copy of a value as a log may have it: plain JSON, no secret by name or by form, no cycle. Never throws. */
export function redact(value: unknown, depth = 0, above: readonly object[] = []): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value === 'bigint') return String(value);
  if (value === null || typeof value === 'number' || typeof value === 'boolean' || value === undefined) return value;
  if (typeof value !== 'object') return `[${typeof value}]`;
  if (value instanceof Secret) return hidden;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'invalid date' : value.toISOString();
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (above.includes(value)) return '[circular]';
  if (depth >= deepest) return '[deeper]';
  const path = [...above, value];
  if (value instanceof Error) return describeError(value, depth, path);
  if (value instanceof Map || value instanceof Set) return redact([...value], depth, path);
  if (Array.isArray(value)) return value.map((item) => redact(item, depth + 1, path));
  return fieldsOf(value, depth, path);
}

function fieldsOf(value: object, depth: number, path: readonly object[]): Record<string, unknown> {
  const entries = Object.keys(value).map((name) => [name, fieldOf(value, name, depth, path)] as const);
  return Object.fromEntries(entries);
}

function fieldOf(of: object, name: string, depth: number, path: readonly object[]): unknown {
  let value: unknown;
  try {
    value = Reflect.get(of, name);
  } catch {
    return '[unreadable]';
  }
  const says = typeof value === 'string' || typeof value === 'number' || (typeof value === 'object' && value !== null);
  return says && secretName.test(name) ? hidden : redact(value, depth + 1, path);
}

/**
 * An error with its causes. Of an error's own fields only those that name it: a driver's `detail`, `where` or
 * `parameters` may hold rows, and a request's options its headers.
 */
function describeError(error: Error, depth: number, path: readonly object[]): Record<string, unknown> {
  const { name, message, stack, cause } = error;
  const known = ['code', 'kind', 'params', 'severity', 'table', 'constraint', '$fault', '$metadata'] as const;
  const fields = known
    .filter((field) => field in error)
    .map((field) => [field, fieldOf(error, field, depth, path)] as const);
  return {
    name,
    message: redactText(message),
    ...Object.fromEntries(fields),
    ...(stack ? { stack: redactText(stack) } : {}),
    ...(error instanceof AggregateError ? { errors: redact(error.errors, depth + 1, path) } : {}),
    ...(cause === undefined ? {} : { cause: redact(cause, depth + 1, path) }),
  };
}
